/* SPDX-License-Identifier: MIT */
/*
 * csv.c - comma-separated values (RFC 4180)
 */
#include "parsers/csv.h"

struct csv_reader csv_open(struct bytes in)
{
	static const uint8_t mark[] = { 0xef, 0xbb, 0xbf };
	struct csv_reader c = { .in = in, .line = 1 };

	if (in.n >= sizeof(mark) && !memcmp(in.p, mark, sizeof(mark)))
		c.pos = sizeof(mark);
	return c;
}

static bool at_end(const struct csv_reader *c)
{
	return c->pos >= c->in.n;
}

static bool at_line_end(const struct csv_reader *c)
{
	return at_end(c) || c->in.p[c->pos] == '\n' || c->in.p[c->pos] == '\r';
}

/* CRLF is one end of a line. */
static void skip_line_end(struct csv_reader *c)
{
	if (at_end(c))
		return;
	if (c->in.p[c->pos] == '\r' && c->pos + 1 < c->in.n &&
	    c->in.p[c->pos + 1] == '\n')
		c->pos++;
	c->pos++;
	c->line++;
}

static struct bytes cut(const struct csv_reader *c, size_t from, size_t to)
{
	return (struct bytes){ c->in.p + from, to - from, c->in.at + from };
}

/* Behind the field: a comma, or the end of the row. */
static void end_field(struct csv_reader *c, struct csv_field *field)
{
	field->last = at_line_end(c);
	c->inside = !field->last;
	if (field->last)
		skip_line_end(c);
	else
		c->pos++;
}

/* The row ends with the line that its damage begins on. */
static enum status damaged(struct csv_reader *c, struct csv_field *field,
                           size_t at, const char *what, struct error *err)
{
	c->pos = at;
	c->line = field->line;
	while (!at_line_end(c))
		c->pos++;
	end_field(c, field);
	return fail(err, E_CORRUPT, c->in.at + at, what);
}

/* Over the text up to the closing quote; false if there is none. */
static bool skip_quoted(struct csv_reader *c)
{
	for (; !at_end(c); c->pos++) {
		uint8_t b = c->in.p[c->pos];

		if (b == '\n' || (b == '\r' && (c->pos + 1 >= c->in.n ||
		                                c->in.p[c->pos + 1] != '\n')))
			c->line++;
		if (b != '"')
			continue;
		if (c->pos + 1 >= c->in.n || c->in.p[c->pos + 1] != '"')
			return true;
		c->pos++;
	}
	return false;
}

static enum status read_quoted(struct csv_reader *c, struct csv_field *field,
                               struct error *err)
{
	size_t quote = c->pos++;

	field->quoted = true;
	if (!skip_quoted(c))
		return damaged(c, field, quote, "a quote that is not closed",
		               err);
	field->text = cut(c, quote + 1, c->pos++);
	if (!at_line_end(c) && c->in.p[c->pos] != ',')
		return damaged(c, field, quote, "text behind a closing quote",
		               err);
	end_field(c, field);
	return OK;
}

enum status csv_next(struct csv_reader *c, struct csv_field *field,
                     struct error *err)
{
	size_t from;

	while (!c->inside && !at_end(c) && at_line_end(c))
		skip_line_end(c);
	*field = (struct csv_field){ .line = c->line, .last = true };
	if (!c->inside && at_end(c))
		return fail(err, E_ABSENT, c->in.at + c->pos, "no row");
	if (!at_end(c) && c->in.p[c->pos] == '"')
		return read_quoted(c, field, err);
	from = c->pos;
	while (!at_line_end(c) && c->in.p[c->pos] != ',')
		c->pos++;
	field->text = cut(c, from, c->pos);
	end_field(c, field);
	return OK;
}

size_t csv_copy(uint8_t *to, const struct csv_field *field)
{
	struct bytes text = field->text;
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		to[n++] = text.p[i];
		if (field->quoted && text.p[i] == '"')
			i++;
	}
	return n;
}
