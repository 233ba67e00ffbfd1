/* SPDX-License-Identifier: MIT */
/*
 * found_dir.h - a plain directory: a copied profile, a triage collection
 */
#ifndef ANALYZER_FOUND_DIR_H
#define ANALYZER_FOUND_DIR_H

#include "analyzer/found.h"

/*
 * Append every file below `dir` that is worth a look for key material to `to`,
 * as struct found *, in the order of their names: by its name, or because it is
 * small, for files that somebody copied need not bear the names of Windows.
 * Links are never followed.  Collectors escape names as %XX (C%3A): for `path`
 * in the origin that is undone.  A directory that cannot be read is said, and
 * passed over.
 */
void found_dir(GPtrArray *to, const char *dir);

#endif
