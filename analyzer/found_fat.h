/* SPDX-License-Identifier: MIT */
/*
 * found_fat.h - the files of a FAT or exFAT volume
 *
 * By libtsk: FAT is not ours.  A stick holds encrypted files of FAT's own form
 * (.PFILE), backups of keys, copies of encrypted files.
 */
#ifndef ANALYZER_FOUND_FAT_H
#define ANALYZER_FOUND_FAT_H

#include "analyzer/found.h"
#include "analyzer/volume.h"

/*
 * Append every file that is worth a look to `to`, as struct found *, in the
 * order of libtsk's walk; deleted ones too if `deleted`.  They borrow the
 * volume's source.  `stopped` is asked now and then, and ends the walk.
 * `*image` is the path of the first disk image, or NULL; to be freed.
 * E_CORRUPT: it is no FAT that libtsk can read, or the walk ended early; what
 * was found before is good.
 */
MUST_USE enum status found_fat(GPtrArray *to, char **image,
                               const struct volume *volume, bool deleted,
                               bool (*stopped)(const void *ctx),
                               const void *ctx, struct error *err);

#endif
