/* SPDX-License-Identifier: MIT */
/*
 * csv_parts.c - fields and rows of CSV (RFC 4180, UTF-8)
 */
#include "reports/csv_parts.h"

#include "reports/format.h"

#include <inttypes.h>
#include <string.h>

static void separate(struct csv *csv)
{
	if (csv->begun)
		(void)fputc(',', csv->out);
	csv->begun = true;
}

void csv_end_row(struct csv *csv)
{
	(void)fputs("\r\n", csv->out);
	csv->begun = false;
}

void csv_text(struct csv *csv, const char *s)
{
	separate(csv);
	if (!s || !*s)
		return;
	(void)fputc('"', csv->out);
	if (strchr("=+-@'\t\r\n", *s))
		(void)fputc('\'', csv->out);
	for (; *s; s++) {
		if (*s == '"')
			(void)fputc('"', csv->out);
		(void)fputc(*s, csv->out);
	}
	(void)fputc('"', csv->out);
}

/* Our own words and numbers: no quotes needed. */
void csv_plain(struct csv *csv, const char *s)
{
	separate(csv);
	if (s)
		(void)fputs(s, csv->out);
}

void csv_number(struct csv *csv, uint64_t n)
{
	separate(csv);
	(void)fprintf(csv->out, "%" PRIu64, n);
}

void csv_time(struct csv *csv, uint64_t filetime)
{
	char buf[TEXT_FILETIME];

	csv_plain(csv, format_time(buf, filetime));
}

/* Several texts in one field, with " | " between. */
void csv_list(struct csv *csv, GString *list)
{
	csv_text(csv, list->str);
	g_string_free(list, TRUE);
}

void csv_list_add(GString *list, const char *s)
{
	if (list->len)
		g_string_append(list, " | ");
	g_string_append(list, s ? s : "?");
}

void csv_place(struct csv *csv, const struct case_file *f)
{
	const struct case_object *o = &f->object;
	char label[FORMAT_LABEL];

	csv_text(csv, f->evidence);
	csv_plain(csv, format_label(label, 'v', f->volume));
	csv_plain(csv, format_label(label, 's', f->snapshot));
	if (format_has_record(f)) {
		csv_number(csv, o->mft);
		csv_number(csv, o->sequence);
	} else {
		csv_plain(csv, NULL);
		csv_plain(csv, NULL);
	}
	csv_text(csv, o->path);
}
