/* SPDX-License-Identifier: MIT */
/*
 * html_changes.c - the HTML page's section on who came to key rings, who went
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"

/*
 * A browser lays out a table as a whole, and takes minutes for a long one.  In
 * pieces it does those in view only: see content-visibility in html.css.
 */
#define ROWS_OF_TABLE 200

/* One row is one file between two views: the removed, then the added. */
struct rows {
	FILE *out;
	int64_t object;
	uint64_t n;
	bool added; /* the second cell has begun */
};

static void start_piece(const struct rows *rows)
{
	static const char *const heads[] = { "File",    "From",  "To",
		                             "Removed", "Added", NULL };

	html_table_start(rows->out,
	                 rows->n ? "Changed key rings, continued"
	                         : "Users and recovery agents of a file in one"
	                           " view of its volume that are not in the"
	                           " next: shadow copies by their time, then"
	                           " the volume itself",
	                 heads);
}

static void end_row(struct rows *rows)
{
	if (rows->object)
		(void)fputs(rows->added ? "</ul></td></tr>\n"
		                        : "</ul></td><td></td></tr>\n",
		            rows->out);
	rows->object = 0;
}

static void view_cell(FILE *out, unsigned volume, unsigned snapshot,
                      uint64_t made)
{
	GString *view = g_string_new(NULL);

	format_view(view, volume, snapshot, made);
	html_element(out, "td", view->str);
	g_string_free(view, TRUE);
}

static void start_row(struct rows *rows, const struct case_change *c)
{
	FILE *out = rows->out;

	end_row(rows);
	if (rows->n && rows->n % ROWS_OF_TABLE == 0) {
		html_table_end(out);
		start_piece(rows);
	}
	rows->n++;
	rows->object = c->object;
	rows->added = c->added;
	(void)fputs("<tr><th scope=\"row\"><span class=\"where\">", out);
	html_text(out, c->evidence ? c->evidence : "");
	(void)fputs("</span> ", out);
	html_text(out, c->path ? c->path : "");
	(void)fputs("</th>", out);
	view_cell(out, c->volume, c->before, c->from);
	view_cell(out, c->volume, c->after, c->to);
	(void)fputs(c->added ? "<td></td><td><ul>" : "<td><ul>", out);
}

static void change_row(void *ctx, const struct case_change *c)
{
	struct rows *rows = ctx;
	FILE *out = rows->out;

	if (c->object != rows->object)
		start_row(rows, c);
	if (c->added && !rows->added)
		(void)fputs("</ul></td><td><ul>", out);
	rows->added = c->added;
	(void)fputs("<li>", out);
	html_text(out, c->name ? c->name : "no name");
	if (c->ring == EFS_DRF)
		(void)fputs(" <span class=\"dim\">(agent)</span>", out);
	(void)fputs(" <code>", out);
	html_text(out, c->thumbprint ? c->thumbprint : "no thumbprint");
	(void)fputs("</code>", out);
	if (c->sid) {
		(void)fputs(" ", out);
		html_element(out, "code", c->sid);
	}
	(void)fputs("</li>", out);
}

enum status html_changes(struct casefile *cf, FILE *out,
                         const struct case_totals *totals, struct error *err)
{
	struct rows rows = { .out = out };
	enum status st;

	if (!totals->snapshots)
		return OK;
	html_chapter(out, "changes", "How key rings changed");
	start_piece(&rows);
	st = each_change(cf, change_row, &rows, err);
	end_row(&rows);
	html_table_end(out);
	(void)fputs("</section>\n", out);
	return st;
}
