/* SPDX-License-Identifier: MIT */
/*
 * console.c - what a command prints for people on standard output
 */
#include "reports/console.h"

#include "reports/console_parts.h"
#include "reports/each.h"
#include "reports/format.h"
#include "reports/summary.h"

#include <inttypes.h>

/* Reasons that the summary of `recover` lists, of as many as there are. */
#define CLOSED_MOST 20

/* ---------------------------------------------------------------- audit */

static void person_line(void *ctx, const struct case_person *p)
{
	FILE *out = ctx;

	(void)fprintf(out, "%-5s  %-40s  %7" PRIu64 "  %6" PRIu64 "  ",
	              p->ring == EFS_DRF ? "agent" : "user",
	              p->thumbprint ? p->thumbprint : "(no thumbprint)",
	              p->objects, p->opened);
	console_text(out, p->name, "(no name)");
	if (p->sid)
		(void)fprintf(out, "  %s", p->sid);
	if (p->account) {
		(void)fputs("  account ", out);
		console_text(out, p->account, "");
	}
	(void)fputc('\n', out);
}

static void ring_line(FILE *out, const struct case_entry *e)
{
	(void)fprintf(out, "      %s %u  %s  ", efs_ring_name(e->ring),
	              e->entry,
	              e->thumbprint ? e->thumbprint : "(no thumbprint)");
	console_text(out, e->name, "(no name)");
	if (e->sid)
		(void)fprintf(out, "  %s", e->sid);
	if (e->reason)
		(void)fprintf(out, "  (%s)", e->reason);
	(void)fputc('\n', out);
}

static void audit_file(void *ctx, const struct case_file *f)
{
	FILE *out = ctx;

	(void)fprintf(out, "%s%s", f->object.deleted ? "(deleted) " : "",
	              f->object.directory && !f->stream.name ? "[dir] " : "");
	console_path(out, f);
	(void)fprintf(out, "  %" PRIu64 " bytes  %s", f->stream.size,
	              outcome_name(f->stream.outcome));
	if (f->object.opened)
		(void)fprintf(out, " by %s %u, %s",
		              efs_ring_name(f->object.opened_ring),
		              f->object.opened_entry, f->object.algorithm);
	else if (f->stream.reason && !f->n_missing) {
		(void)fputs(": ", out);
		console_text(out, f->stream.reason, "");
	}
	if (f->stream.same_as) {
		(void)fputs(", the same as in ", out);
		console_text(out, f->stream.same_as, "");
	}
	(void)fputc('\n', out);
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
		(void)fprintf(out, "%s\n", s->str);
	}
	g_string_free(s, TRUE);
	return st ? st : console_bad(cf, out, err);
}

enum status console_audit(struct casefile *cf, FILE *out, struct error *err)
{
	struct case_totals totals = { 0 };
	enum status st = print_sentence(cf, out, err);

	if (!st)
		st = casefile_totals(cf, &totals, err);
	if (st || !totals.files)
		return st;
	(void)fputs("\nWho can decrypt what\n\n", out);
	(void)fprintf(out, "%-5s  %-40s  %7s  %6s  %s\n", "role", "thumbprint",
	              "objects", "opened", "name");
	st = each_person(cf, person_line, out, err);
	if (!st)
		st = console_findings(cf, out, err);
	if (!st)
		st = console_changes(cf, out, err);
	(void)fputs("\nEncrypted files and folders\n\n", out);
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
		(void)fputs("\nNot recovered\n\n", closed->out);
	if (closed->n++ >= CLOSED_MOST)
		return;
	(void)fprintf(closed->out, "%-21s  ", outcome_name(f->stream.outcome));
	console_path(closed->out, f);
	(void)fputs(": ", closed->out);
	console_text(closed->out, f->stream.reason, "");
	(void)fputc('\n', closed->out);
}

static void print_counts(FILE *out, const struct summary *s)
{
	(void)fputc('\n', out);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		if (!s->files[i])
			continue;
		(void)fprintf(out, "%-21s  %8" PRIu64 " %s  ",
		              outcome_name((enum outcome)i), s->files[i],
		              s->files[i] == 1 ? "file " : "files");
		console_size(out, s->bytes[i]);
		(void)fputc('\n', out);
	}
}

enum status console_recovered(struct casefile *cf, const char *dir,
                              const char *files, FILE *out, struct error *err)
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
		(void)fprintf(out, "... and %u more\n", closed.n - CLOSED_MOST);
	if (!st)
		st = console_changes(cf, out, err);
	(void)fprintf(out, "\nFiles:   %s/%s\nReport:  %s/report.html\n", dir,
	              files, dir);
	return st ? st : report_flush(out, err);
}
