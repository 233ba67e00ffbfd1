/* SPDX-License-Identifier: MIT */
/*
 * html_timeline.c - the HTML page's chapter on when things were encrypted
 *
 * A bar is a day, a month or a year, whichever gives no more than some 60.
 */
#include "reports/html.h"

#include "reports/each.h"
#include "reports/format.h"
#include "reports/html_events.h"

#include <inttypes.h>
#include <stdio.h>

#define MOST_BARS 60
/* Times outside of this are damage or a clock that was wrong: EFS is of 2000.
   They are counted, but not drawn. */
#define FIRST_YEAR 1990
#define LAST_YEAR  2099

enum unit { DAY, MONTH, YEARS };

struct bar {
	uint64_t created, modified;
};

struct timeline {
	enum unit unit;
	int years;        /* of a bar, where unit is YEARS */
	bool any;         /* there is a day within the years above */
	int64_t first[3]; /* the least and the greatest bar by unit */
	int64_t last[3];
	struct bar bars[MOST_BARS];
	unsigned n;
	struct bar odd; /* outside of the years above */
	uint64_t top;   /* of the highest bar */
};

struct date {
	int year;
	unsigned month, day;
};

/* Days since 1970 of a date, and back: Howard Hinnant's "chrono-compatible
   low-level date algorithms", for years that are positive. */
static int64_t days_of(struct date d)
{
	int year = d.year - (d.month <= 2);
	int era = year / 400;
	unsigned y = (unsigned)(year - era * 400);
	unsigned m = d.month > 2 ? d.month - 3 : d.month + 9;
	unsigned of_year = (153 * m + 2) / 5 + d.day - 1;

	return era * INT64_C(146097) + INT64_C(365) * y + y / 4 - y / 100 +
	       of_year - 719468;
}

static struct date date_of(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = z / 146097;
	unsigned d = (unsigned)(z - era * 146097);
	unsigned y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	unsigned of_year = d - (365 * y + y / 4 - y / 100);
	unsigned m = (5 * of_year + 2) / 153;
	struct date date = { .year = (int)(era * 400 + y),
		             .month = m < 10 ? m + 3 : m - 9,
		             .day = of_year - (153 * m + 2) / 5 + 1 };

	date.year += date.month <= 2;
	return date;
}

/* The digits at the start of the text, which then starts behind them. */
static unsigned read_number(const char **text)
{
	unsigned n = 0;

	for (; g_ascii_isdigit(**text) && n <= LAST_YEAR; (*text)++)
		n = 10 * n + (unsigned)g_ascii_digit_value(**text);
	return n;
}

/* YYYY-MM-DD, and whatever follows. */
static bool read_date(struct date *date, const char *text)
{
	if (!text)
		return false;
	date->year = (int)read_number(&text);
	if (*text++ != '-')
		return false;
	date->month = read_number(&text);
	if (*text++ != '-')
		return false;
	date->day = read_number(&text);
	return date->year >= FIRST_YEAR && date->year <= LAST_YEAR &&
	       date->month >= 1 && date->month <= 12 && date->day >= 1 &&
	       date->day <= 31;
}

static int64_t bar_of(const struct date *d, enum unit unit)
{
	switch (unit) {
	case DAY:
		return days_of(*d);
	case MONTH:
		return d->year * INT64_C(12) + d->month - 1;
	case YEARS:
	default:
		return d->year;
	}
}

/* ----------------------------------------------------------------- counting */

static void span(void *ctx, const struct case_day *day)
{
	struct timeline *t = ctx;
	struct date date;

	if (!read_date(&date, day->day))
		return;
	for (unsigned u = DAY; u <= YEARS; u++) {
		int64_t at = bar_of(&date, (enum unit)u);

		t->first[u] = t->any ? MIN(t->first[u], at) : at;
		t->last[u] = t->any ? MAX(t->last[u], at) : at;
	}
	t->any = true;
}

