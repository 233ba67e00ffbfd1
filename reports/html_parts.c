/* SPDX-License-Identifier: MIT */
/*
 * html_parts.c - the parts of the HTML page, and the escaping of all text
 */
#include "reports/html.h"

#include "reports/format.h"

#include <string.h>

static const char *entity(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	default:
		return "&#39;";
	}
}

static void escape(FILE *out, const char *s)
{
	for (;;) {
		size_t n = strcspn(s, "<>&\"'");

		(void)fwrite(s, 1, n, out);
		s += n;
		if (!*s)
			return;
		(void)fputs(entity(*s++), out);
	}
}

static bool printable_ascii(const char *s)
{
	while (*s >= ' ' && *s <= '~')
		s++;
	return !*s;
}

void html_text(FILE *out, const char *s)
{
	GString *visible;

	if (printable_ascii(s)) {
		escape(out, s);
		return;
	}
	visible = g_string_new(NULL);
	format_visible(visible, s);
	escape(out, visible->str);
	g_string_free(visible, TRUE);
}

void html_element(FILE *out, const char *tag, const char *s)
{
	(void)fprintf(out, "<%s>", tag);
	if (s)
		html_text(out, s);
	(void)fprintf(out, "</%s>", tag);
}

void html_number_cell(FILE *out, uint64_t n)
{
	GString *text = g_string_new(NULL);

	format_number(text, n);
	(void)fprintf(out, "<td class=\"n\">%s</td>", text->str);
	g_string_free(text, TRUE);
}

/* "1.5 MiB", and the exact number for who points at it. */
void html_size_cell(FILE *out, uint64_t n)
{
	GString *text = g_string_new(NULL);
	char **parts;

	format_size(text, n);
	parts = g_strsplit(text->str, " (", 2);
	if (parts[1])
		(void)fprintf(out, "<td class=\"n\" title=\"%.*s\">%s</td>",
		              (int)strcspn(parts[1], ")"), parts[1], parts[0]);
	else
		(void)fprintf(out, "<td class=\"n\">%s</td>", parts[0]);
	g_strfreev(parts);
	g_string_free(text, TRUE);
}

void html_line(FILE *out, const char *label, const char *s)
{
	if (!s)
		return;
	(void)fprintf(out, "<br/><span class=\"dim\">%s ", label);
	html_text(out, s);
	(void)fputs("</span>", out);
}

void html_fact(FILE *out, const char *label, const char *s)
{
	if (!s)
		return;
	html_element(out, "dt", label);
	html_element(out, "dd", s);
}

/* ---------------------------------------------------------------- status */

char *html_status_words(enum outcome outcome)
{
	return g_strdelimit(g_strdup(outcome_name(outcome)), "_", ' ');
}

const char *html_status_look(enum outcome outcome)
{
	static const char *const look[OUTCOME_COUNT] = {
		[OUTCOME_OPENABLE] = "info",
		[OUTCOME_RECOVERED_VERIFIED] = "good",
		[OUTCOME_RECOVERED_UNVERIFIED] = "good",
		[OUTCOME_RECOVERED_PARTIAL] = "some",
		[OUTCOME_NO_KEY] = "bad",
		[OUTCOME_KEY_LOCKED] = "some",
		[OUTCOME_UNSUPPORTED_PROTECTOR] = "some",
		[OUTCOME_UNSUPPORTED_ALGORITHM] = "some",
		[OUTCOME_METADATA_MISSING] = "bad",
		[OUTCOME_METADATA_DAMAGED] = "bad",
		[OUTCOME_DATA_UNREADABLE] = "bad",
		[OUTCOME_OUTPUT_FAILED] = "bad",
	};

	return look[outcome];
}

/* ----------------------------------------------------------- names, links */

void html_view(GString *to, const char *evidence, unsigned volume,
               unsigned snapshot)
{
	g_string_append(to, evidence ? evidence : "");
	if (volume || snapshot)
		g_string_append_c(to, ' ');
	format_volume(to, volume, snapshot);
}

char *html_person_value(const struct case_person *p)
{
	const char *ring = efs_ring_name(p->ring);

	if (p->thumbprint)
		return g_strdup_printf("%s %s", ring, p->thumbprint);
	return g_strdup_printf("%s ?%s?%s", ring, p->name ? p->name : "null",
	                       p->sid ? p->sid : "null");
}

void html_person_label(GString *to, const struct case_person *p)
{
	const char *name = p->name ? p->name : p->account;

	g_string_append(to, name ? name : "no name");
	if (!name && p->thumbprint)
		g_string_append_printf(to, " %.8s", p->thumbprint);
	if (p->ring == EFS_DRF)
		g_string_append(to, " (agent)");
}

void html_link_field(GString *to, const char *field, const char *value)
{
	GString *visible = g_string_new(NULL);
	char *escaped;

	format_visible(visible, value);
	escaped = g_uri_escape_string(visible->str, NULL, FALSE);
	g_string_append_printf(to, "%s%s=%s", to->len ? "&" : "#", field,
	                       escaped);
	g_free(escaped);
	g_string_free(visible, TRUE);
}

void html_link(FILE *out, const char *field, const char *value,
               const char *text)
{
	GString *target = g_string_new(NULL);

	html_link_field(target, field, value);
	html_link_to(out, target->str, text);
	g_string_free(target, TRUE);
}

void html_link_to(FILE *out, const char *target, const char *text)
{
	(void)fputs("<a href=\"", out);
	html_text(out, target);
	(void)fputs("\">", out);
	html_text(out, text);
	(void)fputs("</a>", out);
}

void html_number_link_cell(FILE *out, uint64_t n, const char *field,
                           const char *value)
{
	GString *text = g_string_new(NULL);

	format_number(text, n);
	(void)fputs("<td class=\"n\">", out);
	html_link(out, field, value, text->str);
	(void)fputs("</td>", out);
	g_string_free(text, TRUE);
}

/* ------------------------------------------------------- chapters, tables */

void html_chapter(FILE *out, const char *id, const char *title)
{
	(void)fprintf(out,
	              "<section id=\"%s\" aria-labelledby=\"h-%s\">\n"
	              "<h2 id=\"h-%s\" tabindex=\"-1\">",
	              id, id, id);
	html_text(out, title);
	(void)fputs("</h2>\n", out);
}

/* A head that begins with '#' is of a column of numbers. */
void html_table_start(FILE *out, const char *caption, const char *const *heads)
{
	(void)fputs("<div class=\"wide\"><table>\n", out);
	html_element(out, "caption", caption);
	(void)fputs("<thead><tr>", out);
	for (; *heads; heads++) {
		bool number = **heads == '#';

		(void)fputs(number ? "<th scope=\"col\" class=\"n\">"
		                   : "<th scope=\"col\">",
		            out);
		html_text(out, *heads + number);
		(void)fputs("</th>", out);
	}
	(void)fputs("</tr></thead>\n<tbody>\n", out);
}

void html_table_end(FILE *out)
{
	(void)fputs("</tbody></table></div>\n", out);
}
