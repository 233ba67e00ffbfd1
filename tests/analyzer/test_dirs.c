/* SPDX-License-Identifier: MIT */
/*
 * test_dirs.c - paths, and directories that are gone, deleted or in a circle
 */
#include "tests/analyzer/folder.h"

#include "analyzer/dirs.h"

#define REF(record, sequence) ((uint64_t)(record) | (uint64_t)(sequence) << 48)

static void add(struct dirs *dirs, uint64_t number, uint16_t sequence,
                bool in_use, uint64_t parent, char name, uint8_t kind)
{
	const uint8_t utf16[2] = { (uint8_t)name, 0 };
	const struct ntfs_name fn = { .parent = parent,
		                      .namespace_ = kind,
		                      .name = { utf16, 2, 0 } };

	dirs_add(dirs, number, sequence, in_use, &fn);
}

static void check(const struct dirs *dirs, uint64_t parent, const char *wanted)
{
	const char *over;
	char *path = dirs_path(dirs, parent, "x", &over);

	assert_string_equal(path, wanted);
	g_free(path);
}

static void test_paths(void **state)
{
	struct dirs *dirs = dirs_new();

	(void)state;
	/* Added out of order, as extension records come. */
	add(dirs, 50, 2, true, REF(40, 7), 'b', NTFS_NAME_WIN32);
	add(dirs, 40, 7, true, REF(5, 5), 'a', NTFS_NAME_WIN32_DOS);
	add(dirs, 50, 2, true, REF(40, 7), 'B', NTFS_NAME_DOS);
	/* deleted: its sequence was counted up by one */
	add(dirs, 60, 9, false, REF(40, 7), 'd', NTFS_NAME_POSIX);
	/* its parent was given to another directory */
	add(dirs, 70, 1, true, REF(40, 6), 'o', NTFS_NAME_WIN32);
	dirs_sort(dirs);
	check(dirs, REF(5, 5), "/x");
	check(dirs, REF(40, 7), "/a/x");
	check(dirs, REF(50, 2), "/a/b/x");
	check(dirs, REF(60, 8), "/a/d/x");
	check(dirs, REF(60, 9), "/a/d/x");
	check(dirs, REF(50, 3), "/$Orphan/x");
	check(dirs, REF(40, 8), "/$Orphan/x");
	check(dirs, REF(70, 1), "/$Orphan/o/x");
	check(dirs, REF(99, 1), "/$Orphan/x");
	dirs_free(dirs);
}

static void test_cycles(void **state)
{
	struct dirs *dirs = dirs_new();

	(void)state;
	add(dirs, 40, 1, true, REF(41, 1), 'a', NTFS_NAME_WIN32);
	add(dirs, 41, 1, true, REF(40, 1), 'b', NTFS_NAME_WIN32);
	add(dirs, 42, 1, true, REF(42, 1), 'c', NTFS_NAME_WIN32);
	dirs_sort(dirs);
	check(dirs, REF(40, 1), "/$Orphan/x");
	check(dirs, REF(42, 1), "/$Orphan/x");
	dirs_free(dirs);
}

/* What is joined outlives what it is from. */
static void test_join(void **state)
{
	struct dirs *dirs = dirs_new(), *more = dirs_new();

	(void)state;
	add(dirs, 40, 1, true, REF(5, 5), 'a', NTFS_NAME_WIN32);
	add(more, 39, 1, true, REF(40, 1), 'b', NTFS_NAME_WIN32);
	add(more, 41, 1, true, REF(39, 1), 'c', NTFS_NAME_WIN32);
	dirs_join(dirs, more);
	dirs_free(more);
	dirs_sort(dirs);
	check(dirs, REF(40, 1), "/a/x");
	check(dirs, REF(41, 1), "/a/b/c/x");
	dirs_free(dirs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_cycles),
		cmocka_unit_test(test_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
