/* SPDX-License-Identifier: MIT */
/*
 * test_cipher.c - EFS units against vectors of other programs and of Windows
 */
#include "parsers/text.h"
#include "recovery/cipher.h"

#include "tests/recovery/material.h"
#include "tests/recovery/noise.h"
#include "tests/recovery/slow_cipher.h"

#include <stdlib.h>
#include <string.h>

/*
 * One unit, key 00 01 02 .., plaintext byte i = i & 0xff: first 16 bytes of the
 * ciphertext, and of its SHA-256.  From code whose output ntfsdecrypt accepts.
 */
static const struct vector {
	uint32_t algorithm;
	uint64_t offset;
	const char *first, *sha256;
} vectors[] = {
	{ FEK_AES_256, 0, "ac47e2e6a07509b2c87fdc9e3ae716de",
	  "d76179f67f90596e95e459f059cda96c" },
	{ FEK_AES_256, 0x200, "7e60d5b57ec5c923bc168ad88973e075",
	  "2d2c4dab15752ab1b0437cd3d17da912" },
	{ FEK_AES_256, 0x200000000, "e7cfe70ed44b110fe9849fdf072f764a",
	  "373ea32b90088c5ac09ab50b3db0c3e6" },
	{ FEK_3DES, 0, "3ce7d7f0792acf04c4c202e1299990c1",
	  "f10b7b2bb28bc6cdcd17884c03582bfa" },
	{ FEK_3DES, 0x200, "d41a15417092fb5a3eb96d912a3f705b",
	  "f879d7e150759d9e18b57db69e0633d6" },
	{ FEK_3DES, 0x200000000, "6c3b902ad68921dc509c3f7a405e154d",
	  "a61fb29d7e91edeb60cc841f87f49490" },
	{ FEK_DESX, 0, "eddfc91edc4e2e43487a0650941540a4",
	  "5577952492d2eafd475e11fcc1aacb2e" },
	{ FEK_DESX, 0x200, "bfe35ae5a8708753be7140555939a6fb",
	  "0f8c2f7dd419e612941548e2b76a9fb6" },
	{ FEK_DESX, 0x200000000, "40e61996c1a50790db5b30d8db26b04b",
	  "711b25e39ddfe705a34bc3eff37162c3" },
	{ FEK_DES, 0, "2bc3fba30aaa46915cb1e6e09f9cb7c2",
	  "01d4b9942ab9cd892026266ecabdf4b0" },
	{ FEK_AES_128, 0, "cda18237b5a34c0cd7bfdaa1ea795229",
	  "1ebf06f7309544d01855491f23e8219a" },
	{ FEK_AES_192, 0, "873f789fba0f1621dc0c8f680f03e346",
	  "b15d461781f309bf2047764ef585454f" },
};

static struct fek counting_key(uint32_t algorithm, uint8_t key[32])
{
	for (uint8_t i = 0; i < 32; i++)
		key[i] = i;
	return (struct fek){ .algorithm = algorithm,
		             .key = { key, fek_key_size(algorithm), 0 } };
}

static void assert_starts(const uint8_t *got, const char *hex)
{
	char buf[33];
	struct text t = text_open(buf, sizeof(buf));

	text_hex(&t, (struct bytes){ got, 16, 0 });
	assert_string_equal(buf, hex);
}

/*
 * A ciphertext that decrypts to the known plaintext and whose own bytes are the
 * vector's is the vector: make it with the check's own work buffer, which holds
 * the re-encryption, and compare that with the published figures.
 */
static void test_vectors(void **state)
{
	uint8_t plain[EFS_UNIT], none[EFS_UNIT] = { 0 }, work[EFS_UNIT];
	uint8_t key[32], back[EFS_UNIT], sha[DIGEST_MAX];
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *v = &vectors[i];
		struct fek fek = counting_key(v->algorithm, key);
		uint8_t unit[EFS_UNIT] = { 0 };
		struct cipher c;

		for (size_t k = 0; k < EFS_UNIT; k++)
			plain[k] = (uint8_t)k;
		assert_int_equal(cipher_init(&c, &fek, &err), OK);
		/* Block after block: each pass makes one more block right. */
		for (size_t k = 0; k < EFS_UNIT / c.block; k++) {
			(void)!cipher_check(&c, plain, unit, work, EFS_UNIT,
			                    v->offset, &err);
			memcpy(unit, work, (k + 1) * c.block);
		}
		assert_starts(unit, v->first);
		assert_int_equal(digest_of(DIGEST_SHA256,
		                           (struct bytes){ unit, EFS_UNIT, 0 },
		                           sha, &err),
		                 OK);
		assert_starts(sha, v->sha256);
		assert_int_equal(cipher_decrypt(&c, back, unit, EFS_UNIT,
		                                v->offset, &err),
		                 OK);
		assert_memory_equal(back, plain, EFS_UNIT);
		assert_int_equal(cipher_check(&c, plain, none, work, EFS_UNIT,
		                              v->offset, &err),
		                 E_CORRUPT);
		assert_int_equal(err.at, v->offset);
		cipher_release(&c);
	}
}

