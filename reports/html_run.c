/* SPDX-License-Identifier: MIT */
/*
 * html_run.c - the HTML page's section on where the facts come from
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"

#include <inttypes.h>

static void evidence_row(void *ctx, const struct case_evidence *e)
{
	FILE *out = ctx;

	(void)fputs("<tr><th scope=\"row\">", out);
	html_text(out, e->name);
	(void)fputs("</th>", out);
	html_element(out, "td", e->path);
	html_element(out, "td", e->format);
	html_size_cell(out, e->size);
	(void)fputs("<td class=\"id\">", out);
	html_text(out, e->sha256 ? e->sha256 : "not computed");
	(void)fputs("</td>", out);
	html_element(out, "td", e->reason);
	(void)fputs("</tr>\n", out);
}

static void write_volume_name(FILE *out, const struct case_volume *v)
{
	GString *name = g_string_new(v->evidence_name);

	g_string_append_c(name, ' ');
	format_volume(name, v->number, v->snapshot);
	(void)fputs("<tr><th scope=\"row\">", out);
	html_text(out, g_strchomp(name->str));
	(void)fputs("</th><td>", out);
	html_text(out, v->filesystem ? v->filesystem
	               : v->number   ? "not known"
	                             : "loose files");
	if (v->description) {
		(void)fputs(" <span class=\"dim\">", out);
		html_text(out, v->description);
		(void)fputs("</span>", out);
	}
	(void)fputs("</td>", out);
	g_string_free(name, TRUE);
}

static void volume_row(void *ctx, const struct case_volume *v)
{
	char made[TEXT_FILETIME];
	FILE *out = ctx;

	write_volume_name(out, v);
	html_number_cell(out, v->offset);
	html_size_cell(out, v->size);
	html_number_cell(out, v->cluster);
	(void)fprintf(out, "<td class=\"id\">%016" PRIx64 "</td>", v->serial);
	html_number_cell(out, v->records);
	html_number_cell(out, v->objects);
	html_element(out, "td", format_time(made, v->made));
	html_element(out, "td", v->reason);
	(void)fputs("</tr>\n", out);
}

/* --------------------------------------------------------- facts, bad ranges
 */

struct facts {
	struct casefile *cf;
	FILE *out;
	const char *evidence; /* what the facts are of */
	unsigned volume, snapshot;
	bool begun; /* there is one */
	struct error *err;
	enum status st;
};

static void fact_row(void *ctx, const struct case_fact *fact)
{
	static const char *const heads[] = { "Fact", "Value", NULL };
	struct facts *f = ctx;
	GString *caption;

	if (!f->begun) {
		caption = g_string_new(f->evidence);
		g_string_append_c(caption, ' ');
		format_volume(caption, f->volume, f->snapshot);
		html_table_start(f->out, g_strchomp(caption->str), heads);
		g_string_free(caption, TRUE);
	}
	f->begun = true;
	(void)fputs("<tr><th scope=\"row\">", f->out);
	html_text(f->out, fact->name ? fact->name : "");
	(void)fputs("</th>", f->out);
	html_element(f->out, "td", fact->value);
	(void)fputs("</tr>\n", f->out);
}

static void write_facts(struct facts *f, int64_t evidence, int64_t volume)
{
	f->begun = false;
	if (!f->st)
		f->st = each_fact(f->cf, evidence, volume, fact_row, f, f->err);
	if (f->begun)
		html_table_end(f->out);
}

static void evidence_facts(void *ctx, const struct case_evidence *e)
{
	struct facts *f = ctx;

	f->evidence = e->name;
	f->volume = f->snapshot = 0;
	write_facts(f, e->id, 0);
}

static void volume_facts(void *ctx, const struct case_volume *v)
{
	struct facts *f = ctx;

	f->evidence = v->evidence_name;
	f->volume = v->number;
	f->snapshot = v->snapshot;
	write_facts(f, 0, v->id);
}

static void bad_line(void *ctx, const struct case_bad *bad)
{
	struct facts *f = ctx;

	if (!f->begun) {
		(void)fputs("<details><summary>What of ", f->out);
		html_text(f->out, bad->evidence_name);
		(void)fputs(" could not be read</summary><pre>"
		            "#      pos        size  status\n",
		            f->out);
	}
	f->begun = true;
	(void)fprintf(f->out, "0x%08" PRIX64 "  0x%08" PRIX64 "  -\n",
	              bad->offset, bad->size);
}

static void evidence_bad(void *ctx, const struct case_evidence *e)
{
	struct facts *f = ctx;

	f->begun = false;
	if (!f->st)
		f->st = each_bad(f->cf, e->id, bad_line, f, f->err);
	if (f->begun)
		(void)fputs("</pre></details>\n", f->out);
}

static enum status write_all_facts(struct casefile *cf, FILE *out,
                                   struct error *err)
{
	struct facts f = { .cf = cf, .out = out, .err = err };
	enum status st;

	(void)fputs("<div class=\"cards\">\n", out);
	st = each_evidence(cf, evidence_facts, &f, err);
	if (!st && !f.st)
		st = each_volume(cf, volume_facts, &f, err);
	(void)fputs("</div>\n", out);
	if (!st && !f.st)
		st = each_evidence(cf, evidence_bad, &f, err);
	return st ? st : f.st;
}

/* More than one where cases were put together. */
static void write_tool(void *ctx, const struct case_tool *tool)
{
	FILE *out = ctx;

	(void)fputs("<dl>", out);
	html_fact(out, "Program", tool->version);
	html_fact(out, "Command", tool->command);
	html_fact(out, "Started", tool->started);
	html_fact(out, "Ended", tool->ended);
	if (tool->interrupted)
		html_fact(out, "Interrupted", "yes: the list is not complete");
	(void)fputs("</dl>\n", out);
}

enum status html_run(struct casefile *cf, FILE *out, struct error *err)
{
	static const char *const evidence[] = { "Evidence", "Path",
		                                "Format",   "#Size",
		                                "SHA-256",  "Remarks",
		                                NULL };
	static const char *const volumes[] = {
		"Volume",   "File system", "#Offset",  "#Size",
		"#Cluster", "Serial",      "#Records", "#Encrypted",
		"Made",     "Remarks",     NULL,
	};
	enum status st;

	html_chapter(out, "run", "Evidence and run");
	html_table_start(out, "Evidence, opened read-only", evidence);
	st = each_evidence(cf, evidence_row, out, err);
	html_table_end(out);
	html_table_start(out, "Volumes", volumes);
	if (!st)
		st = each_volume(cf, volume_row, out, err);
	html_table_end(out);
	if (!st)
		st = write_all_facts(cf, out, err);
	if (!st)
		st = each_tool(cf, write_tool, out, err);
	(void)fputs("<div class=\"sign\"><span>Examiner</span><span>Date</span>"
	            "<span>Signature</span></div>\n</section>\n",
	            out);
	return st;
}
