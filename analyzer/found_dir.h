/* SPDX-License-Identifier: MIT */
/*
 * found_dir.h - a plain directory: a copied profile, a triage collection
 */
#ifndef ANALYZER_FOUND_DIR_H
#define ANALYZER_FOUND_DIR_H

#include "analyzer/found.h"

/*
 * Append what is below `dir` and worth a look (collection.h) to `to`, as
 * struct found *, in the order of their names, and all directories.  Files that
 * somebody copied need not bear the names of Windows.  Links are never
 * followed. Collectors escape names as %XX (C%3A): for `path` in the origin
 * that is undone.  A directory that cannot be read is said, and passed over.
 * `*image` is the path of the first disk image, or NULL; to be freed.
 */
void found_dir(GPtrArray *to, const char *dir, char **image);

/* One file of this machine, which is called `path` in the collection.  NULL if
   it is no plain file. */
struct found *found_file(const char *host, const char *path);

#endif