/* Ciphertext and key of a real Windows 10: the whole cluster was encrypted. */
static void test_windows(void **state)
{
	uint8_t cluster[4096], out[4096], work[4096], wanted[4096] = { 0 };
	uint8_t structure[48];
	struct error err;
	struct fek fek;
	struct cipher c;

	(void)state;
	material_real("ciphertext-cluster.bin", cluster, sizeof(cluster));
	material_real("plaintext.txt", wanted, 621);
	material_real("fek-structure.bin", structure, sizeof(structure));
	assert_int_equal(
		fek_parse(&fek,
	                  (struct bytes){ structure, sizeof(structure), 0 },
	                  &err),
		OK);
	assert_int_equal(cipher_init(&c, &fek, &err), OK);
	assert_int_equal(cipher_decrypt(&c, out, cluster, 4096, 0, &err), OK);
	assert_memory_equal(out, wanted, 4096);
	assert_int_equal(cipher_check(&c, out, cluster, work, 4096, 0, &err),
	                 OK);
	/* A changed byte is found at its place. */
	out[1000] ^= 1;
	assert_int_equal(cipher_check(&c, out, cluster, work, 4096, 0, &err),
	                 E_CORRUPT);
	assert_int_equal(err.at, 1000 / 16 * 16);
	/* Units do not depend on each other: the third alone is the same. */
	assert_int_equal(
		cipher_decrypt(&c, out, cluster + 1024, 512, 1024, &err), OK);
	assert_memory_equal(out, wanted + 1024, 512);
	cipher_release(&c);
}

/* Pieces of any length, at any unit, give what one pass gives. */
static void test_pieces(void **state)
{
	static uint8_t in[64 * 1024], whole[64 * 1024], part[64 * 1024];
	uint8_t key[32];
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 2654435761u >> 13);
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct fek fek = counting_key(vectors[i].algorithm, key);
		struct cipher c;

		assert_int_equal(cipher_init(&c, &fek, &err), OK);
		assert_int_equal(
			cipher_decrypt(&c, whole, in, sizeof(in), 512, &err),
			OK);
		for (size_t n = 512; n < 20000; n += 1536) {
			size_t at = n / 3 / 512 * 512;

			assert_int_equal(cipher_decrypt(&c, part, in + at, n,
			                                512 + at, &err),
			                 OK);
			assert_memory_equal(part, whole + at, n);
		}
		/* A last unit that is cut at a block, as on FAT. */
		assert_int_equal(
			cipher_decrypt(&c, part, in, 512 + 48, 512, &err), OK);
		assert_memory_equal(part, whole, 512 + 48);
		cipher_release(&c);
	}
}

/* Below n; the same on every run. */
static uint64_t any(uint64_t n)
{
	static uint64_t seed = 1;

	return (noise_next(&seed) >> 20) % n;
}

static const unsigned widths[] = { 0, 64, 128, 256, 512 };

/* Use words of that width; false: it is not for this cipher, or not here. */
static bool with_width(struct cipher *c, unsigned bits)
{
	if (!bits || !c->des.kernel)
		return !bits;
	if (des_slice_force(&c->des, bits))
		return true;
	print_message("skipped: no words of %u bits here\n", bits);
	return false;
}

struct sample {
	struct fek fek;
	uint64_t offset;
	size_t n;
	uint8_t *cipher, *plain, *out, *work; /* n bytes each, and no more */
};

