/* SPDX-License-Identifier: MIT */
/*
 * ntfs_boot.h - the boot sector of an NTFS volume
 *
 * Layout: NTFS_BOOT of the Linux-NTFS documentation; the same fields as
 * `fsstat` prints.
 */
#ifndef PARSERS_NTFS_BOOT_H
#define PARSERS_NTFS_BOOT_H

#include "parsers/bytes.h"
#include "parsers/status.h"

struct ntfs_boot {
	uint32_t sector;   /* bytes: 256 to 4096 */
	uint32_t cluster;  /* bytes: one sector to 2 MiB */
	uint32_t record;   /* bytes of an MFT record */
	uint32_t index;    /* bytes of an index record */
	uint64_t sectors;  /* of the volume, without the backup boot sector */
	uint64_t clusters; /* whole clusters in `sectors` */
	uint64_t mft;      /* first cluster of $MFT */
	uint64_t mirror;   /* first cluster of $MFTMirr */
	uint64_t serial;   /* volume serial number */
};

/*
 * Parse a boot sector: `in` is its first 512 bytes or more.
 * E_ABSENT: this is no NTFS boot sector (no "NTFS    " at offset 3).
 * E_CORRUPT: it is one, with impossible geometry.
 */
MUST_USE enum status ntfs_boot_parse(struct ntfs_boot *boot, struct bytes in,
                                     struct error *err);

/*
 * Where the backup of a damaged boot sector would be, if its size can still be
 * believed: bytes from the start of the volume, or 0.
 */
uint64_t ntfs_boot_backup(struct bytes in);

#endif
