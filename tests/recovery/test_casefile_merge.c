/* SPDX-License-Identifier: MIT */
/*
 * test_casefile_merge.c - the facts of one case in another
 */
#include "tests/recovery/cases.h"

#include "recovery/casefile_audit.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define ANN "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"

static struct error err;
static char *dir;

static int make_dir(void **state)
{
	(void)state;
	dir = g_dir_make_tmp("merge-XXXXXX", NULL);
	return dir ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	(void)g_rmdir(dir);
	g_free(dir);
	return 0;
}

static void add_all(struct casefile *cf)
{
	const char *const words[] = { "one", "two" };
	const struct case_hole hole = { 512, 1024 };
	const struct case_entry entries[] = {
		{ .ring = EFS_DDF, .thumbprint = ANN, .name = "ann" },
	};
	const struct case_try tries[] = { { .key = ANN, .result = "no" } };
	struct case_object o = { .path = "/a/x",
		                 .has_efs = true,
		                 .efs_class = "user",
		                 .links = words,
		                 .n_links = 2,
		                 .entries = entries,
		                 .n_entries = 1,
		                 .tries = tries,
		                 .n_tries = 1,
		                 .opened = true,
		                 .opened_key = ANN,
		                 .chain = words,
		                 .n_chain = 2 };
	struct case_stream s = { .outcome = OUTCOME_RECOVERED_PARTIAL,
		                 .size = 5000,
		                 .output = "files/disk.dd/v1.s3/a/x",
		                 .sha1 = "da",
		                 .holes = &hole,
		                 .n_holes = 1 };
	struct case_key lock = { .type = "master_key",
		                 .key_id = "{1}",
		                 .source = "disk.dd v1.s3 /m",
		                 .evidence = "disk.dd",
		                 .volume = 1,
		                 .state = "locked",
		                 .crack = words,
		                 .n_crack = 1 };
	struct case_key key = { .type = "private_key",
		                .key_id = ANN,
		                .source = "disk.ddx v1",
		                .state = "locked" };
	const struct case_need need = { "password", "S-1", "a password", 0 };
	const struct case_tool tool = { .version = "1", .started = "2020" };
	const struct case_bad bad = { .evidence = 1, .offset = 7, .size = 9 };
	const struct case_fact fact = { .volume = 1, .name = "n" };

	o.volume = add_volume(cf);
	assert_int_equal(casefile_set_tool(cf, &tool, &err), OK);
	assert_int_equal(casefile_add_bad(cf, &bad, &err), OK);
	assert_int_equal(casefile_add_fact(cf, &fact, &err), OK);
	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	s.object = o.id;
	assert_int_equal(casefile_add_stream(cf, &s, &err), OK);
	assert_int_equal(casefile_add_key(cf, &lock, &err), OK);
	assert_int_equal(casefile_add_key(cf, &key, &err), OK);
	assert_int_equal(casefile_link_key(cf, key.id, lock.id, &err), OK);
	assert_int_equal(casefile_add_need(cf, o.id, &need, &err), OK);
}

static char *write_case(void)
{
	char *path = g_build_filename(dir, "case.db", NULL);
	struct casefile *cf = new_case(path);

	add_all(cf);
	assert_int_equal(casefile_commit(cf, &err), OK);
	casefile_free(cf);
	return path;
}

static void check_file(const struct case_file *f, const char *evidence,
                       const char *output)
{
	assert_string_equal(f->evidence, evidence);
	assert_int_equal(f->volume, 1);
	assert_int_equal(f->snapshot, 3);
	assert_string_equal(f->object.path, "/a/x");
	assert_int_equal(f->object.n_links, 2);
	assert_string_equal(f->object.links[1], "two");
	assert_int_equal(f->object.n_entries, 1);
	assert_string_equal(f->object.entries[0].thumbprint, ANN);
	assert_int_equal(f->object.n_tries, 1);
	assert_int_equal(f->object.n_chain, 2);
	assert_int_equal(f->stream.n_holes, 1);
	assert_int_equal(f->stream.holes[0].size, 1024);
	assert_string_equal(f->stream.output, output);
	assert_string_equal(f->stream.sha1, "da");
	assert_false(f->stream.md5 || f->stream.sha256);
}

