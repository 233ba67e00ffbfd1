/* SPDX-License-Identifier: MIT */
/*
 * test_crypto.c - digests and HMAC, against published vectors; wiping, threads
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

static void wipes(void **state)
{
	uint8_t secret[3] = { 1, 2, 3 };

	(void)state;
	crypto_wipe(secret, 2);
	assert_int_equal(secret[0] | secret[1], 0);
	assert_int_equal(secret[2], 3);
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
		cmocka_unit_test(wipes),
		cmocka_unit_test(compares),
	};

	return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
