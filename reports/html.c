/* SPDX-License-Identifier: MIT */
/*
 * html.c - the report for people: one page that needs nothing but itself
 *
 * The page forbids itself all requests, and every script but its own, whose
 * hash it names: a second wall behind the escaping.
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"
#include "reports/summary.h"

static char *script_hash(void)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize n = sizeof(digest);

	for (size_t i = 0; html_script[i]; i++)
		g_checksum_update(sum, (const guchar *)html_script[i], -1);
	g_checksum_get_digest(sum, digest, &n);
	g_checksum_free(sum);
	return g_base64_encode(digest, n);
}

static void write_head(FILE *out)
{
	char *hash = script_hash();

	(void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	            "<meta charset=\"utf-8\"/>\n"
	            "<meta name=\"viewport\""
	            " content=\"width=device-width, initial-scale=1\"/>\n",
	            out);
	(void)fprintf(out,
	              "<meta http-equiv=\"Content-Security-Policy\""
	              " content=\"default-src 'none'; base-uri 'none';"
	              " form-action 'none'; style-src 'unsafe-inline';"
	              " script-src 'sha256-%s'\"/>\n",
	              hash);
	(void)fputs("<title>efsleuth report</title>\n<style>\n", out);
	html_pieces(out, html_style);
	(void)fputs("</style>\n</head>\n<body>\n", out);
	g_free(hash);
}

static enum status write_header(struct casefile *cf, FILE *out,
                                const struct summary *summary,
                                struct error *err)
{
	GString *sentence = g_string_new(NULL);
	struct case_tool tool;
	enum status st = casefile_tool(cf, &tool, err);

	summary_sentence(sentence, summary);
	(void)fputs("<header>\n<h1>Encrypted files (EFS)</h1>\n"
	            "<p class=\"result\">",
	            out);
	html_text(out, sentence->str);
	(void)fputs("</p>\n<p class=\"dim\">", out);
	if (!st && tool.ended) {
		(void)fputs("Finished ", out);
		html_text(out, tool.ended);
		(void)fputs(". ", out);
	}
	g_string_truncate(sentence, 0);
	format_count(sentence, summary->totals.evidence, "evidence file");
	g_string_append(sentence, ", ");
	format_count(sentence, summary->totals.volumes, "volume");
	g_string_append(sentence, ", ");
	if (summary->totals.snapshots) {
		format_number(sentence, summary->totals.snapshots);
		g_string_append(sentence, summary->totals.snapshots == 1
		                                  ? " shadow copy, "
		                                  : " shadow copies, ");
	}
	format_size(sentence, summary->totals.bytes);
	g_string_append(sentence, " encrypted. ");
	summary_bad(sentence, &summary->totals);
	g_strchomp(sentence->str);
	html_text(out, sentence->str);
	(void)fputs("</p>\n<nav aria-label=\"Sections\"><ul>"
	            "<li><a href=\"#result\">Result</a></li>"
	            "<li><a href=\"#who\">Who can decrypt what</a></li>",
	            out);
	if (summary->totals.snapshots)
		(void)fputs("<li><a href=\"#changes\">"
		            "How key rings changed</a></li>",
		            out);
	(void)fputs("<li><a href=\"#keys\">Keys</a></li>"
	            "<li><a href=\"#needs\">What is missing</a></li>"
	            "<li><a href=\"#files\">Files</a></li>"
	            "<li><a href=\"#run\">Evidence and run</a></li>"
	            "</ul></nav>\n</header>\n<main>\n",
	            out);
	g_string_free(sentence, TRUE);
	return st == E_ABSENT ? OK : st;
}

/* ---------------------------------------------------------------- counts */

static void write_status_counts(FILE *out, const struct summary *s)
{
	static const char *const heads[] = { "Status", "#Files", "#Size",
		                             NULL };

	html_table_start(out, "Files by status", heads);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		if (!s->files[i])
			continue;
		(void)fprintf(out, "<tr data-count=\"%s\"><th scope=\"row\">",
		              outcome_name((enum outcome)i));
		html_status(out, (enum outcome)i);
		(void)fputs("</th>", out);
		html_number_cell(out, s->files[i]);
		html_size_cell(out, s->bytes[i]);
		(void)fputs("</tr>\n", out);
	}
	(void)fputs("<tr><th scope=\"row\">all</th>", out);
	html_number_cell(out, s->totals.files);
	html_size_cell(out, s->totals.bytes);
	(void)fputs("</tr>\n", out);
	html_table_end(out);
}

static void count_row(void *ctx, const struct case_count *count)
{
	FILE *out = ctx;

	(void)fputs("<tr><th scope=\"row\">", out);
	html_text(out, count->value ? count->value : "not known");
	(void)fputs("</th>", out);
	html_number_cell(out, count->files);
	html_size_cell(out, count->bytes);
	(void)fputs("</tr>\n", out);
}

static enum status write_counts(struct casefile *cf, FILE *out,
                                const struct summary *summary,
                                struct error *err)
{
	static const char *const algorithm[] = { "Algorithm", "#Files", "#Size",
		                                 NULL };
	static const char *const class[] = { "Class", "#Files", "#Size", NULL };
	enum status st;

