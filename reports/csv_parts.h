/* SPDX-License-Identifier: MIT */
/*
 * csv_parts.h - fields and rows of CSV (RFC 4180, UTF-8)
 *
 * People open CSV in a spreadsheet, which would run a text that begins with
 * '=', '+', '-' or '@' as a formula: those get an apostrophe in front, and so
 * do texts that begin with an apostrophe, so that it can be taken off again.
 */
#ifndef REPORTS_CSV_PARTS_H
#define REPORTS_CSV_PARTS_H

#include "recovery/casefile.h"

#include <glib.h>
#include <stdio.h>

struct csv {
	FILE *out;
	bool begun;     /* the row has a field already */
	int64_t object; /* of the row before, for those that need it */
};

/* One more field; NULL is an empty one. */
void csv_text(struct csv *csv, const char *s);
/* Our own words: no quotes needed. */
void csv_plain(struct csv *csv, const char *s);
void csv_number(struct csv *csv, uint64_t n);
void csv_time(struct csv *csv, uint64_t filetime);
/* Several texts in one field, with " | " between; the list is freed. */
void csv_list(struct csv *csv, GString *list);
void csv_list_add(GString *list, const char *s);
/* Evidence, volume, snapshot, record, sequence and path. */
void csv_place(struct csv *csv, const struct case_file *file);
void csv_end_row(struct csv *csv);

#endif
