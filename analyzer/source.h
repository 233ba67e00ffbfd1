/* SPDX-License-Identifier: MIT */
/*
 * source.h - evidence as one range of bytes, whatever container it is in
 *
 * Every container ends as a libbfio handle: the currency that the libraries for
 * containers, BitLocker and shadow copies take and give.  Adding a container is
 * one file and one line in sources.def.  Evidence is only ever opened to read.
 */
#ifndef ANALYZER_SOURCE_H
#define ANALYZER_SOURCE_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#include <glib.h>
#include <libbfio.h>

struct source {
	libbfio_handle_t *io; /* owned, open */
	uint64_t size;        /* bytes of the contents */
	const char *format;   /* of the container, as in the reports */
	GMutex lock;          /* a handle has one position */
};

/* What a container is recognised by. */
struct probe {
	const char *path;
	uint64_t size;     /* of the file */
	struct bytes head; /* its first 4096 bytes, or fewer */
};

struct source_type {
	const char *name;
	/* Bits of evidence that it is this format; 0 if it is not. */
	unsigned (*bid)(const struct probe *probe);
	/* Sets io, size and format. */
	enum status (*open)(struct source *s, const struct probe *probe,
	                    struct error *err);
};

#define SOURCE(name) extern const struct source_type source_##name;
#include "analyzer/sources.def"
#undef SOURCE

/*
 * Open the evidence at `path` by its content.  The caller frees it.
 * E_IO: cannot be opened.  E_ABSENT: it is empty.  E_UNSUPPORTED: a directory,
 * or a container that we know by name only; `what` names it.
 */
MUST_USE enum status source_open(struct source **out, const char *path,
                                 struct error *err);
void source_free(struct source *s);

/*
 * Read exactly n bytes at `at`; safe from several threads.
 * E_TRUNCATED past the end, E_IO where the medium fails.
 */
MUST_USE enum status source_read(struct source *s, uint64_t at, void *buf,
                                 size_t n, struct error *err);

/*
 * A libbfio handle over the bytes that a function reads: for containers that no
 * library opens by itself, and to hand a part of one source to another library.
 * `ctx` passes to the handle, which frees it with `free_ctx`.
 */
struct reader {
	/* Reads up to n bytes; returns how many, 0 at the end, -1 on error. */
	ssize_t (*read_at)(void *ctx, uint64_t at, void *buf, size_t n);
	void (*free_ctx)(void *ctx);
	void *ctx;
	uint64_t size;
};

MUST_USE enum status source_handle(libbfio_handle_t **out,
                                   const struct reader *reader,
                                   struct error *err);

#endif
