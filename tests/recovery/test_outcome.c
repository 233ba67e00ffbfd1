/* SPDX-License-Identifier: MIT */
/*
 * test_outcome.c - the closed list of statuses
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recovery/outcome.h"

static void names_are_the_contract(void **state)
{
	static const char *const names[] = {
		"openable",
		"recovered_verified",
		"recovered_unverified",
		"recovered_partial",
		"no_key",
		"key_locked",
		"unsupported_protector",
		"unsupported_algorithm",
		"metadata_missing",
		"metadata_damaged",
		"data_unreadable",
		"output_failed",
	};

	(void)state;
	assert_int_equal(sizeof(names) / sizeof(names[0]), OUTCOME_COUNT);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		assert_string_equal(outcome_name((enum outcome)i), names[i]);
}

static void find_is_the_reverse(void **state)
{
	enum outcome outcome;

	(void)state;
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		assert_true(
			outcome_find(&outcome, outcome_name((enum outcome)i)));
		assert_int_equal(outcome, i);
	}
	assert_false(outcome_find(&outcome, "recovered"));
	assert_false(outcome_find(&outcome, ""));
}

static void partial_is_not_recovered(void **state)
{
	unsigned n = 0;

	(void)state;
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		n += outcome_recovered((enum outcome)i);
	assert_int_equal(n, 2);
	assert_true(outcome_recovered(OUTCOME_RECOVERED_VERIFIED));
	assert_true(outcome_recovered(OUTCOME_RECOVERED_UNVERIFIED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_the_contract),
		cmocka_unit_test(find_is_the_reverse),
		cmocka_unit_test(partial_is_not_recovered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
