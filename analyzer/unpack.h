/* SPDX-License-Identifier: MIT */
/*
 * unpack.h - the files of an archive that are worth a look
 *
 * The archive is read through its source, in one pass; in a second one where
 * the metadata of an encrypted file came behind it.  What is worth a look
 * (collection.h) is kept in a spool, all else is passed over.
 */
#ifndef ANALYZER_UNPACK_H
#define ANALYZER_UNPACK_H

#include "analyzer/source.h"

struct unpack {
	GPtrArray *files; /* of struct found *, and directories */
	char *reason;     /* what could not be read, in words; or NULL */
	char *form;       /* "zip", "tar in gzip" */
	char *image;      /* path of the first disk image in it, or NULL */
	uint64_t members; /* files and directories in the archive */
	uint64_t locked;  /* of them, behind a password */
	bool opened;      /* it is an archive at all */
};

/* `stopped` is asked now and then.  What could be unpacked is in `u`, also
   where the archive is damaged; E_CORRUPT: nothing of it can be read. */
MUST_USE enum status unpack(struct unpack *u, struct source *s,
                            bool (*stopped)(const void *ctx), const void *ctx,
                            struct error *err);
void unpack_release(struct unpack *u);

/* "zip", "7z", "tar", "gzip": what begins so; NULL: nothing that is known. */
const char *unpack_recognise(struct bytes head, unsigned *bits);

#endif
