/* SPDX-License-Identifier: MIT */
/*
 * source.h - evidence as one range of bytes, whatever container it is in
 *
 * A source is a file, or a layer over another source: a container, the plain
 * side of a BitLocker volume, a shadow copy.  Containers are recognised by
 * content, and one may lie in another.  Adding a container is one file and one
 * line in sources.def.  Evidence is only ever opened to read.
 */
#ifndef ANALYZER_SOURCE_H
#define ANALYZER_SOURCE_H

#include "analyzer/facts.h"
#include "parsers/bytes.h"
#include "parsers/status.h"

#include <glib.h>
#include <libbfio.h>

/* Something that bytes are read from; zero is empty. */
struct reader {
	/* Exactly n bytes at `at`, all below size. */
	enum status (*read)(void *ctx, uint64_t at, uint8_t *buf, size_t n,
	                    struct error *err);
	void (*free)(void *ctx);
	void *ctx;
	uint64_t size;
	bool shared; /* may be read from several threads at once */
};

/* Bytes of a source that cannot be read. */
struct bad_range {
	uint64_t at, n;
};

struct source {
	struct reader reader; /* owned */
	uint64_t size;        /* bytes of the contents */
	uint64_t held;        /* bytes of the files that these come from, packed
	                         as they are; what a container claims to hold
	                         may be far more.  0 while it is opened: those
	                         of what is under it */
	char *format;         /* "raw", "E01", "VHD in E01"; owned */
	struct facts facts;   /* what the container says of itself */
	char *problem;        /* what of the container is damaged, though the
	                         rest of it can be read; or NULL; owned */
	char *stored_md5;     /* of the contents, as the container says, in */
	char *stored_sha1;    /* lower-case hex; or NULL; owned */
	GArray *lost;         /* of struct bad_range: what the medium did not
	                         give when the image was made, so that its bytes
	                         here stand for nothing; or NULL; owned */
	struct source *under; /* what it is read from, or NULL; owned */
	GArray *bad;          /* of struct bad_range, found so far; ascending,
	                         none touch, whole sectors of 512 bytes */
	GMutex lock;          /* of `bad`, and of a reader that is not shared */
};

/* What a container is recognised by. */
struct probe {
	const char *path;     /* NULL: it lies in another container, so no
	                         file can be beside it */
	struct source *under; /* its bytes */
	struct bytes head;    /* the first 4096 of them, or fewer */
	struct bytes tail;    /* the last 512 of them, or fewer */
	uint8_t first[4096], last[512]; /* what those two are in */
};

struct source_type {
	const char *name;
	/* Bits of evidence that it is this format; 0 if it is not. */
	unsigned (*bid)(const struct probe *probe);
	/*
	 * Set the reader, and what else is known; `probe` and what it points
	 * to, but for `under`, end with the call.  What is set is released by
	 * the caller, also on error.
	 */
	enum status (*open)(struct source *s, const struct probe *probe,
	                    struct error *err);
};

#define SOURCE(name) extern const struct source_type source_##name;
#include "analyzer/sources.def"
#undef SOURCE

/*
 * Open the evidence at `path` by its content, through all containers that it is
 * in.  The caller frees it.
 * E_IO: cannot be opened.  E_ABSENT: it is empty, or a part of it is missing.
 * E_UNSUPPORTED: a container that we know by name only; `what` names it.
 */
MUST_USE enum status source_open(struct source **out, const char *path,
                                 struct error *err);
/* One file as it is, whatever it holds; errors as source_open. */
MUST_USE enum status source_file(struct source **out, const char *path,
                                 struct error *err);
/*
 * A layer over another source, which it owns if `owned`.  Takes the reader
 * over, also its context.
 */
struct source *source_layer(const struct reader *reader, const char *format,
                            struct source *under, bool owned);
void source_free(struct source *s);

/*
 * Read exactly n bytes at `at`; safe from several threads.
 * E_TRUNCATED past the end, and nowhere else; where the medium or the container
 * fails, E_IO or what the container says, with the first place that failed, and
 * the sectors that failed are in `bad` then.
 */
MUST_USE enum status source_read(struct source *s, uint64_t at, void *buf,
                                 size_t n, struct error *err);
/* The `read` of struct reader with a source as its context. */
MUST_USE enum status source_read_from(void *source, uint64_t at, uint8_t *buf,
                                      size_t n, struct error *err);
/* Read what is needed to recognise the contents of a source; `path` is
   borrowed, and NULL where it is in a container.  Sectors that cannot be read
   are zeros; if none of them can, errors are as of source_read. */
MUST_USE enum status source_probe(struct probe *probe, struct source *s,
                                  const char *path, struct error *err);
/* The container that begins so, as far as that shows in its first 4096 bytes or
   fewer: "VHDX"; or NULL. */
const char *source_recognise(struct bytes head);
/* Note that n bytes at `at` cannot be had; widened to whole sectors. */
void source_mark_bad(struct source *s, uint64_t at, uint64_t n);

/*
 * From here on what was lost before the image was made is bad, in all layers.
 * Not before its hashes are verified, for which it counts as it is.
 */
void source_drop_lost(struct source *s);

/*
 * A closed libbfio handle over a part of a source, for the libraries that take
 * one.  The source is borrowed, and outlives the handle and its clones.
 */
MUST_USE enum status source_handle(libbfio_handle_t **out, struct source *s,
                                   uint64_t at, uint64_t n, struct error *err);

/*
 * The path of a file of this name beside another, if there is one, in whatever
 * case of letters; to be freed.  NULL if there is none, or `path` is NULL, or
 * the name is a path itself.
 */
char *source_beside(const char *path, const char *name);

#endif
