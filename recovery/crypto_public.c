/* SPDX-License-Identifier: MIT */
/*
 * crypto_public.c - RSA public keys: PKCS#1, and the id made of it
 * (RFC 8017 A.1.1, X.690 8.1 and 10.1)
 */
#include "recovery/crypto_internal.h"

/* A tag, and a length of at most four bytes behind the byte that counts them;
   the zero of a number that would be negative otherwise. */
#define HEAD_MOST 7

struct head {
	uint8_t bytes[HEAD_MOST];
	size_t n;
};

static void head_put(struct head *h, uint8_t byte)
{
	h->bytes[h->n++] = byte;
}

static void head_open(struct head *h, uint8_t tag, size_t length)
{
	unsigned more = 0;

	*h = (struct head){ 0 };
	head_put(h, tag);
	while (length > 0x7f && more < 4 && length >> (8 * more))
		more++;
	if (more)
		head_put(h, (uint8_t)(0x80 | more));
	for (; more > 1; more--)
		head_put(h, (uint8_t)(length >> (8 * (more - 1))));
	head_put(h, (uint8_t)length);
}

static struct bytes head_view(const struct head *h)
{
	return (struct bytes){ h->bytes, h->n, 0 };
}

size_t rsa_number_length(struct bytes number, bool little_endian)
{
	struct cursor c = cursor_open(number);
	size_t n = 0;

	for (size_t i = 1; i <= number.n; i++)
		if (cursor_u8(&c)) {
			n = little_endian ? i : number.n - i + 1;
			if (!little_endian)
				break;
		}
	return n;
}

/* Without the zeros in front, as DER wants it. */
static struct bytes trim(struct bytes number)
{
	struct cursor c = cursor_open(number);

	return cursor_tail(&c, number.n - rsa_number_length(number, false));
}

unsigned rsa_public_bits(struct bytes n)
{
	unsigned top = 0;

	n = trim(n);
	while (n.n && n.p[0] >> top)
		top++;
	return n.n ? (unsigned)(n.n - 1) * 8 + top : 0;
}

/* What stands before a number; returns the length of both. */
static size_t open_number(struct head *h, struct bytes number)
{
	bool zero = !number.n || number.p[0] & 0x80;

	head_open(h, DER_INTEGER, number.n + zero);
	if (zero)
		head_put(h, 0);
	return h->n + number.n;
}

bool rsa_public_id(uint8_t id[RSA_ID_SIZE], struct bytes n, struct bytes e)
{
	struct head whole, of_n, of_e;
	struct bytes parts[] = { { 0 }, { 0 }, trim(n), { 0 }, trim(e) };
	struct error err;
	size_t length;

	length = open_number(&of_n, parts[2]) + open_number(&of_e, parts[4]);
	head_open(&whole, DER_SEQUENCE, length);
	parts[0] = head_view(&whole);
	parts[1] = head_view(&of_n);
	parts[3] = head_view(&of_e);
	return digest_of_parts(DIGEST_SHA256, parts, G_N_ELEMENTS(parts), id,
	                       &err) == OK;
}

bool rsa_public_parse(struct bytes *n, struct bytes *e, struct bytes der)
{
	struct cursor c = cursor_open(der);
	struct bytes inside;

	*n = *e = (struct bytes){ 0 };
	if (der_next(&c, &inside) != DER_SEQUENCE || c.pos != der.n)
		return false;
	c = cursor_open(inside);
	return der_next(&c, n) == DER_INTEGER &&
	       der_next(&c, e) == DER_INTEGER && c.pos == inside.n &&
	       rsa_number_length(*n, false) && rsa_number_length(*e, false);
}
