/* SPDX-License-Identifier: MIT */
/*
 * collection.h - files that somebody collected: a directory, an archive, one
 * loose file
 *
 * They may hold key material, be encrypted files in one of the forms in which
 * these live outside of NTFS (loose.h), or be a $MFT.
 */
#ifndef ANALYZER_COLLECTION_H
#define ANALYZER_COLLECTION_H

#include "analyzer/found.h"
#include "analyzer/kind.h"

struct collection_info {
	const char *form; /* what holds the files: "directory", "zip" */
	char *reason; /* what of it could not be read, or NULL; taken over */
	char *image;  /* path of the first disk image in it, or NULL; taken
	                 over: said, for it is not opened */
};

/*
 * The encrypted files among these, and what may hold keys, as a site.  Takes
 * `files` over: a GPtrArray that owns its struct found *.
 */
struct site *collection_site(GPtrArray *files, struct collection_info info);
/* What is left to do once that site is in the case: every $MFT among its files
   is a site of its own; a disk image is said. */
MUST_USE enum status collection_finish(struct run *run,
                                       const struct evidence *e,
                                       const struct site *site,
                                       struct error *err);
/* Both, for an evidence that is all one collection and lies on no volume. */
MUST_USE enum status collection_add(struct run *run, const struct evidence *e,
                                    GPtrArray *files,
                                    struct collection_info info,
                                    struct error *err);

/*
 * Which files of a collection are worth to be in it?  A walk asks for each, in
 * whatever order, and may have to ask again once all names are known.
 */
struct collection_filter {
	GHashTable *bases; /* keys of paths that have metadata beside them */
	char *image;       /* path of the first disk image; or NULL */
};

void collection_filter_init(struct collection_filter *f);
/* Moves the path of the first disk image to `*image`. */
void collection_filter_release(struct collection_filter *f, char **image);
/* A file of this path and size is there. */
void collection_note(struct collection_filter *f, const char *path,
                     uint64_t size);
/* By path and size: is it key material, small, or is its metadata beside it? */
bool collection_wants(const struct collection_filter *f, const char *path,
                      uint64_t size);
/* By its first LOOSE_HEAD bytes or fewer.  A disk image is not wanted, but
   noted. */
bool collection_wants_head(struct collection_filter *f, const char *path,
                           struct bytes head, uint64_t size);

#endif
