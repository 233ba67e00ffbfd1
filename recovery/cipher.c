/* SPDX-License-Identifier: MIT */
/*
 * cipher.c - EFS data encryption: independent CBC units of 512 bytes
 *
 * A unit is decrypted as ECB and one XOR with the ciphertext one block before,
 * or with the unit's IV: that makes many units one call of the block cipher,
 * where an IV for each unit would cost half of the speed.
 */
#include "recovery/cipher.h"

#include <assert.h>
#include <string.h>

/* What is worked on at a time: stays in the first-level caches. */
#define CHUNK     (16 * 1024)
#define MAX_BLOCK 16

static void put_le64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

/*
 * The IV is a constant to which the unit's byte offset is added, in each
 * little-endian word on its own.  Observed on Windows 10 (AES-256); the word
 * for the DES family is that of public readers.
 */
static void unit_iv(uint8_t iv[MAX_BLOCK], size_t block, uint64_t offset)
{
	if (block == 16) {
		put_le64(iv, UINT64_C(0x5816657be9161312) + offset);
		put_le64(iv + 8, UINT64_C(0x1989adbe44918961) + offset);
	} else {
		put_le64(iv, UINT64_C(0x169119629891ad13) + offset);
	}
}

static void xor_into(uint8_t *dst, const uint8_t *src, size_t n)
{
	for (size_t i = 0; i < n; i += 8) {
		uint64_t a, b;

		memcpy(&a, dst + i, 8);
		memcpy(&b, src + i, 8);
		a ^= b;
		memcpy(dst + i, &a, 8);
	}
}

static void xor_word(uint8_t *dst, const uint8_t word[8], size_t n)
{
	for (size_t i = 0; i < n; i += 8)
		xor_into(dst + i, word, 8);
}

/* XOR every block of dst with the block of src before it, or the unit's IV. */
static void chain(uint8_t *dst, const uint8_t *src, size_t n, size_t block,
                  uint64_t offset)
{
	uint8_t iv[MAX_BLOCK];

	for (size_t u = 0; u < n; u += EFS_UNIT) {
		size_t len = n - u < EFS_UNIT ? n - u : EFS_UNIT;

		unit_iv(iv, block, offset + u);
		xor_into(dst + u, iv, block);
		xor_into(dst + u + block, src + u, len - block);
	}
}

static const uint8_t *whitening(const struct cipher *c, size_t which)
{
	return secret_view(&c->whitening).p + 8 * which;
}

/*
 * DESX of Windows 2000: the 16 stored bytes are expanded with MD5 and two
 * salts of 12 bytes, NUL included, into a DES key and two whitening words.
 */
static enum status expand_desx(struct secret *key, struct secret *words,
                               struct bytes stored, struct error *err)
{
	static const char salts[2][12] = { "Dan Simon  ", "Scott Field" };
	enum status st = secret_alloc(key, 16 + 12 + 16, err);
	uint8_t *in, *hash;

	if (!st)
		st = secret_alloc(words, 16, err);
	if (st)
		return st;
	in = key->p;
	hash = key->p + 28;
	memcpy(in, stored.p, 16);
	memcpy(in + 16, salts[1], 12);
	st = digest_of(DIGEST_MD5, (struct bytes){ in, 28, 0 }, words->p, err);
	if (st)
		return st;
	memcpy(in + 16, salts[0], 12);
	st = digest_of(DIGEST_MD5, (struct bytes){ in, 28, 0 }, hash, err);
	if (st)
		return st;
	for (size_t i = 0; i < 4; i++) {
		in[i] = hash[i] ^ hash[i + 4];
		in[4 + i] = hash[8 + i] ^ hash[12 + i];
	}
	return OK;
}

/*
 * The direction of DES inside DESX is the inverse of what its name says:
 * reading a file encrypts.  So its two block ciphers change places.
 */
static enum status init_desx(struct cipher *c, struct bytes stored,
                             struct error *err)
{
	struct secret key = { 0 };
	enum status st = expand_desx(&key, &c->whitening, stored, err);
	struct bytes des = { key.p, 8, 0 };

	if (!st)
		st = block_init(&c->inverse, BLOCK_DES, des, true, err);
	if (!st)
		st = block_init(&c->forward, BLOCK_DES, des, false, err);
	secret_release(&key);
	return st;
}

