/* SPDX-License-Identifier: MIT */
/*
 * hex.c - ranges of bytes from hexadecimal text
 */
#include "tests/recovery/hex.h"

#include <glib.h>

struct bytes bytes_of_hex(const char *hex)
{
	size_t n = strlen(hex) / 2;
	uint8_t *p = g_malloc(n ? n : 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 |
		                 g_ascii_xdigit_value(hex[2 * i + 1]));
	return (struct bytes){ p, n, 0 };
}

struct bytes bytes_copy(struct bytes b, size_t n)
{
	uint8_t *p = g_malloc(n ? n : 1);

	if (n)
		memcpy(p, b.p, n);
	return (struct bytes){ p, n, b.at };
}

void bytes_of_hex_free(struct bytes b)
{
	g_free((void *)(uintptr_t)b.p);
}
