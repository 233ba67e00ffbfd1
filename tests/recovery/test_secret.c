/* SPDX-License-Identifier: MIT */
/*
 * test_secret.c - memory for secrets
 */
#include "tests/recovery/material.h"

#include <stdio.h>
#include <string.h>

static void is_zero_and_its_own(void **state)
{
	static const size_t sizes[] = { 1, 32, 4095, 4096, 4097, 1 << 20 };
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct secret s = { 0 };

		assert_int_equal(secret_alloc(&s, sizes[i], &err), OK);
		assert_int_equal(s.n, sizes[i]);
		for (size_t k = 0; k < s.n; k++)
			assert_int_equal(s.p[k], 0);
		memset(s.p, 0xa5, s.n);
		assert_ptr_equal(secret_view(&s).p, s.p);
		assert_int_equal(secret_view(&s).n, s.n);
		secret_release(&s);
		assert_null(s.p);
		assert_int_equal(s.n, 0);
		secret_release(&s);
	}
}

static void refuses_impossible_sizes(void **state)
{
	struct error err = { 0 };
	struct secret s;

	(void)state;
	assert_int_equal(secret_alloc(&s, 0, &err), E_LIMIT);
	assert_null(s.p);
	assert_int_equal(secret_alloc(&s, SIZE_MAX, &err), E_LIMIT);
	assert_int_equal(secret_alloc(&s, SIZE_MAX / 2, &err), E_NOMEM);
	assert_int_equal(err.status, E_NOMEM);
	assert_null(s.p);
}

static void moves(void **state)
{
	struct secret a = { 0 };
	struct secret b = { 0 };
	struct error err;
	uint8_t *p;

	(void)state;
	assert_int_equal(secret_alloc(&a, 16, &err), OK);
	assert_int_equal(secret_alloc(&b, 32, &err), OK);
	p = a.p;
	secret_move(&b, &a);
	assert_null(a.p);
	assert_ptr_equal(b.p, p);
	assert_int_equal(b.n, 16);
	secret_move(&b, &b);
	assert_ptr_equal(b.p, p);
	secret_move(&b, &a);
	assert_null(b.p);
}

/* "dd": not in core dumps, in the flags of the mapping at this address. */
static void stays_out_of_core_dumps(void **state)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	struct secret s = { 0 };
	char line[512];
	unsigned long from, to;
	bool here = false;
	bool found = false;
	struct error err;

	(void)state;
	if (!f)
		skip();
	assert_int_equal(secret_alloc(&s, 100, &err), OK);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = (uintptr_t)s.p >= from && (uintptr_t)s.p < to;
		else if (here && !strncmp(line, "VmFlags:", 8))
			found = strstr(line, " dd");
	}
	fclose(f);
	assert_true(found);
	secret_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_zero_and_its_own),
		cmocka_unit_test(refuses_impossible_sizes),
		cmocka_unit_test(moves),
		cmocka_unit_test(stays_out_of_core_dumps),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
