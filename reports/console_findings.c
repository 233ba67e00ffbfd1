/* SPDX-License-Identifier: MIT */
/*
 * console_findings.c - what the audit found, for people
 */
#include "reports/console_parts.h"

#include "recovery/casefile_audit.h"
#include "reports/each.h"

#include <glib.h>
#include <inttypes.h>

struct findings {
	struct casefile *cf;
	FILE *out;
	char *kind; /* of the one before */
	struct error *err;
	enum status st; /* of the places */
};

static void subject_line(FILE *out, const struct case_finding *f)
{
	(void)fprintf(out, "        %7" PRIu64 " object%s", f->objects,
	              f->objects == 1 ? " " : "s");
	if (f->name) {
		(void)fputs("  ", out);
		console_text(out, f->name, "");
	}
	if (f->subject) {
		(void)fputs("  ", out);
		console_text(out, f->subject, "");
	}
	(void)fputc('\n', out);
}

static void place_line(void *ctx, const struct case_place *p)
{
	const struct case_file file = {
		.volume = p->volume,
		.snapshot = p->snapshot,
		.object = { .path = p->path },
	};
	FILE *out = ctx;

	(void)fputs("                 ", out);
	console_path(out, &file);
	(void)fputc('\n', out);
}

/* What would be lost was asked for: it is listed. */
static bool is_asked(const struct case_finding *f)
{
	return !g_strcmp0(f->kind, "lost-without");
}

static void finding_lines(void *ctx, const struct case_finding *f)
{
	struct findings *all = ctx;

	if (!all->kind)
		(void)fputs("\nWhat to look at\n", all->out);
	if (g_strcmp0(all->kind, f->kind)) {
		g_free(all->kind);
		all->kind = g_strdup(f->kind);
		(void)fprintf(all->out, "\n%-6s  %s (%s)\n", f->severity,
		              f->title, f->kind);
	}
	subject_line(all->out, f);
	if (is_asked(f) && !all->st)
		all->st = each_place(all->cf, f->id, place_line, all->out,
		                     all->err);
}

enum status console_findings(struct casefile *cf, FILE *out, struct error *err)
{
	struct findings all = { .cf = cf, .out = out, .err = err };
	enum status st = each_finding(cf, finding_lines, &all, err);

	g_free(all.kind);
	return st ? st : all.st;
}
