/* SPDX-License-Identifier: MIT */
/*
 * console.c - what a command prints for people on standard output
 */
#include "reports/console.h"
#include "reports/each.h"
#include "reports/format.h"
#include "reports/summary.h"

#include <inttypes.h>

/* Reasons that the summary of `recover` lists, of as many as there are. */
#define CLOSED_MOST 20

static void print_text(FILE *out, const char *s, const char *none)
{
	GString *shown = g_string_new(NULL);

	if (s)
		format_visible(shown, s);
	fputs(s ? shown->str : none, out);
	g_string_free(shown, TRUE);
}

static void print_path(FILE *out, const struct case_file *file)
{
	GString *path = g_string_new(NULL);

	format_path(path, file);
	print_text(out, path->str, "");
	g_string_free(path, TRUE);
}

static void print_size(FILE *out, uint64_t n)
{
	char *size = g_format_size_full(n, G_FORMAT_SIZE_IEC_UNITS);

	fputs(size, out);
	g_free(size);
}

/* ----------------------------------------------------------------- info */

static void evidence_line(void *ctx, const struct case_evidence *e)
{
	FILE *out = ctx;

	print_text(out, e->name, "");
	fprintf(out, ": %s", e->format);
	if (!e->reason) {
		fputs(", ", out);
		print_size(out, e->size);
	} else {
		fprintf(out, ", %s", e->reason);
	}
	fputc('\n', out);
}

static void volume_line(void *ctx, const struct case_volume *v)
{
	FILE *out = ctx;

	fprintf(out, "  v%-3u %14" PRIu64 " %14" PRIu64 "  %-10s ", v->number,
	        v->offset, v->size, v->filesystem ? v->filesystem : "-");
	if (v->cluster)
		fprintf(out,
		        "cluster %" PRIu32 ", sector %" PRIu32
		        ", serial %016" PRIx64,
		        v->cluster, v->sector, v->serial);
	if (v->description && *v->description) {
		fputs(v->cluster ? ", " : "", out);
		print_text(out, v->description, "");
	}
	if (v->reason) {
		fputs(": ", out);
		print_text(out, v->reason, "");
	}
	fputc('\n', out);
}

/* The volumes of one evidence are printed below it. */
struct info {
	FILE *out;
	struct casefile *cf;
	const struct case_evidence *evidence;
	struct error *err;
	enum status st;
};

static void volume_of(void *ctx, const struct case_volume *v)
{
	struct info *info = ctx;

	if (v->evidence == info->evidence->id)
		volume_line(info->out, v);
}

static void evidence_block(void *ctx, const struct case_evidence *e)
{
	struct info *info = ctx;

	info->evidence = e;
	evidence_line(info->out, e);
	fprintf(info->out, "  %-4s %14s %14s  %s\n", "", "offset", "size",
	        "file system");
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

/* ---------------------------------------------------------------- audit */

static void person_line(void *ctx, const struct case_person *p)
{
	FILE *out = ctx;

	fprintf(out, "%-5s  %-40s  %7" PRIu64 "  %6" PRIu64 "  ",
	        p->ring == EFS_DRF ? "agent" : "user",
	        p->thumbprint ? p->thumbprint : "(no thumbprint)", p->objects,
	        p->opened);
	print_text(out, p->name, "(no name)");
	if (p->sid)
		fprintf(out, "  %s", p->sid);
	fputc('\n', out);
}

static void ring_line(FILE *out, const struct case_entry *e)
{
	fprintf(out, "      %s %u  %s  ", efs_ring_name(e->ring), e->entry,
	        e->thumbprint ? e->thumbprint : "(no thumbprint)");
	print_text(out, e->name, "(no name)");
	if (e->sid)
		fprintf(out, "  %s", e->sid);
	if (e->reason)
		fprintf(out, "  (%s)", e->reason);
	fputc('\n', out);
}

static void audit_file(void *ctx, const struct case_file *f)
{
	FILE *out = ctx;

	fprintf(out, "%s%s", f->object.deleted ? "(deleted) " : "",
	        f->object.directory && !f->stream.name ? "[dir] " : "");
	print_path(out, f);
	fprintf(out, "  %" PRIu64 " bytes  %s", f->stream.size,
	        outcome_name(f->stream.outcome));
	if (f->object.opened)
		fprintf(out, " by %s %u, %s",
		        efs_ring_name(f->object.opened_ring),
		        f->object.opened_entry, f->object.algorithm);
	else if (f->stream.reason && !f->n_missing) {
		fputs(": ", out);
		print_text(out, f->stream.reason, "");
	}
	fputc('\n', out);
	for (size_t i = 0; i < f->object.n_entries; i++)
		ring_line(out, &f->object.entries[i]);
}

static enum status print_sentence(struct casefile *cf, FILE *out,
                                  struct error *err)
{
	GString *s = g_string_new(NULL);
	struct summary summary;
	enum status st = summary_read(&summary, cf, err);

	if (!st) {
		summary_sentence(s, &summary);
		fprintf(out, "%s\n", s->str);
	}
	g_string_free(s, TRUE);
	return st;
}

enum status console_audit(struct casefile *cf, FILE *out, struct error *err)
{
	struct case_totals totals = { 0 };
	enum status st = print_sentence(cf, out, err);

	if (!st)
		st = casefile_totals(cf, &totals, err);
	if (st || !totals.files)
		return st;
	fputs("\nWho can decrypt what\n\n", out);
	fprintf(out, "%-5s  %-40s  %7s  %6s  %s\n", "role", "thumbprint",
	        "objects", "opened", "name");
	st = each_person(cf, person_line, out, err);
	fputs("\nEncrypted files and folders\n\n", out);
	if (!st)
		st = each_file(cf, audit_file, out, err);
	return st ? st : report_flush(out, err);
}

/* -------------------------------------------------------------- recover */

struct closed {
	FILE *out;
	unsigned n;
};

static void closed_line(void *ctx, const struct case_file *f)
{
	struct closed *closed = ctx;

	if (outcome_recovered(f->stream.outcome))
		return;
	if (!closed->n)
		fputs("\nNot recovered\n\n", closed->out);
	if (closed->n++ >= CLOSED_MOST)
		return;
	fprintf(closed->out, "%-21s  ", outcome_name(f->stream.outcome));
	print_path(closed->out, f);
	fputs(": ", closed->out);
	print_text(closed->out, f->stream.reason, "");
	fputc('\n', closed->out);
}

static void print_counts(FILE *out, const struct summary *s)
{
	fputc('\n', out);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		if (!s->files[i])
			continue;
		fprintf(out, "%-21s  %8" PRIu64 " files  ",
		        outcome_name((enum outcome)i), s->files[i]);
		print_size(out, s->bytes[i]);
		fputc('\n', out);
	}
}

enum status console_recovered(struct casefile *cf, const char *dir, FILE *out,
                              struct error *err)
{
	struct closed closed = { .out = out };
	struct summary summary;
	enum status st = print_sentence(cf, out, err);

	if (!st)
		st = summary_read(&summary, cf, err);
	if (st)
		return st;
	print_counts(out, &summary);
	st = each_file(cf, closed_line, &closed, err);
	if (closed.n > CLOSED_MOST)
		fprintf(out, "... and %u more\n", closed.n - CLOSED_MOST);
	fprintf(out, "\nFiles:   %s/files\nReport:  %s/report.html\n", dir,
	        dir);
	return st ? st : report_flush(out, err);
}
