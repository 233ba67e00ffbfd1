/* SPDX-License-Identifier: MIT */
/*
 * test_bodyfile.c - what mactime reads of the bodyfile
 */
#include "tests/reports/sample_case.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static char *mactime(const char *body, size_t n)
{
	char *path = NULL, *out = NULL;
	int fd = g_file_open_tmp("efsleuth-XXXXXX", &path, NULL);
	const char *argv[] = { "mactime", "-d", "-z", "UTC", "-b", path, NULL };

	assert_true(fd >= 0);
	assert_true(g_close(fd, NULL));
	assert_true(g_file_set_contents(path, body, (gssize)n, NULL));
	(void)g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL,
	                   G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL,
	                   NULL);
	(void)g_remove(path);
	g_free(path);
	return out;
}

static void mactime_reads_it(void **state)
{
	struct casefile *cf = sample_case();
	size_t n, lines = 0;
	char *body = sample_report(cf, "bodyfile", &n);
	char *timeline = mactime(body, n);

	(void)state;
	free(body);
	casefile_free(cf);
	if (!timeline)
		skip(); /* The Sleuth Kit's programs are not installed */
	/* Every row begins with a date: no name has broken a line. */
	for (char *s = timeline; *s; s = strchr(s, '\n') + 1, lines++)
		assert_true(!strncmp(s, "Fri Jan 02 2026 ", 16) || !lines ||
		            strstr(s, "surrogate"));
	assert_true(lines > 60);
	assert_non_null(strstr(timeline, "/a%01%1F%0A%0D%09|b%0A"));
	g_free(timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mactime_reads_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
