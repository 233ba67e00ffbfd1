/* SPDX-License-Identifier: MIT */
/*
 * table.h - the partition tables of a disk, by libtsk: GPT, MBR with logical
 * partitions, Apple's, BSD's
 */
#ifndef ANALYZER_TABLE_H
#define ANALYZER_TABLE_H

#include "analyzer/source.h"

struct partition {
	uint64_t at, size; /* bytes */
	char *description; /* by the table, UTF-8; owned */
	const char *holds; /* what its type says is in it, where that has no
	                      mark of its own; or NULL */
	bool dynamic;      /* its space is shared out by Windows' LDM */
	bool hidden;       /* its type or an attribute says so */
	bool no_letter;    /* Windows gives it no drive letter by itself */
};

struct table {
	GArray *partitions; /* of struct partition; by `at` */
	const char *name;   /* "GPT", "MBR", ... */
	unsigned sector;    /* bytes */
	bool backup;        /* it is GPT's copy at the end of the disk */
	bool doubtful; /* libtsk refuses it, for a partition that begins behind
	                  the end of the disk */
};

/* How many kinds of table there are; the likely ones are first. */
unsigned table_kinds(void);
/* Kinds from this one on are tried only where none before has a partition. */
unsigned table_last_resorts(void);
/* Read the table of this kind: empty if there is none.  The caller releases
   it. */
void table_read(struct table *table, unsigned kind, struct source *s);
void table_release(struct table *table);
/* Is there one of more than LIMIT_PARTITIONS entries?  That is not read. */
bool table_is_long(struct source *s);

/* "libtsk 4.11.1" */
const char *table_library_version(void);

#endif
