/* SPDX-License-Identifier: MIT */
/*
 * crypto_der.c - just enough ASN.1 to tell key files apart (X.690 8.1)
 */
#include "recovery/crypto_internal.h"

uint8_t der_enter(struct cursor *c, size_t *n)
{
	uint8_t tag = cursor_u8(c);
	uint8_t first = cursor_u8(c);

	*n = first;
	if (first < 0x80)
		return c->bad ? 0 : tag;
	if (first > 0x84)
		c->bad = true;
	*n = 0;
	for (unsigned i = first & 0x7fu; i && !c->bad; i--)
		*n = *n << 8 | cursor_u8(c);
	return c->bad ? 0 : tag;
}

uint8_t der_next(struct cursor *c, struct bytes *content)
{
	size_t n;
	uint8_t tag = der_enter(c, &n);

	*content = cursor_take(c, n);
	return c->bad ? 0 : tag;
}

uint8_t der_peek(const struct cursor *c)
{
	struct cursor copy = *c;

	return cursor_u8(&copy);
}
