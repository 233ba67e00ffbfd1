/* SPDX-License-Identifier: MIT */
/*
 * object.h - one encrypted file or directory, as the evidence holds it: on a
 * volume, or loose
 */
#ifndef ANALYZER_OBJECT_H
#define ANALYZER_OBJECT_H

#include "analyzer/extents.h"
#include "parsers/ntfs_record.h"

/* A $DATA stream. */
struct stream {
	char *name;     /* UTF-8; NULL for the unnamed stream; owned */
	uint16_t flags; /* of the attribute header, NTFS_ATTR_* */
	bool resident;
	GByteArray *value; /* resident: the bytes; owned */
	uint64_t at;       /* evidence offset of the attribute */
	uint64_t allocated, size, initialized; /* bytes */
	uint64_t stored;  /* bytes of ciphertext that a copy holds, where it was
	                     cut; 0: all of the last cluster */
	uint64_t cluster; /* bytes, if not that of the object; or 0 */
	struct extents extents;
	bool begins;      /* the piece with the sizes was found */
	struct error err; /* why it cannot be read, if it cannot */
};

void stream_release(void *stream);

struct object {
	/* How its extents are read, and from where. */
	enum status (*read)(void *ctx, uint64_t at, uint8_t *buf, size_t n,
	                    struct error *err);
	void *read_ctx;
	uint64_t cluster; /* bytes; what is behind the data up to here may have
	                     been encrypted with it */
	uint64_t room;    /* bytes there: no more can be missing from the runs
	                     of a stream than these */
	uint64_t most;    /* bytes that a stream may have, its holes and all */
	/* Bytes that all streams of its place may have; of those that have
	   extents for themselves alone, all that these do not store. */
	uint64_t together;
	bool alone;

	uint64_t mft;
	uint16_t sequence;
	bool directory, deleted;
	uint32_t attributes;                           /* FILE_ATTRIBUTE_* */
	uint64_t created, modified, changed, accessed; /* FILETIME */
	GPtrArray *paths; /* of char *, UTF-8: all its names, at least one */
	bool has_efs;
	GByteArray *efs;      /* value of $EFS; empty if it is not readable */
	uint64_t efs_at;      /* its evidence offset */
	struct error efs_err; /* why it is not readable */
	GArray *streams;      /* of struct stream */
	GHashTable *names;    /* of those: which number, from 1, by its name */
	struct error err;     /* what of the record is damaged, or OK */
	struct error over;    /* the first limit that it goes over: what is
	                         beyond is left out; or OK */
	bool cut;             /* that is data */

	/* What evidence that is not a volume leaves open; texts are owned. */
	char *plain;   /* path of the plaintext, where a copy of the ciphertext
	                  bears another name; or NULL */
	char *missing; /* it has $EFS, but that is not in this evidence: why */
	char *absent;  /* why none of what lies in clusters can be had here */
	const char *doubt; /* how its data was read rests on this, which only
	                      the data itself can prove; or NULL */
	/* Close what the next read opens again; may be NULL. */
	void (*rest)(void *read_ctx);
};

/* Make an empty one, which allocates. */
void object_init(struct object *object);
void object_release(struct object *object);

/*
 * The stream of this name, made where there is none yet; borrowed until the
 * next one is made.  NULL: there are LIMIT_STREAMS already.
 */
struct stream *object_stream(struct object *object, const char *name);

#endif
