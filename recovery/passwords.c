/* SPDX-License-Identifier: MIT */
/*
 * passwords.c - candidate passwords, one a line
 */
#include "recovery/passwords.h"

#include "parsers/limits.h"

#include <assert.h>

static const uint8_t utf8_bom[] = { 0xef, 0xbb, 0xbf };

struct password_text {
	struct secret text;
	char *label; /* of all its lines, or NULL */
};

/* A candidate: where it is.  Lists have a hundred million of them. */
struct line {
	uint32_t at;     /* in its text */
	uint32_t number; /* of all lines, from 1; for its name */
	uint16_t text, n;
};

static void release_text(void *p)
{
	struct password_text *text = p;

	secret_release(&text->text);
	g_clear_pointer(&text->label, g_free);
}

static void init(struct passwords *pw)
{
	if (pw->texts)
		return;
	pw->texts = g_array_new(FALSE, TRUE, sizeof(struct password_text));
	g_array_set_clear_func(pw->texts, release_text);
	pw->lines = g_array_new(FALSE, TRUE, sizeof(struct line));
	pw->proven = g_array_new(FALSE, TRUE, sizeof(size_t));
}

/* ------------------------------------------------------------------- lines */

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

static bool begins(struct bytes line, const char *with)
{
	return bytes_begin(line, with, strlen(with));
}

/* The 32 digits of an NT hash, and a colon: hashcat's mode 1000. */
static bool is_nt_line(struct bytes line)
{
	if (!line.p || line.n < 33 || line.p[32] != ':')
		return false;
	for (size_t i = 0; i < 32; i++)
		if (!g_ascii_isxdigit((char)line.p[i]))
			return false;
	return true;
}

/* None of these forms has a colon in itself: the first one ends the hash. */
static struct bytes after_hash(struct bytes line)
{
	static const char *const forms[] = { "$DPAPImk$", "$pfxng$", "$DCC2$",
		                             "$NT$" };
	bool hash = is_nt_line(line);
	struct cursor c = cursor_open(line);
	const uint8_t *colon;

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		hash |= begins(line, forms[i]);
	colon = hash ? memchr(line.p, ':', line.n) : NULL;
	if (!colon)
		return line;
	return cursor_tail(&c, (size_t)(colon - line.p) + 1);
}

/* $HEX[...] becomes its bytes, in its own place in the text. */
static struct bytes decode_hex(struct secret *text, struct bytes line)
{
	uint8_t *to = text->p + (line.n ? line.p - text->p : 0);
	size_t n = line.n;

	if (!begins(line, "$HEX[") || n < 6 || line.p[n - 1] != ']' || n % 2)
		return line;
	for (size_t i = 5; i + 1 < n; i++)
		if (!g_ascii_isxdigit((char)line.p[i]))
			return line;
	n = (n - 6) / 2;
	for (size_t i = 0; i < n; i++) {
		int hi = g_ascii_xdigit_value((char)line.p[5 + 2 * i]);
		int lo = g_ascii_xdigit_value((char)line.p[6 + 2 * i]);

		to[i] = (uint8_t)(hi << 4 | lo);
	}
	line.n = n;
	return line;
}

static bool is_utf8(struct bytes line)
{
	struct cursor c = cursor_open(line);

	while (c.pos < line.n) {
		size_t left = line.n - c.pos;
		const uint8_t *nul = memchr(line.p + c.pos, 0, left);
		struct bytes part = cursor_take(
			&c, nul ? (size_t)(nul - line.p) - c.pos : left);

		if (part.n && !g_utf8_validate((const char *)part.p,
		                               (gssize)part.n, NULL))
			return false;
		if (nul)
			cursor_skip(&c, 1);
	}
	return true;
}

static bool is_password(struct bytes line)
{
	bool control = false;

	if (line.n > LIMIT_PASSWORD)
		return false;
	for (size_t i = 0; i < line.n; i++)
		control |= line.p[i] < 0x20 && line.p[i] != '\t';
	return !control || is_utf8(line);
}

static void add_line(struct passwords *pw, const struct secret *text,
                     struct bytes found)
{
	struct line line = { .n = (uint16_t)found.n };

