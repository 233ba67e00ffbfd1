/* SPDX-License-Identifier: MIT */
/*
 * html_graph.c - the chain of keys, drawn: what is locked is red and dashed
 */
#include "reports/html.h"

#include "reports/format.h"
#include "reports/html_chain.h"

#include <string.h>

/* In pixels. */
#define WIDTH     164
#define HEIGHT    40
#define ACROSS    204 /* from one layer to the next */
#define DOWN      52  /* from one chain to the next */
#define HEAD      26
#define MOST_TEXT 24 /* characters in a box */

struct drawing {
	FILE *out;
	const struct chains *chains;
	unsigned x[LAYERS];            /* of layers that are used */
	double y[MOST_CHAINS][LAYERS]; /* the middle of each box */
	bool used[LAYERS];
	unsigned width, height;
};

/* What fits, with a dot for what does not. */
static void write_short(FILE *out, const char *text)
{
	GString *visible = g_string_new(NULL);

	format_visible(visible, text);
	if (g_utf8_strlen(visible->str, -1) > MOST_TEXT) {
		const char *end =
			g_utf8_offset_to_pointer(visible->str, MOST_TEXT - 1);

		g_string_truncate(visible, (gsize)(end - visible->str));
		g_string_append(visible, "\xe2\x80\xa6");
	}
	html_text(out, visible->str);
	g_string_free(visible, TRUE);
}

static void place_layers(struct drawing *d)
{
	for (unsigned l = 0; l < LAYERS; l++) {
		for (unsigned i = 0; i < d->chains->n; i++)
			if (d->chains->all[i].at[l].id)
				d->used[l] = true;
		d->x[l] = d->width;
		d->width += d->used[l] ? ACROSS : 0;
	}
	d->width = d->width - ACROSS + WIDTH + 2;
	d->height = HEAD + d->chains->n * DOWN;
}

/* How many chains from this one on go through its link of this layer. */
static unsigned together(const struct chains *chains, unsigned i, unsigned l)
{
	const char *id = chains->all[i].at[l].id;
	unsigned n = 1;

	while (id && i + n < chains->n &&
	       !g_strcmp0(id, chains->all[i + n].at[l].id))
		n++;
	return n;
}

static void place_boxes(struct drawing *d)
{
	for (unsigned l = 0; l < LAYERS; l++) {
		for (unsigned i = 0; i < d->chains->n;) {
			unsigned n = together(d->chains, i, l);
			double y = HEAD + (i + n / 2.0) * DOWN;

			for (; n; n--)
				d->y[i++][l] = y;
		}
	}
}

/* ------------------------------------------------------------------- ink */

static void write_heads(const struct drawing *d)
{
	static const char *const heads[LAYERS] = {
		"Password, credential", "Secret, history", "Master key, PFX",
		"Private key",          "Certificate",     "Encrypted objects",
	};

	for (unsigned l = 0; l < LAYERS; l++)
		if (d->used[l])
			(void)fprintf(d->out,
			              "<text class=\"small\" x=\"%u\" y=\"14\">"
			              "%s</text>",
			              d->x[l] + 1, heads[l]);
}

static void draw_box(const struct drawing *d, unsigned i, unsigned l)
{
	const struct chain_link *link = &d->chains->all[i].at[l];
	double top = d->y[i][l] - HEIGHT / 2.0;

	(void)fprintf(d->out, "<g class=\"node %s\"><title>",
	              link->open ? "open" : "shut");
	html_text(d->out, link->title ? link->title : "");
	(void)fprintf(d->out,
	              "</title><rect x=\"%u\" y=\"%.1f\" width=\"%d\""
	              " height=\"%d\" rx=\"4\"/><text x=\"%u\" y=\"%.1f\">",
	              d->x[l] + 1, top, WIDTH, HEIGHT, d->x[l] + 9,
	              top + (link->detail ? 17 : 24));
	write_short(d->out, link->label ? link->label : "");
	(void)fputs("</text>", d->out);
	if (link->detail) {
		(void)fprintf(d->out,
		              "<text class=\"small\" x=\"%u\" y=\"%.1f\">",
		              d->x[l] + 9, top + 32);
		write_short(d->out, link->detail);
		(void)fputs("</text>", d->out);
	}
	(void)fputs("</g>\n", d->out);
}

