/* SPDX-License-Identifier: MIT */
/*
 * names.c - NTFS names as text: UTF-8 with escapes, and back
 */
#include "tests/generator/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned hex_at(const char **p, const char *end, int digits)
{
	char text[5] = { 0 };
	unsigned v;

	if (end - *p < digits)
		die("an escape is cut short");
	memcpy(text, *p, (size_t)digits);
	*p += digits;
	if (sscanf(text, "%x", &v) != 1)
		die("'%s' is no escape", text);
	return v;
}

/* One code point of UTF-8; the specification is trusted to be valid. */
static uint32_t utf8_next(const char **p, const char *end)
{
	uint8_t c = (uint8_t) * (*p)++;
	unsigned more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
	uint32_t v = more ? c & (0x3fu >> more) : c;

	for (; more && *p < end; more--) {
		c = (uint8_t) * *p;
		(*p)++;
		v = v << 6 | (c & 0x3f);
	}
	return v;
}

static void put_unit(struct buf *b, uint32_t v)
{
	buf_u8(b, v & 0xff);
	buf_u8(b, v >> 8 & 0xff);
}

static void put_point(struct buf *b, uint32_t v)
{
	if (v > 0xffff) {
		v -= 0x10000;
		put_unit(b, 0xd800 | v >> 10);
		v = 0xdc00 | (v & 0x3ff);
	}
	put_unit(b, v);
}

static void decode(struct buf *b, const char *p, const char *end)
{
	while (p < end) {
		if (*p != '%') {
			put_point(b, utf8_next(&p, end));
		} else if (end - p > 1 && p[1] == 'u') {
			p += 2;
			put_unit(b, hex_at(&p, end, 4));
		} else {
			p++;
			put_unit(b, hex_at(&p, end, 2));
		}
	}
}

void name_decode(struct name *out, const char *text, size_t n)
{
	struct buf b = { 0 };

	decode(&b, text, text + n);
	if (b.n > 2 * NAME_MAX_UNITS)
		die("a name of more than %d units", NAME_MAX_UNITS);
	if (b.n)
		memcpy(out->u, b.p, b.n);
	out->n = (uint8_t)(b.n / 2);
	buf_free(&b);
}

void utf16_put(struct buf *out, const char *text)
{
	decode(out, text, text + strlen(text));
}

static uint32_t unit(const struct name *in, size_t i)
{
	const uint8_t *p = (const uint8_t *)&in->u[i];

	return i < in->n ? (uint32_t)(p[0] | p[1] << 8) : 0;
}

static void put_utf8(struct buf *b, uint32_t v)
{
	if (v < 0x80) {
		buf_u8(b, v);
	} else if (v < 0x800) {
		buf_u8(b, 0xc0 | v >> 6);
		buf_u8(b, 0x80 | (v & 0x3f));
	} else if (v < 0x10000) {
		buf_u8(b, 0xe0 | v >> 12);
		buf_u8(b, 0x80 | (v >> 6 & 0x3f));
		buf_u8(b, 0x80 | (v & 0x3f));
	} else {
		buf_u8(b, 0xf0 | v >> 18);
		buf_u8(b, 0x80 | (v >> 12 & 0x3f));
		buf_u8(b, 0x80 | (v >> 6 & 0x3f));
		buf_u8(b, 0x80 | (v & 0x3f));
	}
}

static void put_escape(struct buf *b, uint32_t v, int digits)
{
	char text[8];
	int n = snprintf(text, sizeof(text), "%%%s%0*X", digits == 4 ? "u" : "",
	                 digits, (unsigned)v);

	buf_put(b, text, (size_t)n);
}

char *name_encode(const struct name *in)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < in->n; i++) {
		uint32_t v = unit(in, i), low = unit(in, i + 1);

		if (v >> 10 == 0x36 && low >> 10 == 0x37) {
			i++;
			put_utf8(&b,
			         0x10000 + ((v & 0x3ff) << 10 | (low & 0x3ff)));
		} else if (v >> 11 == 0x1b) {
			put_escape(&b, v, 4);
		} else if (v < 0x20 || v == 0x7f ||
		           (v < 0x80 && strchr("%/|", (int)v))) {
			put_escape(&b, v, 2);
		} else {
			put_utf8(&b, v);
		}
	}
	buf_u8(&b, 0);
	return (char *)b.p;
}

bool name_is_harmless(const char *encoded)
{
	return *encoded && strlen(encoded) <= 255 && !strchr(encoded, '%') &&
	       !strchr(encoded, ':') && strcmp(encoded, ".") &&
	       strcmp(encoded, "..");
}
