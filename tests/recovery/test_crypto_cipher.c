/* SPDX-License-Identifier: MIT */
/*
 * test_crypto_cipher.c - block and stream ciphers, against published vectors
 */
#include "recovery/crypto.h"
#include "tests/recovery/material.h"

#include <string.h>

/* NIST SP 800-38A F.1, FIPS 81 table B1, SP 800-67. */
static const struct {
	enum block_kind kind;
	size_t block;
	const char *key, *plain, *cipher;
} blocks[] = {
	{ BLOCK_AES_128, 16, "2b7e151628aed2a6abf7158809cf4f3c",
	  "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51",
	  "3ad77bb40d7a3660a89ecaf32466ef97 f5d3d58503b9699de785895a96fdbaaf" },
	{ BLOCK_AES_192, 16, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
	  "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51",
	  "bd334f1d6e45f25ff712a214571fa5cc 974104846d0ad3ad7734ecb3ecee4eef" },
	{ BLOCK_AES_256, 16,
	  "603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4",
	  "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51",
	  "f3eed1bdb5d2a03c064b5a7e3db181f8 591ccb10d410ed26dc5ba74a31362870" },
	{ BLOCK_DES, 8, "0123456789abcdef",
	  "4e6f772069732074 68652074696d6520 666f7220616c6c20",
	  "3fa40e8a984d4815 6a271787ab8883f9 893d51ec4b563b53" },
	{ BLOCK_3DES, 8, "0123456789abcdef 23456789abcdef01 456789abcdef0123",
	  "5468652071756663 6b2062726f776e20 666f78206a756d70",
	  "a826fd8ce53b855f cce21c8112256fe6 68d5c05dd9b6b900" },
};

static void run(enum block_kind kind, struct bytes key, bool encrypt,
                const uint8_t *in, const uint8_t *expect, size_t n)
{
	struct block_cipher bc;
	struct error err;
	uint8_t out[64];

	assert_int_equal(block_init(&bc, kind, key, encrypt, &err), OK);
	assert_int_equal(block_run(&bc, out, in, n, &err), OK);
	assert_memory_equal(out, expect, n);

	/* again, one block at a time, in place; and none at all */
	memcpy(out, in, n);
	for (size_t i = 0; i < n; i += bc.block)
		assert_int_equal(
			block_run(&bc, out + i, out + i, bc.block, &err), OK);
	assert_memory_equal(out, expect, n);
	assert_int_equal(block_run(&bc, out, in, 0, &err), OK);
	block_release(&bc);
	assert_null(bc.ctx);
	block_release(&bc);
}

static void blocks_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(blocks); i++) {
		uint8_t key[32], plain[64], cipher[64];
		size_t n = unhex(plain, sizeof(plain), blocks[i].plain);
		struct bytes k = { key, unhex(key, sizeof(key), blocks[i].key),
			           0 };

		assert_int_equal(
			unhex(cipher, sizeof(cipher), blocks[i].cipher), n);
		run(blocks[i].kind, k, true, plain, cipher, n);
		run(blocks[i].kind, k, false, cipher, plain, n);
	}
}

static void wrong_key_lengths_are_refused(void **state)
{
	static const uint8_t key[33];
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(blocks); i++) {
		uint8_t right[32];
		size_t n = unhex(right, sizeof(right), blocks[i].key);

		for (size_t k = 0; k <= sizeof(key); k++) {
			struct bytes b = { key, k, 7 };
			struct block_cipher bc;

			if (k == n)
				continue;
			assert_int_equal(
				block_init(&bc, blocks[i].kind, b, true, &err),
				E_CORRUPT);
			assert_int_equal(err.at, 7);
			assert_null(bc.ctx);
		}
	}
}

/* NIST SP 800-38A F.2, FIPS 81 table C1; 3DES: openssl enc -des-ede3-cbc. */
static const struct {
	enum block_kind kind;
	const char *key, *iv, *plain, *cipher;
} chains[] = {
	{ BLOCK_AES_128, "2b7e151628aed2a6abf7158809cf4f3c",
	  "000102030405060708090a0b0c0d0e0f",
	  "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51",
	  "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2" },
	{ BLOCK_AES_192, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
	  "000102030405060708090a0b0c0d0e0f",
	  "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51",
	  "4f021db243bc633d7178183a9fa071e8 b4d9ada9ad7dedf4e5e738763f69145a" },
	{ BLOCK_AES_256,
	  "603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4",
	  "000102030405060708090a0b0c0d0e0f",
	  "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51",
	  "f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d" },
	{ BLOCK_DES, "0123456789abcdef", "1234567890abcdef",
	  "4e6f772069732074 68652074696d6520 666f7220616c6c20",
	  "e5c7cdde872bf27c 43e934008c389c0f 683788499a7c05f6" },
	{ BLOCK_3DES, "0123456789abcdef 23456789abcdef01 456789abcdef0123",
	  "f69f2445df4f9b17",
	  "5468652071756663 6b2062726f776e20 666f78206a756d70",
	  "a5c282bad0de3774becd2e04386b589fb5057d8552fc4336" },
};

