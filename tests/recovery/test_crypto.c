/* SPDX-License-Identifier: MIT */
/*
 * test_crypto.c - digests, HMAC and ciphers, against published vectors
 */
#include "recovery/crypto.h"
#include "tests/recovery/material.h"

#include <string.h>

/* RFC 1320 A.5, RFC 1321 A.5, FIPS 180-4 examples. */
static const struct {
	enum digest_kind kind;
	const char *text, *hex;
} digests[] = {
	{ DIGEST_MD4, "", "31d6cfe0d16ae931b73c59d7e0c089c0" },
	{ DIGEST_MD4, "abc", "a448017aaf21d8525fc10ae87aa6729d" },
	{ DIGEST_MD4, "abcdefghijklmnopqrstuvwxyz",
	  "d79e1c308aa5bbcdeea8ed63df412da9" },
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
	{ DIGEST_SHA384, "abc",
	  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
	  "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7" },
	{ DIGEST_SHA512, "abc",
	  "ddaf35a193617abacc417349ae204131"
	  "12e6fa4e89a97ea20a9eeee64b55d39a"
	  "2192992a274fc1a836ba3c23a3feebbd"
	  "454d4423643ce80e2a9ac94fa54ca49f" },
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

/* The same however it is cut. */
static void digests_of_parts_match(void **state)
{
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(digests); i++) {
		const uint8_t *text = (const uint8_t *)digests[i].text;
		size_t n = strlen(digests[i].text);
		const struct bytes parts[] = {
			{ text, n / 3, 0 },
			{ 0 },
			{ text + n / 3, n - n / 3, 0 },
		};
		uint8_t expect[DIGEST_MAX], got[DIGEST_MAX];
		size_t size = unhex(expect, sizeof(expect), digests[i].hex);

		assert_int_equal(digest_of_parts(digests[i].kind, parts,
		                                 COUNT(parts), got, &err),
		                 OK);
		assert_memory_equal(got, expect, size);
	}
}

/*
 * RFC 2202 2 and 3, RFC 4231 4.2, 4.3 and 4.7; their keys of one byte repeated
 * are written as a count.
 */
static const struct {
	enum digest_kind kind;
	int repeat; /* of the key */
	const char *key, *text, *hex;
} hmacs[] = {
	{ DIGEST_MD5, 16, "0b", "Hi There",
	  "9294727a3638bb1c13f48ef8158bfc9d" },
	{ DIGEST_MD5, 80, "aa",
	  "Test Using Larger Than Block-Size Key - Hash Key First",
	  "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd" },
	{ DIGEST_SHA1, 20, "0b", "Hi There",
	  "b617318655057264e28bc0b6fb378c8ef146be00" },
	{ DIGEST_SHA1, 1, "4a656665", "what do ya want for nothing?",
	  "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	{ DIGEST_SHA1, 80, "aa",
	  "Test Using Larger Than Block-Size Key - Hash Key First",
	  "aa4ae5e15272d00e95705637ce8a3b55ed402112" },
	{ DIGEST_SHA256, 20, "0b", "Hi There",
	  "b0344c61d8db38535ca8afceaf0bf12b"
	  "881dc200c9833da726e9376c2e32cff7" },
	{ DIGEST_SHA256, 131, "aa",
	  "Test Using Larger Than Block-Size Key - Hash Key First",
	  "60e431591ee0b67f0d8a26aacbf5b77f"
	  "8e0bc6213728c5140546040f0ee37f54" },
	{ DIGEST_SHA384, 1, "4a656665", "what do ya want for nothing?",
	  "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47"
	  "e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649" },
	{ DIGEST_SHA512, 20, "0b", "Hi There",
	  "87aa7cdea5ef619d4ff0b4241a1d6cb0"
	  "2379f4e2ce4ec2787ad0b30545e17cde"
	  "daa833b7d6b8a702038b274eaea3f4e4"
	  "be9d914eeb61f1702e696c203a126854" },
	{ DIGEST_SHA512, 131, "aa",
	  "Test Using Larger Than Block-Size Key - Hash Key First",
	  "80b24263c7c1a3ebb71493c1dd7be8b4"
	  "9b46d1f41b4aeec1121b013783f8f352"
	  "6b56d037e05f2598bd0fd2215d6a1e52"
	  "95e64f73f63f0aec8b915a985d786598" },
};

static void hmacs_match(void **state)
{
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(hmacs); i++) {
		const uint8_t *text = (const uint8_t *)hmacs[i].text;
		const struct bytes parts[] = {
			{ text, 3, 0 },
			{ text + 3, strlen(hmacs[i].text) - 3, 0 },
		};
		uint8_t key[256], expect[DIGEST_MAX], got[DIGEST_MAX];
		struct bytes k = { key, 0, 0 };
		size_t n = unhex(expect, sizeof(expect), hmacs[i].hex);

		for (int r = 0; r < hmacs[i].repeat; r++)
			k.n += unhex(key + k.n, sizeof(key) - k.n,
			             hmacs[i].key);
		assert_int_equal(crypto_hmac(hmacs[i].kind, k, parts,
		                             COUNT(parts), got, &err),
		                 OK);
		assert_int_equal(n, digest_size(hmacs[i].kind));
		assert_memory_equal(got, expect, n);
	}
}

static void hmac_takes_nothing(void **state)
{
	struct bytes none = { 0 };
	uint8_t expect[20], got[20];
	struct error err;

	(void)state;
	/* hmac.new(b"", b"", "sha1").hexdigest() */
	(void)unhex(expect, 20, "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
	assert_int_equal(crypto_hmac(DIGEST_SHA1, none, NULL, 0, got, &err),
	                 OK);
	assert_memory_equal(got, expect, 20);
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

static void wipes(void **state)
{
	uint8_t secret[3] = { 1, 2, 3 };

	(void)state;
	crypto_wipe(secret, 2);
	assert_int_equal(secret[0] | secret[1], 0);
	assert_int_equal(secret[2], 3);
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
		cmocka_unit_test(digests_of_parts_match),
		cmocka_unit_test(hmacs_match),
		cmocka_unit_test(hmac_takes_nothing),
		cmocka_unit_test(digests_have_names),
		cmocka_unit_test(blocks_match),
		cmocka_unit_test(wrong_key_lengths_are_refused),
		cmocka_unit_test(chains_match),
		cmocka_unit_test(streams_go_on),
		cmocka_unit_test(streams_match),
		cmocka_unit_test(wipes),
		cmocka_unit_test(long_runs_agree),
		cmocka_unit_test(compares),
	};

	return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
