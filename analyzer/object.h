/* SPDX-License-Identifier: MIT */
/*
 * object.h - one encrypted file or directory, as the evidence holds it
 */
#ifndef ANALYZER_OBJECT_H
#define ANALYZER_OBJECT_H

#include "analyzer/dirs.h"
#include "analyzer/ntfs.h"

/* A $DATA stream. */
struct stream {
	char *name;     /* UTF-8; NULL for the unnamed stream; owned */
	uint16_t flags; /* of the attribute header, NTFS_ATTR_* */
	bool resident;
	GByteArray *value; /* resident: the bytes; owned */
	uint64_t at;       /* evidence offset of the attribute */
	uint64_t allocated, size, initialized; /* bytes */
	struct extents extents;
	bool begins;      /* the piece with the sizes was found */
	struct error err; /* why it cannot be read, if it cannot */
};

struct object {
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
	struct error err;     /* what of the record is damaged, or OK */
};

/*
 * Load what record `number` and its extension records say.
 * E_ABSENT: the record is not the base of a file.  Damage in parts of it is in
 * the object's own errors.
 */
MUST_USE enum status object_load(struct object *object, struct ntfs *fs,
                                 const struct dirs *dirs, uint64_t number,
                                 struct error *err);
void object_release(struct object *object);

#endif
