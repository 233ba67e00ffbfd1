/* SPDX-License-Identifier: MIT */
/*
 * console_findings.c - what the audit found, for people
 */
#include "reports/console_parts.h"

#include "recovery/casefile_audit.h"

#include <glib.h>
#include <inttypes.h>

static void subject_line(FILE *out, const struct case_finding *f)
{
	fprintf(out, "        %7" PRIu64 " object%s", f->objects,
	        f->objects == 1 ? " " : "s");
	if (f->name) {
		fputs("  ", out);
		console_text(out, f->name, "");
	}
	if (f->subject) {
		fputs("  ", out);
		console_text(out, f->subject, "");
	}
	fputc('\n', out);
}

static void place_line(FILE *out, const struct case_place *p)
{
	const struct case_file file = {
		.volume = p->volume,
		.snapshot = p->snapshot,
		.object = { .path = p->path },
	};

	fputs("                 ", out);
	console_path(out, &file);
	fputc('\n', out);
}

static enum status places(struct casefile *cf, FILE *out, int64_t finding,
                          struct error *err)
{
	struct case_place place;
	struct case_walk *w;
	enum status st = case_place_open(&w, cf, finding, err);

	if (st)
		return st;
	while (case_place_next(w, &place))
		place_line(out, &place);
	return case_walk_close(w, err);
}

/* What would be lost was asked for: it is listed. */
static bool is_asked(const struct case_finding *f)
{
	return !g_strcmp0(f->kind, "lost-without");
}

enum status console_findings(struct casefile *cf, FILE *out, struct error *err)
{
	char *kind = NULL;
	struct case_finding f;
	struct case_walk *w;
	struct error ignored;
	enum status st = case_finding_open(&w, cf, err), closed;

	if (st)
		return st;
	while (!st && case_finding_next(w, &f)) {
		if (!kind)
			fputs("\nWhat to look at\n", out);
		if (g_strcmp0(kind, f.kind)) {
			g_free(kind);
			kind = g_strdup(f.kind);
			fprintf(out, "\n%-6s  %s (%s)\n", f.severity, f.title,
			        f.kind);
		}
		subject_line(out, &f);
		if (is_asked(&f))
			st = places(cf, out, f.id, err);
	}
	g_free(kind);
	closed = case_walk_close(w, st ? &ignored : err);
	return st ? st : closed;
}
