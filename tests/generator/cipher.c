/* SPDX-License-Identifier: MIT */
/*
 * cipher.c - file encryption keys and the encryption of data units
 */
#include "tests/generator/cipher.h"

#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>

/*
 * ALG_IDs: [MS-EFSR] 2.2.13 and note <27>.  The entropy of AES-256 is the 32
 * that Windows 10 writes, where the specification says bits.
 */
static const struct algorithm algorithms[] = {
	{ "aes-128", "aes-128", 0x660e, 16, 16, 16, GCRY_CIPHER_AES128,
	  GCRY_CIPHER_MODE_CBC },
	{ "aes-192", "aes-192", 0x660f, 24, 24, 16, GCRY_CIPHER_AES192,
	  GCRY_CIPHER_MODE_CBC },
	{ "aes-256", "aes-256", 0x6610, 32, 32, 16, GCRY_CIPHER_AES256,
	  GCRY_CIPHER_MODE_CBC },
	{ "3des", "3des", 0x6603, 168, 24, 8, GCRY_CIPHER_3DES,
	  GCRY_CIPHER_MODE_CBC },
	{ "des", "des", 0x6601, 56, 8, 8, GCRY_CIPHER_DES,
	  GCRY_CIPHER_MODE_CBC },
	{ "desx", "desx", 0x6604, 128, 16, 8, GCRY_CIPHER_DES,
	  GCRY_CIPHER_MODE_ECB },
	{ "desx-56", "desx", 0x6604, 56, 16, 8, GCRY_CIPHER_DES,
	  GCRY_CIPHER_MODE_ECB },
};

struct cipher {
	const struct algorithm *alg;
	gcry_cipher_hd_t hd;
	uint64_t in, out; /* DESX whitening */
};

const struct algorithm *algorithm_find(const char *name)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++)
		if (!strcmp(name, algorithms[i].name))
			return &algorithms[i];
	die("no algorithm '%s'", name);
}

static void must(gcry_error_t e, const char *what)
{
	if (e)
		die("%s: %s", what, gcry_strerror(e));
}

static void fek_literal(struct fek *fek, const char *hex)
{
	struct buf b = { 0 };

	buf_parse_hex(&b, hex);
	if (b.n != fek->alg->key_len)
		die("a %s key has %u bytes", fek->alg->name, fek->alg->key_len);
	memcpy(fek->key, b.p, b.n);
	buf_free(&b);
}

void fek_make(struct fek *fek, const struct algorithm *alg, const char *seed)
{
	*fek = (struct fek){ .alg = alg };
	if (!strncmp(seed, "hex:", 4)) {
		fek_literal(fek, seed + 4);
		return;
	}
	noise(seed_of("fek", seed), 0, fek->key, alg->key_len);
	/* The export edition: seven random bytes, the others zero. */
	if (!strcmp(alg->name, "desx-56"))
		memset(fek->key + 7, 0, 9);
}

void fek_structure(struct buf *out, const struct fek *fek)
{
	buf_le32(out, fek->alg->key_len);
	buf_le32(out, fek->alg->entropy);
	buf_le32(out, fek->alg->id);
	buf_le32(out, 0);
	buf_put(out, fek->key, fek->alg->key_len);
}

/* ------------------------------------------------------------------ DESX */

static void desx_digest(uint8_t out[16], const uint8_t key[16],
                        const char salt[12])
{
	uint8_t in[28];

	memcpy(in, key, 16);
	memcpy(in + 16, salt, 12);
	gcry_md_hash_buffer(GCRY_MD_MD5, out, in, sizeof(in));
}

void desx_expand(uint8_t out[24], const uint8_t key[16])
{
	uint8_t md[16];

	/* Both salts are 12 bytes, with the NUL at their end. */
	desx_digest(md, key, "Dan Simon  ");
	for (int i = 0; i < 4; i++) {
		out[i] = md[i] ^ md[4 + i];
		out[4 + i] = md[8 + i] ^ md[12 + i];
	}
	desx_digest(out + 8, key, "Scott Field");
}

static uint64_t load(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return v;
}

static void store(uint8_t *p, uint64_t v)
{
	memcpy(p, &v, 8);
}

/* Windows runs DES backwards: it decrypts to write and encrypts to read. */
static void desx_write(struct cipher *c, uint64_t last, uint8_t *p)
{
	for (size_t i = 0; i < UNIT; i += 8) {
		store(p + i, load(p + i) ^ last ^ c->out);
		must(gcry_cipher_decrypt(c->hd, p + i, 8, NULL, 0), "desx");
		last = load(p + i) ^ c->in;
		store(p + i, last);
	}
}

static void desx_read(struct cipher *c, uint64_t last, uint8_t *p)
{
	for (size_t i = 0; i < UNIT; i += 8) {
		uint64_t block = load(p + i);

		store(p + i, block ^ c->in);
		must(gcry_cipher_encrypt(c->hd, p + i, 8, NULL, 0), "desx");
		store(p + i, load(p + i) ^ c->out ^ last);
		last = block;
	}
}

/* ----------------------------------------------------------------- units */

static void le64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

void unit_iv(uint8_t iv[16], const struct algorithm *alg, uint64_t off)
{
	if (alg->block == 16) {
		le64(iv, 0x5816657be9161312u + off);
		le64(iv + 8, 0x1989adbe44918961u + off);
	} else {
		le64(iv, 0x169119629891ad13u + off);
	}
}

struct cipher *cipher_new(const struct fek *fek)
{
	struct cipher *c = xmalloc(sizeof(*c));
	uint8_t x[24];

	*c = (struct cipher){ .alg = fek->alg };
	must(gcry_cipher_open(&c->hd, fek->alg->gcry, fek->alg->mode, 0),
	     "cipher");
	if (fek->alg->mode != GCRY_CIPHER_MODE_ECB) {
		must(gcry_cipher_setkey(c->hd, fek->key, fek->alg->key_len),
		     "key");
		return c;
	}
	desx_expand(x, fek->key);
	must(gcry_cipher_setkey(c->hd, x, 8), "desx key");
	c->in = load(x + 8);
	c->out = load(x + 16);
	return c;
}

void cipher_free(struct cipher *c)
{
	if (!c)
		return;
	gcry_cipher_close(c->hd);
	free(c);
}

static void unit(struct cipher *c, uint64_t off, uint8_t *p, bool encrypt)
{
	uint8_t iv[16];

	unit_iv(iv, c->alg, off);
	if (c->alg->mode == GCRY_CIPHER_MODE_ECB) {
		(encrypt ? desx_write : desx_read)(c, load(iv), p);
		return;
	}
	must(gcry_cipher_setiv(c->hd, iv, c->alg->block), "iv");
	must(encrypt ? gcry_cipher_encrypt(c->hd, p, UNIT, NULL, 0)
	             : gcry_cipher_decrypt(c->hd, p, UNIT, NULL, 0),
	     "unit");
}

void cipher_encrypt(struct cipher *c, uint64_t off, uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i += UNIT)
		unit(c, off + i, p + i, true);
}

void cipher_decrypt(struct cipher *c, uint64_t off, uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i += UNIT)
		unit(c, off + i, p + i, false);
}
