/* SPDX-License-Identifier: MIT */
/*
 * test_crypto_bitlocker.c - stretching, CCM and XTS, by known answers
 */
#include "recovery/crypto_bitlocker.h"
#include "tests/recovery/vectors.h"

#include <glib.h>
#include <string.h>

/* By Python's hashlib. */
static void stretches(void **state)
{
	struct bytes hash = hexed("0d6cbf9e5d75af220d7ac3e9f35d05f5"
	                          "6952608dd1dacb31774452c489eadc51");
	struct bytes want = hexed("49b55624120bb0e0646ad64490841e5e"
	                          "14b0bee072671b106a74fd1daf5fb23b");
	static const uint8_t salt[BITLOCKER_SALT_SIZE] = { 1, 2, 3 };
	uint8_t out[BITLOCKER_HASH_SIZE];

	(void)state;
	crypto_bitlocker_stretch(out, hash.p, salt);
	assert_memory_equal(out, want.p, sizeof(out));
	material_free(hash);
	material_free(want);
}

/*
 * The key of cryptsetup's clearkey-only sample, its locked VMK, and the VMK: by
 * Python's `cryptography`.
 */
static const char ccm_key[] =
	"c680d1c6f2add5b2489b910fe447703a259cdda5019228d74b055026c7b4"
	"e180";
static const char ccm_locked[] =
	"d04272ed794edc0102000000d127eb0420471726878f959f9a1ea0be8b7a"
	"5634eb1f93ff3ab301b356f83c8a2bb5acbc61f47751a3607c597b0a1195"
	"48649d8b451213455d0e57bd";
static const char ccm_plain[] =
	"2c00000001000000032000007a55787640c881f2b55725139f4c55a68d04"
	"c2e407c3f368d750144c319c5e09";

struct ccm {
	struct bytes key, all;
};

static enum status open_ccm(struct secret *plain, const struct ccm *t)
{
	struct cursor c = cursor_open(t->all);
	struct bytes nonce = cursor_take(&c, 12);
	struct bytes tag = cursor_take(&c, 16);
	struct error err;

	return crypto_ccm_open(plain, t->key, nonce, tag,
	                       cursor_tail(&c, c.pos), &err);
}

static void opens_ccm(void **state)
{
	struct ccm t = { hexed(ccm_key), hexed(ccm_locked) };
	struct secret plain;

	(void)state;
	assert_int_equal(open_ccm(&plain, &t), OK);
	assert_secret_hex(&plain, ccm_plain);
	secret_release(&plain);
	/* Any other byte, of the key, nonce, tag or data, is noticed. */
	for (size_t i = 0; i < t.all.n; i++) {
		*material_at(t.all, i) ^= 1;
		assert_int_equal(open_ccm(&plain, &t), E_KEY);
		assert_null(plain.p);
		*material_at(t.all, i) ^= 1;
	}
	for (size_t i = 0; i < t.key.n; i++) {
		*material_at(t.key, i) ^= 0x80;
		assert_int_equal(open_ccm(&plain, &t), E_KEY);
		*material_at(t.key, i) ^= 0x80;
	}
	assert_int_equal(open_ccm(&plain, &t), OK);
	secret_release(&plain);
	t.key.n--;
	assert_int_equal(open_ccm(&plain, &t), E_CORRUPT);
	t.key.n++;
	t.all.n = 28;
	assert_int_equal(open_ccm(&plain, &t), E_CORRUPT);
	t.all.n = 20;
	assert_int_equal(open_ccm(&plain, &t), E_CORRUPT);
	material_free(t.key);
	material_free(t.all);
}

/* IEEE 1619-2007, B.1, vectors 2 and 3: units of 32 bytes. */
static void opens_xts(void **state)
{
	static const struct {
		const char *key, *ciphertext;
	} vectors[] = {
		{ "1111111111111111111111111111111122222222222222222222222222"
		  "222222",
		  "c454185e6a16936e39334038acef838bfb186fff7480adc4289382ecd6d3"
		  "94f0" },
		{ "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f022222222222222222222222222"
		  "222222",
		  "af85336b597afc1a900b2eb21ec949d292df4c047e0b21532186a5971a22"
		  "7a89" },
	};
	uint8_t buf[64], plain[32];
	struct xts_cipher xts;
	struct error err;

	(void)state;
	memset(plain, 0x44, sizeof(plain));
	for (size_t i = 0; i < COUNT(vectors); i++) {
		struct bytes key = hexed(vectors[i].key);
		struct bytes in = hexed(vectors[i].ciphertext);

		memcpy(buf, in.p, 32);
		memcpy(buf + 32, in.p, 32);
		assert_int_equal(xts_init(&xts, key, &err), OK);
		assert_int_equal(xts_decrypt(&xts, buf, 64, 32,
		                             UINT64_C(0x3333333333), &err),
		                 OK);
		assert_memory_equal(buf, plain, 32);
		/* The next unit has the next number. */
		assert_memory_not_equal(buf + 32, plain, 32);
		memcpy(buf + 32, in.p, 32);
		assert_int_equal(xts_decrypt(&xts, buf, 64, 32,
		                             UINT64_C(0x3333333332), &err),
		                 OK);
		assert_memory_equal(buf + 32, plain, 32);
		xts_release(&xts);
		key.n--;
		assert_int_equal(xts_init(&xts, key, &err), E_CORRUPT);
		material_free(key);
		material_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stretches),
		cmocka_unit_test(opens_ccm),
		cmocka_unit_test(opens_xts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
