/* SPDX-License-Identifier: MIT */
/*
 * site_ntfs.h - the encrypted objects of an NTFS volume or a shadow copy of it
 */
#ifndef ANALYZER_SITE_NTFS_H
#define ANALYZER_SITE_NTFS_H

#include "analyzer/run.h"
#include "analyzer/volume.h"

/*
 * Open the file system of a volume and scan it.  NULL if it cannot be opened:
 * `why` says it.  What could not be read of it is in the site's reason.  The
 * volume is borrowed, and outlives the site.
 */
struct site *site_ntfs(struct run *run, const struct volume *volume,
                       bool keys_only, struct error *why);

/*
 * The same for a $MFT without its volume.  Takes `s` over, also on error.  The
 * paths of its objects begin with `prefix`.
 */
struct site *site_lone(struct run *run, struct source *s, const char *prefix,
                       bool keys_only, struct error *why);

#endif
