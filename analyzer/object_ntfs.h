/* SPDX-License-Identifier: MIT */
/*
 * object_ntfs.h - one encrypted file or directory of an NTFS volume
 */
#ifndef ANALYZER_OBJECT_NTFS_H
#define ANALYZER_OBJECT_NTFS_H

#include "analyzer/dirs.h"
#include "analyzer/ntfs.h"
#include "analyzer/object.h"

/*
 * Load what record `number` and its extension records say.  `object` is
 * initialised, and released by the caller, also on error; it borrows `fs`.
 * E_ABSENT: the record is not the base of a file.  Damage in parts of it is in
 * the object's own errors.
 */
MUST_USE enum status object_load_ntfs(struct object *object, struct ntfs *fs,
                                      const struct dirs *dirs, uint64_t number,
                                      struct error *err);

#endif