	(void)fputs("<section id=\"result\" aria-labelledby=\"h-result\">\n"
	            "<h2 id=\"h-result\">Result</h2>\n"
	            "<div class=\"cards\">\n",
	            out);
	write_status_counts(out, summary);
	html_table_start(out, "Files by algorithm", algorithm);
	st = each_count(cf, CASE_BY_ALGORITHM, count_row, out, err);
	html_table_end(out);
	html_table_start(out, "Files by class of protection", class);
	if (!st)
		st = each_count(cf, CASE_BY_CLASS, count_row, out, err);
	html_table_end(out);
	(void)fputs("</div>\n</section>\n", out);
	return st;
}

/* ----------------------------------------------------------------- people */

static void person_row(void *ctx, const struct case_person *p)
{
	FILE *out = ctx;

	(void)fputs("<tr><th scope=\"row\">", out);
	html_text(out, p->name ? p->name : "no name");
	(void)fprintf(out, "</th><td>%s</td><td class=\"id\">",
	              p->ring == EFS_DRF ? "recovery agent" : "user");
	html_text(out, p->thumbprint ? p->thumbprint : "none");
	(void)fputs("</td><td class=\"id\">", out);
	if (p->sid)
		html_text(out, p->sid);
	(void)fputs("</td>", out);
	html_number_cell(out, p->objects);
	html_number_cell(out, p->opened);
	(void)fputs("</tr>\n", out);
}

static enum status write_people(struct casefile *cf, FILE *out,
                                struct error *err)
{
	static const char *const heads[] = { "Name", "Role",     "Thumbprint",
		                             "SID",  "#Objects", "#Opened here",
		                             NULL };
	enum status st;

	(void)fputs("<section id=\"who\" aria-labelledby=\"h-who\">\n"
	            "<h2 id=\"h-who\">Who can decrypt what</h2>\n",
	            out);
	html_table_start(out,
	                 "Users and recovery agents that the files name,"
	                 " with the number of encrypted objects that each"
	                 " can open",
	                 heads);
	st = each_person(cf, person_row, out, err);
	html_table_end(out);
	(void)fputs("</section>\n", out);
	return st;
}

/* ------------------------------------------------------------------ files */

static void write_option(FILE *out, enum outcome outcome)
{
	const char *name = outcome_name(outcome);
	char *words = g_strdelimit(g_strdup(name), "_", ' ');

	(void)fprintf(out, "<option value=\"%s\">%s</option>", name, words);
	g_free(words);
}

static void write_filter(FILE *out, const struct summary *s)
{
	(void)fputs("<form class=\"filter\" hidden=\"hidden\">"
	            "<label>Containing <input id=\"word\" type=\"search\""
	            " autocomplete=\"off\"/></label>"
	            "<label>With status <select id=\"status\">"
	            "<option value=\"\">any</option>",
	            out);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		if (s->files[i])
			write_option(out, (enum outcome)i);
	(void)fputs("</select></label>"
	            "<output id=\"shown\" class=\"dim\"></output></form>\n",
	            out);
}

/*
 * A browser lays out a table as a whole, and takes minutes for a long one.  In
 * pieces it does those in view only: see content-visibility in the style.
 */
#define ROWS_OF_TABLE 200

struct rows {
	FILE *out;
	uint64_t n;
};

static void start_piece(const struct rows *rows)
{
	static const char *const heads[] = { "File",   "#Size",     "Status",
		                             "Reason", "Opened by", NULL };

	html_table_start(rows->out,
	                 rows->n ? "Encrypted streams, continued"
	                         : "Every encrypted stream; open a row for its"
	                           " key ring, the keys tried, hashes and times"
	                           " (UTC)",
	                 heads);
}

static void file_row(void *ctx, const struct case_file *file)
{
	struct rows *rows = ctx;

	if (rows->n && rows->n % ROWS_OF_TABLE == 0) {
		html_table_end(rows->out);
		start_piece(rows);
	}
	rows->n++;
	html_file_row(rows->out, file);
}

static enum status write_files(struct casefile *cf, FILE *out,
                               const struct summary *summary, struct error *err)
{
	struct rows rows = { .out = out };
	enum status st;

	(void)fputs("<section id=\"files\" aria-labelledby=\"h-files\">\n"
	            "<h2 id=\"h-files\">Files</h2>\n",
	            out);
	write_filter(out, summary);
	(void)fputs("<div class=\"pieces\">\n", out);
	start_piece(&rows);
	st = each_file(cf, file_row, &rows, err);
	html_table_end(out);
	(void)fputs("</div>\n</section>\n", out);
	return st;
}

/* ------------------------------------------------------------------- page */

static enum status write_page(struct casefile *cf, FILE *out, struct error *err)
{
	struct summary summary;
	enum status st = summary_read(&summary, cf, err);

	if (st)
		return st;
	write_head(out);
	st = write_header(cf, out, &summary, err);
	if (!st)
		st = write_counts(cf, out, &summary, err);
	if (!st)
		st = write_people(cf, out, err);
	if (!st)
		st = html_changes(cf, out, &summary.totals, err);
	if (!st)
		st = html_keys(cf, out, err);
	if (!st)
		st = write_files(cf, out, &summary, err);
	if (!st)
		st = html_run(cf, out, err);
	(void)fputs("</main>\n<script>", out);
	html_pieces(out, html_script);
	(void)fputs("</script>\n</body>\n</html>\n", out);
	return st;
}

static enum status write_html(struct casefile *cf, FILE *out, struct error *err)
{
	enum status st = write_page(cf, out, err);

	return st ? st : report_flush(out, err);
}

const struct report report_html = {
	.name = "html",
	.about = "one self-contained page for people",
	.file = "report.html",
	.write = write_html,
};
