/* SPDX-License-Identifier: MIT */
/*
 * wim_tree.h - the tree of files in one image of a WIM: what is worth a look,
 * and how to be rid of the rest
 */
#ifndef ANALYZER_WIM_TREE_H
#define ANALYZER_WIM_TREE_H

#include <glib.h>
#include <stdbool.h>
#include <wimlib.h>

bool wim_is_root(const struct wimlib_dir_entry *d);
bool wim_is_directory(const struct wimlib_dir_entry *d);
bool wim_is_encrypted(const struct wimlib_dir_entry *d);
/* Is it encrypted, or by its name key material, or an encrypted file? */
bool wim_wants(const struct wimlib_dir_entry *d);

/* Add a path, and all above it, to a set of char *, which owns its keys. */
void wim_need(GHashTable *needed, const char *path);
/* Delete all paths that are not in the set from the image, in memory.  A code
   of libwim; 0: done. */
int wim_keep_only(WIMStruct *wim, int image, GHashTable *needed);

#endif
