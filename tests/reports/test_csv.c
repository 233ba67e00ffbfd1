/* SPDX-License-Identifier: MIT */
/*
 * test_csv.c - a spreadsheet runs nothing of a CSV report
 */
#include "tests/reports/sample_case.h"

#include <stdlib.h>
#include <string.h>

static void formulas_are_text(void **state)
{
	struct casefile *cf = sample_case();
	size_t n;
	char *text = sample_report(cf, "csv", &n);

	(void)state;
	assert_non_null(strstr(text, "\"'=notes,\"\"1\"\"\""));
	assert_null(strstr(text, "\"=notes"));
	free(text);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formulas_are_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