static void choose_unit(struct timeline *t)
{
	t->unit = DAY;
	t->years = 1;
	while (t->unit < YEARS &&
	       t->last[t->unit] - t->first[t->unit] >= MOST_BARS)
		t->unit++;
	while ((t->last[t->unit] - t->first[t->unit]) / t->years >= MOST_BARS)
		t->years++;
	t->n = t->any ? (unsigned)((t->last[t->unit] - t->first[t->unit]) /
	                           t->years) +
	                        1
	              : 0;
}

static void add_day(void *ctx, const struct case_day *day)
{
	struct timeline *t = ctx;
	struct bar *bar = &t->odd;
	struct date date;

	if (read_date(&date, day->day))
		bar = &t->bars[(bar_of(&date, t->unit) - t->first[t->unit]) /
		               t->years];
	bar->created += day->created;
	bar->modified += day->modified;
	if (bar != &t->odd)
		t->top = MAX(t->top, MAX(bar->created, bar->modified));
}

/* ------------------------------------------------------------------ drawing */

#define DRAWN_WIDTH  1080
#define DRAWN_HEIGHT 150
#define LEFT         56
#define TOP          10
#define LABELS       10 /* about so many */

static void bar_label(char buf[24], const struct timeline *t, unsigned i)
{
	int64_t at = t->first[t->unit] + (int64_t)i * t->years;
	struct date d;

	switch (t->unit) {
	case DAY:
		d = date_of(at);
		(void)g_snprintf(buf, 24, "%04d-%02u-%02u", d.year, d.month,
		                 d.day);
		break;
	case MONTH:
		(void)g_snprintf(buf, 24, "%04" PRId64 "-%02" PRId64, at / 12,
		                 at % 12 + 1);
		break;
	case YEARS:
	default:
		if (t->years == 1)
			(void)g_snprintf(buf, 24, "%" PRId64, at);
		else
			(void)g_snprintf(buf, 24, "%" PRId64 "-%" PRId64, at,
			                 at + t->years - 1);
	}
}

static void draw_rect(FILE *out, const struct timeline *t, const char *look,
                      double x, double width, uint64_t n)
{
	double height = (double)n / (double)t->top * DRAWN_HEIGHT;

	if (!n)
		return;
	height = MAX(height, 1.5);
	(void)fprintf(out,
	              "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\""
	              " width=\"%.1f\" height=\"%.1f\"/>",
	              look, x, TOP + DRAWN_HEIGHT - height, width, height);
}

static void draw_bar(FILE *out, const struct timeline *t, unsigned i)
{
	double pitch = (double)DRAWN_WIDTH / MAX(t->n, 12);
	double width = MIN(pitch * 0.4, 18), x = LEFT + i * pitch;
	unsigned every = (t->n + LABELS - 1) / LABELS;
	char label[24];

	bar_label(label, t, i);
	if (t->bars[i].created || t->bars[i].modified) {
		(void)fprintf(out,
		              "<g><title>%s: %" PRIu64 " created, %" PRIu64
		              " modified</title>",
		              label, t->bars[i].created, t->bars[i].modified);
		draw_rect(out, t, "bar1", x + 1, width, t->bars[i].created);
		draw_rect(out, t, "bar2", x + 2 + width, width,
		          t->bars[i].modified);
		(void)fputs("</g>\n", out);
	}
	if (i % every == 0)
		(void)fprintf(out,
		              "<text class=\"small\" x=\"%.1f\" y=\"%d\">%s"
		              "</text>\n",
		              x, TOP + DRAWN_HEIGHT + 16, label);
}

