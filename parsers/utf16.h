/* SPDX-License-Identifier: MIT */
/*
 * utf16.h - strings that end in a NUL, or where their container ends; and how a
 * character is written in one
 */
#ifndef PARSERS_UTF16_H
#define PARSERS_UTF16_H

#include "parsers/bytes.h"

/* The UTF-16 units at the start of `b` before the first NUL, or all of them. */
static inline struct bytes utf16_string(struct bytes b)
{
	struct cursor c = cursor_open(b);
	size_t n = 0;

	while (n + 2 <= b.n && cursor_le16(&c))
		n += 2;
	return cursor_cut(&c, 0, n);
}

/* Write a unit, little-endian; its size. */
static inline size_t utf16_put_unit(uint8_t to[2], uint32_t unit)
{
	to[0] = (uint8_t)unit;
	to[1] = (uint8_t)(unit >> 8);
	return 2;
}

/* Write a character, as one unit or a pair of surrogates; the bytes of it. */
static inline size_t utf16_put(uint8_t to[4], uint32_t c)
{
	size_t n = 0;

	if (c > 0xffff) {
		n = utf16_put_unit(to, 0xd7c0 + (c >> 10));
		c = 0xdc00 + (c & 0x3ff);
	}
	return n + utf16_put_unit(to + n, c);
}

#endif
