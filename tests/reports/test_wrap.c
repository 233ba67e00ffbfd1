/* SPDX-License-Identifier: MIT */
/*
 * test_wrap.c - lines end before the terminal does
 */
#include "tests/reports/sample_case.h"

#include "reports/wrap.h"

#include <stdlib.h>
#include <string.h>

#define X10       "xxxxxxxxxx"
#define X70       X10 X10 X10 X10 X10 X10 X10
#define IDEOGRAPH "\xe6\x97\xa5"

static const struct {
	const char *first, *sep, *text, *expected;
} cases[] = {
	{ X70, ", ", "1234567", X70 ", 1234567\n" },
	/* the separator's space does not end a line */
	{ X70, ", ", "12345678", X70 ",\n    12345678\n" },
	{ X70, "  ", "12345678", X70 "\n    12345678\n" },
	/* longer than a line: between words, or not at all */
	{ X70, ", ", "1 " X70 " 2 3 4", X70 ", 1\n    " X70 " 2 3\n    4\n" },
	{ "a", " ", X70 X10, "a\n    " X70 X10 "\n" },
	/* two columns each */
	{ X70, " ", IDEOGRAPH IDEOGRAPH IDEOGRAPH IDEOGRAPH,
	  X70 " " IDEOGRAPH IDEOGRAPH IDEOGRAPH IDEOGRAPH "\n" },
	{ X70, " ", IDEOGRAPH IDEOGRAPH IDEOGRAPH IDEOGRAPH IDEOGRAPH,
	  X70 "\n    " IDEOGRAPH IDEOGRAPH IDEOGRAPH IDEOGRAPH IDEOGRAPH "\n" },
	/* what has no look is counted as it is shown */
	{ X70, "", "a\n\x1b[1m", X70 "\n    a<U+000A><U+001B>[1m\n" },
	{ "", "", "", "\n" },
};

static void lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = NULL;
		size_t n;
		struct wrap w = { .out = open_memstream(&text, &n),
			          .indent = 4 };

		wrap_put(&w, "", cases[i].first);
		wrap_put(&w, cases[i].sep, cases[i].text);
		wrap_end(&w);
		assert_int_equal(w.column, 0);
		assert_int_equal(fclose(w.out), 0);
		assert_string_equal(text, cases[i].expected);
		free(text);
	}
}

static void paths_are_whole(void **state)
{
	char *text = NULL;
	size_t n;
	struct wrap w = { .out = open_memstream(&text, &n), .indent = 2 };

	(void)state;
	wrap_put(&w, "", "a");
	wrap_line(&w, X70 " " X10 "\r");
	wrap_end(&w);
	assert_int_equal(fclose(w.out), 0);
	assert_string_equal(text, "a\n  " X70 " " X10 "<U+000D>\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(paths_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
