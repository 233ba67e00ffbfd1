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
	html_text(out, v->filesystem ? v->filesystem : "not known");
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
	FILE *out = ctx;

	write_volume_name(out, v);
	html_number_cell(out, v->offset);
	html_size_cell(out, v->size);
	html_number_cell(out, v->cluster);
	(void)fprintf(out, "<td class=\"id\">%016" PRIx64 "</td>", v->serial);
	html_number_cell(out, v->records);
	html_number_cell(out, v->objects);
	html_element(out, "td", v->reason);
	(void)fputs("</tr>\n", out);
}

static enum status write_tool(struct casefile *cf, FILE *out, struct error *err)
{
	struct case_tool tool;
	enum status st = casefile_tool(cf, &tool, err);

	if (st)
		return st == E_ABSENT ? OK : st;
	(void)fputs("<dl>", out);
	html_fact(out, "Program", tool.version);
	html_fact(out, "Command", tool.command);
	html_fact(out, "Started", tool.started);
	html_fact(out, "Ended", tool.ended);
	if (tool.interrupted)
		html_fact(out, "Interrupted", "yes: the list is not complete");
	(void)fputs("</dl>\n", out);
	return OK;
}

enum status html_run(struct casefile *cf, FILE *out, struct error *err)
{
	static const char *const evidence[] = { "Evidence", "Path",
		                                "Format",   "#Size",
		                                "SHA-256",  "Remarks",
		                                NULL };
	static const char *const volumes[] = {
		"Volume", "File system", "#Offset",    "#Size",   "#Cluster",
		"Serial", "#Records",    "#Encrypted", "Remarks", NULL,
	};
	enum status st;

	(void)fputs("<section id=\"run\" aria-labelledby=\"h-run\">\n"
	            "<h2 id=\"h-run\">Evidence and run</h2>\n",
	            out);
	html_table_start(out, "Evidence, opened read-only", evidence);
	st = each_evidence(cf, evidence_row, out, err);
	html_table_end(out);
	html_table_start(out, "Volumes", volumes);
	if (!st)
		st = each_volume(cf, volume_row, out, err);
	html_table_end(out);
	if (!st)
		st = write_tool(cf, out, err);
	(void)fputs("</section>\n", out);
	return st;
}
