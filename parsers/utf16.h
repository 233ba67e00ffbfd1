/* SPDX-License-Identifier: MIT */
/*
 * utf16.h - strings that end in a NUL, or where their container ends
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

#endif
