/* SPDX-License-Identifier: MIT */
/*
 * selftest.c - check the generator's ciphers against known answers
 *
 * The rows of AES-256, 3DES and DESX come from data that ntfsdecrypt reads;
 * those of AES-256 also from Windows 10.  Key 00 01 02 ..., and plaintext
 * byte i of the unit is i & 0xff.
 */
#include "tests/generator/selftest.h"
#include "tests/generator/cipher.h"

#include <gcrypt.h>
#include <stdio.h>
#include <string.h>

struct vector {
	const char *alg;
	uint64_t off;
	const char *iv, *first, *sha256;
};

static const struct vector vectors[] = {
	{ "aes-256", 0, "121316e97b65165861899144bead8919",
	  "ac47e2e6a07509b2c87fdc9e3ae716de",
	  "d76179f67f90596e95e459f059cda96c" },
	{ "aes-256", 0x200, "121516e97b651658618b9144bead8919",
	  "7e60d5b57ec5c923bc168ad88973e075",
	  "2d2c4dab15752ab1b0437cd3d17da912" },
	{ "aes-256", 0x200000000, "121316e97d65165861899144c0ad8919",
	  "e7cfe70ed44b110fe9849fdf072f764a",
	  "373ea32b90088c5ac09ab50b3db0c3e6" },
	{ "3des", 0, "13ad919862199116", "3ce7d7f0792acf04c4c202e1299990c1",
	  "f10b7b2bb28bc6cdcd17884c03582bfa" },
	{ "3des", 0x200, "13af919862199116", "d41a15417092fb5a3eb96d912a3f705b",
	  "f879d7e150759d9e18b57db69e0633d6" },
	{ "3des", 0x200000000, "13ad919864199116",
	  "6c3b902ad68921dc509c3f7a405e154d",
	  "a61fb29d7e91edeb60cc841f87f49490" },
	{ "desx", 0, "13ad919862199116", "eddfc91edc4e2e43487a0650941540a4",
	  "5577952492d2eafd475e11fcc1aacb2e" },
	{ "desx", 0x200, "13af919862199116", "bfe35ae5a8708753be7140555939a6fb",
	  "0f8c2f7dd419e612941548e2b76a9fb6" },
	{ "desx", 0x200000000, "13ad919864199116",
	  "40e61996c1a50790db5b30d8db26b04b",
	  "711b25e39ddfe705a34bc3eff37162c3" },
	{ "des", 0, "13ad919862199116", "2bc3fba30aaa46915cb1e6e09f9cb7c2",
	  "01d4b9942ab9cd892026266ecabdf4b0" },
	{ "aes-128", 0, "121316e97b65165861899144bead8919",
	  "cda18237b5a34c0cd7bfdaa1ea795229",
	  "1ebf06f7309544d01855491f23e8219a" },
	{ "aes-192", 0, "121316e97b65165861899144bead8919",
	  "873f789fba0f1621dc0c8f680f03e346",
	  "b15d461781f309bf2047764ef585454f" },
};

static int count, failures;

static void check(int good, const char *what, const char *alg, uint64_t off)
{
	failures += !good;
	printf("%sok %d - %s of %s at 0x%llx\n", good ? "" : "not ", ++count,
	       what, alg, (unsigned long long)off);
}

static int equal(const uint8_t *p, const char *hex)
{
	struct buf b = { 0 };
	int same;

	buf_parse_hex(&b, hex);
	same = !memcmp(p, b.p, b.n);
	buf_free(&b);
	return same;
}

static void check_vector(const struct vector *v)
{
	struct fek fek = { .alg = algorithm_find(v->alg) };
	uint8_t iv[16], p[UNIT], md[32];
	struct cipher *c;
	int back = 1;

	for (unsigned i = 0; i < sizeof(fek.key); i++)
		fek.key[i] = (uint8_t)i;
	for (unsigned i = 0; i < UNIT; i++)
		p[i] = (uint8_t)i;
	unit_iv(iv, fek.alg, v->off);
	check(equal(iv, v->iv), "iv", v->alg, v->off);
	c = cipher_new(&fek);
	cipher_encrypt(c, v->off, p, UNIT);
	gcry_md_hash_buffer(GCRY_MD_SHA256, md, p, UNIT);
	check(equal(p, v->first), "ciphertext", v->alg, v->off);
	check(equal(md, v->sha256), "whole unit", v->alg, v->off);
	cipher_decrypt(c, v->off, p, UNIT);
	for (unsigned i = 0; i < UNIT; i++)
		back = back && p[i] == (uint8_t)i;
	check(back, "way back", v->alg, v->off);
	cipher_free(c);
}

/* The vector of the self-test in ntfsdecrypt. */
static void check_desx(void)
{
	struct buf key = { 0 };
	uint8_t x[24];

	buf_parse_hex(&key, "a1f9e0b253239e8f0f9145d98e20ec30");
	desx_expand(x, key.p);
	check(equal(x, "27d19309cb78931f"), "DES key", "desx", 0);
	check(equal(x + 8, "edda4c476049db8d"), "whitening", "desx", 1);
	check(equal(x + 16, "75f6a01ac0ca281e"), "whitening", "desx", 2);
	buf_free(&key);
}

int selftest(void)
{
	size_t n = sizeof(vectors) / sizeof(*vectors);

	for (size_t i = 0; i < n; i++)
		check_vector(&vectors[i]);
	check_desx();
	printf("1..%d\n", count);
	return failures;
}
