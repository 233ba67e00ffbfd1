/* SPDX-License-Identifier: MIT */
/*
 * test_passwords.c - candidate passwords, one a line
 */
#include "tests/recovery/material.h"

#include <string.h>

static void add(struct passwords *pw, const char *text, size_t n)
{
	struct secret s = { 0 };
	struct error err;

	if (n) {
		assert_int_equal(secret_alloc(&s, n, &err), OK);
		memcpy(s.p, text, n);
	}
	assert_int_equal(passwords_add(pw, &s, &err), OK);
	assert_null(s.p);
}

static void check(const struct passwords *pw, size_t i, const char *line,
                  size_t n)
{
	struct bytes b = passwords_get(pw, i);

	assert_int_equal(b.n, n);
	if (n)
		assert_memory_equal(b.p, line, n);
}

static void splits_lines(void **state)
{
	static const struct {
		const char *text;
		size_t n, lines;
		const char *first, *last;
	} cases[] = {
		{ "", 0, 0, "", "" },
		{ "a", 1, 1, "a", "a" },
		{ "a\n", 2, 1, "a", "a" },
		{ "a\r\n", 3, 1, "a", "a" },
		{ "a\r", 2, 1, "a", "a" },
		{ "\n", 1, 1, "", "" },
		{ "\r\n", 2, 1, "", "" },
		{ "a\n\n", 3, 2, "a", "" },
		{ "a\n\nb", 4, 3, "a", "b" },
		{ " a \n\tb", 6, 2, " a ", "\tb" },
		{ "a\r\r\n", 4, 1, "a\r", "a\r" },
		{ "\xef\xbb\xbfp\xc3\xa4\nb", 8, 2, "p\xc3\xa4", "b" },
		{ "\xef\xbb\xbf", 3, 0, "", "" },
		{ "\xef\xbb\xbf\n", 4, 1, "", "" },
		{ "\xef\xbb", 2, 1, "\xef\xbb", "\xef\xbb" },
		{ "a\n\xef\xbb\xbf"
		  "b",
		  6, 2, "a",
		  "\xef\xbb\xbf"
		  "b" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct passwords pw = { 0 };

		add(&pw, cases[i].text, cases[i].n);
		assert_int_equal(passwords_count(&pw), cases[i].lines);
		if (cases[i].lines) {
			check(&pw, 0, cases[i].first, strlen(cases[i].first));
			check(&pw, cases[i].lines - 1, cases[i].last,
			      strlen(cases[i].last));
		}
		passwords_release(&pw);
	}
}

static void keeps_zero_bytes(void **state)
{
	struct passwords pw = { 0 };

	(void)state;
	add(&pw, "a\0b\nc", 5);
	assert_int_equal(passwords_count(&pw), 2);
	check(&pw, 0, "a\0b", 3);
	check(&pw, 1, "c", 1);
	passwords_release(&pw);
}

static void joins_files(void **state)
{
	struct passwords pw = { 0 };

	(void)state;
	assert_int_equal(passwords_count(&pw), 0);
	add(&pw, "one\ntwo", 7);
	add(&pw, "", 0);
	add(&pw, "three\n", 6);
	assert_int_equal(passwords_count(&pw), 3);
	check(&pw, 0, "one", 3);
	check(&pw, 1, "two", 3);
	check(&pw, 2, "three", 5);
	passwords_release(&pw);
	assert_int_equal(passwords_count(&pw), 0);
	passwords_release(&pw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_lines),
		cmocka_unit_test(keeps_zero_bytes),
		cmocka_unit_test(joins_files),
	};

	return cmocka_run_group_tests_name("passwords", tests, NULL, NULL);
}
