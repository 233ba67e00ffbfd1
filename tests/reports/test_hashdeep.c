/* SPDX-License-Identifier: MIT */
/*
 * test_hashdeep.c - an audit by hashdeep with the manifest
 */
#include "tests/reports/sample_case.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char audit[] = "hashdeep -r -l -a -k hashes.txt files";

/* False if there is no such program. */
static bool run(const char *dir, const char *command, int *wait_status)
{
	const char *argv[] = { "sh", "-c", command, NULL };
	char *found = g_find_program_in_path("hashdeep");

	if (!found)
		return false;
	g_free(found);
	return g_spawn_sync(dir, (char **)(uintptr_t)argv, NULL,
	                    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
	                            G_SPAWN_STDERR_TO_DEV_NULL,
	                    NULL, NULL, NULL, NULL, wait_status, NULL);
}

/* The manifest of the case, and its files, below a new folder. */
static char *write_all(struct casefile *cf, char **text)
{
	char *dir = g_dir_make_tmp("efsleuth-XXXXXX", NULL);
	char *path = g_build_filename(dir, "hashes.txt", NULL);
	size_t n;

	*text = sample_report(cf, "hashdeep", &n);
	sample_outputs(cf, dir);
	assert_true(g_file_set_contents(path, *text, (gssize)n, NULL));
	g_free(path);
	return dir;
}

static void remove_all(char *dir, char *text)
{
	const char *argv[] = { "rm", "-r", dir, NULL };

	(void)g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL,
	                   G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
	                   NULL);
	free(text);
	g_free(dir);
}

static void hashdeep_accepts_it(void **state)
{
	struct casefile *cf = sample_case();
	int wait_status = 0;
	char *text, *dir = write_all(cf, &text);
	bool ran = run(dir, audit, &wait_status);

	(void)state;
	if (ran) {
		assert_int_equal(wait_status, 0);
		/* and it would have noticed a change */
		(void)run(dir, "echo >>files/disk.dd/v1/Users/ann/x.docx",
		          &wait_status);
		(void)run(dir, audit, &wait_status);
		assert_int_not_equal(wait_status, 0);
	}
	remove_all(dir, text);
	casefile_free(cf);
	if (!ran)
		skip();
}

/* ------------------------------------------------- digests of some kinds only
 */

enum { M = 1, S = 2, L = 4 }; /* MD5, SHA-1, SHA-256 */

/* A file whose contents are its output path. */
static void add_plaintext(struct casefile *cf, const char *output, int digests)
{
	static const GChecksumType types[] = { G_CHECKSUM_MD5, G_CHECKSUM_SHA1,
		                               G_CHECKSUM_SHA256 };
	struct case_object o = { .path = output };
	char *hex[3] = { 0 };
	struct error err = { 0 };
	struct case_stream s = { .outcome = OUTCOME_RECOVERED_VERIFIED,
		                 .output = output,
		                 .size = strlen(output) };

	for (size_t i = 0; i < 3; i++)
		if (digests & 1 << i)
			hex[i] = g_compute_checksum_for_string(types[i], output,
			                                       -1);
	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	s.object = o.id;
	s.md5 = hex[0];
	s.sha1 = hex[1];
	s.sha256 = hex[2];
	assert_int_equal(casefile_add_stream(cf, &s, &err), OK);
	for (size_t i = 0; i < 3; i++)
		g_free(hex[i]);
}

/* What the digests of two files are, and of the manifest: */
static const struct digests_of {
	int a, b;
	const char *columns;
	const char *says; /* a comment */
	bool passes;      /* hashdeep finds both */
} cases[] = {
	{ M, M, "md5,", "To check: hashdeep", true },
	{ S, S, "sha1,", "To check: hashdeep", true },
	{ L, L, "sha256,", "To check: hashdeep", true },
	{ M | S, M | S, "md5,sha1,", "To check: hashdeep", true },
	{ M | L, M | L, "md5,sha256,", "To check: hashdeep", true },
	{ S | L, S | L, "sha1,sha256,", "To check: hashdeep", true },
	{ M | S | L, M | S | L, "md5,sha1,sha256,", "To check", true },
	{ 0, 0, "", "No hashes were computed, so no file is listed", false },
	/* those of two runs */
	{ M | L, M | S | L, "md5,sha256,", "To check", true },
	{ M | L, S | L, "sha256,", "To check", true },
	{ M | L, 0, "md5,sha256,", "hashes: files/b\n", false },
	{ S, M, "sha1,", "hashes: files/b\n", false },
	{ M, S | L, "sha256,", "hashes: files/a\n", false },
};

static void check_digests(const struct digests_of *d, bool *ran)
{
	struct casefile *cf;
	struct error err = { 0 };
	char *text, *dir, *heading;
	int wait_status = 0;

	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	add_plaintext(cf, "files/a", d->a);
	add_plaintext(cf, "files/b", d->b);
	dir = write_all(cf, &text);
	heading = g_strdup_printf("%%%%%%%% HASHDEEP-1.0\n"
	                          "%%%%%%%% size,%sfilename\n## ",
	                          d->columns);
	assert_true(g_str_has_prefix(text, heading));
	assert_non_null(strstr(text, d->says));
	*ran = run(dir, audit, &wait_status);
	if (*ran)
		assert_int_equal(wait_status == 0, d->passes);
	remove_all(dir, text);
	g_free(heading);
	casefile_free(cf);
}

static void columns_are_what_there_is(void **state)
{
	bool ran = true;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check_digests(&cases[i], &ran);
	if (!ran)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashdeep_accepts_it),
		cmocka_unit_test(columns_are_what_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
