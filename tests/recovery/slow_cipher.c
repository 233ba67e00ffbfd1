/* SPDX-License-Identifier: MIT */
/*
 * slow_cipher.c - EFS units one by one, by OpenSSL, without a thought of speed
 */
#include "tests/recovery/slow_cipher.h"
#include "tests/recovery/material.h"

#include <openssl/evp.h>
#include <openssl/provider.h>
#include <string.h>

#define UNIT 512

/* A context of its own: what the program does to the default one is not seen.
 */
static EVP_CIPHER *cipher(const char *name)
{
	static OSSL_LIB_CTX *lib;
	EVP_CIPHER *c;

	if (!lib) {
		lib = OSSL_LIB_CTX_new();
		assert_non_null(lib);
		assert_non_null(OSSL_PROVIDER_load(lib, "default"));
		assert_non_null(OSSL_PROVIDER_load(lib, "legacy"));
	}
	c = EVP_CIPHER_fetch(lib, name, NULL);
	assert_non_null(c);
	return c;
}

static void run(EVP_CIPHER_CTX *ctx, uint8_t *dst, const uint8_t *src, size_t n)
{
	int done = 0;

	assert_int_equal(EVP_CipherUpdate(ctx, dst, &done, src, (int)n), 1);
	assert_int_equal(done, n);
}

static EVP_CIPHER_CTX *open_cipher(const char *name, const uint8_t *key,
                                   bool encrypt)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	EVP_CIPHER *c = cipher(name);

	assert_int_equal(EVP_CipherInit_ex2(ctx, c, key, NULL, encrypt, NULL),
	                 1);
	assert_int_equal(EVP_CIPHER_CTX_set_padding(ctx, 0), 1);
	EVP_CIPHER_free(c);
	return ctx;
}

void slow_des(struct bytes key, bool encrypt, uint8_t *dst, const uint8_t *src,
              size_t n)
{
	EVP_CIPHER_CTX *ctx = open_cipher(
		key.n == 8 ? "DES-ECB" : "DES-EDE3-ECB", key.p, encrypt);

	run(ctx, dst, src, n);
	EVP_CIPHER_CTX_free(ctx);
}

static void add_to(uint8_t word[8], uint64_t offset)
{
	unsigned carry = 0;

	for (int i = 0; i < 8; i++) {
		carry += word[i] + (unsigned)(offset >> (8 * i) & 0xff);
		word[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static void iv_of(uint8_t iv[16], size_t block, uint64_t offset)
{
	static const uint8_t aes[16] = { 0x12, 0x13, 0x16, 0xe9, 0x7b, 0x65,
		                         0x16, 0x58, 0x61, 0x89, 0x91, 0x44,
		                         0xbe, 0xad, 0x89, 0x19 };
	static const uint8_t des[8] = { 0x13, 0xad, 0x91, 0x98,
		                        0x62, 0x19, 0x91, 0x16 };

	memcpy(iv, block == 16 ? aes : des, block);
	for (size_t i = 0; i < block; i += 8)
		add_to(iv + i, offset);
}

static void units_of(const char *name, const struct fek *fek, bool encrypt,
                     uint8_t *dst, const uint8_t *src, size_t n,
                     uint64_t offset)
{
	EVP_CIPHER_CTX *ctx = open_cipher(name, fek->key.p, encrypt);

	for (size_t i = 0; i < n; i += UNIT) {
		uint8_t iv[16];

		iv_of(iv, (size_t)EVP_CIPHER_CTX_get_block_size(ctx),
		      offset + i);
		assert_int_equal(
			EVP_CipherInit_ex2(ctx, NULL, NULL, iv, -1, NULL), 1);
		run(ctx, dst + i, src + i, n - i < UNIT ? n - i : UNIT);
	}
	EVP_CIPHER_CTX_free(ctx);
}

static void xor_block(uint8_t to[8], const uint8_t with[8])
{
	for (int i = 0; i < 8; i++)
		to[i] ^= with[i];
}

static void salted(uint8_t out[16], struct bytes key, const char *salt)
{
	uint8_t in[28];

	memcpy(in, key.p, 16);
	memcpy(in + 16, salt, 12);
	assert_int_equal(EVP_Digest(in, sizeof(in), out, NULL, EVP_md5(), NULL),
	                 1);
}

/* One block: the names of the directions of DES are the wrong way round. */
static void desx_block(EVP_CIPHER_CTX *des, bool encrypt,
                       const uint8_t words[16], uint8_t block[8])
{
	xor_block(block, words + (encrypt ? 8 : 0));
	run(des, block, block, 8);
	xor_block(block, words + (encrypt ? 0 : 8));
}

static void desx_units(const struct fek *fek, bool encrypt, uint8_t *dst,
                       const uint8_t *src, size_t n, uint64_t offset)
{
	uint8_t words[16], folded[16], key[8], before[16];
	EVP_CIPHER_CTX *des;

	salted(words, fek->key, "Scott Field");
	salted(folded, fek->key, "Dan Simon  ");
	for (int i = 0; i < 4; i++) {
		key[i] = folded[i] ^ folded[4 + i];
		key[4 + i] = folded[8 + i] ^ folded[12 + i];
	}
	des = open_cipher("DES-ECB", key, !encrypt);
	for (size_t i = 0; i < n; i += 8) {
		if (i % UNIT == 0)
			iv_of(before, 8, offset + i);
		memcpy(dst + i, src + i, 8);
		if (encrypt)
			xor_block(dst + i, before);
		desx_block(des, encrypt, words, dst + i);
		if (!encrypt)
			xor_block(dst + i, before);
		memcpy(before, encrypt ? dst + i : src + i, 8);
	}
	EVP_CIPHER_CTX_free(des);
}

void slow_units(const struct fek *fek, bool encrypt, uint8_t *dst,
                const uint8_t *src, size_t n, uint64_t offset)
{
	static const struct {
		uint32_t algorithm;
		const char *name;
	} names[] = {
		{ FEK_AES_128, "AES-128-CBC" }, { FEK_AES_192, "AES-192-CBC" },
		{ FEK_AES_256, "AES-256-CBC" }, { FEK_3DES, "DES-EDE3-CBC" },
		{ FEK_DES, "DES-CBC" },
	};

	if (fek->algorithm == FEK_DESX) {
		desx_units(fek, encrypt, dst, src, n, offset);
		return;
	}
	for (size_t i = 0; i < COUNT(names); i++)
		if (names[i].algorithm == fek->algorithm)
			units_of(names[i].name, fek, encrypt, dst, src, n,
			         offset);
}
