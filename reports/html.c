/* SPDX-License-Identifier: MIT */
/*
 * html.c - the report for people: one page that needs nothing but itself
 *
 * The page forbids itself all requests, and every style and script but its own,
 * whose hashes it names: a second wall behind the escaping.
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"

/* As HTML these are comments of the script; as XML they let it hold any '<'. */
#define CDATA     "//<![CDATA[\n"
#define CDATA_END "//]]>\n"

static char *hash(const char *before, const char *const *lines,
                  const char *behind)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize n = sizeof(digest);

	g_checksum_update(sum, (const guchar *)before, -1);
	for (; *lines; lines++)
		g_checksum_update(sum, (const guchar *)*lines, -1);
	g_checksum_update(sum, (const guchar *)behind, -1);
	g_checksum_get_digest(sum, digest, &n);
	g_checksum_free(sum);
	return g_base64_encode(digest, n);
}

static void write_lines(FILE *out, const char *const *lines)
{
	for (; *lines; lines++)
		(void)fputs(*lines, out);
}

static void write_head(FILE *out)
{
	char *script = hash(CDATA, html_js, CDATA_END);
	char *style = hash("\n", html_css, "");

	(void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	            "<meta charset=\"utf-8\"/>\n"
	            "<meta name=\"viewport\""
	            " content=\"width=device-width, initial-scale=1\"/>\n",
	            out);
	(void)fprintf(out,
	              "<meta http-equiv=\"Content-Security-Policy\""
	              " content=\"default-src 'none'; base-uri 'none';"
	              " form-action 'none'; style-src 'sha256-%s';"
	              " script-src 'sha256-%s'\"/>\n",
	              style, script);
	(void)fputs("<title>efsleuth report</title>\n<style>\n", out);
	write_lines(out, html_css);
	(void)fputs("</style>\n</head>\n<body>\n", out);
	g_free(style);
	g_free(script);
}

static void write_nav(FILE *out, const struct summary *summary)
{
	static const char *const links[][2] = {
		{ "summary", "Summary" },
		{ "findings", "Findings" },
		{ "who", "Who can decrypt what" },
		{ "changes", "How key rings changed" },
		{ "keys", "Keys" },
		{ "needs", "What is missing" },
		{ "timeline", "Timeline" },
		{ "other", "Not user EFS" },
		{ "files", "Files" },
		{ "run", "Evidence and run" },
	};

	(void)fputs("<nav aria-label=\"Chapters\"><ul>", out);
	for (size_t i = 0; i < G_N_ELEMENTS(links); i++)
		if (summary->totals.snapshots || i != 3)
			(void)fprintf(out, "<li><a href=\"#%s\">%s</a></li>",
			              links[i][0], links[i][1]);
	(void)fputs("</ul></nav>\n", out);
}

static void write_scope(FILE *out, const struct case_totals *totals)
{
	GString *text = g_string_new(NULL);

	format_count(text, totals->evidence, "evidence file");
	g_string_append(text, ", ");
	format_count(text, totals->volumes, "volume");
	g_string_append(text, ", ");
	if (totals->snapshots) {
		format_number(text, totals->snapshots);
		g_string_append(text, totals->snapshots == 1
		                              ? " shadow copy, "
		                              : " shadow copies, ");
	}
	format_size(text, totals->bytes);
	g_string_append(text, " encrypted. ");
	summary_bad(text, totals);
	html_text(out, g_strchomp(text->str));
	g_string_free(text, TRUE);
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
	if (!st && tool.ended && summary->runs == 1) {
		(void)fputs("Finished ", out);
		html_text(out, tool.ended);
		(void)fputs(". ", out);
	}
	write_scope(out, &summary->totals);
	(void)fputs("</p>\n", out);
	write_nav(out, summary);
	(void)fputs("</header>\n<main>\n", out);
	g_string_free(sentence, TRUE);
	return st == E_ABSENT ? OK : st;
}

static enum status write_people(struct casefile *cf, FILE *out,
                                const struct summary *summary,
                                struct error *err)
{
	enum status st = html_findings(cf, out, err);

	if (!st)
		st = html_who(cf, out, err);
	if (!st)
		st = html_changes(cf, out, &summary->totals, err);
	if (!st)
		st = html_keys(cf, out, err);
	return st ? st : html_needs(cf, out, err);
}

static enum status write_objects(struct casefile *cf, FILE *out,
                                 const struct summary *summary,
                                 struct error *err)
{
	enum status st = html_timeline(cf, out, err);

	if (!st)
		st = html_other(cf, out, err);
	if (!st)
		st = html_files(cf, out, summary, err);
	return st ? st : html_run(cf, out, err);
}

static enum status write_page(struct casefile *cf, FILE *out, struct error *err)
{
	struct summary summary;
	enum status st = summary_read(&summary, cf, err);

	if (st)
		return st;
	write_head(out);
	st = write_header(cf, out, &summary, err);
	if (!st)
		st = html_summary(cf, out, &summary, err);
	if (!st)
		st = write_people(cf, out, &summary, err);
	if (!st)
		st = write_objects(cf, out, &summary, err);
	(void)fputs("</main>\n<script>" CDATA, out);
	write_lines(out, html_js);
	(void)fputs(CDATA_END "</script>\n</body>\n</html>\n", out);
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
