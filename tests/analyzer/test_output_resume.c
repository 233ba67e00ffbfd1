/* SPDX-License-Identifier: MIT */
/*
 * test_output_resume.c - which folders a run goes on in, and its hints
 */
#include "tests/analyzer/folder.h"

#include "analyzer/output.h"
#include "recovery/casefile.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct error err;

static char *in(const char *dir, const char *name)
{
	return g_build_filename(folder, dir, name, NULL);
}

static bool there(const char *dir, const char *name)
{
	char *path = in(dir, name);
	bool is = !access(path, F_OK);

	g_free(path);
	return is;
}

static void plant(const char *dir, const char *name, const char *text)
{
	char *path = in(dir, name), *above = g_path_get_dirname(path);

	(void)g_mkdir_with_parents(above, 0700);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	g_free(above);
	g_free(path);
}

static void make_case(const char *dir, const char *name)
{
	const struct case_tool tool = { .version = name };
	char *path = in(dir, name);
	struct casefile *cf;

	assert_int_equal(casefile_new(&cf, path, &err), OK);
	assert_int_equal(casefile_set_tool(cf, &tool, &err), OK);
	assert_int_equal(casefile_commit(cf, &err), OK);
	casefile_free(cf);
	g_free(path);
}

static enum status resume(struct output **out, const char *dir)
{
	char *path = g_build_filename(folder, dir, NULL);
	enum status st = output_resume(out, path, &err);

	g_free(path);
	return st;
}

static void test_new_and_empty(void **state)
{
	char *path = g_build_filename(folder, "empty", NULL);
	struct output *out;

	(void)state;
	assert_int_equal(resume(&out, "new"), OK);
	assert_null(output_hints(out));
	output_free(out);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(resume(&out, "empty"), OK);
	assert_null(output_hints(out));
	output_free(out);
	g_free(path);
}

/* Killed when it had made its folders, or one, and no more. */
static void test_bare(void **state)
{
	char *staging = in("bare", ".partial"), *files = in("bare", "files");
	char *path = g_build_filename(folder, "bare", NULL);
	struct output *out;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
			g_mkdir_with_parents(i ? files : staging, 0700), 0);
		assert_int_equal(i ? output_new(&out, path, &err)
		                   : resume(&out, "bare"),
		                 OK);
		output_free(out);
	}
	plant("bare", "files/letter", "mine");
	assert_int_equal(resume(&out, "bare"), E_IO);
	assert_int_equal(output_new(&out, path, &err), E_IO);
	g_free(path);
	g_free(files);
	g_free(staging);
}

static void test_foreign(void **state)
{
	struct output *out;

	(void)state;
	plant("foreign", "letter", "x");
	assert_int_equal(resume(&out, "foreign"), E_IO);
	assert_null(out);
	plant("foreign", "case.db", "text, and no case of ours");
	assert_int_equal(resume(&out, "foreign"), E_CORRUPT);
	assert_false(there("foreign", ".partial"));
	assert_false(there("foreign", "files"));
	plant("other", "case.db", "");
	assert_int_equal(resume(&out, "other"), E_CORRUPT);
	assert_true(there("other", "case.db"));
}

/* What is unfinished goes; the case becomes a hint, and goes at the end. */
static void test_goes_on(void **state)
{
	struct output *out;

	(void)state;
	plant("on", ".partial/lock", "");
	plant("on", ".partial/17", "half");
	plant("on", "notes", "of the user");
	make_case("on", "case.db");
	assert_int_equal(resume(&out, "on"), OK);
	assert_non_null(output_hints(out));
	assert_false(case_hints_ended(output_hints(out)));
	assert_false(there("on", ".partial/17"));
	assert_false(there("on", "case.db"));
	assert_true(there("on", ".partial/hint-1.db"));
	output_free(out); /* it is killed */
	assert_true(there("on", ".partial/hint-1.db"));

	plant("on", ".partial/lock", "");
	make_case("on", "case.db");
	assert_int_equal(resume(&out, "on"), OK);
	assert_true(there("on", ".partial/hint-2.db"));
	output_forget(out);
	output_free(out);
	assert_false(there("on", ".partial"));
	assert_true(there("on", "notes"));
}

/* Killed before it had a case, or in the middle of making it. */
static void test_killed_early(void **state)
{
	struct output *out;

	(void)state;
	plant("early", ".partial/lock", "");
	assert_int_equal(resume(&out, "early"), OK);
	assert_null(output_hints(out));
	output_free(out);
	plant("early", ".partial/lock", "");
	plant("early", "case.db", "");
	assert_int_equal(resume(&out, "early"), OK);
	assert_null(output_hints(out));
	assert_false(there("early", "case.db"));
	output_free(out);
}

static void test_nothing_to_go_on_with(void **state)
{
	struct output *out;

	(void)state;
	plant("vain", ".partial/lock", "");
	make_case("vain", "case.db");
	assert_int_equal(resume(&out, "vain"), OK);
	make_case("vain", "case.db");
	output_restore(out);
	output_free(out);
	assert_true(there("vain", "case.db"));
	assert_false(there("vain", ".partial"));
	/* a damaged hint: all is as it was */
	plant("vain", ".partial/hint-1.db", "text");
	assert_int_equal(resume(&out, "vain"), E_CORRUPT);
	assert_true(there("vain", "case.db"));
	assert_true(there("vain", ".partial/hint-1.db"));
}

static void test_one_at_a_time(void **state)
{
	struct output *out, *second;

	(void)state;
	assert_int_equal(resume(&out, "busy"), OK);
	assert_int_equal(resume(&second, "busy"), E_IO);
	assert_non_null(strstr(err.what, "another run"));
	assert_true(there("busy", ".partial/lock"));
	output_free(out);
	assert_false(there("busy", ".partial"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_and_empty),
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_killed_early),
		cmocka_unit_test(test_nothing_to_go_on_with),
		cmocka_unit_test(test_one_at_a_time),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
