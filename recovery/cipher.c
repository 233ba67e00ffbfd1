/* SPDX-License-Identifier: MIT */
/*
 * cipher.c - EFS data encryption: independent CBC units of 512 bytes
 *
 * Many units are one call of the block cipher: an IV for each would cost half
 * of the speed.  AES decrypts them as one CBC stream, and the first block of
 * each unit is repaired: what it was XORed with is the ciphertext before it,
 * and should be the unit's IV.  DES works in ECB mode, and every block is XORed
 * with what it should.
 */
#include "recovery/cipher.h"

#include <assert.h>
#include <string.h>

#define AES_BLOCK 16

/* A word as it lies in memory in little-endian order, and back. */
static uint64_t le64(uint64_t v)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(v)
	                                              : v;
}

/*
 * The IV is a constant to which the unit's byte offset is added, in each
 * little-endian word on its own.  Observed on Windows 10 (AES-256); the word
 * for the DES family is that of public readers.
 */
static const uint64_t aes_iv[2] = { UINT64_C(0x5816657be9161312),
	                            UINT64_C(0x1989adbe44918961) };
static const uint64_t des_iv[1] = { UINT64_C(0x169119629891ad13) };

/* XOR the unit's IV into its first block. */
static void xor_iv(uint8_t *unit, size_t block, uint64_t offset)
{
	bool aes = block == AES_BLOCK;
	const uint64_t *iv = aes ? aes_iv : des_iv;

	for (size_t i = 0; i < (aes ? 2 : 1); i++) {
		uint64_t word;

		memcpy(&word, unit + 8 * i, 8);
		word ^= le64(iv[i] + offset);
		memcpy(unit + 8 * i, &word, 8);
	}
}

/* Of the compiler's own kind; loads and stores need no alignment. */
typedef uint64_t wide __attribute__((vector_size(32)));

/* dst = a ^ b, n a multiple of 8; dst may be either. */
static void xor_all(uint8_t *dst, const uint8_t *a, const uint8_t *b, size_t n)
{
	size_t i = 0;

	for (; n - i >= sizeof(wide); i += sizeof(wide)) {
		wide x, y;

		memcpy(&x, a + i, sizeof(wide));
		memcpy(&y, b + i, sizeof(wide));
		x ^= y;
		memcpy(dst + i, &x, sizeof(wide));
	}
	for (; i < n; i += 8) {
		uint64_t x, y;

		memcpy(&x, a + i, 8);
		memcpy(&y, b + i, 8);
		x ^= y;
		memcpy(dst + i, &x, 8);
	}
}

/*
 * dst = text, every block of it XORed with the block of src before it,
 * or with the unit's IV; dst may be text.
 */
static void chain(uint8_t *dst, const uint8_t *text, const uint8_t *src,
                  size_t n, size_t block, uint64_t offset)
{
	for (size_t u = 0; u < n; u += EFS_UNIT) {
		size_t len = n - u < EFS_UNIT ? n - u : EFS_UNIT;

		memmove(dst + u, text + u, block);
		xor_iv(dst + u, block, offset + u);
		xor_all(dst + u + block, text + u + block, src + u,
		        len - block);
	}
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
 * reading a file encrypts.
 */
static enum status init_desx(struct cipher *c, struct bytes stored,
                             struct error *err)
{
	struct secret key = { 0 }, words = { 0 };
	enum status st = expand_desx(&key, &words, stored, err);
	struct bytes des = { key.p, 8, 0 };

	if (!st)
		st = des_slice_init(&c->des, des, secret_view(&words), err);
	c->des_encrypts = true;
	secret_release(&words);
	secret_release(&key);
	return st;
}

static enum status init_aes(struct cipher *c, enum block_kind kind,
                            struct bytes key, struct error *err)
{
	enum status st = block_init_stream(&c->inverse, kind, key, err);

	if (!st)
		st = block_init(&c->forward, kind, key, true, err);
	return st;
}

static enum status init(struct cipher *c, const struct fek *fek,
                        struct error *err)
{
	switch (fek->algorithm) {
	case FEK_AES_128:
		return init_aes(c, BLOCK_AES_128, fek->key, err);
	case FEK_AES_192:
		return init_aes(c, BLOCK_AES_192, fek->key, err);
	case FEK_AES_256:
		return init_aes(c, BLOCK_AES_256, fek->key, err);
	case FEK_3DES:
	case FEK_DES:
		return des_slice_init(&c->des, fek->key, (struct bytes){ 0 },
		                      err);
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

	*c = (struct cipher){ .block = cipher_block_of(fek->algorithm) };
	if (fek->key.n != fek_key_size(fek->algorithm))
		return fail(err, E_UNSUPPORTED, fek->key.at, "file key length");
	st = init(c, fek, err);
	if (st)
		cipher_release(c);
	return st;
}

size_t cipher_block_of(uint32_t algorithm)
{
	bool aes = algorithm == FEK_AES_128 || algorithm == FEK_AES_192 ||
	           algorithm == FEK_AES_256;

	return aes ? AES_BLOCK : DES_BLOCK;
}

void cipher_release(struct cipher *c)
{
	block_release(&c->forward);
	block_release(&c->inverse);
	des_slice_release(&c->des);
	*c = (struct cipher){ 0 };
}

static enum status decrypt_aes(struct cipher *c, uint8_t *dst,
                               const uint8_t *src, size_t n, uint64_t offset,
                               struct error *err)
{
	enum status st = block_run(&c->inverse, dst, src, n, err);
	const uint8_t *before = c->last;

	for (size_t u = 0; u < n; u += EFS_UNIT) {
		xor_all(dst + u, dst + u, before, AES_BLOCK);
		xor_iv(dst + u, AES_BLOCK, offset + u);
		before = src + u + EFS_UNIT - AES_BLOCK;
	}
	memcpy(c->last, src + n - AES_BLOCK, AES_BLOCK);
	return st;
}

static enum status decrypt_chunk(struct cipher *c, uint8_t *dst,
                                 const uint8_t *src, size_t n, uint64_t offset,
                                 struct error *err)
{
	if (!c->des.kernel)
		return decrypt_aes(c, dst, src, n, offset, err);
	des_slice_run(&c->des, c->des_encrypts, dst, src, n);
	chain(dst, dst, src, n, c->block, offset);
	return OK;
}

enum status cipher_decrypt(struct cipher *c, uint8_t *dst, const uint8_t *src,
                           size_t n, uint64_t offset, struct error *err)
{
	assert(n % c->block == 0 && offset % EFS_UNIT == 0);
	for (size_t i = 0; i < n; i += CIPHER_WORK) {
		size_t len = n - i < CIPHER_WORK ? n - i : CIPHER_WORK;
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
	enum status st = OK;
	size_t i = 0;

	chain(work, plain, src, n, c->block, offset);
	if (c->des.kernel)
		des_slice_run(&c->des, !c->des_encrypts, work, work, n);
	else
		st = block_run(&c->forward, work, work, n, err);
	if (st)
		return st;
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
	for (size_t i = 0; i < n; i += CIPHER_WORK) {
		size_t len = n - i < CIPHER_WORK ? n - i : CIPHER_WORK;
		enum status st = check_chunk(c, plain + i, src + i, work, len,
		                             offset + i, err);

		if (st)
			return st;
	}
	return OK;
}
