/* SPDX-License-Identifier: MIT */
/*
 * html_summary.c - the HTML page's first chapter: the result in a minute
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"

/* Of what is worst, and of what would help most. */
#define MOST_LINES 5
#define MOST_NAMES 3

/* A bar of `n` in `all`, which the numbers beside it say as well. */
static void write_meter(FILE *out, uint64_t n, uint64_t all, const char *look)
{
	double width = all ? (double)n / (double)all * 100 : 0;

	(void)fprintf(out,
	              "<td class=\"meter-cell\"><svg class=\"meter\""
	              " aria-hidden=\"true\" viewBox=\"0 0 100 10\""
	              " preserveAspectRatio=\"none\"><rect width=\"100\""
	              " height=\"10\" opacity=\".4\"/><rect class=\"%s\""
	              " width=\"%.2f\" height=\"10\"/></svg></td>",
	              look, n && width < 0.5 ? 0.5 : width);
}

static void status_row(FILE *out, const struct summary *s, enum outcome outcome)
{
	const char *name = outcome_name(outcome);
	char *words = html_status_words(outcome);

	(void)fprintf(out,
	              "<tr data-count=\"%s\"><th scope=\"row\">"
	              "<span class=\"status %s\">%s</span></th>",
	              name, html_status_look(outcome), words);
	html_number_link_cell(out, s->files[outcome], "status", name);
	html_size_cell(out, s->bytes[outcome]);
	write_meter(out, s->files[outcome], s->totals.files,
	            html_status_look(outcome));
	(void)fputs("</tr>\n", out);
	g_free(words);
}

static void write_statuses(FILE *out, const struct summary *s)
{
	static const char *const heads[] = { "Status", "#Files", "#Size",
		                             "Share", NULL };

	html_table_start(out, "Files by status", heads);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		if (s->files[i])
			status_row(out, s, (enum outcome)i);
	(void)fputs("<tr><th scope=\"row\">all</th>", out);
	html_number_cell(out, s->totals.files);
	html_size_cell(out, s->totals.bytes);
	(void)fputs("<td></td></tr>\n", out);
	html_table_end(out);
}

static void algorithm_row(void *ctx, const struct case_count *count)
{
	FILE *out = ctx;

	(void)fputs("<tr><th scope=\"row\">", out);
	html_text(out, count->value ? count->value : "not known");
	(void)fputs("</th>", out);
	html_number_cell(out, count->files);
	html_size_cell(out, count->bytes);
	(void)fputs("</tr>\n", out);
}

/* ------------------------------------------------------------------- lists */

struct lines {
	FILE *out;
	unsigned n;

	/* of findings: */
	char *kind;
	unsigned of_kind;
};

static void start_line(struct lines *l, const char *heading)
{
	if (!l->n++)
		(void)fprintf(l->out, "<h3>%s</h3>\n<ul class=\"plain\">\n",
		              heading);
}

static void end_lines(const struct lines *l, const char *where)
{
	if (!l->n)
		return;
	if (l->n > MOST_LINES)
		(void)fprintf(l->out,
		              "<li><a href=\"#%s\">and %u more</a></li>\n",
		              where, l->n - MOST_LINES);
	(void)fputs("</ul>\n", l->out);
}

static void write_objects(FILE *out, uint64_t n, const char *before,
                          const char *behind)
{
	GString *text = g_string_new(before);

	format_count(text, n, "object");
	g_string_append(text, behind);
	html_text(out, text->str);
	g_string_free(text, TRUE);
}

static void write_about(FILE *out, const struct case_finding *f)
{
	const char *who = f->name ? f->name : f->subject;

	if (who)
		html_element(out, "strong", who);
	if (f->objects)
		write_objects(out, f->objects, who ? " (" : "", who ? ")" : "");
}

/* Of one kind about several people: one line names the first of them. */
static void finding_line(void *ctx, const struct case_finding *f)
{
	struct lines *l = ctx;
	bool again = !g_strcmp0(l->kind, f->kind);

	if (!g_strcmp0(f->severity, "info"))
		return;
	if (!again)
		start_line(l, "To look at first");
	l->of_kind = again ? l->of_kind + 1 : 1;
	if (l->n > MOST_LINES || l->of_kind > MOST_NAMES + 1)
		return;
	if (!again) {
		g_free(l->kind);
		l->kind = g_strdup(f->kind);
		(void)fputs(l->n > 1 ? "</li>\n<li>" : "<li>", l->out);
		html_text(l->out, f->title);
	}
	if (l->of_kind > MOST_NAMES) {
		(void)fputs(", and others", l->out);
		return;
	}
	(void)fputs(again ? ", " : ": ", l->out);
	write_about(l->out, f);
}

static void need_line(void *ctx, const struct case_need *need)
{
	struct lines *l = ctx;

	start_line(l, "What one more secret would open");
	if (l->n > MOST_LINES)
		return;
	(void)fputs("<li>", l->out);
	write_objects(l->out, need->objects, "", " with ");
	html_text(l->out, need->what ? need->what : "a secret");
	(void)fputs("</li>\n", l->out);
}

enum status html_summary(struct casefile *cf, FILE *out,
                         const struct summary *summary, struct error *err)
{
	static const char *const heads[] = { "Algorithm", "#Files", "#Size",
		                             NULL };
	struct lines findings = { .out = out }, needs = { .out = out };
	enum status st;

	html_chapter(out, "summary", "Summary");
	(void)fputs("<div class=\"cards\">\n<div>\n", out);
	write_statuses(out, summary);
	html_table_start(out, "Files by algorithm", heads);
	st = each_count(cf, CASE_BY_ALGORITHM, algorithm_row, out, err);
	html_table_end(out);
	(void)fputs("</div>\n<div>\n", out);
	if (!st)
		st = each_finding(cf, finding_line, &findings, err);
	if (findings.n)
		(void)fputs("</li>\n", out);
	g_free(findings.kind);
	end_lines(&findings, "findings");
	if (!st)
		st = each_need(cf, need_line, &needs, err);
	end_lines(&needs, "needs");
	(void)fputs("</div>\n</div>\n</section>\n", out);
	return st;
}
