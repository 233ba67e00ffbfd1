/* SPDX-License-Identifier: MIT */
/*
 * volume.h - the volumes of an evidence: partitions, or the image itself
 */
#ifndef ANALYZER_VOLUME_H
#define ANALYZER_VOLUME_H

#include "analyzer/source.h"
#include "parsers/ntfs_boot.h"

struct volume {
	unsigned number;       /* vN: from 1, in on-disk order */
	uint64_t offset, size; /* bytes, within the evidence */
	char *description;     /* of the partition table; owned; NULL if none */
	const char *filesystem; /* "NTFS", or what its first bytes say */
	bool ntfs;
	struct ntfs_boot boot; /* of an NTFS volume */
	struct error err;      /* why an NTFS volume cannot be read */
};

/*
 * All volumes of the evidence, NTFS or not: the image itself where it begins
 * with a boot sector, else the partitions of its table, MBR or GPT, in sectors
 * of 512 or 4096 bytes.  With `offset` not 0, the volume that begins at that
 * byte, and no other.
 * `out` is a GArray of struct volume; the caller frees it.
 * E_ABSENT: there is no volume that we recognise.  E_CORRUPT: there is the mark
 * of a partition table, but no partition that can be read.
 */
MUST_USE enum status volumes_find(GArray **out, struct source *s,
                                  uint64_t offset, struct error *err);
void volumes_free(GArray *volumes);

/* "libtsk 4.11.1" */
char *volume_library_version(void);

#endif
