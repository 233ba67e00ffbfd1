/* SPDX-License-Identifier: MIT */
/*
 * fuzz_text.c - printers: NUL-terminated UTF-8 within the buffer, always
 *
 * The first two bytes are the size of the buffer, the rest is what is printed.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "parsers/text.h"

static bool is_continuation(char c)
{
	return ((uint8_t)c & 0xc0) == 0x80;
}

/* No NUL inside, and characters of the length that their first byte says. */
static void check(const struct text *t)
{
	size_t left = 0;

	assert(t->n < t->cap && t->p[t->n] == '\0');
	for (size_t i = 0; i < t->n; i++) {
		uint8_t b = (uint8_t)t->p[i];

		assert(b);
		assert(is_continuation(t->p[i]) == (left > 0));
		if (left)
			left--;
		else
			left = b < 0x80 ? 0 : b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
	}
	assert(!left);
}

static void print_all(struct text *t, struct bytes in)
{
	struct cursor c = cursor_open(in);

	text_utf16(t, in);
	check(t);
	text_name(t, in);
	check(t);
	(void)text_sid(t, in);
	check(t);
	text_filetime(t, cursor_le64(&c));
	text_dec(t, cursor_le64(&c));
	text_guid(t, cursor_take(&c, 16));
	check(t);
	text_hex(t, in);
	check(t);
}

/* In a buffer of the size that text.h promises to be enough. */
static void check_sizes(struct bytes in)
{
	size_t cap = TEXT_UTF16(in.n);
	char *buf = malloc(cap);
	char small[TEXT_SID];
	struct cursor c = cursor_open(in);
	struct text t;

	assert(buf);
	t = text_open(buf, cap);
	text_name(&t, in);
	assert(!t.cut);
	check(&t);
	free(buf);
	t = text_open(small, sizeof(small));
	(void)text_sid(&t, in);
	assert(!t.cut);
	t = text_open(small, TEXT_FILETIME);
	text_filetime(&t, cursor_le64(&c));
	assert(!t.cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_open((struct bytes){ data, size, FUZZ_AT });
	size_t cap = (size_t)cursor_le16(&c) % 1024 + 1;
	char *buf = malloc(cap);
	struct text t;

	assert(buf);
	t = text_open(buf, cap);
	print_all(&t, cursor_tail(&c, c.pos));
	free(buf);
	check_sizes(cursor_tail(&c, c.pos));
	return 0;
}
