/* SPDX-License-Identifier: MIT */
/*
 * html_who.c - the HTML page's table of the people who can decrypt something
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"

static void write_name(FILE *out, const struct case_person *p)
{
	(void)fputs("<th scope=\"row\">", out);
	html_text(out, p->name ? p->name : "no name");
	(void)fputs("</th><td>", out);
	(void)fputs(p->ring == EFS_DRF ? "recovery agent" : "user", out);
	html_line(out, "policy:", p->policy);
	(void)fputs("</td><td>", out);
	html_text(out, p->account ? p->account : "");
	if (p->sid) {
		(void)fputs(p->account ? "<br/><code>" : "<code>", out);
		html_text(out, p->sid);
		(void)fputs("</code>", out);
	}
	(void)fputs("</td>", out);
}

static void write_certificate(FILE *out, const struct case_person *p)
{
	char buf[TEXT_FILETIME];
	const char *until = format_time(buf, p->not_after);

	(void)fputs("<td><code>", out);
	html_text(out, p->thumbprint ? p->thumbprint : "no thumbprint");
	(void)fputs("</code>", out);
	if (p->subject) {
		(void)fputs("<br/>", out);
		html_text(out, p->subject);
	}
	if (p->self_signed)
		(void)fputs(" <span class=\"dim\">(self-signed)</span>", out);
	else
		html_line(out, "issued by", p->issuer);
	(void)fputs("</td><td class=\"date\">", out);
	if (until)
		(void)fprintf(out, "%.10s", until);
	(void)fputs("</td>", out);
}

static void person_row(void *ctx, const struct case_person *p)
{
	FILE *out = ctx;
	char *value = html_person_value(p);

	(void)fputs("<tr>", out);
	write_name(out, p);
	write_certificate(out, p);
	if (p->bits)
		(void)fprintf(out, "<td class=\"n\">%u</td>", p->bits);
	else
		(void)fputs("<td class=\"n\"></td>", out);
	html_number_link_cell(out, p->objects, "who", value);
	html_number_cell(out, p->opened);
	html_number_cell(out, p->alone);
	(void)fputs("</tr>\n", out);
	g_free(value);
}

enum status html_who(struct casefile *cf, FILE *out, struct error *err)
{
	static const char *const heads[] = {
		"Name",     "Role",  "Account and SID", "Certificate",
		"Valid to", "#Bits", "#Objects",        "#Opened here",
		"#Alone",   NULL,
	};
	enum status st;

	html_chapter(out, "who", "Who can decrypt what");
	(void)fputs("<div id=\"people\">\n", out);
	html_table_start(out,
	                 "Users and recovery agents that the files name, with"
	                 " the number of encrypted objects that each can open,"
	                 " that this run opened through them, and that nobody"
	                 " else can open",
	                 heads);
	st = each_person(cf, person_row, out, err);
	html_table_end(out);
	(void)fputs("</div>\n", out);
	if (!st)
		st = html_matrix(cf, out, err);
	(void)fputs("</section>\n", out);
	return st;
}
