/* SPDX-License-Identifier: MIT */
/*
 * test_hashdeep.c - an audit by hashdeep with the manifest
 */
#include "tests/reports/sample_case.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>

/* False if there is no such program. */
static bool run(const char *dir, const char *command, int *wait_status)
{
	const char *argv[] = { "sh", "-c", command, NULL };
	char *found = g_find_program_in_path("hashdeep");

	if (!found)
		return false;
	g_free(found);
	return g_spawn_sync(dir, (char **)(uintptr_t)argv, NULL,
	                    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
	                    NULL, NULL, NULL, NULL, wait_status, NULL);
}

static void hashdeep_accepts_it(void **state)
{
	static const char audit[] = "hashdeep -r -l -a -k hashes.txt files";
	char *dir = g_dir_make_tmp("efsleuth-XXXXXX", NULL);
	char *path = g_build_filename(dir, "hashes.txt", NULL);
	struct casefile *cf = sample_case();
	size_t n;
	char *text = sample_report(cf, "hashdeep", &n);
	int wait_status = 0;
	bool ran;

	(void)state;
	sample_outputs(cf, dir);
	assert_true(g_file_set_contents(path, text, (gssize)n, NULL));
	ran = run(dir, audit, &wait_status);
	if (ran) {
		assert_int_equal(wait_status, 0);
		/* and it would have noticed a change */
		(void)run(dir, "echo >>files/disk.dd/v1/Users/ann/x.docx",
		          &wait_status);
		(void)run(dir, audit, &wait_status);
		assert_int_not_equal(wait_status, 0);
	}
	(void)run(dir, "rm -r files hashes.txt", &wait_status);
	(void)g_rmdir(dir);
	free(text);
	g_free(path);
	g_free(dir);
	casefile_free(cf);
	if (!ran)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashdeep_accepts_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
