/* SPDX-License-Identifier: MIT */
/*
 * html_keys.c - the HTML page's sections on keys, and on those that are missing
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"

/* "private key"; the caller frees it. */
static char *words(const char *s)
{
	return g_strdelimit(g_strdup(s ? s : ""), "_", ' ');
}

static void write_id(FILE *out, const struct case_key *k)
{
	char *bits = g_strdup_printf("%u", k->bits);

	(void)fputs("<td class=\"id\">", out);
	html_text(out, k->key_id ? k->key_id : "");
	html_line(out, "container", k->container);
	html_line(out, "bits", k->bits ? bits : NULL);
	(void)fputs("</td>", out);
	g_free(bits);
}

static void write_owner(FILE *out, const struct case_key *k)
{
	(void)fputs("<td class=\"id\">", out);
	html_text(out, k->user ? k->user : "");
	if (k->user && k->sid)
		(void)fputs("<br/>", out);
	html_text(out, k->sid ? k->sid : "");
	(void)fputs("</td>", out);
}

static void write_source(FILE *out, const struct case_key *k)
{
	char made[TEXT_FILETIME];

	(void)fputs("<td>", out);
	html_text(out, k->source ? k->source : "");
	html_line(out, "made", format_time(made, k->made));
	html_line(out, "certificate from", k->certificate);
	(void)fputs("</td>", out);
}

static void write_state(FILE *out, const struct case_key *k)
{
	(void)fputs("<td>", out);
	html_text(out, k->state ? k->state : "");
	if (k->unlocked_by) {
		(void)fputs(" by ", out);
		html_text(out, k->unlocked_by);
	}
	if (k->reason) {
		(void)fputs(": ", out);
		html_text(out, k->reason);
	}
	html_line(out, "behind", k->behind_id);
	(void)fputs("</td>", out);
}

static void key_row(void *ctx, const struct case_key *k)
{
	FILE *out = ctx;
	char *type = words(k->type);

	(void)fputs("<tr><th scope=\"row\">", out);
	html_text(out, k->name ? k->name : "no name");
	if (k->current)
		(void)fputs(" <strong>in use for EFS</strong>", out);
	(void)fputs("</th>", out);
	html_element(out, "td", type);
	g_free(type);
	write_id(out, k);
	write_owner(out, k);
	write_source(out, k);
	write_state(out, k);
	html_number_cell(out, k->opens);
	(void)fputs("</tr>\n", out);
}

static void need_row(void *ctx, const struct case_need *need)
{
	FILE *out = ctx;
	char *kind = words(need->kind);

	(void)fputs("<tr><th scope=\"row\">", out);
	html_text(out, need->what ? need->what : "");
	(void)fputs("</th>", out);
	html_element(out, "td", kind);
	g_free(kind);
	(void)fputs("<td class=\"id\">", out);
	html_text(out, need->id ? need->id : "");
	(void)fputs("</td>", out);
	html_number_cell(out, need->objects);
	(void)fputs("</tr>\n", out);
}

enum status html_needs(struct casefile *cf, FILE *out, struct error *err)
{
	static const char *const heads[] = { "Secret", "Kind", "Id", "#Objects",
		                             NULL };
	enum status st;

	html_chapter(out, "needs", "What is missing");
	html_table_start(out,
	                 "Secrets that are not at hand, with the number of"
	                 " closed encrypted objects that each alone would open",
	                 heads);
	st = each_need(cf, need_row, out, err);
	html_table_end(out);
	(void)fputs("</section>\n", out);
	return st;
}

enum status html_keys(struct casefile *cf, FILE *out, struct error *err)
{
	static const char *const heads[] = { "Name",   "Type",   "Id",
		                             "Owner",  "Source", "State",
		                             "#Opens", NULL };
	enum status st;

	html_chapter(out, "keys", "Keys");
	st = html_graph(cf, out, err);
	(void)fputs("<h3>Key material of this run</h3>\n", out);
	html_table_start(out,
	                 "With the number of encrypted objects that each opens"
	                 " or would open",
	                 heads);
	if (!st)
		st = each_key(cf, key_row, out, err);
	html_table_end(out);
	(void)fputs("</section>\n", out);
	return st;
}
