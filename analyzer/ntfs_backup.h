/* SPDX-License-Identifier: MIT */
/*
 * ntfs_backup.h - the backup of an NTFS volume's boot sector, in the sector
 * right behind its last one: the last of its partition
 */
#ifndef ANALYZER_NTFS_BACKUP_H
#define ANALYZER_NTFS_BACKUP_H

#include "analyzer/source.h"
#include "parsers/ntfs_boot.h"

/*
 * Find the backup of the volume that begins at byte `at` and has up to n bytes:
 * near their end, or where `head`, its damaged boot sector, says.  Only one
 * whose own number of sectors leads from `at` to its place is believed; `place`
 * is set to that.
 */
bool ntfs_backup_find(struct ntfs_boot *boot, uint64_t *place, struct source *s,
                      uint64_t at, uint64_t n, struct bytes head);

/*
 * Find a backup in the sector that ends at byte `end`, of whatever sector size;
 * `at` is set to where its volume begins, `from` or later.
 */
bool ntfs_backup_at(struct ntfs_boot *boot, uint64_t *at, struct source *s,
                    uint64_t from, uint64_t end);

/* Does this boot sector lead to a record of $MFT, or of $MFTMirr? */
bool ntfs_boot_leads(const struct ntfs_boot *boot, struct source *s,
                     uint64_t at);

#endif
