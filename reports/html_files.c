/* SPDX-License-Identifier: MIT */
/*
 * html_files.c - the HTML page's table of files: its form, and its rows as data
 *
 * Only the script can show them: no browser lays out 200,000 rows in a time
 * that anybody would wait.
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"

/* A piece of rows ends at either; what a piece of text may hold in an XML
   parser is limited, and the browser reads them one at a time. */
#define ROWS_OF_PIECE  2000
#define BYTES_OF_PIECE (1u << 20)

/* More choices than this are no choice. */
#define MOST_OPTIONS 400

static void write_option(FILE *out, const char *value, const char *label)
{
	(void)fputs("<option value=\"", out);
	html_text(out, value);
	(void)fputs("\">", out);
	html_text(out, label);
	(void)fputs("</option>", out);
}

static void write_status_options(FILE *out, const struct summary *s)
{
	(void)fputs("<label>Status <select id=\"status\">"
	            "<option value=\"\">any</option>",
	            out);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		char *words = html_status_words((enum outcome)i);

		if (s->files[i])
			write_option(out, outcome_name((enum outcome)i), words);
		g_free(words);
	}
	(void)fputs("</select></label>", out);
}

struct options {
	FILE *out;
	unsigned n;
};

static void class_option(void *ctx, const struct case_count *count)
{
	struct options *o = ctx;

	write_option(o->out, count->value ? count->value : "?",
	             count->value ? count->value : "not known");
}

static void person_option(void *ctx, const struct case_person *p)
{
	struct options *o = ctx;
	GString *label;
	char *value;

	if (o->n++ >= MOST_OPTIONS)
		return;
	label = g_string_new(NULL);
	value = html_person_value(p);
	html_person_label(label, p);
	write_option(o->out, value, label->str);
	g_string_free(label, TRUE);
	g_free(value);
}

static void view_option(void *ctx, const struct case_volume *v)
{
	struct options *o = ctx;
	GString *view;

	if (!v->objects || o->n++ >= MOST_OPTIONS)
		return;
	view = g_string_new(NULL);
	html_view(view, v->evidence_name, v->number, v->snapshot);
	write_option(o->out, view->str, view->str);
	g_string_free(view, TRUE);
}

static enum status write_filter(struct casefile *cf, FILE *out,
                                const struct summary *s, struct error *err)
{
	struct options classes = { out, 0 }, people = { out, 0 };
	struct options views = { out, 0 };
	enum status st;

	(void)fputs("<form class=\"filter\" hidden=\"hidden\">"
	            "<label>Words in any text of a row <input id=\"word\""
	            " type=\"search\" autocomplete=\"off\"/></label>",
	            out);
	write_status_options(out, s);
	(void)fputs("<label>Class <select id=\"class\"><option value=\"\">all"
	            "</option><option value=\"!\">all but user</option>",
	            out);
	st = each_count(cf, CASE_BY_CLASS, class_option, &classes, err);
	(void)fputs("</select></label><label>User or agent <select"
	            " id=\"person\"><option value=\"\">any</option>",
	            out);
	if (!st)
		st = each_person(cf, person_option, &people, err);
	(void)fputs("</select></label><label>Evidence <select id=\"view\">"
	            "<option value=\"\">all</option>",
	            out);
	if (!st)
		st = each_volume(cf, view_option, &views, err);
	(void)fputs("</select></label><button type=\"reset\">Show all</button>"
	            "</form>\n",
	            out);
	return st;
}

/* ------------------------------------------------------------------- table */

static void write_bar(FILE *out)
{
	(void)fputs("<div id=\"bar\" class=\"bar\" hidden=\"hidden\">"
	            "<div><output id=\"shown\" class=\"dim\"></output>"
	            " <span id=\"chips\"></span></div>"
	            "<div class=\"pager\">"
	            "<button type=\"button\" id=\"first\">First</button>"
	            "<button type=\"button\" id=\"back\">Previous</button>"
	            "<output id=\"page\"></output>"
	            "<button type=\"button\" id=\"next\">Next</button>"
	            "<button type=\"button\" id=\"last\">Last</button>"
	            "<label>Rows <select id=\"per\">"
	            "<option value=\"50\">50</option>"
	            "<option value=\"200\">200</option>"
	            "<option value=\"1000\">1,000</option>"
	            "</select></label></div></div>\n",
	            out);
}