static enum status init_plain(struct cipher *c, enum block_kind kind,
                              struct bytes key, struct error *err)
{
	enum status st = block_init(&c->inverse, kind, key, false, err);

	if (!st)
		st = block_init(&c->forward, kind, key, true, err);
	return st;
}

static enum status init(struct cipher *c, const struct fek *fek,
                        struct error *err)
{
	switch (fek->algorithm) {
	case FEK_AES_128:
		return init_plain(c, BLOCK_AES_128, fek->key, err);
	case FEK_AES_192:
		return init_plain(c, BLOCK_AES_192, fek->key, err);
	case FEK_AES_256:
		return init_plain(c, BLOCK_AES_256, fek->key, err);
	case FEK_3DES:
		return init_plain(c, BLOCK_3DES, fek->key, err);
	case FEK_DES:
		return init_plain(c, BLOCK_DES, fek->key, err);
	case FEK_DESX:
		return init_desx(c, fek->key, err);
	default:
		return fail(err, E_UNSUPPORTED, 0, "file key algorithm");
	}
}

enum status cipher_init(struct cipher *c, const struct fek *fek,
                        struct error *err)
{
	enum status st;

	*c = (struct cipher){ 0 };
	if (fek->key.n != fek_key_size(fek->algorithm))
		return fail(err, E_UNSUPPORTED, fek->key.at, "file key length");
	st = init(c, fek, err);
	c->block = c->inverse.block;
	if (st)
		cipher_release(c);
	return st;
}

void cipher_release(struct cipher *c)
{
	block_release(&c->forward);
	block_release(&c->inverse);
	secret_release(&c->whitening);
	*c = (struct cipher){ 0 };
}

static enum status decrypt_chunk(struct cipher *c, uint8_t *dst,
                                 const uint8_t *src, size_t n, uint64_t offset,
                                 struct error *err)
{
	enum status st;

	if (c->whitening.n) {
		memcpy(dst, src, n);
		xor_word(dst, whitening(c, 0), n);
		st = block_run(&c->inverse, dst, dst, n, err);
		xor_word(dst, whitening(c, 1), n);
	} else {
		st = block_run(&c->inverse, dst, src, n, err);
	}
	chain(dst, src, n, c->block, offset);
	return st;
}

enum status cipher_decrypt(struct cipher *c, uint8_t *dst, const uint8_t *src,
                           size_t n, uint64_t offset, struct error *err)
{
	assert(n % c->block == 0 && offset % EFS_UNIT == 0);
	for (size_t i = 0; i < n; i += CHUNK) {
		size_t len = n - i < CHUNK ? n - i : CHUNK;
		enum status st = decrypt_chunk(c, dst + i, src + i, len,
		                               offset + i, err);

		if (st)
			return st;
	}
	return OK;
}

static enum status check_chunk(struct cipher *c, const uint8_t *plain,
                               const uint8_t *src, uint8_t *work, size_t n,
                               uint64_t offset, struct error *err)
{
	enum status st;
	size_t i = 0;

	memcpy(work, plain, n);
	chain(work, src, n, c->block, offset);
	if (c->whitening.n)
		xor_word(work, whitening(c, 1), n);
	st = block_run(&c->forward, work, work, n, err);
	if (st)
		return st;
	if (c->whitening.n)
		xor_word(work, whitening(c, 0), n);
	if (!memcmp(work, src, n))
		return OK;
	while (work[i] == src[i])
		i++;
	return fail(err, E_CORRUPT, offset + i,
	            "re-encryption differs from the ciphertext");
}

enum status cipher_check(struct cipher *c, const uint8_t *plain,
                         const uint8_t *src, uint8_t *work, size_t n,
                         uint64_t offset, struct error *err)
{
	assert(n % c->block == 0 && offset % EFS_UNIT == 0);
	for (size_t i = 0; i < n; i += CHUNK) {
		size_t len = n - i < CHUNK ? n - i : CHUNK;
		enum status st = check_chunk(c, plain + i, src + i, work + i,
		                             len, offset + i, err);

		if (st)
			return st;
	}
	return OK;
}