/* From a box to the next of the same chain: open if that one is. */
static void draw_edge(const struct drawing *d, unsigned i, unsigned from,
                      unsigned to)
{
	double x1 = d->x[from] + WIDTH + 1, x2 = d->x[to] + 1;
	double middle = (x1 + x2) / 2;
	double y1 = d->y[i][from], y2 = d->y[i][to];

	(void)fprintf(d->out,
	              "<path class=\"edge %s\" d=\"M%.1f %.1fC%.1f %.1f %.1f"
	              " %.1f %.1f %.1f\"/>\n",
	              d->chains->all[i].at[to].open ? "open" : "shut", x1, y1,
	              middle, y1, middle, y2, x2, y2);
}

static void draw_chain(const struct drawing *d, unsigned i)
{
	const struct chain *c = &d->chains->all[i];
	const struct chain *before = i ? c - 1 : NULL;
	unsigned last = LAYERS;

	for (unsigned l = 0; l < LAYERS; l++) {
		bool drawn = before && c->at[l].id &&
		             !g_strcmp0(before->at[l].id, c->at[l].id);

		if (!c->at[l].id)
			continue;
		if (!drawn)
			draw_box(d, i, l);
		if (last < LAYERS && !drawn)
			draw_edge(d, i, last, l);
		last = l;
	}
}

static void draw(FILE *out, const struct chains *chains)
{
	struct drawing d = { .out = out, .chains = chains };
	unsigned open = 0;

	for (unsigned i = 0; i < chains->n; i++)
		open += chains->all[i].at[OBJECTS].open;
	place_layers(&d);
	place_boxes(&d);
	(void)fprintf(out,
	              "<div class=\"figure\"><svg role=\"img\""
	              " aria-labelledby=\"graph-title graph-desc\""
	              " width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\">\n"
	              "<title id=\"graph-title\">The chain of keys</title>\n"
	              "<desc id=\"graph-desc\">Keys that open encrypted"
	              " objects: %u; that would, and are locked or missing: %u;"
	              " the tables of keys and of what is missing say the"
	              " same in words.</desc>\n",
	              d.width, d.height, d.width, d.height, open,
	              chains->n - open);
	write_heads(&d);
	for (unsigned i = 0; i < chains->n; i++)
		draw_chain(&d, i);
	(void)fputs("</svg></div>\n", out);
}

static void write_legend(FILE *out, uint64_t more)
{
	GString *text = g_string_new(NULL);

	(void)fputs("<p class=\"legend\"><span><svg width=\"34\" height=\"8\""
	            " aria-hidden=\"true\"><path class=\"edge open\""
	            " d=\"M0 4H34\"/></svg>unlocked</span><span>"
	            "<svg width=\"34\" height=\"8\" aria-hidden=\"true\">"
	            "<path class=\"edge shut\" d=\"M0 4H34\"/></svg>"
	            "locked or not at hand (dashed)</span></p>\n",
	            out);
	if (more) {
		format_count(text, more, "more key");
		g_string_append(text, " not drawn: see the tables.");
		html_element(out, "p", text->str);
	}
	g_string_free(text, TRUE);
}

enum status html_graph(struct casefile *cf, FILE *out, struct error *err)
{
	struct chains *chains = g_new0(struct chains, 1);
	enum status st = chains_read(chains, cf, err);

	if (!st && chains->n) {
		(void)fputs("<h3>From secrets to objects</h3>\n", out);
		write_legend(out, chains->more);
		draw(out, chains);
	}
	chains_release(chains);
	g_free(chains);
	return st;
}
