/* SPDX-License-Identifier: MIT */
/*
 * html_other.c - the HTML page's chapter on what is encrypted, but not by users
 */
#include "reports/html.h"

#include "reports/each.h"

static const char *meaning(const char *class)
{
	static const char *const meanings[][2] = {
		{ "app", "Data of Store apps, which Windows protects for the"
		         " app: no user encrypted it, and it is of use on its"
		         " own machine only." },
		{ "rms", "Protected by a rights management service or as a"
		         " work folder: the organisation's server has the"
		         " key." },
		{ "dpapi-ng", "Protected with DPAPI-NG, to a principal of a"
		              " domain or to a local account: no EFS key opens"
		              " it." },
		{ "pfile", "Written by Windows where NTFS was not at hand,"
		           " as on FAT: user EFS in a file of its own, and"
		           " opened with the same keys." },
	};

	for (size_t i = 0; class && i < G_N_ELEMENTS(meanings); i++)
		if (!g_strcmp0(class, meanings[i][0]))
			return meanings[i][1];
	return class ? "A protection that this program does not know."
	             : "The metadata that would say so is missing or damaged.";
}

struct rows {
	FILE *out;
	unsigned n;
};

static void class_row(void *ctx, const struct case_count *count)
{
	static const char *const heads[] = { "Class", "What it is", "#Files",
		                             "#Size", NULL };
	struct rows *rows = ctx;
	FILE *out = rows->out;

	if (!g_strcmp0(count->value, "user"))
		return;
	if (!rows->n++)
		html_table_start(out,
		                 "Encrypted streams that are not of class"
		                 " \"user\"; the number leads to the files",
		                 heads);
	(void)fputs("<tr><th scope=\"row\">", out);
	html_text(out, count->value ? count->value : "not known");
	(void)fputs("</th>", out);
	html_element(out, "td", meaning(count->value));
	html_number_link_cell(out, count->files, "class",
	                      count->value ? count->value : "?");
	html_size_cell(out, count->bytes);
	(void)fputs("</tr>\n", out);
}

enum status html_other(struct casefile *cf, FILE *out, struct error *err)
{
	struct rows rows = { out, 0 };
	enum status st;

	html_chapter(out, "other", "Not user EFS");
	st = each_count(cf, CASE_BY_CLASS, class_row, &rows, err);
	if (rows.n)
		html_table_end(out);
	else
		(void)fputs("<p>Every encrypted file is of user EFS.</p>\n",
		            out);
	(void)fputs("</section>\n", out);
	return st;
}
