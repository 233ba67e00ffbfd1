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

static void reads_potfiles(void **state)
{
	static const struct {
		const char *line, *password;
	} cases[] = {
		{ "$DPAPImk$1*1*S-1-5-21-1*des3*sha1*4000*00*2*00:a:b", "a:b" },
		{ "$DPAPImk$1*1*S-1-5-21-1*des3*sha1*4000*00*2*00:", "" },
		{ "$DPAPImk$without", "$DPAPImk$without" },
		{ "$pfxng$1$20$2000$8$00$00$00:$HEX[613a62]", "a:b" },
		{ "$DCC2$10240#tom#e4e938d12fe5974dc42a90120bd9c90f:hashcat",
		  "hashcat" },
		{ "b4b9b02e6f09a9bd760f388b67351e2b:hashcat", "hashcat" },
		{ "b4b9b02e6f09a9bd760f388b67351e2x:hashcat",
		  "b4b9b02e6f09a9bd760f388b67351e2x:hashcat" },
		{ "$NT$b4b9b02e6f09a9bd760f388b67351e2b:hashcat", "hashcat" },
		{ "ann:secret", "ann:secret" },
		{ "$HEX[c3a4]", "\xc3\xa4" },
		{ "$HEX[]", "" },
		{ "$HEX[c3a]", "$HEX[c3a]" },
		{ "$HEX[zz]", "$HEX[zz]" },
		{ "$HEX[6", "$HEX[6" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct passwords pw = { 0 };

		add(&pw, cases[i].line, strlen(cases[i].line));
		assert_int_equal(passwords_count(&pw), 1);
		check(&pw, 0, cases[i].password, strlen(cases[i].password));
		passwords_release(&pw);
	}
}

static void passes_garbage_over(void **state)
{
	static const char text[] = "one\n\x01\xff\x02\np\xe4ss\nfour\n";
	char *big = g_strnfill(4097, 'x');
	struct passwords pw = { 0 };
	char *label;

	(void)state;
	add(&pw, big, 4097);
	add(&pw, text, sizeof(text) - 1);
	add(&pw, big, 4096);
	assert_int_equal(pw.passed_over, 2);
	assert_int_equal(passwords_count(&pw), 4);
	check(&pw, 1, "p\xe4ss", 4); /* a PVK may have such a password */
	label = passwords_label(&pw, 2);
	assert_string_equal(label, "password #5"); /* of the lines */
	g_free(label);
	passwords_release(&pw);
	g_free(big);
}

static void knows_labels(void **state)
{
	static const char *const labels[] = { "password #1", "password #2",
		                              "DefaultPassword",
		                              "DefaultPassword",
		                              "password #3" };
	struct passwords pw = { 0 };
	struct secret s = { 0 };
	struct error err;

	(void)state;
	add(&pw, "a\nb", 3);
	assert_int_equal(secret_alloc(&s, 2, &err), OK);
	memcpy(s.p, "\nx", 2);
	assert_int_equal(
		passwords_add_labelled(&pw, &s, "DefaultPassword", &err), OK);
	add(&pw, "c", 1);
	assert_int_equal(passwords_count(&pw), COUNT(labels));
	for (size_t i = 0; i < COUNT(labels); i++) {
		char *label = passwords_label(&pw, i);

		assert_string_equal(label, labels[i]);
		g_free(label);
	}
	passwords_release(&pw);
}

static void remembers_what_opened(void **state)
{
	struct passwords pw = { 0 };

	(void)state;
	assert_true(passwords_proven(&pw, 0) == PASSWORDS_NONE);
	add(&pw, "a\nb\nc", 5);
	passwords_prove(&pw, 2);
	passwords_prove(&pw, 0);
	passwords_prove(&pw, 2);
	passwords_prove(&pw, PASSWORDS_NONE);
	assert_int_equal(passwords_proven(&pw, 0), 2);
	assert_int_equal(passwords_proven(&pw, 1), 0);
	assert_true(passwords_proven(&pw, 2) == PASSWORDS_NONE);
	passwords_release(&pw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_lines),
		cmocka_unit_test(keeps_zero_bytes),
		cmocka_unit_test(joins_files),
		cmocka_unit_test(reads_potfiles),
		cmocka_unit_test(passes_garbage_over),
		cmocka_unit_test(knows_labels),
		cmocka_unit_test(remembers_what_opened),
	};

	return cmocka_run_group_tests_name("passwords", tests, NULL, NULL);
}
