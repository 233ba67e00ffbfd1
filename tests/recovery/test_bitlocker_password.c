/* SPDX-License-Identifier: MIT */
/*
 * test_bitlocker_password.c - passwords and recovery passwords, as they are
 * typed and saved
 */
#include "recovery/bitlocker.h"
#include "tests/recovery/vectors.h"

#include <string.h>

#define DIGITS "042647-302313-590458-071500-554323-116567-412181-516978"

/* SHA-256 of SHA-256 of the UTF-16; by Python's hashlib. */
static void hashes_passwords(void **state)
{
	static const struct {
		const char *password, *hash;
	} known[] = {
		{ "", "5df6e0e2761359d30a8275058e299fcc"
		      "0381534545f55cf43e41983f5d4c9456" },
		{ "anaconda", "0d6cbf9e5d75af220d7ac3e9f35d05f5"
		              "6952608dd1dacb31774452c489eadc51" },
		{ "anaconda\xc2\xa3", "bd3afd009ec0be1a2a9891011f611f98"
		                      "8e0ad1d2374df4aca002510b1b16506a" },
		{ "\xf0\x9d\x84\x9e", "930e57c67e0d23c103b5b5f60c714049"
		                      "e7a8ec5102d9f77221e100bdcd6e9a32" },
	};
	uint8_t hash[BITLOCKER_HASH_SIZE];
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		struct bytes want = hexed(known[i].hash);

		assert_int_equal(
			bitlocker_password_hash(
				hash, view_of(known[i].password), &err),
			OK);
		assert_memory_equal(hash, want.p, sizeof(hash));
		material_free(want);
	}
	assert_int_equal(bitlocker_password_hash(hash, view_of("\xff"), &err),
	                 E_CORRUPT);
	assert_int_equal(bitlocker_password_hash(hash, view_of("a\xc3"), &err),
	                 E_CORRUPT);
}

static bool found(struct bytes line)
{
	static const char want[] = "3c93bebf9befb2d6fdc35221abfcbafc"
				   "39a537477fbc0c087b2cec124397660f";
	uint8_t hash[BITLOCKER_HASH_SIZE];
	struct bytes wanted;

	if (!bitlocker_recovery_hash(hash, line))
		return false;
	wanted = hexed(want);
	assert_memory_equal(hash, wanted.p, sizeof(hash));
	material_free(wanted);
	return true;
}

static void finds_recovery_passwords(void **state)
{
	static const char *const good[] = {
		DIGITS,
		"  " DIGITS "\t",
		"\xef\xbb\xbf" DIGITS,
		"\xff\xfe" DIGITS,
		"Recovery Key: " DIGITS ".",
		"1234 " DIGITS,
		"042647302313590458071500554323116567412181516978",
		"042647 302313 590458 071500 554323 116567 412181 516978",
		"042647 - 302313-590458-071500-554323-116567-412181-516978",
	};
	static const char *const bad[] = {
		"",
		"042647",
		/* One group is no multiple of 11; one is too large. */
		"042648-302313-590458-071500-554323-116567-412181-516978",
		"720896-302313-590458-071500-554323-116567-412181-516978",
		/* A digit too few, and one too many. */
		"042647-302313-590458-071500-554323-116567-412181-51697",
		"042647-302313-590458-071500-554323-116567-412181-5169780",
		"1042647302313590458071500554323116567412181516978",
		"04264-7302313-590458-071500-554323-116567-412181-516978",
		"042647x302313-590458-071500-554323-116567-412181-516978",
		"correct horse battery",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(found(view_of(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(found(view_of(bad[i])));
}

/* As Windows saves it: a NUL behind each character, and one before them. */
static void finds_them_in_utf16(void **state)
{
	static const char text[] = DIGITS;
	uint8_t wide[2 * sizeof(text)] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		wide[2 * i + 1] = (uint8_t)text[i];
	assert_true(found((struct bytes){ wide, sizeof(wide), 0 }));
	assert_true(found((struct bytes){ wide + 1, sizeof(wide) - 1, 0 }));
}

/* The greatest group: 720885 is 0xffff times 11. */
static void takes_the_greatest_group(void **state)
{
	uint8_t hash[BITLOCKER_HASH_SIZE];

	(void)state;
	assert_true(bitlocker_recovery_hash(
		hash, view_of("720885720885720885720885720885720885720885"
	                      "720885")));
	assert_false(bitlocker_recovery_hash(
		hash, view_of("720896720885720885720885720885720885720885"
	                      "720885")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_passwords),
		cmocka_unit_test(finds_recovery_passwords),
		cmocka_unit_test(finds_them_in_utf16),
		cmocka_unit_test(takes_the_greatest_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
