/* SPDX-License-Identifier: MIT */
/*
 * table_gpt.h - what libtsk does not tell of a GPT's partitions: their types
 * and attributes
 */
#ifndef ANALYZER_TABLE_GPT_H
#define ANALYZER_TABLE_GPT_H

#include "analyzer/table.h"

/* Complete a GArray of struct partition of the GPT in sectors of this size, or
   of its backup at the end of the disk. */
void table_gpt_types(GArray *partitions, struct source *s, unsigned sector,
                     bool backup);
/* Does a GPT, or its backup where there is no other, claim more than
   LIMIT_PARTITIONS entries?  libtsk looks for it in all sizes of sectors; the
   first of size `blind`, if that is not 0, it does not see. */
bool table_gpt_is_long(struct source *s, unsigned blind);

#endif
