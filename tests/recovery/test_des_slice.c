/* SPDX-License-Identifier: MIT */
/*
 * test_des_slice.c - every width of words against NIST's answers and OpenSSL's
 */
#include "recovery/des_slice.h"

#include "tests/recovery/material.h"
#include "tests/recovery/noise.h"
#include "tests/recovery/slow_cipher.h"
#include "tests/recovery/vectors_des.h"

#include <stdlib.h>
#include <string.h>

static const unsigned widths[] = { 64, 128, 256, 512 };

/* Around a batch of each width: 64, 128, 256 and 512 blocks. */
static const size_t lengths[] = { 1,   2,   63,  64,   65,   127,  128,
	                          129, 255, 256, 257,  511,  512,  513,
	                          640, 832, 961, 1023, 1024, 1025, 4000 };

/* The same on every run. */
static void noise(uint8_t *p, size_t n, uint64_t seed)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(noise_next(&seed) >> 56);
}

/* Skip the test, visibly, if words of that width are not here. */
static void needs(unsigned bits)
{
	uint8_t key[8] = { 0 };
	struct bytes k = { key, 8, 0 };
	struct des_slice d;
	struct error err;
	bool here;

	assert_int_equal(des_slice_init(&d, k, (struct bytes){ 0 }, &err), OK);
	here = des_slice_force(&d, bits);
	des_slice_release(&d);
	if (here)
		return;
	print_message("skipped: no words of %u bits here\n", bits);
	skip();
}

static void test_vectors(void **state)
{
	unsigned bits = *(const unsigned *)*state;

	needs(bits);
	for (size_t i = 0; i < COUNT(des_vectors); i++) {
		const struct des_vector *v = &des_vectors[i];
		uint8_t key[24], in[8], out[8], back[8], want[8];
		struct bytes k = { key, unhex(key, sizeof(key), v->key), 0 };
		struct des_slice d;
		struct error err;

		unhex(in, 8, v->plain);
		unhex(want, 8, v->cipher);
		assert_int_equal(
			des_slice_init(&d, k, (struct bytes){ 0 }, &err), OK);
		if (!des_slice_force(&d, bits))
			abort();
		des_slice_run(&d, true, out, in, 8);
		assert_memory_equal(out, want, 8);
		des_slice_run(&d, false, back, out, 8);
		assert_memory_equal(back, in, 8);
		des_slice_release(&d);
	}
}

/* What XOR with a word of 8 bytes makes of it. */
static void whiten(uint8_t *p, size_t n, const uint8_t *word)
{
	for (size_t i = 0; i < n; i++)
		p[i] ^= word[i % 8];
}

/*
 * Blocks in a buffer of exactly their size and at an odd address, with words
 * or without, both ways, in place and not.
 */
static void compare(const struct des_slice *d, struct bytes key,
                    const uint8_t words[16], size_t blocks)
{
	size_t n = blocks * 8;
	uint8_t *in = malloc(n + 1), *out = malloc(n + 1), *want = malloc(n);

	assert_true(in && out && want);
	for (int encrypt = 0; encrypt < 2; encrypt++) {
		noise(in + 1, n, blocks * 2 + (unsigned)encrypt);
		memcpy(out + 1, in + 1, n);
		whiten(out + 1, n, words + (encrypt ? 0 : 8));
		slow_des(key, encrypt, want, out + 1, n);
		whiten(want, n, words + (encrypt ? 8 : 0));
		des_slice_run(d, encrypt, out + 1, in + 1, n);
		assert_memory_equal(out + 1, want, n);
		des_slice_run(d, encrypt, in + 1, in + 1, n);
		assert_memory_equal(in + 1, want, n);
	}
	free(in);
	free(out);
	free(want);
}

static void test_lengths(void **state)
{
	unsigned bits = *(const unsigned *)*state;

	needs(bits);
	for (size_t i = 0; i < COUNT(lengths) * 4; i++) {
		uint8_t key[24], words[16] = { 0 };
		struct bytes k = { key, i & 1 ? 24 : 8, 0 }, w = { 0 };
		struct des_slice d;
		struct error err;

		noise(key, sizeof(key), i);
		if (i & 2) {
			noise(words, sizeof(words), i + 1000);
			w = (struct bytes){ words, sizeof(words), 0 };
		}
		assert_int_equal(des_slice_init(&d, k, w, &err), OK);
		if (!des_slice_force(&d, bits))
			abort();
		compare(&d, k, words, lengths[i / 4]);
		des_slice_release(&d);
	}
}

static void test_refusals(void **state)
{
	uint8_t key[32] = { 0 };
	struct des_slice d;
	struct error err;

	(void)state;
	for (size_t n = 0; n <= sizeof(key); n++) {
		struct bytes k = { key, n, 0 }, w = { key, n, 0 };
		struct bytes good = { key, 8, 0 };
		bool fits = n == 8 || n == 24;

		assert_int_equal(
			des_slice_init(&d, k, (struct bytes){ 0 }, &err),
			fits ? OK : E_CORRUPT);
		assert_true(fits || !d.masks.p);
		des_slice_release(&d);
		assert_int_equal(des_slice_init(&d, good, w, &err),
		                 n == 0 || n == 16 ? OK : E_CORRUPT);
		assert_false(des_slice_force(&d, 96));
		des_slice_release(&d);
	}
}

#define EACH(f, i)                                                      \
	{                                                               \
#f "_" #i, f, NULL, NULL, (void *)(uintptr_t)&widths[i] \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_vectors, 0),           EACH(test_vectors, 1),
		EACH(test_vectors, 2),           EACH(test_vectors, 3),
		EACH(test_lengths, 0),           EACH(test_lengths, 1),
		EACH(test_lengths, 2),           EACH(test_lengths, 3),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
