/* SPDX-License-Identifier: MIT */
/*
 * test_console_keys.c - the tree of keys that people read
 */
#include "tests/reports/sample_case.h"

#include "reports/console.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static char *print_keys(struct casefile *cf, size_t *n)
{
	struct error err = { 0 };
	char *text = NULL;
	FILE *out = open_memstream(&text, n);

	assert_non_null(out);
	assert_int_equal(console_keys(cf, out, &err), OK);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void golden(void **state)
{
	struct casefile *cf = sample_case();
	size_t n;
	char *text = print_keys(cf, &n);

	(void)state;
	sample_golden(text, n, "keys.txt");
	free(text);
	casefile_free(cf);
}

/* What is printed for a case of few facts. */
static void assert_text(struct casefile *cf, const char *expected)
{
	size_t n;
	char *text = print_keys(cf, &n);

	assert_string_equal(text, expected);
	free(text);
	casefile_free(cf);
}

static struct casefile *new_case(void)
{
	struct error err = { 0 };
	struct casefile *cf;

	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	return cf;
}

static void add_objects(struct casefile *cf, unsigned n, bool opened)
{
	struct error err = { 0 };

	for (unsigned i = 0; i < n; i++) {
		struct case_object o = { .path = "/x", .opened = opened };

		assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	}
}

static void totals(void **state)
{
	struct casefile *cf = new_case();
	struct case_tool tool = { .interrupted = true };
	struct error err = { 0 };

	(void)state;
	assert_text(cf, "No encrypted object was found.\n"
	                "\nNo key material was found.\n");
	cf = new_case();
	add_objects(cf, 2, true);
	assert_int_equal(casefile_set_tool(cf, &tool, &err), OK);
	assert_text(cf, "The run was interrupted. The keys at hand open all"
	                " of 2 encrypted objects.\n"
	                "\nNo key material was found.\n");
	cf = new_case();
	add_objects(cf, 1, true);
	add_objects(cf, 1, false);
	assert_text(cf, "Of 2 encrypted objects 1 can be opened with the keys"
	                " at hand; 1 stays closed.\n"
	                "\nNo key material was found.\n"
	                "\nNo further secret is known that would open more;"
	                " `efsleuth audit` says why.\n");
}

/* What is in a locked file is not known, unless a certificate tells it. */
static void what_it_would_open(void **state)
{
	struct casefile *cf = new_case();
	struct case_key pfx = { .type = "pfx",
		                .path = "a.pfx",
		                .state = "locked",
		                .reason = "no password opens it" };
	struct case_key cert = { .type = "certificate",
		                 .key_id = "147b23a1",
		                 .path = "a.cer",
		                 .state = "public" };
	struct error err = { 0 };

	(void)state;
	add_objects(cf, 1, false);
	assert_int_equal(casefile_add_key(cf, &pfx, &err), OK);
	assert_int_equal(casefile_add_key(cf, &cert, &err), OK);
	assert_text(cf, "Of 1 encrypted object none can be opened with the"
	                " keys at hand; 1 stays closed.\n"
	                "\nGiven on the command line\n"
	                "=========================\n"
	                "  PFX file a.pfx, LOCKED: no password opens it\n"
	                "  certificate 147b23a1  would open nothing here\n"
	                "      a.cer\n"
	                "\nNo further secret is known that would open more;"
	                " `efsleuth audit` says why.\n");
}

static void add_master(struct casefile *cf, const char *id, const char *state,
                       const char *reason, bool crackable)
{
	static const char *const line[] = { "$DPAPImk$" };
	struct case_key key = {
		.type = "master_key",
		.key_id = id,
		.evidence = "d",
		.volume = 1,
		.user = "ann",
		.state = state,
		.reason = reason,
		.crack = line,
		.n_crack = crackable,
	};
	struct error err = { 0 };

	assert_int_equal(casefile_add_key(cf, &key, &err), OK);
}

#define HEAD "No encrypted object was found.\n\nd v1\n====\n\nann\n"

/* Of those that open nothing, the damaged ones are told. */
static void idle_master_keys(void **state)
{
	struct casefile *cf = new_case();

	(void)state;
	add_master(cf, "{1}", "unlocked", NULL, false);
	assert_text(cf,
	            HEAD "  1 master key, unlocked; no key file needs it\n");
	cf = new_case();
	add_master(cf, "{1}", "locked", "no password", true);
	add_master(cf, "{2}", "locked", "no password", true);
	assert_text(cf, HEAD "  2 master keys, all LOCKED; no key file needs"
	                     " them\n");
	cf = new_case();
	add_master(cf, "{1}", "unlocked", NULL, false);
	add_master(cf, "{2}", "locked", "damaged", false);
	add_master(cf, "{3}", "locked", "cut", false);
	add_master(cf, "{4}", "locked", "cut", false);
	add_master(cf, "{5}", "locked", "no password", true);
	assert_text(cf, HEAD "  master key {2}, LOCKED: damaged\n"
	                     "  2 master keys, LOCKED: cut\n"
	                     "  2 master keys, 1 of them unlocked; no key file"
	                     " needs them\n");
}

/* A case that somebody made up does not send us round for ever. */
static void a_circle_ends(void **state)
{
	struct casefile *cf = new_case();
	struct case_key key = { .type = "pfx", .state = "locked" };
	struct error err = { 0 };
	size_t n;
	char *text;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(casefile_add_key(cf, &key, &err), OK);
	assert_int_equal(casefile_link_key(cf, 1, 2, &err), OK);
	assert_int_equal(casefile_link_key(cf, 2, 3, &err), OK);
	assert_int_equal(casefile_link_key(cf, 3, 2, &err), OK);
	text = print_keys(cf, &n);
	assert_true(n < 2000);
	free(text);
	casefile_free(cf);
}

/* Thumbprints and GUIDs are copied: they are whole on their line. */
static void lines_are_short(void **state)
{
	struct casefile *cf = sample_case();
	size_t n;
	char *text = print_keys(cf, &n);
	char **lines = g_strsplit(text, "\n", -1);

	(void)state;
	for (char **line = lines; *line; line++)
		if (!strchr(*line, '/')) /* paths are never broken */
			assert_in_range(g_utf8_strlen(*line, -1), 0, 80);
	assert_null(strchr(text, '\x01'));
	assert_null(strstr(text, "\xe2\x80\xae"));
	g_strfreev(lines);
	free(text);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),
		cmocka_unit_test(totals),
		cmocka_unit_test(what_it_would_open),
		cmocka_unit_test(idle_master_keys),
		cmocka_unit_test(a_circle_ends),
		cmocka_unit_test(lines_are_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
