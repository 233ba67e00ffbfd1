/* SPDX-License-Identifier: MIT */
/*
 * test_found.c - times of files of evidence
 */
#include "tests/parsers/sample.h"

#include "analyzer/found.h"

static void counts_from_1601(void **state)
{
	static const struct {
		int64_t seconds;
		long nanoseconds;
		uint64_t want;
	} times[] = {
		{ 0, 0, UINT64_C(116444736000000000) },
		{ 0, 199, UINT64_C(116444736000000001) },
		/* GNU date: 2009-07-13 23:13:59 UTC, and a day before 1970 */
		{ 1247526839, 123456700, UINT64_C(128920004391234567) },
		{ -86400, 0, UINT64_C(116443872000000000) },
		{ -11644473600, 0, 0 },
		{ -11644473599, 0, 10000000 },
		{ -11644473601, 0, 0 },
		{ INT64_MIN, 0, 0 },
		{ INT64_MAX, 0, 0 },
		{ 0, -1, 0 },
		{ 0, 1000000000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(times); i++)
		assert_int_equal(
			found_time(times[i].seconds, times[i].nanoseconds),
			times[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_from_1601),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
