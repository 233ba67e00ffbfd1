/* SPDX-License-Identifier: MIT */
/*
 * passwords.c - candidate passwords, one a line
 */
#include "recovery/passwords.h"

#include "parsers/limits.h"

#include <assert.h>

static const uint8_t utf8_bom[] = { 0xef, 0xbb, 0xbf };

static void release_text(void *p)
{
	secret_release(p);
}

static void init(struct passwords *pw)
{
	if (pw->texts)
		return;
	pw->texts = g_array_new(FALSE, TRUE, sizeof(struct secret));
	g_array_set_clear_func(pw->texts, release_text);
	pw->lines = g_array_new(FALSE, TRUE, sizeof(struct bytes));
}

/* The next line: up to LF or the end, without the LF and a CR before it. */
static struct bytes line_next(struct cursor *c)
{
	size_t left = c->in.n - c->pos;
	const uint8_t *lf = memchr(c->in.p + c->pos, '\n', left);
	struct bytes line;

	line = cursor_take(c, lf ? (size_t)(lf - c->in.p) - c->pos : left);
	if (lf)
		cursor_skip(c, 1);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

enum status passwords_add(struct passwords *pw, struct secret *text,
                          struct error *err)
{
	struct cursor c = cursor_open(secret_view(text));
	struct secret owned = { 0 };
	struct bytes line;
	guint before;

	if (!text->p)
		return OK;
	init(pw);
	before = pw->lines->len;
	if (c.in.n >= sizeof(utf8_bom) &&
	    !memcmp(c.in.p, utf8_bom, sizeof(utf8_bom)))
		cursor_skip(&c, sizeof(utf8_bom));
	while (c.pos < c.in.n) {
		if (pw->lines->len >= LIMIT_PASSWORDS) {
			(void)g_array_set_size(pw->lines, before);
			secret_release(text);
			return fail(err, E_LIMIT, c.pos, "passwords");
		}
		line = line_next(&c);
		g_array_append_val(pw->lines, line);
	}
	secret_move(&owned, text);
	g_array_append_val(pw->texts, owned);
	return OK;
}

size_t passwords_count(const struct passwords *pw)
{
	return pw->lines ? pw->lines->len : 0;
}

struct bytes passwords_get(const struct passwords *pw, size_t i)
{
	assert(i < passwords_count(pw));
	return g_array_index(pw->lines, struct bytes, i);
}

void passwords_release(struct passwords *pw)
{
	g_clear_pointer(&pw->lines, g_array_unref);
	g_clear_pointer(&pw->texts, g_array_unref);
	*pw = (struct passwords){ 0 };
}
