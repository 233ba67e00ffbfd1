/* SPDX-License-Identifier: MIT */
/*
 * filesystem.h - what the first bytes of a volume say that it is
 *
 * Only to name it: whether the rest of it is sound, its own reader says.
 */
#ifndef PARSERS_FILESYSTEM_H
#define PARSERS_FILESYSTEM_H

#include "parsers/bytes.h"

/* Bytes from the start of a volume in which all that we know shows. */
#define FILESYSTEM_HEAD 8192u

/*
 * "BitLocker", "FAT12", "FAT16", "FAT32", "exFAT", "ReFS", "LVM", "ext", ...;
 * NULL if it is nothing that we know.  NTFS is left to ntfs_boot.h.  `head` is
 * the first FILESYSTEM_HEAD bytes of the volume, or fewer if it has fewer.
 */
const char *filesystem_name(struct bytes head);

#endif
