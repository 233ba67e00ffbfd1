/* SPDX-License-Identifier: MIT */
/*
 * console_parts.c - what the commands' prints have in common
 */
#include "reports/console_parts.h"

#include "reports/each.h"
#include "reports/format.h"
#include "reports/summary.h"

#include <inttypes.h>

/* Lines of changed key rings, of as many as there are. */
#define CHANGES_MOST 20

void console_text(FILE *out, const char *s, const char *none)
{
	GString *shown = g_string_new(NULL);

	if (s)
		format_visible(shown, s);
	(void)fputs(s ? shown->str : none, out);
	g_string_free(shown, TRUE);
}

void console_size(FILE *out, uint64_t n)
{
	char *size = g_format_size_full(n, G_FORMAT_SIZE_IEC_UNITS);

	(void)fputs(size, out);
	g_free(size);
}

void console_path(FILE *out, const struct case_file *file)
{
	GString *path = g_string_new(NULL);

	if (file->snapshot) {
		g_string_append_c(path, '[');
		format_volume(path, file->volume, file->snapshot);
		g_string_append(path, "] ");
	}
	format_path(path, file);
	console_text(out, path->str, "");
	g_string_free(path, TRUE);
}

enum status console_bad(struct casefile *cf, FILE *out, struct error *err)
{
	struct case_totals totals;
	enum status st = casefile_totals(cf, &totals, err);
	GString *s = g_string_new(NULL);

	if (!st && totals.bad) {
		summary_bad(s, &totals);
		(void)fprintf(out, "%s\n", s->str);
	}
	g_string_free(s, TRUE);
	return st;
}

/* --------------------------------------------------------------- changes */

struct changes {
	FILE *out;
	int64_t object; /* of the line before */
	uint64_t n;
};

static void change_head(FILE *out, const struct case_change *c)
{
	GString *s = g_string_new("    ");

	console_text(out, c->path, "");
	(void)fputc('\n', out);
	if (c->evidence)
		format_visible(s, c->evidence);
	g_string_append(s, ", from ");
	format_view(s, c->volume, c->before, c->from);
	g_string_append(s, " to ");
	format_view(s, c->volume, c->after, c->to);
	(void)fprintf(out, "%s\n", s->str);
	g_string_free(s, TRUE);
}

static void change_line(void *ctx, const struct case_change *c)
{
	struct changes *changes = ctx;
	FILE *out = changes->out;

	if (!changes->n)
		(void)fputs("\nHow key rings changed\n\n", out);
	if (changes->n++ >= CHANGES_MOST)
		return;
	if (c->object != changes->object)
		change_head(out, c);
	changes->object = c->object;
	(void)fprintf(out, "    %-7s  %-5s  %-40s  ",
	              c->added ? "added" : "removed",
	              c->ring == EFS_DRF ? "agent" : "user",
	              c->thumbprint ? c->thumbprint : "(no thumbprint)");
	console_text(out, c->name, "(no name)");
	if (c->sid) {
		(void)fputs("  ", out);
		console_text(out, c->sid, "");
	}
	(void)fputc('\n', out);
}

enum status console_changes(struct casefile *cf, FILE *out, struct error *err)
{
	struct changes changes = { .out = out };
	enum status st = each_change(cf, change_line, &changes, err);

	if (changes.n > CHANGES_MOST)
		(void)fprintf(out, "... and %" PRIu64 " more\n",
		              changes.n - CHANGES_MOST);
	return st;
}
