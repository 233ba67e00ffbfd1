/* SPDX-License-Identifier: MIT */
/*
 * test_batch_mark.c - what a task writes of its end is what is read
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef fail

#include "analyzer/batch_mark.h"
#include "analyzer/workspace.h"

static char *dir;

static int make_dir(void **state)
{
	(void)state;
	dir = g_dir_make_tmp("mark-XXXXXX", NULL);
	return dir ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	remove_tree(dir);
	g_free(dir);
	return 0;
}

static void marks(void **state)
{
	char reason[] = "a=b\n[task]\nexit=7 \xc3\xa9";
	const struct mark mark = {
		.code = 139,
		.seconds = 1.5,
		.reason = reason,
		.totals = { .files = UINT64_MAX, .recovered = 3 },
	};
	struct mark read;
	char *path = g_build_filename(dir, "mark", NULL);

	(void)state;
	assert_true(mark_write(path, &mark));
	assert_true(mark_read(path, &read));
	assert_int_equal(read.code, 139);
	assert_true(read.seconds == 1.5);
	assert_string_equal(read.reason, reason);
	assert_null(read.of);
	assert_true(read.totals.files == UINT64_MAX);
	assert_int_equal(read.totals.recovered, 3);
	mark_release(&read);
	assert_true(g_file_set_contents(path, "[task]\nseconds=1\n", -1, NULL));
	assert_false(mark_read(path, &read));
	mark_release(&read);
	assert_false(mark_read("/nonexistent", &read));
	mark_release(&read);
	assert_false(mark_write("/proc/none", &mark));
	g_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
