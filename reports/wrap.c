/* SPDX-License-Identifier: MIT */
/*
 * wrap.c - text for a terminal, in lines that end before its edge
 */
#include "reports/wrap.h"

#include "reports/format.h"

#include <string.h>

static unsigned width(const char *s)
{
	unsigned n = 0;

	for (; *s; s = g_utf8_find_next_char(s, NULL)) {
		gunichar c = g_utf8_get_char(s);

		if (g_unichar_iswide(c))
			n += 2;
		else if (!g_unichar_iszerowidth(c))
			n++;
	}
	return n;
}

/* One column is left for the comma of the next separator. */
static bool fits(unsigned columns)
{
	return columns < WRAP_COLUMNS;
}

static void print(struct wrap *w, const char *s)
{
	(void)fputs(s, w->out);
	w->column += width(s);
}

static void next_line(struct wrap *w)
{
	(void)fprintf(w->out, "\n%*s", (int)w->indent, "");
	w->column = w->indent;
}

/* Without the spaces that `sep` ends with: they would be the line's end. */
static void print_cut(struct wrap *w, const char *sep)
{
	char *cut = g_strchomp(g_strdup(sep));

	print(w, cut);
	g_free(cut);
}

static void put_whole(struct wrap *w, const char *sep, const char *text)
{
	if (fits(w->column + width(sep) + width(text))) {
		print(w, sep);
	} else {
		print_cut(w, sep);
		next_line(w);
	}
	print(w, text);
}

static void put_words(struct wrap *w, const char *sep, const char *text)
{
	char **words = g_strsplit(text, " ", -1);

	for (char **word = words; *word; word++)
		put_whole(w, word == words ? sep : " ", *word);
	g_strfreev(words);
}

void wrap_put(struct wrap *w, const char *sep, const char *text)
{
	GString *shown = g_string_new(NULL);

	format_visible(shown, text);
	if (fits(w->indent + width(shown->str)))
		put_whole(w, sep, shown->str);
	else
		put_words(w, sep, shown->str);
	g_string_free(shown, TRUE);
}

void wrap_line(struct wrap *w, const char *text)
{
	GString *shown = g_string_new(NULL);

	format_visible(shown, text);
	next_line(w);
	print(w, shown->str);
	g_string_free(shown, TRUE);
}

void wrap_end(struct wrap *w)
{
	(void)fputc('\n', w->out);
	w->column = 0;
}
