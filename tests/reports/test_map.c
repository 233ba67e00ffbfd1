/* SPDX-License-Identifier: MIT */
/*
 * test_map.c - what ddrescuelog reads from a mapfile
 */
#include "tests/reports/sample_case.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static char *map_of(uint64_t size, const struct case_bad *bad, size_t n_bad)
{
	struct case_evidence e = { .name = "a\nb", .size = size };
	struct error err = { 0 };
	struct casefile *cf;
	size_t n;
	char *text;

	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	assert_int_equal(casefile_add_evidence(cf, &e, &err), OK);
	for (size_t i = 0; i < n_bad; i++) {
		struct case_bad b = bad[i];

		b.evidence = e.id;
		assert_int_equal(casefile_add_bad(cf, &b, &err), OK);
	}
	text = sample_report(cf, "map", &n);
	casefile_free(cf);
	return text;
}

static void assert_blocks(uint64_t size, const struct case_bad *bad, size_t n,
                          const char *expected)
{
	static const char head[] = "  status\n";
	char *text = map_of(size, bad, n);
	const char *blocks = strstr(text, head);

	assert_non_null(strstr(text, "# Evidence: a%0Ab\n"));
	assert_non_null(blocks);
	assert_string_equal(blocks + strlen(head), expected);
	free(text);
}

static void covers_the_evidence(void **state)
{
	static const struct case_bad bad[] = {
		{ .offset = 0, .size = 512 },
		{ .offset = 100, .size = 1 },     /* inside */
		{ .offset = 512, .size = 0 },     /* nothing */
		{ .offset = 2048, .size = 1024 }, /* overlaps the next */
		{ .offset = 2560, .size = 1024 },
		{ .offset = 4000, .size = UINT64_MAX }, /* past the end */
		{ .offset = UINT64_MAX, .size = 9 },
	};

	(void)state;
	assert_blocks(0, NULL, 0, "");
	assert_blocks(0, bad, 7, "");
	assert_blocks(4096, NULL, 0, "0x00000000  0x00001000  +\n");
	assert_blocks(4096, bad, 7,
	              "0x00000000  0x00000200  -\n"
	              "0x00000200  0x00000600  +\n"
	              "0x00000800  0x00000600  -\n"
	              "0x00000E00  0x000001A0  +\n"
	              "0x00000FA0  0x00000060  -\n");
	assert_blocks(512, bad, 1, "0x00000000  0x00000200  -\n");
	/* what ddrescue cannot say is not said */
	assert_blocks(UINT64_MAX, NULL, 0,
	              "0x00000000  0x7FFFFFFFFFFFFFFF  +\n");
}

/* What ddrescuelog prints with `option`; NULL where it is not installed. */
static char *ddrescuelog(const char *option, const char *map)
{
	char *path = NULL, *out = NULL;
	int fd = g_file_open_tmp("efsleuth-XXXXXX", &path, NULL);
	const char *argv[] = { "ddrescuelog", option, path, NULL };
	int wait_status = -1;
	bool ran;

	assert_true(fd >= 0);
	assert_true(g_close(fd, NULL));
	assert_true(g_file_set_contents(path, map, -1, NULL));
	ran = g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL,
	                   G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
	                   NULL, NULL, &out, NULL, &wait_status, NULL);
	(void)g_remove(path);
	g_free(path);
	if (ran)
		assert_int_equal(wait_status, 0);
	return out;
}

static void ddrescuelog_reads_it(void **state)
{
	static const struct case_bad bad[] = {
		{ .offset = 1024, .size = 512 },
		{ .offset = 65536, .size = 4096 },
	};
	char *map = map_of(UINT64_C(1) << 20, bad, 2);
	char *blocks = ddrescuelog("--list-blocks=-", map);
	char *whole;

	(void)state;
	free(map);
	if (!blocks)
		skip(); /* gddrescue is not installed */
	/* sectors of 512 bytes: 2, and the eight from 128 on */
	assert_string_equal(blocks, "2\n128\n129\n130\n131\n132\n133\n134\n"
	                            "135\n");
	g_free(blocks);
	map = map_of(0, NULL, 0);
	whole = ddrescuelog("--list-blocks=-", map);
	assert_string_equal(whole, "");
	g_free(whole);
	free(map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(covers_the_evidence),
		cmocka_unit_test(ddrescuelog_reads_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
