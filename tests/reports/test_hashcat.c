/* SPDX-License-Identifier: MIT */
/*
 * test_hashcat.c - the locks that are worth a cracker's time, and no others
 */
#include "tests/reports/sample_case.h"

#include <stdlib.h>
#include <string.h>

static const char *const lines[] = { "$DPAPImk$2*1*a\nb", "$pfxng$1" };
#define KEY(opens_, state_)                                                 \
	{                                                                   \
		.type = "master_key", .opens = (opens_), .state = (state_), \
		.crack = lines, .n_crack = sizeof(lines) / sizeof(lines[0]) \
	}

static const struct {
	struct case_key key;
	const char *hashcat;
} cases[] = {
	{ KEY(0, "locked"), "" },
	{ KEY(1, "unlocked"), "" },
	{ KEY(1, "public"), "" },
	{ KEY(1, NULL), "" },
	/* a line stays one line */
	{ KEY(1, "locked"), "$DPAPImk$2*1*a%0Ab\n$pfxng$1\n" },
	{ { .type = "pfx", .opens = 1, .state = "locked" }, "" },
};

static void assert_text(struct casefile *cf, const char *name,
                        const char *expected)
{
	size_t n;
	char *text = sample_report(cf, name, &n);

	assert_string_equal(text, expected);
	assert_int_equal(n, strlen(expected));
	free(text);
}

static void only_what_stands_before_objects(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct case_key key = cases[i].key;
		struct error err = { 0 };
		struct casefile *cf;

		assert_int_equal(casefile_new(&cf, NULL, &err), OK);
		assert_int_equal(casefile_add_key(cf, &key, &err), OK);
		assert_text(cf, "hashcat", cases[i].hashcat);
		casefile_free(cf);
	}
}

static void the_most_useful_first(void **state)
{
	static const char *const few[] = { "$DPAPImk$few" };
	static const char *const many[] = { "$DPAPImk$many", "$DPAPImk$few" };
	struct case_key a = { .opens = 2, .state = "locked", .crack = few };
	struct case_key b = { .opens = 10, .state = "locked", .crack = many };
	struct error err = { 0 };
	struct casefile *cf;

	(void)state;
	a.n_crack = 1;
	b.n_crack = 2;
	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	assert_int_equal(casefile_add_key(cf, &a, &err), OK);
	assert_int_equal(casefile_add_key(cf, &b, &err), OK);
	assert_text(cf, "hashcat", "$DPAPImk$many\n$DPAPImk$few\n");
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_stands_before_objects),
		cmocka_unit_test(the_most_useful_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