/* A change anywhere in the plaintext is found, in the block it is in. */
static void assert_found(struct sample *s, struct cipher *c)
{
	size_t at = any(s->n);
	struct error err;

	s->out[at] ^= (uint8_t)(1 + any(255));
	assert_int_equal(cipher_check(c, s->out, s->cipher, s->work, s->n,
	                              s->offset, &err),
	                 E_CORRUPT);
	assert_in_range(err.at, s->offset + at / c->block * c->block,
	                s->offset + at / c->block * c->block + c->block - 1);
}

/* The same context runs one sample in pieces, and then as a whole. */
static void assert_like_slow(struct sample *s, struct cipher *c)
{
	struct error err;

	for (size_t i = 0, n; i < s->n; i += n) {
		n = (1 + any(40)) * EFS_UNIT;
		n = n < s->n - i ? n : s->n - i;
		assert_int_equal(cipher_decrypt(c, s->out + i, s->cipher + i, n,
		                                s->offset + i, &err),
		                 OK);
	}
	assert_memory_equal(s->out, s->plain, s->n);
	memset(s->out, 0, s->n);
	assert_int_equal(
		cipher_decrypt(c, s->out, s->cipher, s->n, s->offset, &err),
		OK);
	assert_memory_equal(s->out, s->plain, s->n);
	assert_int_equal(cipher_check(c, s->out, s->cipher, s->work, s->n,
	                              s->offset, &err),
	                 OK);
	assert_found(s, c);
}

static void try_sample(struct sample *s)
{
	struct error err;
	struct cipher c;

	slow_units(&s->fek, false, s->plain, s->cipher, s->n, s->offset);
	slow_units(&s->fek, true, s->out, s->plain, s->n, s->offset);
	assert_memory_equal(s->out, s->cipher, s->n);
	assert_int_equal(cipher_init(&c, &s->fek, &err), OK);
	for (size_t i = 0; i < COUNT(widths); i++)
		if (with_width(&c, widths[i]))
			assert_like_slow(s, &c);
	cipher_release(&c);
}

/* Random bytes, key and offset; the offset is often beyond 4 GiB. */
static void compare_slow(uint32_t algorithm, size_t blocks)
{
	size_t block = algorithm == FEK_DES || algorithm == FEK_3DES ||
	                               algorithm == FEK_DESX
	                       ? 8
	                       : 16;
	struct sample s = { .offset = any(any(2) ? 1 << 30 : 1000) * 4096,
		            .n = blocks * block };
	uint8_t key[32];

	s.offset += any(8) * EFS_UNIT;
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)any(256);
	s.fek = (struct fek){ .algorithm = algorithm,
		              .key = { key, fek_key_size(algorithm), 0 } };
	s.cipher = malloc(s.n);
	s.plain = malloc(s.n);
	s.out = malloc(s.n);
	s.work = malloc(s.n);
	assert_true(s.cipher && s.plain && s.out && s.work);
	for (size_t i = 0; i < s.n; i++)
		s.cipher[i] = (uint8_t)any(256);
	try_sample(&s);
	free(s.cipher);
	free(s.plain);
	free(s.out);
	free(s.work);
}

/*
 * What a slow reference gives, for every cipher and width of words: every
 * number of blocks of the first units, and some of up to thousands of units.
 */
static void test_slow(void **state)
{
	static const uint32_t algorithms[] = { FEK_AES_128, FEK_AES_192,
		                               FEK_AES_256, FEK_3DES,
		                               FEK_DESX,    FEK_DES };

	(void)state;
	for (size_t i = 0; i < COUNT(algorithms); i++) {
		for (size_t blocks = 1; blocks <= 160; blocks++)
			compare_slow(algorithms[i], blocks);
		for (int k = 0; k < 12; k++)
			compare_slow(algorithms[i], 1 + any(20000));
		compare_slow(algorithms[i], 64 * 3000 + any(64));
	}
}

static void test_refusals(void **state)
{
	uint8_t key[32] = { 0 };
	struct fek fek = { .algorithm = 0x6602, .key = { key, 8, 0 } };
	struct error err;
	struct cipher c;

	(void)state;
	assert_int_equal(cipher_init(&c, &fek, &err), E_UNSUPPORTED);
	fek.algorithm = FEK_AES_256;
	fek.key.n = 31;
	assert_int_equal(cipher_init(&c, &fek, &err), E_UNSUPPORTED);
	cipher_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),  cmocka_unit_test(test_windows),
		cmocka_unit_test(test_pieces),   cmocka_unit_test(test_slow),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
