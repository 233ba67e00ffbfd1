/* SPDX-License-Identifier: MIT */
/*
 * test_casefile.c - a case on disk: kept, whole after a kill, and recognised
 */
#include "tests/recovery/cases.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct error err;

/* A path in a new folder of its own. */
static char *new_path(void)
{
	char *dir = g_dir_make_tmp("efsleuth-XXXXXX", NULL);
	char *path = g_build_filename(dir, "case.db", NULL);

	g_free(dir);
	return path;
}

static void remove_path(char *path)
{
	char *dir = g_path_get_dirname(path);

	(void)g_remove(path);
	assert_int_equal(g_rmdir(dir), 0); /* no other file is left */
	g_free(dir);
	g_free(path);
}

static void kept_on_disk(void **state)
{
	char *path = new_path();
	struct casefile *cf = new_case(path);
	struct case_key key = { .type = "pfx", .opens = 2 };
	struct case_walk *w;

	(void)state;
	assert_int_equal(casefile_add_key(cf, &key, &err), OK);
	assert_int_equal(casefile_commit(cf, &err), OK);
	assert_int_equal(casefile_add_key(cf, &key, &err), OK);
	casefile_free(cf); /* the second key was not committed */

	assert_int_equal(casefile_new(&cf, path, &err), E_IO);
	assert_int_equal(casefile_open(&cf, path, &err), OK);
	assert_int_equal(case_key_open(&w, cf, &err), OK);
	assert_true(case_key_next(w, &key));
	assert_string_equal(key.type, "pfx");
	assert_int_equal(key.opens, 2);
	assert_false(case_key_next(w, &key));
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_int_equal(casefile_add_key(cf, &key, &err), E_IO);
	casefile_free(cf);
	remove_path(path);
}

static void expect_open(const char *path, enum status expected)
{
	struct casefile *cf;

	assert_int_equal(casefile_open(&cf, path, &err), expected);
	assert_null(cf);
	assert_non_null(err.what);
}

static void refuses_what_is_no_case(void **state)
{
	/* Offsets in the header of [SQLite file format] 1.3. */
	enum { USER_VERSION = 60, APPLICATION_ID = 68 };
	char *path = new_path();
	struct casefile *cf = new_case(path);
	char *bytes;
	gsize n;

	(void)state;
	casefile_free(cf);
	assert_true(g_file_get_contents(path, &bytes, &n, NULL));
	bytes[USER_VERSION + 3]++;
	assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
	expect_open(path, E_UNSUPPORTED);
	bytes[APPLICATION_ID]++;
	assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
	expect_open(path, E_CORRUPT);
	assert_true(
		g_file_set_contents(path, "not a database, at all", -1, NULL));
	expect_open(path, E_CORRUPT);
	assert_true(g_file_set_contents(path, "", 0, NULL));
	expect_open(path, E_CORRUPT);
	(void)g_remove(path);
	expect_open(path, E_IO);
	g_free(bytes);
	remove_path(path);
}

/* It opens, for its first page is whole; the others are of nobody. */
static void finds_what_is_torn(void **state)
{
	char *path = new_path();
	struct casefile *cf = new_case(path);
	char *bytes;
	gsize n;

	(void)state;
	for (unsigned i = 0; i < 2000; i++)
		add_file(cf, 0, "/a/path");
	assert_int_equal(casefile_commit(cf, &err), OK);
	casefile_free(cf);
	assert_int_equal(casefile_check(path, &err), OK);
	assert_true(g_file_get_contents(path, &bytes, &n, NULL));
	memset(bytes + n - n / 4, 0xA5, n / 8);
	assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
	assert_int_equal(casefile_open(&cf, path, &err), OK);
	casefile_free(cf);
	assert_int_equal(casefile_check(path, &err), E_CORRUPT);
	assert_true(g_file_set_contents(path, bytes, (gssize)n / 2, NULL));
	assert_int_equal(casefile_check(path, &err), E_CORRUPT);
	(void)g_remove(path);
	assert_int_equal(casefile_check(path, &err), E_IO);
	g_free(bytes);
	remove_path(path);
}

static void batches_are_committed(void **state)
{
	char *path = new_path();
	struct casefile *cf = new_case(path), *other;

	(void)state;
	for (unsigned i = 0; i < 6000; i++)
		add_file(cf, 0, "/x");
	assert_int_equal(casefile_open(&other, path, &err), OK);
	assert_in_range(count_files(other), 4000, 5999);
	casefile_free(other);
	assert_int_equal(casefile_commit(cf, &err), OK);
	assert_int_equal(casefile_open(&other, path, &err), OK);
	assert_int_equal(count_files(other), 6000);
	casefile_free(other);
	casefile_free(cf);
	remove_path(path);
}

/* A kill in mid-transaction, when pages of it are on the disk already. */
static void survives_a_kill(void **state)
{
	char *path = new_path();
	pid_t child = fork();
	struct casefile *cf;
	char text[2001];
	int wait_status;

	(void)state;
	assert_true(child >= 0);
	if (!child) {
		memset(text, 'x', sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		cf = new_case(path);
		add_file(cf, 0, "/kept");
		assert_int_equal(casefile_commit(cf, &err), OK);
		for (unsigned i = 0; i < 2400; i++) /* spills the 4 MiB cache */
			add_file(cf, 0, text);
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &wait_status, 0), child);
	assert_true(WIFSIGNALED(wait_status));
	assert_int_equal(casefile_open(&cf, path, &err), OK);
	assert_int_equal(count_files(cf), 1);
	casefile_free(cf);
	remove_path(path);
}

/* A file that may not grow is the full disk that a test can have. */
static void says_when_it_cannot_write(void **state)
{
	const struct rlimit small = { .rlim_cur = 200000, .rlim_max = 200000 };
	char *path = new_path();
	pid_t child = fork();
	int wait_status;

	(void)state;
	if (!child) {
		struct casefile *cf = new_case(path);
		struct case_key key = { .type = "certificate" };
		enum status st = OK;

		(void)signal(SIGXFSZ, SIG_IGN);
		(void)setrlimit(RLIMIT_FSIZE, &small);
		for (unsigned i = 0; i < 1000000 && !st; i++)
			st = casefile_add_key(cf, &key, &err);
		casefile_free(cf);
		_exit(st == E_IO && err.what ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &wait_status, 0), child);
	assert_int_equal(wait_status, 0);
	(void)g_remove(path);
	remove_path(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_on_disk),
		cmocka_unit_test(refuses_what_is_no_case),
		cmocka_unit_test(finds_what_is_torn),
		cmocka_unit_test(batches_are_committed),
		cmocka_unit_test(survives_a_kill),
		cmocka_unit_test(says_when_it_cannot_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
