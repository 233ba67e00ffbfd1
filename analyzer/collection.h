/* SPDX-License-Identifier: MIT */
/*
 * collection.h - files that somebody collected: a directory, an archive, one
 * loose file
 *
 * They may hold key material, and be encrypted files in one of the forms in
 * which these live outside of NTFS.
 */
#ifndef ANALYZER_COLLECTION_H
#define ANALYZER_COLLECTION_H

#include "analyzer/found.h"
#include "analyzer/kind.h"

/*
 * Add the encrypted files among these, and what may hold keys, as one site of
 * the evidence that lies on no volume.  Takes `files` over: a GPtrArray that
 * owns its struct found *.  `form` is what holds them: "directory", "zip".
 */
MUST_USE enum status collection_add(struct run *run, const struct evidence *e,
                                    GPtrArray *files, const char *form,
                                    struct error *err);

#endif
