/* SPDX-License-Identifier: MIT */
/*
 * test_workspace.c - results get their name once, and whole; what nobody works
 * in is removed
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#undef fail

#include "analyzer/workspace.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

static struct error err;
static char *dir, *work;

static int make_dir(void **state)
{
	(void)state;
	dir = g_dir_make_tmp("workspace-XXXXXX", NULL);
	work = g_build_filename(dir, "work", NULL);
	return dir ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	remove_tree(dir);
	g_free(work);
	g_free(dir);
	return 0;
}

static char *at(const char *name)
{
	static char path[4096];

	(void)g_snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

/* A result that holds a file of this text. */
static struct workspace worked(const char *text)
{
	struct workspace ws;
	char *file;

	assert_int_equal(workspace_new(&ws, work, "a", &err), OK);
	assert_int_equal(g_mkdir(ws.result, 0777), 0);
	file = g_build_filename(ws.result, "file", NULL);
	assert_true(g_file_set_contents(file, text, -1, NULL));
	g_free(file);
	return ws;
}

static unsigned count(const char *folder)
{
	GDir *d = g_dir_open(folder, 0, NULL);
	unsigned n = 0;

	assert_non_null(d);
	while (g_dir_read_name(d))
		n++;
	g_dir_close(d);
	return n;
}

static void the_first_stays(void **state)
{
	struct workspace one = worked("one"), two = worked("two");
	char *text;

	(void)state;
	assert_int_equal(count(work), 2);
	assert_int_equal(workspace_publish(&one, at("a"), &err), OK);
	assert_int_equal(workspace_publish(&two, at("a"), &err), E_ABSENT);
	assert_int_equal(count(work), 0);
	assert_true(g_file_get_contents(at("a/file"), &text, NULL, NULL));
	assert_string_equal(text, "one");
	g_free(text);
	/* nothing is left to be dropped */
	workspace_drop(&one);
	workspace_drop(&two);
}

static void nothing_made(void **state)
{
	struct workspace ws;

	(void)state;
	assert_int_equal(workspace_new(&ws, work, "b", &err), OK);
	assert_int_equal(workspace_publish(&ws, at("b"), &err), E_IO);
	assert_int_equal(count(work), 0);
	assert_false(g_file_test(at("b"), G_FILE_TEST_EXISTS));
	assert_int_equal(workspace_new(&ws, "/proc/none", "b", &err), E_IO);
	workspace_drop(&ws);
}

/* What is worked in stays; what was left behind goes, and no link is
   followed. */
static void cleaned(void **state)
{
	struct workspace ws = worked("at work");
	char *left = g_build_filename(work, "left", NULL);
	char *link = g_build_filename(left, "link", NULL);

	(void)state;
	assert_true(g_file_set_contents(at("mine"), "mine", -1, NULL));
	assert_int_equal(g_mkdir(left, 0777), 0);
	assert_int_equal(symlink(dir, link), 0);
	workspace_clean(work, NULL, NULL);
	assert_int_equal(count(work), 1);
	assert_true(g_file_test(ws.result, G_FILE_TEST_IS_DIR));
	assert_true(g_file_test(at("mine"), G_FILE_TEST_EXISTS));
	workspace_drop(&ws);
	assert_int_equal(count(work), 0);
	workspace_clean("/nonexistent", NULL, NULL);
	g_free(link);
	g_free(left);
}

static char *machine_of(const struct left *left)
{
	return g_build_filename(left->path, "machine", NULL);
}

/* The next task finds it, and nobody else's; two at a time do not. */
static void left_behind(void **state)
{
	struct workspace ws = worked("half");
	GPtrArray *all = workspace_find(work, "a"), *none;
	const struct left *left;
	char *file;

	(void)state;
	assert_int_equal(all->len, 0);
	g_ptr_array_free(all, TRUE);
	workspace_leave(&ws);
	none = workspace_find(work, "b");
	assert_int_equal(none->len, 0);
	g_ptr_array_free(none, TRUE);
	all = workspace_find(work, "a");
	assert_int_equal(all->len, 1);
	left = all->pdata[0];
	assert_true(left->fd >= 0);
	file = g_build_filename(left->result, "file", NULL);
	assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
	none = workspace_find(work, "a");
	assert_int_equal(none->len, 0);
	g_ptr_array_free(none, TRUE);
	remove_tree(left->path);
	g_ptr_array_free(all, TRUE);
	none = workspace_find("/nonexistent", "a");
	assert_int_equal(none->len, 0);
	g_ptr_array_free(none, TRUE);
	g_free(file);
}

/* No lock of another machine is believed. */
static void of_another_machine(void **state)
{
	struct workspace ws = worked("half");
	GPtrArray *all;
	char *machine;

	(void)state;
	workspace_leave(&ws);
	for (int i = 0; i < 2; i++) {
		all = workspace_find(work, "a");
		assert_int_equal(all->len, 1);
		machine = machine_of(all->pdata[0]);
		assert_true(i ? !g_remove(machine)
		              : g_file_set_contents(machine, "x", 1, NULL));
		g_free(machine);
		g_ptr_array_free(all, TRUE);
		all = workspace_find(work, "a");
		assert_int_equal(all->len, 1);
		assert_int_equal(((struct left *)all->pdata[0])->fd, -1);
		g_ptr_array_free(all, TRUE);
	}
	workspace_clean(work, NULL, NULL);
	assert_int_equal(count(work), 0);
}

static bool is_kept(const void *ctx, const char *task)
{
	return !strcmp(task, ctx);
}

static void kept(void **state)
{
	struct workspace ws = worked("half");

	(void)state;
	workspace_leave(&ws);
	workspace_clean(work, is_kept, "a");
	assert_int_equal(count(work), 1);
	workspace_clean(work, is_kept, "a.b");
	assert_int_equal(count(work), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_stays),
		cmocka_unit_test(nothing_made),
		cmocka_unit_test(cleaned),
		cmocka_unit_test(left_behind),
		cmocka_unit_test(of_another_machine),
		cmocka_unit_test(kept),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
