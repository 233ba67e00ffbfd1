/* SPDX-License-Identifier: MIT */
/*
 * test_bitlocker_mixed.c - what is random, and whom a sector goes with
 *
 * Whole volumes are in tests/analyzer/test_source_bitlocker.c.
 */
#include "recovery/bitlocker_mixed.h"
#include "tests/recovery/noise.h"
#include "tests/recovery/vectors.h"

#include <string.h>

#define SECTOR  512u
#define SECTORS 8u

/* xorshift64: noise that is the same in every run. */
WRAPS static void noise(uint8_t *p, size_t n, uint64_t seed)
{
	for (size_t i = 0; i < n; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		p[i] = (uint8_t)(seed >> 24);
	}
}

static void noise_looks_random(void **state)
{
	uint8_t buf[4096];

	(void)state;
	for (uint64_t i = 1, seed = 1; i < 20000; i++) {
		noise(buf, SECTOR, noise_next(&seed));
		assert_true(bitlocker_looks_random(buf, SECTOR));
	}
	noise(buf, sizeof(buf), 7);
	assert_true(bitlocker_looks_random(buf, sizeof(buf)));
}

static void data_do_not(void **state)
{
	struct bytes text = material("bitlocker/README.md");
	struct bytes boot = material("bitlocker/header.bin");
	uint8_t buf[SECTOR] = { 0 };

	(void)state;
	assert_false(bitlocker_looks_random(buf, SECTOR));
	assert_false(bitlocker_looks_random(text.p, SECTOR));
	assert_false(bitlocker_looks_random(boot.p, SECTOR));
	/* Half of it. */
	noise(buf, SECTOR / 2, 3);
	assert_false(bitlocker_looks_random(buf, SECTOR));
	material_free(text);
	material_free(boot);
}

/*
 * A group of sectors that are random both ways (x), or plain text (p); wanted
 * are they as they are (.) or decrypted (e).
 */
static void check_group(const char *kinds, const char *wanted)
{
	struct bitlocker_keys keys = { .method = BITLOCKER_XTS_128 };
	uint8_t raw[SECTORS][SECTOR], got[SECTORS][SECTOR];
	uint8_t open[SECTORS][SECTOR], work[SECTORS * SECTOR];
	struct bitlocker_cipher c;
	struct error err;

	assert_int_equal(secret_alloc(&keys.fvek, 32, &err), OK);
	noise(keys.fvek.p, 32, 5);
	assert_int_equal(bitlocker_cipher_init(&c, &keys, SECTOR, &err), OK);
	noise(raw[0], sizeof(raw), 11);
	for (size_t i = 0; i < SECTORS; i++)
		if (kinds[i] == 'p')
			memset(raw[i], 'p', SECTOR);
	memcpy(open, raw, sizeof(raw));
	assert_int_equal(bitlocker_decrypt(&c, open[0], sizeof(open), 0, &err),
	                 OK);
	memcpy(got, raw, sizeof(raw));
	assert_int_equal(
		bitlocker_decrypt_mixed(&c, got[0], work, sizeof(got), 0, &err),
		OK);
	for (size_t i = 0; i < SECTORS; i++)
		assert_memory_equal(got[i], wanted[i] == 'e' ? open[i] : raw[i],
		                    SECTOR);
	bitlocker_cipher_release(&c);
	bitlocker_keys_release(&keys);
}

static void neighbours_decide(void **state)
{
	(void)state;
	check_group("xxxxxxxx", "eeeeeeee");
	check_group("pppppppp", "........");
	check_group("xxxxxxxp", "........");
	check_group("pxxxxxxx", "........");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noise_looks_random),
		cmocka_unit_test(data_do_not),
		cmocka_unit_test(neighbours_decide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
