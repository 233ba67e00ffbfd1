/* SPDX-License-Identifier: MIT */
/*
 * test_secret_pool.c - many small secrets that live as long as each other
 */
#include "tests/recovery/material.h"

#include "recovery/secret_pool.h"

#include <string.h>

static void keeps_them_apart(void **state)
{
	struct secret_pool pool = { 0 };
	uint8_t *all[9000];

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		static const uint8_t zero[20];

		all[i] = secret_pool_take(&pool, 20);
		assert_non_null(all[i]);
		assert_memory_equal(all[i], zero, 20);
		memset(all[i], (int)(i % 251), 20);
	}
	for (size_t i = 0; i < COUNT(all); i++)
		for (size_t k = 0; k < 20; k++)
			assert_int_equal(all[i][k], i % 251);
	secret_pool_release(&pool);
	secret_pool_release(&pool);
}

static void copies(void **state)
{
	struct secret_pool pool = { 0 };
	uint8_t text[4096];
	struct bytes copy;

	(void)state;
	memset(text, 7, sizeof(text));
	for (int i = 0; i < 40; i++) {
		copy = secret_pool_copy(
			&pool, (struct bytes){ text, sizeof(text), 5 });
		assert_int_equal(copy.n, sizeof(text));
		assert_memory_equal(copy.p, text, sizeof(text));
	}
	secret_pool_release(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_them_apart),
		cmocka_unit_test(copies),
	};

	return cmocka_run_group_tests_name("secret_pool", tests, NULL, NULL);
}
