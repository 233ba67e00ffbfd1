/* SPDX-License-Identifier: MIT */
/*
 * volume_lost.h - NTFS volumes in space that no partition claims: of deleted
 * partitions, of a disk whose table is damaged, within a dynamic disk
 */
#ifndef ANALYZER_VOLUME_LOST_H
#define ANALYZER_VOLUME_LOST_H

#include "analyzer/volume.h"

/*
 * Append those to the list of the volumes of a disk.  Looked at are the places
 * where partitioning programs let a volume begin or end: the ends of each gap,
 * each MiB and each cylinder; a boot sector there, or its backup, must lead to
 * $MFT.  Up to LIMIT_LOST_PROBES places are looked at; false if there were
 * more.
 */
bool volumes_add_lost(GPtrArray *volumes, struct source *s);

#endif
