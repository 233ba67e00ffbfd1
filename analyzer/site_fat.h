/* SPDX-License-Identifier: MIT */
/*
 * site_fat.h - the encrypted objects of a FAT or exFAT volume
 */
#ifndef ANALYZER_SITE_FAT_H
#define ANALYZER_SITE_FAT_H

#include "analyzer/collection.h"
#include "analyzer/volume.h"

/* Is there a reader of this file system here? */
bool site_is_fat(const struct volume *volume);
/* Walk the volume, which is borrowed and outlives the site.  What of it could
   not be read is in the site's reason. */
struct site *site_fat(struct run *run, const struct volume *volume);

#endif
