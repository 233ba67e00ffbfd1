/* SPDX-License-Identifier: MIT */
/*
 * test_output.c - hostile names stay in the folder, and nothing is replaced
 */
#include "tests/analyzer/folder.h"

#include "analyzer/output.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *write_one(struct output *out, const struct placement *where,
                       const char *text)
{
	struct output_file f;
	struct error err;
	char *path;

	assert_int_equal(output_begin(&f, out, &err), OK);
	assert_int_equal(output_write(&f, 0, text, strlen(text), &err), OK);
	assert_int_equal(output_close(&f, 0, 0, &err), OK);
	assert_int_equal(output_finish(&f, where, &path, &err), OK);
	return path;
}

static void check_text(struct output *out, const char *path, const char *text)
{
	char *full = output_path(out, path), *got = NULL;

	assert_true(g_file_get_contents(full, &got, NULL, NULL));
	assert_string_equal(got, text);
	g_free(got);
	g_free(full);
}

static void test_twins(void **state)
{
	char *dir = g_build_filename(folder, "twins", NULL);
	struct placement where = {
		.evidence = "e", .volume = "v1", .path = "/a/x", .mft = 41
	};
	struct output *out;
	struct error err;
	char *path;

	(void)state;
	assert_int_equal(output_new(&out, dir, &err), OK);
	path = write_one(out, &where, "first");
	assert_string_equal(path, "files/e/v1/a/x");
	g_free(path);
	path = write_one(out, &where, "second");
	assert_string_equal(path, "files/e/v1/a/x~41");
	check_text(out, path, "second");
	g_free(path);
	path = write_one(out, &where, "third");
	assert_string_equal(path, "files/e/v1/a/x~41~2");
	g_free(path);
	check_text(out, "files/e/v1/a/x", "first");

	/* a folder where a file is */
	where.path = "/a/x/y";
	path = write_one(out, &where, "below");
	assert_string_equal(path, "files/e/v1/a/x~2/y");
	g_free(path);

	where.path = "/../../up";
	where.stream = "../s";
	path = write_one(out, &where, "up");
	assert_string_equal(path, "files/e/v1/%2E%2E/%2E%2E/up:..%2Fs");
	g_free(path);
	output_free(out);
	g_free(dir);
}

/* A link that somebody plants in the folder is not followed. */
static void test_links(void **state)
{
	char *dir = g_build_filename(folder, "links", NULL);
	char *outside = g_build_filename(folder, "outside", NULL);
	char *planted = g_build_filename(dir, "files", "e", NULL);
	char *leaked = g_build_filename(outside, "v1", NULL);
	struct placement where = { .evidence = "e",
		                   .volume = "v1",
		                   .path = "/x" };
	struct output *out;
	struct error err;
	char *path;

	(void)state;
	assert_int_equal(output_new(&out, dir, &err), OK);
	assert_int_equal(mkdir(outside, 0700), 0);
	assert_int_equal(symlink(outside, planted), 0);
	path = write_one(out, &where, "text");
	assert_string_equal(path, "files/e~2/v1/x");
	assert_int_not_equal(access(leaked, F_OK), 0);
	g_free(path);
	output_free(out);
	g_free(leaked);
	g_free(planted);
	g_free(outside);
	g_free(dir);
}

static void test_unfinished(void **state)
{
	char *dir = g_build_filename(folder, "unfinished", NULL);
	char *staging = g_build_filename(dir, ".partial", NULL);
	const struct placement where = {
		.evidence = "e", .volume = "v1", .path = "/x", .mft = 41
	};
	struct output *out, *again;
	struct output_file f;
	struct error err;

	(void)state;
	assert_int_equal(output_new(&out, dir, &err), OK);
	assert_int_equal(output_begin(&f, out, &err), OK);
	assert_int_equal(output_write(&f, 0, "x", 1, &err), OK);
	output_abandon(&f);
	output_abandon(&f);
	output_free(out);
	/* nothing is left of it; with a file in it, the folder is not taken a
	   second time */
	assert_int_not_equal(access(staging, F_OK), 0);
	assert_int_equal(output_new(&out, dir, &err), OK);
	g_free(write_one(out, &where, "x"));
	output_free(out);
	assert_int_equal(output_new(&again, dir, &err), E_IO);
	assert_null(again);
	g_free(staging);
	g_free(dir);
}

static void test_times_and_holes(void **state)
{
	char *dir = g_build_filename(folder, "times", NULL), *full;
	struct placement where = { .evidence = "e",
		                   .volume = "v1",
		                   .path = "/x" };
	/* 2000-01-01 and a day later, + 100 ns */
	const uint64_t modified = UINT64_C(125911584000000001);
	const uint64_t accessed = UINT64_C(125912448000000000);
	struct output *out;
	struct output_file f;
	struct error err;
	struct stat sb;
	char *path;

	(void)state;
	assert_int_equal(output_new(&out, dir, &err), OK);
	assert_int_equal(output_begin(&f, out, &err), OK);
	assert_int_equal(output_write(&f, (1 << 20) + 1, "b", 1, &err), OK);
	assert_int_equal(output_write(&f, 0, "a", 1, &err), OK);
	assert_int_equal(output_resize(&f, (1 << 20) + 2, &err), OK);
	assert_int_equal(output_close(&f, accessed, modified, &err), OK);
	assert_int_equal(output_finish(&f, &where, &path, &err), OK);
	full = output_path(out, path);
	assert_int_equal(stat(full, &sb), 0);
	assert_int_equal(sb.st_size, (1 << 20) + 2);
	assert_true(sb.st_blocks < 64);
	assert_int_equal(sb.st_mtim.tv_sec, 946684800);
	assert_int_equal(sb.st_mtim.tv_nsec, 100);
	assert_int_equal(sb.st_atim.tv_sec, 946684800 + 86400);
	g_free(full);
	g_free(path);
	output_free(out);
	g_free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_unfinished),
		cmocka_unit_test(test_times_and_holes),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
