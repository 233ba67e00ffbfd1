/* SPDX-License-Identifier: MIT */
/*
 * test_dpapi_algorithm.c - names and sizes of DPAPI's algorithms
 */
#include "tests/parsers/sample.h"

#include "parsers/dpapi_algorithm.h"

/* The numbers are wincrypt.h's, written out: not those of the header. */
static const struct {
	uint32_t id;
	const char *hash, *cipher;
	size_t size, block;
} cases[] = {
	{ 0x6601, NULL, "DES", 8, 8 },
	{ 0x6602, NULL, "RC2", 0, 8 },
	{ 0x6603, NULL, "3DES", 24, 8 },
	{ 0x6609, NULL, "3DES-112", 16, 8 },
	{ 0x660e, NULL, "AES-128", 16, 16 },
	{ 0x660f, NULL, "AES-192", 24, 16 },
	{ 0x6610, NULL, "AES-256", 32, 16 },
	{ 0x6611, NULL, "AES", 0, 16 },
	{ 0x6801, NULL, "RC4", 0, 1 },
	{ 0x8003, "MD5", NULL, 16, 64 },
	{ 0x8004, "SHA-1", NULL, 20, 64 },
	{ 0x8009, "HMAC-SHA-1", NULL, 20, 64 },
	{ 0x800c, "SHA-256", NULL, 32, 64 },
	{ 0x800d, "SHA-384", NULL, 48, 128 },
	{ 0x800e, "SHA-512", NULL, 64, 128 },
	{ 0, NULL, NULL, 0, 0 },
	{ 0x6600, NULL, NULL, 0, 0 },
	{ 0x800f, NULL, NULL, 0, 0 },
	{ 0x80000000, NULL, NULL, 0, 0 },
	{ 0x10006610, NULL, NULL, 0, 0 },
	{ UINT32_MAX, NULL, NULL, 0, 0 },
};

static void assert_algorithm(const struct dpapi_algorithm *a, size_t i,
                             const char *name)
{
	if (!name) {
		assert_null(a);
		return;
	}
	assert_non_null(a);
	assert_int_equal(a->id, cases[i].id);
	assert_string_equal(a->name, name);
	assert_int_equal(a->size, cases[i].size);
	assert_int_equal(a->block, cases[i].block);
}

static void knows_each_by_its_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t id = cases[i].id;

		assert_algorithm(dpapi_hash_find(id), i, cases[i].hash);
		assert_algorithm(dpapi_cipher_find(id), i, cases[i].cipher);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_each_by_its_number),
	};

	return cmocka_run_group_tests_name("dpapi_algorithm", tests, NULL,
	                                   NULL);
}