static void chains_match(void **state)
{
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(chains); i++) {
		uint8_t key[32], iv[16], plain[64], cipher[64], got[64];
		struct bytes k = { key, unhex(key, 32, chains[i].key), 1 };
		struct bytes v = { iv, unhex(iv, 16, chains[i].iv), 2 };
		struct bytes in = { cipher, 0, 3 };
		enum block_kind kind = chains[i].kind;

		in.n = unhex(cipher, sizeof(cipher), chains[i].cipher);
		assert_int_equal(unhex(plain, 64, chains[i].plain), in.n);
		assert_int_equal(crypto_cbc_decrypt(kind, k, v, got, in, &err),
		                 OK);
		assert_memory_equal(got, plain, in.n);

		in.n--;
		assert_int_equal(crypto_cbc_decrypt(kind, k, v, got, in, &err),
		                 E_CORRUPT);
		assert_int_equal(err.at, 3);
		in.n++;
		v.n--;
		assert_int_equal(crypto_cbc_decrypt(kind, k, v, got, in, &err),
		                 E_CORRUPT);
		assert_int_equal(err.at, 2);
		v.n++;
		k.n--;
		assert_int_equal(crypto_cbc_decrypt(kind, k, v, got, in, &err),
		                 E_CORRUPT);
		assert_int_equal(err.at, 1);
		k.n++;

		/* in place, and nothing at all */
		assert_int_equal(
			crypto_cbc_decrypt(kind, k, v, cipher, in, &err), OK);
		assert_memory_equal(cipher, plain, in.n);
		in.n = 0;
		assert_int_equal(crypto_cbc_decrypt(kind, k, v, got, in, &err),
		                 OK);
	}
}

/* The same vectors: two runs are one stream, and its own IV is zeros. */
static void streams_go_on(void **state)
{
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(chains); i++) {
		uint8_t key[32], iv[16], plain[64], cipher[64];
		struct bytes k = { key, unhex(key, 32, chains[i].key), 1 };
		size_t n = unhex(cipher, sizeof(cipher), chains[i].cipher);
		struct block_cipher bc;

		assert_int_equal(unhex(plain, 64, chains[i].plain), n);
		assert_int_equal(
			block_init_stream(&bc, chains[i].kind, k, &err), OK);
		assert_int_equal(unhex(iv, 16, chains[i].iv), bc.block);
		assert_int_equal(block_run(&bc, cipher, cipher, bc.block, &err),
		                 OK);
		assert_int_equal(block_run(&bc, cipher + bc.block,
		                           cipher + bc.block, n - bc.block,
		                           &err),
		                 OK);
		for (size_t j = 0; j < bc.block; j++)
			cipher[j] ^= iv[j];
		assert_memory_equal(cipher, plain, n);
		block_release(&bc);
	}
}

/* The vectors of 1994 that everyone has, and RFC 6229 2 (40 and 256 bits). */
static const struct {
	const char *key, *plain, *cipher;
} streams[] = {
	{ "4b6579" /* Key */, "506c61696e74657874", "bbf316e8d940af0ad3" },
	{ "536563726574" /* Secret */, "41747461636b206174206461776e",
	  "45a01f645fc35b383552544b9bf5" },
	{ "0102030405", "00000000000000000000000000000000",
	  "b2396305f03dc027ccc3524a0a1118a8" },
	{ "0102030405060708090a0b0c0d0e0f10 1112131415161718191a1b1c1d1e1f20",
	  "00000000000000000000000000000000",
	  "eaa6bd25880bf93d3f5d1e4ca2611d91" },
};

static void streams_match(void **state)
{
	static const uint8_t long_key[257];
	struct bytes bad = { long_key, sizeof(long_key), 5 };
	uint8_t key[32], plain[32], cipher[32], got[32];
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(streams); i++) {
		struct bytes k = { key, unhex(key, 32, streams[i].key), 0 };
		struct bytes in = { cipher,
			            unhex(cipher, 32, streams[i].cipher), 0 };

		assert_int_equal(unhex(plain, 32, streams[i].plain), in.n);
		assert_int_equal(crypto_rc4(k, got, in, &err), OK);
		assert_memory_equal(got, plain, in.n);
		assert_int_equal(crypto_rc4(k, cipher, in, &err), OK);
		assert_memory_equal(cipher, plain, in.n);
	}
	assert_int_equal(crypto_rc4(bad, got, bad, &err), E_CORRUPT);
	bad.n = 0;
	assert_int_equal(crypto_rc4(bad, got, bad, &err), E_CORRUPT);
	assert_int_equal(err.at, 5);
}

/* A megabyte at once is what it is block by block. */
static void long_runs_agree(void **state)
{
	enum { N = 1 << 20 };
	static uint8_t in[N], once[N], pieces[N];
	struct bytes key = { in + 5, 32, 0 };
	struct block_cipher bc;
	struct error err;

	(void)state;
	for (size_t i = 0; i < N; i++)
		in[i] = (uint8_t)(i * 2654435761u >> 11);
	assert_int_equal(block_init(&bc, BLOCK_AES_256, key, false, &err), OK);
	assert_int_equal(block_run(&bc, once, in, N, &err), OK);
	for (size_t i = 0; i < N; i += 4096)
		assert_int_equal(block_run(&bc, pieces + i, in + i, 4096, &err),
		                 OK);
	assert_memory_equal(once, pieces, N);
	block_release(&bc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_match),
		cmocka_unit_test(wrong_key_lengths_are_refused),
		cmocka_unit_test(chains_match),
		cmocka_unit_test(streams_go_on),
		cmocka_unit_test(streams_match),
		cmocka_unit_test(long_runs_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
