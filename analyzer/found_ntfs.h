/* SPDX-License-Identifier: MIT */
/*
 * found_ntfs.h - a file of an NTFS volume, to look into it for key material
 */
#ifndef ANALYZER_FOUND_NTFS_H
#define ANALYZER_FOUND_NTFS_H

#include "analyzer/dirs.h"
#include "analyzer/found.h"
#include "analyzer/ntfs.h"

/*
 * The unnamed stream of the file in record `number`.  `fs` is borrowed and
 * outlives it.  Sets of the origin what the record says: path, offset and time;
 * the caller adds the rest.
 * E_ABSENT: it is no file with data.  E_UNSUPPORTED: it is compressed or
 * encrypted; `*out` is set all the same, and cannot be read.
 */
MUST_USE enum status found_ntfs(struct found **out, struct ntfs *fs,
                                const struct dirs *dirs, uint64_t number,
                                struct error *err);

#endif
