/* SPDX-License-Identifier: MIT */
/*
 * dirs.h - the directories of a volume, and the paths that they make
 */
#ifndef ANALYZER_DIRS_H
#define ANALYZER_DIRS_H

#include "parsers/ntfs_record.h"

#include <glib.h>

struct dirs;

struct dirs *dirs_new(void);
void dirs_free(struct dirs *dirs);

/* Add a name of the directory in record `number`; DOS names are left out. */
void dirs_add(struct dirs *dirs, uint64_t number, uint16_t sequence,
              bool in_use, const struct ntfs_name *name);
/* Add those of `more`, behind those that are there. */
void dirs_join(struct dirs *dirs, const struct dirs *more);
/* Once all are added, before the first path. */
void dirs_sort(struct dirs *dirs);

/*
 * The path of a file of this name (UTF-8) in the directory `parent`, a
 * reference; the caller frees it.  Where a directory is gone, or the way up
 * does not end, the rest is below "/$Orphan".  `over` receives the limit that
 * ended the way up, in which case nothing of it is kept, or NULL.
 */
char *dirs_path(const struct dirs *dirs, uint64_t parent, const char *name,
                const char **over);

#endif
