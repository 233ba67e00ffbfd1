/* SPDX-License-Identifier: MIT */
/*
 * key.c - certificates in, wrapped file keys out
 */
#include "tests/generator/key.h"

#include <gcrypt.h>
#include <stdlib.h>

enum { DER_INTEGER = 0x02, DER_BITS = 0x03, DER_SEQUENCE = 0x30 };

struct der {
	const uint8_t *p;
	size_t n;
};

static uint8_t der_byte(struct der *in)
{
	if (!in->n)
		die("the certificate is cut short");
	in->n--;
	return *in->p++;
}

/* The contents of the next element, which must have this tag. */
static struct der der_next(struct der *in, unsigned tag)
{
	struct der out;
	size_t n;

	if (der_byte(in) != tag)
		die("the certificate is not what was expected");
	n = der_byte(in);
	if (n & 0x80) {
		size_t more = n & 0x7f;

		for (n = 0; more; more--)
			n = n << 8 | der_byte(in);
	}
	if (n > in->n)
		die("the certificate is cut short");
	out = (struct der){ in->p, n };
	in->p += n;
	in->n -= n;
	return out;
}

/* RFC 5280 4.1: down to the public key information, then RFC 8017 A.1.1. */
static void read_public_key(struct key *key, struct der cert)
{
	struct der all = der_next(&cert, DER_SEQUENCE);
	struct der tbs = der_next(&all, DER_SEQUENCE), info, bits, rsa, part;

	if (tbs.n && *tbs.p == 0xa0)
		(void)der_next(&tbs, 0xa0); /* version */
	(void)der_next(&tbs, DER_INTEGER);  /* serial number */
	for (int i = 0; i < 4; i++) /* algorithm, issuer, dates, subject */
		(void)der_next(&tbs, DER_SEQUENCE);
	info = der_next(&tbs, DER_SEQUENCE);
	(void)der_next(&info, DER_SEQUENCE);
	bits = der_next(&info, DER_BITS);
	(void)der_byte(&bits); /* unused bits */
	rsa = der_next(&bits, DER_SEQUENCE);
	part = der_next(&rsa, DER_INTEGER);
	for (; part.n && !*part.p; part.p++)
		part.n--;
	buf_put(&key->modulus, part.p, part.n);
	part = der_next(&rsa, DER_INTEGER);
	buf_put(&key->exponent, part.p, part.n);
}

void key_thumbprint_of(struct key *key, const char *path)
{
	struct buf b = { 0 };

	buf_read_file(&b, path);
	gcry_md_hash_buffer(GCRY_MD_SHA1, key->thumbprint, b.p, b.n);
	buf_free(&b);
}

void key_load(struct key *key, const char *path)
{
	struct buf b = { 0 };

	buf_read_file(&b, path);
	read_public_key(key, (struct der){ b.p, b.n });
	buf_free(&b);
	key_thumbprint_of(key, path);
}

bool key_opens(const struct key *key)
{
	return key->wrap == WRAP_GOOD && !key->flags;
}

/* ------------------------------------------------------------------ wrap */

/* PKCS#1 v1.5 type 2; the pad is repeatable so that images are. */
static void pad_block(struct buf *out, size_t size, const struct buf *m,
                      uint64_t seed)
{
	size_t n = size - 3 - m->n;

	if (size < m->n + 11)
		die("the RSA key is too small for this file key");
	buf_u8(out, 0);
	buf_u8(out, 2);
	for (size_t i = 0; i < n; i++) {
		uint8_t c;

		noise(seed, i, &c, 1);
		buf_u8(out, c ? c : 0xa5);
	}
	buf_u8(out, 0);
	buf_append(out, m);
}

static gcry_mpi_t number(const struct buf *b)
{
	gcry_mpi_t v;

	if (gcry_mpi_scan(&v, GCRYMPI_FMT_USG, b->p, b->n, NULL))
		die("not a number");
	return v;
}

static void rsa_public(struct buf *out, const struct key *key,
                       const struct buf *block)
{
	gcry_mpi_t n = number(&key->modulus), e = number(&key->exponent);
	gcry_mpi_t m = number(block), c = gcry_mpi_new(0);
	size_t size = key->modulus.n, len;
	uint8_t *raw = xmalloc(size);

	gcry_mpi_powm(c, m, e, n);
	if (gcry_mpi_print(GCRYMPI_FMT_USG, raw, size, &len, c))
		die("RSA failed");
	while (len) /* CryptoAPI: least significant byte first */
		buf_u8(out, raw[--len]);
	while (out->n < size)
		buf_u8(out, 0);
	free(raw);
	gcry_mpi_release(n);
	gcry_mpi_release(e);
	gcry_mpi_release(m);
	gcry_mpi_release(c);
}

void key_wrap(struct buf *out, const struct key *key, const struct fek *fek,
              uint64_t seed)
{
	struct buf m = { 0 }, block = { 0 };
	struct fek use = *fek;

	if (key->wrap == WRAP_GARBAGE) {
		buf_zero(out, key->modulus.n);
		noise(seed, 0, out->p, out->n);
		return;
	}
	if (key->wrap == WRAP_WRONG)
		use.key[0] ^= 0x5a;
	fek_structure(&m, &use);
	if (key->wrap == WRAP_DAMAGED)
		buf_set32(&m, 0, 0x7fffffff);
	pad_block(&block, key->modulus.n, &m, seed);
	rsa_public(out, key, &block);
	buf_free(&m);
	buf_free(&block);
}
