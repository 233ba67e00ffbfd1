/* SPDX-License-Identifier: MIT */
/*
 * test_output_again.c - names and files where earlier runs wrote
 */
#include "tests/analyzer/folder.h"

#include "analyzer/output.h"
#include "recovery/casefile.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct error err;

/* A run's folder, and its case. */
struct turn {
	struct output *out;
	struct casefile *cf;
	int64_t volume;
	char *dir;
};

static void begin(struct turn *t, const char *name)
{
	struct case_evidence e = { .name = "e" };
	struct case_volume v = { .number = 1 };
	char *path;

	t->dir = g_build_filename(folder, name, NULL);
	assert_int_equal(output_resume(&t->out, t->dir, &err), OK);
	path = output_path(t->out, "case.db");
	assert_int_equal(casefile_new(&t->cf, path, &err), OK);
	g_free(path);
	assert_int_equal(casefile_add_evidence(t->cf, &e, &err), OK);
	v.evidence = e.id;
	assert_int_equal(casefile_add_volume(t->cf, &v, &err), OK);
	t->volume = v.id;
}

/* The run ends in order, or is killed. */
static void end(struct turn *t, bool in_order)
{
	const struct case_tool tool = {
		.ended = in_order ? "2026-01-01T00:00:00Z" : NULL
	};

	assert_int_equal(casefile_set_tool(t->cf, &tool, &err), OK);
	assert_int_equal(casefile_commit(t->cf, &err), OK);
	casefile_free(t->cf);
	if (in_order && output_hints(t->out))
		output_forget(t->out);
	output_free(t->out);
	g_free(t->dir);
}

static void list(struct turn *t, const char *path, uint64_t mft,
                 const char *output)
{
	struct case_object o = { .volume = t->volume,
		                 .path = path,
		                 .mft = mft };
	struct case_stream s = { .outcome = OUTCOME_RECOVERED_VERIFIED,
		                 .output = output };

	assert_int_equal(casefile_add_object(t->cf, &o, &err), OK);
	s.object = o.id;
	assert_int_equal(casefile_add_stream(t->cf, &s, &err), OK);
}

static struct placement at(const char *path, uint64_t mft)
{
	return (struct placement){
		.evidence = "e", .volume = "v1", .path = path, .mft = mft
	};
}

/* Write a file, which is to get this name, and is listed or not. */
static void put(struct turn *t, const char *path, uint64_t mft,
                const char *want, bool listed)
{
	const struct placement where = at(path, mft);
	struct output_file f;
	char *got, *full, *text;

	assert_int_equal(output_begin(&f, t->out, &err), OK);
	assert_int_equal(output_write(&f, 0, path, strlen(path), &err), OK);
	assert_int_equal(output_write(&f, strlen(path), &mft, 1, &err), OK);
	assert_int_equal(output_close(&f, 0, 0, &err), OK);
	assert_int_equal(output_finish(&f, &where, &got, &err), OK);
	assert_string_equal(got, want);
	if (listed)
		list(t, path, mft, got);
	full = output_path(t->out, got);
	assert_true(g_file_get_contents(full, &text, NULL, NULL));
	assert_int_equal(text[strlen(path)], mft);
	g_free(text);
	g_free(full);
	g_free(got);
}

static bool there(const struct turn *t, const char *path)
{
	char *full = output_path(t->out, path);
	bool is = !access(full, F_OK);

	g_free(full);
	return is;
}

static void plant(const struct turn *t, const char *path)
{
	char *full = output_path(t->out, path);

	assert_true(g_file_set_contents(full, "mine", -1, NULL));
	g_free(full);
}

static void put_two(struct turn *t, bool listed)
{
	put(t, "/a", 41, "files/e/v1/a", listed);
	put(t, "/a", 42, "files/e/v1/a~42", listed);
}

/* Names come out the same, whether the first run listed its files or not. */
static void test_same_names(void **state)
{
	struct turn t;

	(void)state;
	for (int listed = 0; listed < 2; listed++) {
		const char *name = listed ? "listed" : "unlisted";

		begin(&t, name);
		put_two(&t, listed);
		end(&t, listed);
		begin(&t, name);
		put_two(&t, true);
		end(&t, true);
	}
}

static void test_users_file(void **state)
{
	struct turn t;

	(void)state;
	begin(&t, "user");
	put(&t, "/a", 41, "files/e/v1/a", true);
	plant(&t, "files/e/v1/b");
	end(&t, true);
	begin(&t, "user");
	put(&t, "/b", 43, "files/e/v1/b~43", true);
	put(&t, "/a", 41, "files/e/v1/a", true);
	end(&t, true);
}

/* Another file takes the name of one that is there, and comes later: both are
   what they are in an empty folder. */
static void test_swapped(void **state)
{
	struct placement where = at("/a", 42);
	struct turn t;
	struct stat sb;
	char *now, *path;

	(void)state;
	begin(&t, "swapped");
	put(&t, "/a", 42, "files/e/v1/a", true);
	end(&t, true);
	begin(&t, "swapped");
	put(&t, "/a", 41, "files/e/v1/a", true);
	assert_int_equal(output_whereabouts(t.out, "files/e/v1/a", &now, &err),
	                 OK);
	assert_int_equal(output_stat(t.out, now, &sb), 0);
	assert_int_equal(sb.st_size, 3);
	assert_int_equal(
		output_take(t.out, "files/e/v1/a", &where, &path, &err), OK);
	assert_string_equal(path, "files/e/v1/a~42");
	g_free(path);
	g_free(now);
	now = output_path(t.out, "files/e/v1/a~42");
	assert_true(g_file_get_contents(now, &path, NULL, NULL));
	assert_int_equal(path[2], 42);
	g_free(path);
	g_free(now);
	end(&t, true);
}

