/* SPDX-License-Identifier: MIT */
/*
 * test_output_name.c - hostile names, and names for file systems of Windows
 */
#include "tests/analyzer/folder.h"

#include "analyzer/output_name.h"

#include <string.h>

static void test_escape(void **state)
{
	static const char *const cases[][2] = {
		{ "plain.txt", "plain.txt" },
		{ "..", "%2E%2E" },
		{ ".", "%2E" },
		{ "...", "..." },
		{ "", "%" },
		{ "a/b", "a%2Fb" },
		{ "\n\x1b[31m", "%0A%1B[31m" },
		{ "\x7f", "%7F" },
		{ "\xc2\x85next", "%C2%85next" },
		{ "\xc3\xbc", "\xc3\xbc" },
		{ "-rf", "-rf" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *got = output_escape(cases[i][0]);

		assert_string_equal(got, cases[i][1]);
		g_free(got);
	}
}

/* A cut name fits with a suffix, is valid UTF-8, and differs where names do. */
static void test_long_names(void **state)
{
	GString *a = g_string_new(NULL);
	char *x, *y;

	(void)state;
	for (int i = 0; i < 255; i++)
		g_string_append(a, "\xe4\xb8\x96");
	x = output_escape(a->str);
	g_string_append_c(a, 'b');
	y = output_escape(a->str);
	assert_true(strlen(x) <= 255 - 32);
	assert_true(g_utf8_validate(x, -1, NULL));
	assert_string_not_equal(x, y);
	g_free(x);
	g_free(y);
	g_string_free(a, TRUE);
}

static void test_leaf_and_twin(void **state)
{
	char *name = output_leaf("a/b", NULL), *twin;

	(void)state;
	assert_string_equal(name, "a%2Fb");
	g_free(name);
	name = output_leaf("a", "../s");
	assert_string_equal(name, "a:..%2Fs");
	twin = output_twin(name, 41, 0);
	assert_string_equal(twin, name);
	g_free(twin);
	twin = output_twin(name, 41, 1);
	assert_string_equal(twin, "a:..%2Fs~41");
	g_free(twin);
	twin = output_twin(name, 41, 2);
	assert_string_equal(twin, "a:..%2Fs~41~2");
	g_free(twin);
	g_free(name);
}

/* The characters that Windows's documentation reserves in names. */
static void test_portable(void **state)
{
	static const char *const cases[][2] = {
		{ "plain.txt", "plain.txt" },
		{ "file:stream", "file%3Astream" },
		{ "<>:\"|?*\\", "%3C%3E%3A%22%7C%3F%2A%5C" },
		{ "a.", "a%2E" },
		{ "a ", "a%20" },
		{ "a b.c", "a b.c" },
		{ "...", "..%2E" },
		{ "", "" },
	};
	char *most = g_strnfill(223, ':'), *got;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		got = output_portable(cases[i][0]);
		assert_string_equal(got, cases[i][1]);
		g_free(got);
	}
	got = output_portable(most);
	assert_true(strlen(got) <= 255 - 32);
	g_free(got);
	g_free(most);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_leaf_and_twin),
		cmocka_unit_test(test_portable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