static void check_files(struct casefile *cf)
{
	struct case_file f;
	struct case_walk *w;

	assert_int_equal(case_file_open(&w, cf, &err), OK);
	assert_true(case_file_next(w, &f));
	check_file(&f, "disk.dd", "files/disk.dd/v1.s3/a/x");
	assert_true(case_file_next(w, &f));
	check_file(&f, "disk.dd~2", "b/files/disk.dd/v1.s3/a/x");
	assert_false(case_file_next(w, &f));
	assert_int_equal(case_walk_close(w, &err), OK);
}

/* What a name stands at the beginning of changes with it, and nothing else. */
static void check_keys(struct casefile *cf)
{
	static const struct {
		const char *source, *evidence, *behind;
	} wanted[] = {
		{ "disk.dd v1.s3 /m", "disk.dd", NULL },
		{ "disk.ddx v1", NULL, "{1}" },
		{ "disk.dd~2 v1.s3 /m", "disk.dd~2", NULL },
		{ "disk.ddx v1", NULL, "{1}" },
	};
	struct case_key k;
	struct case_walk *w;

	assert_int_equal(case_key_open(&w, cf, &err), OK);
	for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
		assert_true(case_key_next(w, &k));
		assert_string_equal(k.source, wanted[i].source);
		assert_int_equal(g_strcmp0(k.evidence, wanted[i].evidence), 0);
		assert_int_equal(g_strcmp0(k.behind_id, wanted[i].behind), 0);
		assert_int_equal(k.n_crack, !k.behind_id);
	}
	assert_false(case_key_next(w, &k));
	assert_int_equal(case_walk_close(w, &err), OK);
}

static void twice_the_same(void **state)
{
	struct casefile *cf = new_case(NULL);
	char *path = write_case();
	struct case_totals totals;
	struct case_need need;
	struct case_tool tool;
	struct case_walk *w;

	(void)state;
	assert_int_equal(casefile_merge(cf, path, NULL, &err), OK);
	assert_int_equal(casefile_merge(cf, path, "b/", &err), OK);
	assert_int_equal(casefile_audit(cf, NULL, 0, &err), OK);
	check_files(cf);
	check_keys(cf);
	assert_int_equal(casefile_totals(cf, &totals, &err), OK);
	assert_int_equal(totals.evidence, 2);
	assert_int_equal(totals.snapshots, 2);
	assert_int_equal(totals.objects, 2);
	assert_int_equal(totals.bad, 2);
	assert_int_equal(totals.bad_bytes, 18);
	/* one secret opens both */
	assert_int_equal(case_need_open(&w, cf, &err), OK);
	assert_true(case_need_next(w, &need));
	assert_int_equal(need.objects, 2);
	assert_false(case_need_next(w, &need));
	assert_int_equal(case_walk_close(w, &err), OK);
	assert_int_equal(case_tool_open(&w, cf, &err), OK);
	assert_true(case_tool_next(w, &tool));
	assert_string_equal(tool.started, "2020");
	assert_true(case_tool_next(w, &tool));
	assert_false(case_tool_next(w, &tool));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
	(void)unlink(path);
	g_free(path);
}

/* What is no case adds nothing. */
static void not_a_case(void **state)
{
	struct casefile *cf = new_case(NULL);
	char *path = g_build_filename(dir, "junk", NULL);

	(void)state;
	add_all(cf);
	assert_true(g_file_set_contents(path, "no database, by far", -1, NULL));
	assert_int_not_equal(casefile_merge(cf, path, NULL, &err), OK);
	assert_int_equal(count_files(cf), 1);
	assert_int_equal(casefile_audit(cf, NULL, 0, &err), OK);
	casefile_free(cf);
	(void)unlink(path);
	g_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twice_the_same),
		cmocka_unit_test(not_a_case),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