/* It is where it belongs, or belongs elsewhere now. */
static void test_take(void **state)
{
	struct placement same = at("/a", 41), other = at("/d/b", 41);
	struct turn t;
	char *path;

	(void)state;
	begin(&t, "take");
	put(&t, "/a", 41, "files/e/v1/a", true);
	put(&t, "/c", 43, "files/e/v1/c", true);
	end(&t, true);
	begin(&t, "take");
	assert_int_equal(output_take(t.out, "files/e/v1/a", &same, &path, &err),
	                 OK);
	assert_string_equal(path, "files/e/v1/a");
	g_free(path);
	assert_int_equal(
		output_take(t.out, "files/e/v1/c", &other, &path, &err), OK);
	assert_string_equal(path, "files/e/v1/d/b");
	assert_false(there(&t, "files/e/v1/c"));
	g_free(path);
	/* what is not there */
	assert_int_equal(
		output_take(t.out, "files/e/v1/x", &other, &path, &err), E_IO);
	assert_null(path);
	end(&t, true);
}

/* A file of an earlier run where a folder is now. */
static void test_folder_for_file(void **state)
{
	struct turn t;
	char *folder_, *moved;

	(void)state;
	begin(&t, "folder");
	put(&t, "/a", 41, "files/e/v1/a", true);
	end(&t, true);
	begin(&t, "folder");
	plant(&t, "files/e/v1/b");
	put(&t, "/a/b", 42, "files/e/v1/a/b", true);
	put(&t, "/b/c", 43, "files/e/v1/b~2/c", true);
	folder_ = output_vanished(t.out);
	moved = g_build_filename(folder_, "files/e/v1/a", NULL);
	assert_true(there(&t, moved));
	g_free(moved);
	g_free(folder_);
	end(&t, true);
}

static void test_vanish(void **state)
{
	struct placement where = at("/d/folder", 44);
	struct turn t;
	char *path, *folder_, *to;
	bool moved;

	(void)state;
	begin(&t, "vanish");
	put(&t, "/d/a", 41, "files/e/v1/d/a", true);
	put(&t, "/k/a", 42, "files/e/v1/k/a", true);
	plant(&t, "files/e/v1/k/mine");
	assert_int_equal(output_directory(t.out, &where, &path, &err), OK);
	g_free(path);
	end(&t, true);
	begin(&t, "vanish");
	put(&t, "/z", 50, "files/e/v1/z", true);
	folder_ = output_vanished(t.out);

	assert_int_equal(output_vanish(t.out, "files/e/v1/d", &moved, &err),
	                 OK);
	assert_false(moved); /* it is not empty */
	assert_int_equal(
		output_vanish(t.out, "files/e/v1/d/folder", &moved, &err), OK);
	assert_true(moved);
	assert_int_equal(output_vanish(t.out, "files/e/v1/d/a", &moved, &err),
	                 OK);
	assert_true(moved);
	assert_false(there(&t, "files/e/v1/d"));
	assert_int_equal(output_vanish(t.out, "files/e/v1/k/a", &moved, &err),
	                 OK);
	assert_true(there(&t, "files/e/v1/k/mine"));
	assert_int_equal(output_vanish(t.out, "files/e/v1/no", &moved, &err),
	                 OK);
	assert_false(moved);
	to = g_build_filename(folder_, "files/e/v1/d/folder", NULL);
	assert_true(there(&t, to));
	g_free(to);
	to = g_build_filename(folder_, "files/e/v1/d/a", NULL);
	assert_true(there(&t, to));
	g_free(to);
	g_free(folder_);
	end(&t, true);
}

/* Paths of a case that somebody tampered with, and links. */
static void test_hostile_paths(void **state)
{
	static const char *const paths[] = {
		"/etc/passwd",
		"files/../../secret",
		"files/./e",
		"files//e",
		"secret",
		"files/",
		"files/..",
		"",
		"files/link/secret",
		".partial/../secret",
	};
	char *secret = g_build_filename(folder, "secret", NULL);
	char *link;
	struct turn t;
	struct stat sb;
	bool moved;

	(void)state;
	assert_true(g_file_set_contents(secret, "x", -1, NULL));
	begin(&t, "hostile");
	put(&t, "/a", 41, "files/e/v1/a", true);
	plant(&t, "secret");
	link = output_path(t.out, "files/link");
	assert_int_equal(symlink(folder, link), 0);
	end(&t, true);
	begin(&t, "hostile");
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		assert_int_equal(output_stat(t.out, paths[i], &sb), -1);
		assert_int_equal(output_reopen(t.out, paths[i]), -1);
		(void)!output_vanish(t.out, paths[i], &moved, &err);
		assert_false(moved);
	}
	assert_int_equal(output_reopen(t.out, "files/link"), -1);
	assert_int_equal(access(secret, F_OK), 0);
	end(&t, true);
	g_free(secret);
	g_free(link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_names),
		cmocka_unit_test(test_users_file),
		cmocka_unit_test(test_swapped),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_folder_for_file),
		cmocka_unit_test(test_vanish),
		cmocka_unit_test(test_hostile_paths),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
