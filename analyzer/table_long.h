/* SPDX-License-Identifier: MIT */
/*
 * table_long.h - partition tables that are longer than any real one
 *
 * libtsk reads each to its end: an entry a step, one call in another for each
 * logical partition, and a search of all that it has for each that it adds.
 */
#ifndef ANALYZER_TABLE_LONG_H
#define ANALYZER_TABLE_LONG_H

#include "analyzer/source.h"

/* Has the MBR of a disk, in sectors of this size, more than LIMIT_PARTITIONS
   tables of logical partitions?  A loop of fewer is not long. */
bool table_mbr_is_long(struct source *s, unsigned sector);
/* Does Apple's partition map claim more than LIMIT_PARTITIONS entries? */
bool table_apple_is_long(struct source *s, unsigned sector);

#endif