static void write_empty_table(FILE *out)
{
	static const char *const heads[][2] = {
		{ "path", "File" },
		{ "size", "Size" },
		{ "modified", "Modified (UTC)" },
		{ "status", "Status" },
		{ "reason", "Reason" },
		{ "opened", "Opened by" },
	};

	(void)fputs("<div class=\"wide\"><table id=\"list\" hidden=\"hidden\">"
	            "<caption>Every encrypted stream; open a row for its key"
	            " ring, the keys tried, hashes and times</caption>"
	            "<thead><tr>",
	            out);
	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		(void)fprintf(out,
		              "<th scope=\"col\" aria-sort=\"none\""
		              " data-key=\"%s\"%s><button type=\"button\">%s"
		              "</button><span class=\"paper\""
		              " aria-hidden=\"true\">%s</span></th>",
		              heads[i][0], i == 1 ? " class=\"n\"" : "",
		              heads[i][1], heads[i][1]);
	(void)fputs("</tr></thead><tbody></tbody></table></div>\n"
	            "<p id=\"rest\"></p>\n"
	            "<noscript><p>This table needs scripts, which this browser"
	            " does not run. The same rows are in case.db, and in the"
	            " JSON Lines, CSV and DFXML reports.</p></noscript>\n",
	            out);
}

/* -------------------------------------------------------------------- rows */

struct rows {
	FILE *out;
	struct html_shared *shared;
	GString *piece;
	unsigned n;
};

static void write_piece(struct rows *rows)
{
	if (!rows->n)
		return;
	(void)fputs("<script type=\"application/json\" class=\"rows\">"
	            "{\"shared\":[",
	            rows->out);
	html_shared_tell(rows->shared, rows->out);
	(void)fputs("],\"rows\":[", rows->out);
	(void)fwrite(rows->piece->str, 1, rows->piece->len, rows->out);
	(void)fputs("]}</script>\n", rows->out);
	g_string_truncate(rows->piece, 0);
	rows->n = 0;
}

static void file_row(void *ctx, const struct case_file *file)
{
	struct rows *rows = ctx;

	if (rows->n++)
		g_string_append(rows->piece, ",\n");
	html_row(rows->piece, rows->shared, file);
	if (rows->n == ROWS_OF_PIECE ||
	    rows->piece->len + html_shared_waiting(rows->shared) >
	            BYTES_OF_PIECE)
		write_piece(rows);
}

/* Name, words and look of every status, in the order of their numbers. */
static void write_statuses(FILE *out)
{
	(void)fputs("<script type=\"application/json\" id=\"statuses\">[", out);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		char *words = html_status_words((enum outcome)i);

		(void)fprintf(out, "%s[\"%s\",\"%s\",\"%s\"]", i ? "," : "",
		              outcome_name((enum outcome)i), words,
		              html_status_look((enum outcome)i));
		g_free(words);
	}
	(void)fputs("]</script>\n", out);
}

static enum status write_rows(struct casefile *cf, FILE *out, struct error *err)
{
	struct rows rows = { .out = out };
	enum status st;

	rows.shared = html_shared_new();
	rows.piece = g_string_new(NULL);
	st = each_file(cf, file_row, &rows, err);
	write_piece(&rows);
	g_string_free(rows.piece, TRUE);
	html_shared_free(rows.shared);
	return st;
}

enum status html_files(struct casefile *cf, FILE *out,
                       const struct summary *summary, struct error *err)
{
	enum status st;

	html_chapter(out, "files", "Files");
	st = write_filter(cf, out, summary, err);
	write_bar(out);
	write_empty_table(out);
	write_statuses(out);
	if (!st)
		st = write_rows(cf, out, err);
	(void)fputs("</section>\n", out);
	return st;
}
