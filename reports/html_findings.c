/* SPDX-License-Identifier: MIT */
/*
 * html_findings.c - the HTML page's chapter on what an auditor should look at
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"

#include <inttypes.h>

/* ---------------------------------------------------------------- policies */

struct policies {
	struct casefile *cf;
	FILE *out;
	unsigned n;
	enum status st;
	struct error *err;
};

static void agent_item(void *ctx, const struct case_agent *a)
{
	FILE *out = ctx;

	(void)fputs("<li>", out);
	html_text(out, a->thumbprint ? a->thumbprint : "not readable");
	if (a->sid) {
		(void)fputs(" ", out);
		html_text(out, a->sid);
	}
	if (a->reason) {
		(void)fputs(" ", out);
		html_text(out, a->reason);
	}
	(void)fputs("</li>", out);
}

static void policy_row(void *ctx, const struct case_policy *p)
{
	static const char *const heads[] = { "Evidence", "Agents", "Source",
		                             "Remarks", NULL };
	struct policies *policies = ctx;
	FILE *out = policies->out;
	GString *view;

	if (!policies->n++)
		html_table_start(out,
		                 "Recovery policies of the machines: the"
		                 " agents whom Windows gives to new files",
		                 heads);
	view = g_string_new(NULL);
	html_view(view, p->evidence_name, p->volume, p->snapshot);
	(void)fputs("<tr><th scope=\"row\">", out);
	html_text(out, view->str);
	(void)fputs("</th><td class=\"id\"><ul class=\"plain\">", out);
	if (!policies->st)
		policies->st = each_agent(policies->cf, p->id, agent_item, out,
		                          policies->err);
	(void)fputs("</ul></td>", out);
	html_element(out, "td", p->source);
	html_element(out, "td", p->reason);
	(void)fputs("</tr>\n", out);
	g_string_free(view, TRUE);
}

static enum status write_policies(struct casefile *cf, FILE *out,
                                  struct error *err)
{
	struct policies p = { .cf = cf, .out = out, .err = err };
	enum status st = each_policy(cf, policy_row, &p, err);

	if (p.n)
		html_table_end(out);
	else
		(void)fputs("<p>No recovery policy of a machine was found.</p>"
		            "\n",
		            out);
	return st ? st : p.st;
}

/* ---------------------------------------------------------------- findings */

static void write_severity(FILE *out, const char *severity)
{
	const char *look = !g_strcmp0(severity, "high")     ? "bad"
	                   : !g_strcmp0(severity, "medium") ? "some"
	                                                    : "info";

	(void)fprintf(out, "<span class=\"status %s\">", look);
	html_text(out, severity);
	(void)fputs("</span>", out);
}

static void write_subject(FILE *out, const struct case_finding *f)
{
	(void)fputs("<td class=\"id\">", out);
	if (f->name)
		html_text(out, f->name);
	if (f->name && f->subject)
		(void)fputs("<br/>", out);
	if (f->subject)
		html_text(out, f->subject);
	(void)fputs("</td>", out);
}

struct findings {
	FILE *out;
	char *kind; /* of the row before */
};

/* What to do about a kind is said once. */
static void write_advice(struct findings *findings,
                         const struct case_finding *f)
{
	if (!g_strcmp0(findings->kind, f->kind))
		return;
	g_free(findings->kind);
	findings->kind = g_strdup(f->kind);
	(void)fputs("<span class=\"advice\">", findings->out);
	html_text(findings->out, f->advice);
	(void)fputs("</span>", findings->out);
}

static void finding_row(void *ctx, const struct case_finding *f)
{
	struct findings *findings = ctx;
	FILE *out = findings->out;
	char *id = g_strdup_printf("%" PRId64, f->id);

	(void)fputs("<tr><th scope=\"row\">", out);
	write_severity(out, f->severity);
	(void)fputs("</th>", out);
	html_element(out, "td", f->kind);
	(void)fputs("<td>", out);
	html_text(out, f->title);
	write_advice(findings, f);
	(void)fputs("</td>", out);
	write_subject(out, f);
	if (f->objects)
		html_number_link_cell(out, f->objects, "finding", id);
	else
		(void)fputs("<td class=\"n\"></td>", out);
	(void)fputs("</tr>\n", out);
	g_free(id);
}

/* ----------------------------------------------------------------- objects */

struct runs {
	struct casefile *cf;
	FILE *out;
	int64_t from, n; /* ids that follow one another, not yet written */
	bool begun;
	enum status st;
	struct error *err;
};

static void end_run(struct runs *runs)
{
	if (runs->n)
		(void)fprintf(runs->out, "%s[%" PRId64 ",%" PRId64 "]",
		              runs->begun ? "," : "", runs->from, runs->n);
	runs->begun = runs->begun || runs->n;
	runs->n = 0;
}

static void place(void *ctx, const struct case_place *p)
{
	struct runs *runs = ctx;

	if (p->object != runs->from + runs->n) {
		end_run(runs);
		runs->from = p->object;
	}
	runs->n++;
}

/* The ids of its objects, as runs, for the table of files. */
static void finding_objects(void *ctx, const struct case_finding *f)
{
	struct runs *runs = ctx;

	if (!f->objects || runs->st)
		return;
	runs->begun = false;
	(void)fprintf(runs->out,
	              "<script type=\"application/json\" class=\"finding\""
	              " id=\"finding-%" PRId64 "\" data-id=\"%" PRId64
	              "\" data-title=\"",
	              f->id, f->id);
	html_text(runs->out, f->title);
	if (f->name) {
		(void)fputs(" (", runs->out);
		html_text(runs->out, f->name);
		(void)fputs(")", runs->out);
	}
	(void)fputs("\">[", runs->out);
	runs->st = each_place(runs->cf, f->id, place, runs, runs->err);
	end_run(runs);
	(void)fputs("]</script>\n", runs->out);
}

static bool has_finding(struct casefile *cf)
{
	struct case_finding finding;
	struct error ignored = { 0 };
	struct case_walk *w;
	bool has;

	if (case_finding_open(&w, cf, &ignored))
		return false;
	has = case_finding_next(w, &finding);
	(void)!case_walk_close(w, &ignored);
	return has;
}

enum status html_findings(struct casefile *cf, FILE *out, struct error *err)
{
	static const char *const heads[] = { "Severity", "Kind",     "Finding",
		                             "About",    "#Objects", NULL };
	struct runs runs = { .cf = cf, .out = out, .err = err };
	struct findings findings = { .out = out };
	enum status st = OK;

	html_chapter(out, "findings", "Findings");
	if (has_finding(cf)) {
		html_table_start(out,
		                 "What an auditor should look at; the number"
		                 " leads to the files",
		                 heads);
		st = each_finding(cf, finding_row, &findings, err);
		html_table_end(out);
		if (!st)
			st = each_finding(cf, finding_objects, &runs, err);
	} else {
		(void)fputs("<p>The audit found nothing to look at.</p>\n",
		            out);
	}
	g_free(findings.kind);
	if (!st)
		st = runs.st;
	if (!st)
		st = write_policies(cf, out, err);
	(void)fputs("</section>\n", out);
	return st;
}
