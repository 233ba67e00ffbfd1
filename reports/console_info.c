/* SPDX-License-Identifier: MIT */
/*
 * console_info.c - what `info` prints: containers, volumes, and their facts
 */
#include "reports/console.h"

#include "reports/console_parts.h"
#include "reports/each.h"
#include "reports/format.h"

#include <inttypes.h>

/* The volumes of one evidence are printed below it. */
struct info {
	FILE *out;
	struct casefile *cf;
	int64_t evidence;
	bool headed; /* the heads of the columns are there */
	uint64_t bad, bad_bytes;
	struct error *err;
	enum status st;
};

static void evidence_line(FILE *out, const struct case_evidence *e)
{
	console_text(out, e->name, "");
	(void)fputs(": ", out);
	console_text(out, e->format, "-");
	(void)fputs(", ", out);
	if (e->reason)
		console_text(out, e->reason, "");
	else
		console_size(out, e->size);
	(void)fputc('\n', out);
}

static void put_fact(FILE *out, int indent, const struct case_fact *fact)
{
	(void)fprintf(out, "%*s", indent, "");
	console_text(out, fact->name, "");
	(void)fputs(": ", out);
	console_text(out, fact->value, "");
	(void)fputc('\n', out);
}

static void evidence_fact(void *ctx, const struct case_fact *fact)
{
	put_fact(ctx, 4, fact);
}

static void volume_fact(void *ctx, const struct case_fact *fact)
{
	put_fact(ctx, 8, fact);
}

/* ", " before all but the first. */
static void add_remark(GString *to, const char *label, const char *s)
{
	if (!s || !*s)
		return;
	g_string_append(to, to->len ? ", " : "  ");
	g_string_append(to, label);
	format_visible(to, s);
}

static void volume_remarks(FILE *out, const struct case_volume *v)
{
	GString *s = g_string_new(NULL);
	char made[TEXT_FILETIME];

	if (v->cluster)
		g_string_printf(s,
		                "  cluster %" PRIu32 ", sector %" PRIu32
		                ", serial %016" PRIx64,
		                v->cluster, v->sector, v->serial);
	add_remark(s, "made ", format_time(made, v->made));
	add_remark(s, "", v->description);
	if (v->reason) {
		g_string_append(s, ": ");
		format_visible(s, v->reason);
	}
	(void)fprintf(out, "%s\n", s->str);
	g_string_free(s, TRUE);
}

static void volume_line(struct info *info, const struct case_volume *v)
{
	GString *label = g_string_new(NULL), *fs = g_string_new(NULL);
	FILE *out = info->out;

	if (!info->headed)
		(void)fprintf(out, "  %-6s %14s %14s  %s\n", "", "offset",
		              "size", "file system");
	info->headed = true;
	format_volume(label, v->number, v->snapshot);
	format_visible(fs, v->filesystem ? v->filesystem : "-");
	(void)fprintf(out, "  %-6s %14" PRIu64 " %14" PRIu64 "  %-9s",
	              label->str, v->offset, v->size, fs->str);
	volume_remarks(out, v);
	g_string_free(label, TRUE);
	g_string_free(fs, TRUE);
}

/* What has no place on a disk: a collection of files, a $MFT. */
static void loose_line(FILE *out, const struct case_volume *v)
{
	if (!g_strcmp0(v->filesystem, "$MFT"))
		(void)fputs("  $MFT", out);
	else
		(void)fprintf(out, "  loose files, %" PRIu64 " encrypted",
		              v->objects);
	volume_remarks(out, v);
}

static void volume_of(void *ctx, const struct case_volume *v)
{
	struct info *info = ctx;

	if (v->evidence != info->evidence)
		return;
	if (v->number)
		volume_line(info, v);
	else
		loose_line(info->out, v);
	if (!info->st)
		info->st = each_fact(info->cf, 0, v->id, volume_fact, info->out,
		                     info->err);
}

static void count_bad(void *ctx, const struct case_bad *bad)
{
	struct info *info = ctx;

	info->bad++;
	info->bad_bytes += MIN(bad->size, UINT64_MAX - info->bad_bytes);
}

static void bad_line(struct info *info)
{
	GString *s = g_string_new(NULL);

	format_count(s, info->bad, "range");
	g_string_append(s, " could not be read, ");
	format_size(s, info->bad_bytes);
	if (info->bad)
		(void)fprintf(info->out, "    %s\n", s->str);
	g_string_free(s, TRUE);
}

static void evidence_block(void *ctx, const struct case_evidence *e)
{
	struct info *info = ctx;

	info->evidence = e->id;
	info->headed = false;
	info->bad = info->bad_bytes = 0;
	evidence_line(info->out, e);
	if (!info->st)
		info->st = each_fact(info->cf, e->id, 0, evidence_fact,
		                     info->out, info->err);
	if (!info->st)
		info->st =
			each_bad(info->cf, e->id, count_bad, info, info->err);
	bad_line(info);
	if (!info->st)
		info->st = each_volume(info->cf, volume_of, info, info->err);
}

enum status console_info(struct casefile *cf, FILE *out, struct error *err)
{
	struct info info = { .out = out, .cf = cf, .err = err };
	enum status st = each_evidence(cf, evidence_block, &info, err);

	if (!st)
		st = info.st;
	return st ? st : report_flush(out, err);
}
