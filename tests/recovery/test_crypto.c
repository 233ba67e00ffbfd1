/* SPDX-License-Identifier: MIT */
/*
 * test_crypto.c - digests and block ciphers, against published vectors
 */
#include "recovery/crypto.h"
#include "tests/recovery/material.h"

#include <string.h>

/* RFC 1321 A.5, FIPS 180-4 examples. */
static const struct {
	enum digest_kind kind;
	const char *text, *hex;
} digests[] = {
	{ DIGEST_MD5, "", "d41d8cd98f00b204e9800998ecf8427e" },
	{ DIGEST_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72" },
	{ DIGEST_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ DIGEST_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ DIGEST_SHA256, "",
	  "e3b0c44298fc1c149afbf4c8996fb924"
	  "27ae41e4649b934ca495991b7852b855" },
	{ DIGEST_SHA256, "abc",
	  "ba7816bf8f01cfea414140de5dae2223"
	  "b00361a396177a9cb410ff61f20015ad" },
};

static void digests_match(void **state)
{
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(digests); i++) {
		const char *text = digests[i].text;
		struct bytes in = { (const uint8_t *)text, strlen(text), 0 };
		uint8_t expect[DIGEST_MAX], got[DIGEST_MAX];
		struct digest d = { 0 };
		char hex[DIGEST_HEX];
		size_t n;

		n = unhex(expect, sizeof(expect), digests[i].hex);
		assert_int_equal(digest_size(digests[i].kind), n);
		assert_int_equal(digest_of(digests[i].kind, in, got, &err), OK);
		assert_memory_equal(got, expect, n);

		assert_int_equal(digest_init(&d, digests[i].kind, &err), OK);
		for (size_t k = 0; k < in.n; k++)
			assert_int_equal(digest_update(&d, text + k, 1, &err),
			                 OK);
		assert_int_equal(digest_update(&d, NULL, 0, &err), OK);
		assert_int_equal(digest_finish(&d, hex, &err), OK);
		assert_string_equal(hex, digests[i].hex);
		assert_null(d.ctx);
		digest_release(&d);
	}
}

static void digests_have_names(void **state)
{
	struct digest d = { 0 };
	struct error err;

	(void)state;
	assert_string_equal(digest_name(DIGEST_MD5), "md5");
	assert_string_equal(digest_name(DIGEST_SHA1), "sha1");
	assert_string_equal(digest_name(DIGEST_SHA256), "sha256");
	assert_int_equal(digest_init(&d, DIGEST_MD5, &err), OK);
	digest_release(&d); /* without finishing it */
	digest_release(&d);
}

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

static void compares(void **state)
{
	(void)state;
	assert_true(crypto_equal("abc", "abc", 3));
	assert_false(crypto_equal("abc", "abd", 3));
	assert_true(crypto_equal("abc", "abd", 2));
	assert_true(crypto_equal(NULL, NULL, 0));
	assert_ptr_equal(strstr(crypto_version(), "OpenSSL "),
	                 crypto_version());
}

static void *digest_thread(void *good)
{
	uint8_t out[DIGEST_MAX];
	struct error err;

	for (int i = 0; i < 100; i++)
		if (digest_of(DIGEST_SHA1, (struct bytes){ 0 }, out, &err) ||
		    out[0] != 0xda)
			return NULL;
	return good;
}

static void threads_share_it(void **state)
{
	GThread *threads[8];
	int good;

	(void)state;
	for (size_t i = 0; i < COUNT(threads); i++)
		threads[i] = g_thread_new("digest", digest_thread, &good);
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_ptr_equal(g_thread_join(threads[i]), &good);
}

int main(void)
{
	/* The threads come first: they race for the loading of OpenSSL. */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_share_it),
		cmocka_unit_test(digests_match),
		cmocka_unit_test(digests_have_names),
		cmocka_unit_test(blocks_match),
		cmocka_unit_test(wrong_key_lengths_are_refused),
		cmocka_unit_test(long_runs_agree),
		cmocka_unit_test(compares),
	};

	return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
