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

#endif
