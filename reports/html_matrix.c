/* SPDX-License-Identifier: MIT */
/*
 * html_matrix.c - the HTML page's table of people by folders
 *
 * A folder counts what is below it too, so leaving out deep folders loses none.
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"

#include <string.h>

#define MOST_USERS   12
#define MOST_AGENTS  6
#define MOST_COLUMNS (MOST_USERS + MOST_AGENTS)
#define MOST_FOLDERS 1500
#define MOST_DEPTH   64
#define MOST_INDENT  8 /* of html.css */

struct matrix {
	struct casefile *cf;
	FILE *out;

	int64_t ids[MOST_COLUMNS];
	char *values[MOST_COLUMNS]; /* for links */
	char *labels[MOST_COLUMNS];
	unsigned columns, users, agents, others;

	uint64_t folders[MOST_DEPTH + 1]; /* by depth, the last and deeper */
	unsigned depth;                   /* the deepest that is shown */
	uint64_t shown, hidden;

	uint64_t counts[MOST_COLUMNS + 1]; /* of a folder; the last: others */
	enum status st;
	struct error *err;
};

/* The people come with the most objects first. */
static void add_column(void *ctx, const struct case_person *p)
{
	struct matrix *m = ctx;
	unsigned *n = p->ring == EFS_DRF ? &m->agents : &m->users;
	GString *label;

	if (*n == (p->ring == EFS_DRF ? MOST_AGENTS : MOST_USERS)) {
		m->others++;
		return;
	}
	(*n)++;
	label = g_string_new(NULL);
	html_person_label(label, p);
	m->ids[m->columns] = p->id;
	m->values[m->columns] = html_person_value(p);
	m->labels[m->columns++] = g_string_free(label, FALSE);
}

static void count_depth(void *ctx, const struct case_folder *f)
{
	struct matrix *m = ctx;

	m->folders[MIN(f->depth, MOST_DEPTH)]++;
}

/* As deep as the table may be long; the first level in any case. */
static void choose_depth(struct matrix *m)
{
	uint64_t sum = m->folders[0] + m->folders[1];

	m->depth = 1;
	while (m->depth < MOST_DEPTH &&
	       sum + m->folders[m->depth + 1] <= MOST_FOLDERS)
		sum += m->folders[++m->depth];
}

static void add_share(void *ctx, const struct case_share *share)
{
	struct matrix *m = ctx;
	unsigned i = 0;

	while (i < m->columns && m->ids[i] != share->person)
		i++;
	m->counts[i < m->columns ? i : MOST_COLUMNS] += share->objects;
}

static void write_name(FILE *out, const struct case_folder *f)
{
	const char *slash = strrchr(f->path, '/');
	GString *view = g_string_new(NULL);

	html_view(view, f->evidence, f->volume, f->snapshot);
	(void)fprintf(out, "<tr data-depth=\"%u\" data-path=\"", f->depth);
	html_text(out, view->str);
	(void)fputs(" ", out);
	html_text(out, f->path);
	(void)fprintf(out,
	              "\"><th scope=\"row\" class=\"d%u%s\">"
	              "<span class=\"nofold\"></span>",
	              MIN(f->depth, MOST_INDENT), f->depth ? "" : " top");
	html_text(out, !f->depth           ? view->str
	               : slash && slash[1] ? slash + 1
	                                   : f->path);
	(void)fputs("</th>", out);
	g_string_free(view, TRUE);
}

/* A number that leads to the files of a folder, of one person or of all. */
static void write_count(FILE *out, const struct case_folder *f, uint64_t n,
                        const char *who)
{
	GString *text = g_string_new(NULL), *target = g_string_new(NULL);
	GString *view = g_string_new(NULL);

	html_view(view, f->evidence, f->volume, f->snapshot);
	html_link_field(target, "view", view->str);
	html_link_field(target, "in", f->path);
	if (who)
		html_link_field(target, "who", who);
	format_number(text, n);
	if (n) {
		(void)fputs("<td class=\"n\">", out);
		html_link_to(out, target->str, text->str);
		(void)fputs("</td>", out);
	} else {
		(void)fputs("<td class=\"n none\">0</td>", out);
	}
	g_string_free(view, TRUE);
	g_string_free(target, TRUE);
	g_string_free(text, TRUE);
}

static void folder_row(void *ctx, const struct case_folder *f)
{
	struct matrix *m = ctx;

	if (m->st || f->depth > m->depth || m->shown == MOST_FOLDERS) {
		m->hidden++;
		return;
	}
	m->shown++;
	memset(m->counts, 0, sizeof(m->counts));
	m->st = each_share(m->cf, f->id, add_share, m, m->err);
	write_name(m->out, f);
	write_count(m->out, f, f->objects, NULL);
	for (unsigned i = 0; i < m->columns; i++)
		write_count(m->out, f, m->counts[i], m->values[i]);
	if (m->others)
		html_number_cell(m->out, m->counts[MOST_COLUMNS]);
	(void)fputs("</tr>\n", m->out);
}

static void write_head(const struct matrix *m)
{
	GString *others = g_string_new(NULL);
	const char *heads[MOST_COLUMNS + 4] = { "Folder", "#All" };
	char *marked[MOST_COLUMNS + 1];
	unsigned n = 0;

	for (; n < m->columns; n++) {
		marked[n] = g_strconcat("#", m->labels[n], NULL);
		heads[n + 2] = marked[n];
	}
	if (m->others) {
		g_string_printf(others, "#%u others, together", m->others);
		heads[n + 2] = others->str;
	}
	html_table_start(m->out,
	                 "Encrypted objects in each folder and below it: all,"
	                 " and those that each user or agent can open; a number"
	                 " leads to the files",
	                 heads);
	while (n)
		g_free(marked[--n]);
	g_string_free(others, TRUE);
}

static void write_hidden(const struct matrix *m)
{
	GString *text;

	if (!m->hidden)
		return;
	text = g_string_new(NULL);
	format_count(text, m->hidden, "more folder");
	g_string_append(text, " not shown: what is in them is counted in"
	                      " those above them. The table share of case.db"
	                      " has all.");
	html_element(m->out, "p", text->str);
	g_string_free(text, TRUE);
}

enum status html_matrix(struct casefile *cf, FILE *out, struct error *err)
{
	struct matrix m = { .cf = cf, .out = out, .err = err };
	enum status st = each_person(cf, add_column, &m, err);

	if (!st)
		st = each_folder(cf, count_depth, &m, err);
	choose_depth(&m);
	(void)fputs("<div id=\"matrix\">\n<h3>By folder</h3>\n", out);
	write_head(&m);
	if (!st)
		st = each_folder(cf, folder_row, &m, err);
	html_table_end(out);
	write_hidden(&m);
	(void)fputs("</div>\n", out);
	for (unsigned i = 0; i < m.columns; i++) {
		g_free(m.values[i]);
		g_free(m.labels[i]);
	}
	return st ? st : m.st;
}