static void draw_axes(FILE *out, const struct timeline *t)
{
	GString *top = g_string_new(NULL);

	format_number(top, t->top);
	(void)fprintf(out,
	              "<path class=\"axis\" d=\"M%d %dH%dM%d %dH%d\"/>"
	              "<text class=\"small\" text-anchor=\"end\" x=\"%d\""
	              " y=\"%d\">%s</text><text class=\"small\""
	              " text-anchor=\"end\" x=\"%d\" y=\"%d\">0</text>\n",
	              LEFT, TOP, LEFT + DRAWN_WIDTH, LEFT, TOP + DRAWN_HEIGHT,
	              LEFT + DRAWN_WIDTH, LEFT - 6, TOP + 4, top->str, LEFT - 6,
	              TOP + DRAWN_HEIGHT + 4);
	g_string_free(top, TRUE);
}

static const char *unit_name(const struct timeline *t)
{
	if (t->unit == DAY)
		return "day";
	if (t->unit == MONTH)
		return "month";
	return t->years == 1 ? "year" : "group of years";
}

static void draw(FILE *out, const struct timeline *t)
{
	(void)fputs("<p class=\"legend\"><span><svg width=\"12\" height=\"12\""
	            " aria-hidden=\"true\"><rect class=\"bar1\" width=\"12\""
	            " height=\"12\"/></svg>created</span><span>"
	            "<svg width=\"12\" height=\"12\" aria-hidden=\"true\">"
	            "<rect class=\"bar2\" width=\"12\" height=\"12\"/></svg>"
	            "modified</span></p>\n",
	            out);
	(void)fprintf(
		out,
		"<div class=\"figure\"><svg role=\"img\""
		" aria-labelledby=\"time-title time-desc\""
		" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
		"<title id=\"time-title\">Encrypted objects created and"
		" modified by %s</title>\n<desc id=\"time-desc\">The table"
		" below holds the same numbers.</desc>\n",
		LEFT + DRAWN_WIDTH + 4, TOP + DRAWN_HEIGHT + 24,
		LEFT + DRAWN_WIDTH + 4, TOP + DRAWN_HEIGHT + 24, unit_name(t));
	draw_axes(out, t);
	for (unsigned i = 0; i < t->n; i++)
		draw_bar(out, t, i);
	(void)fputs("</svg></div>\n", out);
}

static void write_table(FILE *out, const struct timeline *t)
{
	static const char *const heads[] = { "Time", "#Created", "#Modified",
		                             NULL };
	char label[24];

	(void)fputs("<details><summary>The same as a table</summary>\n", out);
	html_table_start(out, "Encrypted objects by their times (UTC)", heads);
	for (unsigned i = 0; i < t->n; i++) {
		if (!t->bars[i].created && !t->bars[i].modified)
			continue;
		bar_label(label, t, i);
		(void)fprintf(out, "<tr><th scope=\"row\">%s</th>", label);
		html_number_cell(out, t->bars[i].created);
		html_number_cell(out, t->bars[i].modified);
		(void)fputs("</tr>\n", out);
	}
	html_table_end(out);
	(void)fputs("</details>\n", out);
}

static void write_odd(FILE *out, const struct timeline *t)
{
	GString *text;

	if (!t->odd.created && !t->odd.modified)
		return;
	text = g_string_new("Not drawn, because their times are before ");
	g_string_append_printf(text, "%d or after %d: ", FIRST_YEAR, LAST_YEAR);
	format_number(text, t->odd.created);
	g_string_append(text, " created, ");
	format_number(text, t->odd.modified);
	g_string_append(text, " modified.");
	html_element(out, "p", text->str);
	g_string_free(text, TRUE);
}

enum status html_timeline(struct casefile *cf, FILE *out, struct error *err)
{
	struct timeline t = { .n = 0 };
	enum status st = each_day(cf, span, &t, err);

	choose_unit(&t);
	if (!st)
		st = each_day(cf, add_day, &t, err);
	html_chapter(out, "timeline", "Timeline");
	if (t.n && t.top) {
		draw(out, &t);
		write_table(out, &t);
	} else {
		(void)fputs("<p>No time of an encrypted object is known.</p>\n",
		            out);
	}
	write_odd(out, &t);
	if (!st)
		st = html_events(cf, out, err);
	(void)fputs("</section>\n", out);
	return st;
}