	if (!is_password(found)) {
		pw->passed_over++;
		return;
	}
	line.at = found.n ? (uint32_t)(found.p - text->p) : 0;
	line.number = (uint32_t)pw->numbered;
	line.text = (uint16_t)pw->texts->len;
	g_array_append_val(pw->lines, line);
}

/* Of a text that has not been taken over yet. */
static enum status add_lines(struct passwords *pw, struct secret *text,
                             bool numbered, struct error *err)
{
	struct cursor c = cursor_open(secret_view(text));

	if (c.in.n >= sizeof(utf8_bom) &&
	    !memcmp(c.in.p, utf8_bom, sizeof(utf8_bom)))
		cursor_skip(&c, sizeof(utf8_bom));
	while (c.pos < c.in.n) {
		struct bytes line;

		if (pw->lines->len >= LIMIT_PASSWORDS ||
		    pw->numbered >= UINT32_MAX)
			return fail(err, E_LIMIT, c.pos, "passwords");
		line = line_next(&c);
		line = decode_hex(text, after_hash(line));
		pw->numbered += numbered;
		add_line(pw, text, line);
	}
	return OK;
}

enum status passwords_add_labelled(struct passwords *pw, struct secret *text,
                                   const char *label, struct error *err)
{
	struct password_text owned = { 0 };
	struct passwords before = *pw;
	guint lines;

	if (!text->p)
		return OK;
	init(pw);
	lines = pw->lines->len;
	if (text->n > UINT32_MAX || pw->texts->len > UINT16_MAX) {
		secret_release(text);
		return fail(err, E_LIMIT, 0, "passwords");
	}
	if (add_lines(pw, text, !label, err)) {
		(void)g_array_set_size(pw->lines, lines);
		pw->numbered = before.numbered;
		pw->passed_over = before.passed_over;
		secret_release(text);
		return err->status;
	}
	secret_move(&owned.text, text);
	owned.label = g_strdup(label);
	g_array_append_val(pw->texts, owned);
	return OK;
}

enum status passwords_add(struct passwords *pw, struct secret *text,
                          struct error *err)
{
	return passwords_add_labelled(pw, text, NULL, err);
}

/* ------------------------------------------------------------- candidates */

size_t passwords_count(const struct passwords *pw)
{
	return pw->lines ? pw->lines->len : 0;
}

static const struct line *line_get(const struct passwords *pw, size_t i)
{
	assert(i < passwords_count(pw));
	return &g_array_index(pw->lines, struct line, i);
}

static const struct password_text *text_of(const struct passwords *pw,
                                           const struct line *line)
{
	return &g_array_index(pw->texts, struct password_text, line->text);
}

struct bytes passwords_get(const struct passwords *pw, size_t i)
{
	const struct line *line = line_get(pw, i);
	struct cursor c = cursor_open(secret_view(&text_of(pw, line)->text));

	return cursor_cut(&c, line->at, line->n);
}

char *passwords_label(const struct passwords *pw, size_t i)
{
	const struct line *line = line_get(pw, i);
	const char *label = text_of(pw, line)->label;

	return label ? g_strdup(label)
	             : g_strdup_printf("password #%" G_GUINT32_FORMAT,
	                               line->number);
}

void passwords_prove(struct passwords *pw, size_t i)
{
	for (size_t k = 0; passwords_proven(pw, k) != PASSWORDS_NONE; k++)
		if (passwords_proven(pw, k) == i)
			return;
	if (i < passwords_count(pw))
		g_array_append_val(pw->proven, i);
}

size_t passwords_proven(const struct passwords *pw, size_t k)
{
	if (!pw->proven || k >= pw->proven->len)
		return PASSWORDS_NONE;
	return g_array_index(pw->proven, size_t, k);
}

void passwords_release(struct passwords *pw)
{
	g_clear_pointer(&pw->lines, g_array_unref);
	g_clear_pointer(&pw->texts, g_array_unref);
	g_clear_pointer(&pw->proven, g_array_unref);
	*pw = (struct passwords){ 0 };
}
