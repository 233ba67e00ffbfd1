/* SPDX-License-Identifier: MIT */
/*
 * test_casefile_hint.c - what earlier cases say of an output folder
 */
#include "tests/recovery/cases.h"

#include "recovery/casefile_hint.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define OUTPUT "files/disk.dd/v1.s3/a/X"

static struct error err;
static char *dir;

static int make_dir(void **state)
{
	(void)state;
	dir = g_dir_make_tmp("hint-XXXXXX", NULL);
	return dir ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	(void)g_rmdir(dir);
	g_free(dir);
	return 0;
}

/* The stream that the cases below tell of. */
static struct case_hint_key key_of_x(void)
{
	return (struct case_hint_key){
		.evidence = "disk.dd",
		.volume = "v1.s3",
		.path = "/a/X",
		.algorithm = "aes-256",
		.efs_id = "{1}",
		.mft = 41,
		.size = 5000,
		.created = 1,
		.modified = 2,
		.changed = 3,
		.sequence = 7,
	};
}

static void add_stream(struct casefile *cf, const struct case_stream *s)
{
	struct case_object o = {
		.volume = add_volume(cf),
		.path = "/a/X",
		.mft = 41,
		.sequence = 7,
		.created = 1,
		.modified = 2,
		.changed = 3,
		.has_efs = true,
		.efs_id = "{1}",
		.algorithm = "aes-256",
	};
	struct case_stream row = *s;

	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	row.object = o.id;
	row.size = 5000;
	assert_int_equal(casefile_add_stream(cf, &row, &err), OK);
}

static void set_tool(struct casefile *cf, const char *ended, bool interrupted)
{
	const struct case_tool tool = { .started = "2026-01-01T00:00:00Z",
		                        .ended = ended,
		                        .interrupted = interrupted };

	assert_int_equal(casefile_set_tool(cf, &tool, &err), OK);
}

/* A case with one stream, added to the hints; `ended` may be NULL. */
static void add_case(struct case_hints *hints, const struct case_stream *s,
                     const char *ended, bool interrupted)
{
	char *path = g_build_filename(dir, "case.db", NULL);
	struct casefile *cf = new_case(path);

	set_tool(cf, ended, interrupted);
	if (s)
		add_stream(cf, s);
	assert_int_equal(casefile_commit(cf, &err), OK);
	casefile_free(cf);
	assert_int_equal(case_hints_add(hints, path, &err), OK);
	assert_int_equal(remove(path), 0);
	g_free(path);
}

static const struct case_stream verified = {
	.outcome = OUTCOME_RECOVERED_VERIFIED,
	.reason = "proof",
	.output = OUTPUT,
	.sha256 = "aa",
};

static struct case_hints *new_hints(bool fold)
{
	struct case_hints *hints;

	assert_int_equal(case_hints_new(&hints, fold, &err), OK);
	return hints;
}

static bool finds(struct case_hints *hints, const struct case_hint_key *key)
{
	struct case_hint hint;
	bool found;

	assert_int_equal(case_hints_find(hints, key, &hint, &err), OK);
	found = hint.output;
	case_hint_release(&hint);
	return found;
}

static void test_find(void **state)
{
	struct case_hints *hints = new_hints(false);
	struct case_hint_key key = key_of_x();
	struct case_hint hint;

	(void)state;
	add_case(hints, &verified, "2026-01-01T00:00:01Z", false);
	assert_true(case_hints_ended(hints));
	assert_int_equal(case_hints_find(hints, &key, &hint, &err), OK);
	assert_string_equal(hint.output, OUTPUT);
	assert_string_equal(hint.reason, "proof");
	assert_string_equal(hint.sha256, "aa");
	assert_null(hint.md5);
	assert_int_equal(hint.outcome, OUTCOME_RECOVERED_VERIFIED);
	assert_true(hint.ended);
	case_hint_release(&hint);
	/* once only */
	assert_false(finds(hints, &key));
	case_hints_free(hints);
}

/* Each of its facts has to be as it was. */
static void test_any_difference(void **state)
{
	struct case_hints *hints = new_hints(false);
	struct case_hint_key keys[14];
	struct case_hint_key key = key_of_x();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		keys[i] = key;
	keys[0].evidence = "disk.dd~2";
	keys[1].volume = "v1";
	keys[2].path = "/a/x";
	keys[3].stream = "s";
	keys[4].algorithm = "aes-128";
	keys[5].algorithm = NULL;
	keys[6].efs_id = NULL;
	keys[7].mft = 42;
	keys[8].size = 5001;
	keys[9].created = 0;
	keys[10].modified = 1;
	keys[11].changed = 4;
	keys[12].sequence = 8;
	keys[13].deleted = true;
	add_case(hints, &verified, "2026-01-01T00:00:01Z", false);
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		assert_false(finds(hints, &keys[i]));
	assert_true(finds(hints, &key));
	case_hints_free(hints);
}

static void test_not_worth_it(void **state)
{
	struct case_hints *hints = new_hints(false);
	struct case_stream s = verified;
	const struct case_hint_key key = key_of_x();

	(void)state;
	s.outcome = OUTCOME_RECOVERED_PARTIAL;
	add_case(hints, &s, NULL, false);
	assert_false(finds(hints, &key));
	s.outcome = OUTCOME_OUTPUT_FAILED;
	add_case(hints, &s, NULL, false);
	assert_false(finds(hints, &key));
	/* another view's */
	s = verified;
	s.same_as = "v1";
	add_case(hints, &s, NULL, false);
	assert_false(finds(hints, &key));
	case_hints_free(hints);
}

/* Two of one run: whose is which? */
static void test_two_alike(void **state)
{
	struct case_hints *hints = new_hints(false);
	struct case_stream other = verified;
	char *path = g_build_filename(dir, "case.db", NULL);
	struct casefile *cf = new_case(path);
	const struct case_hint_key key = key_of_x();
	struct case_object o = { .path = "/a/X" };

	(void)state;
	other.output = OUTPUT "~41";
	add_stream(cf, &verified);
	o.volume = 1;
	o.mft = 41;
	o.sequence = 7;
	o.created = 1;
	o.modified = 2;
	o.changed = 3;
	o.has_efs = true;
	o.efs_id = "{1}";
	o.algorithm = "aes-256";
	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	other.object = o.id;
	other.size = 5000;
	assert_int_equal(casefile_add_stream(cf, &other, &err), OK);
	assert_int_equal(casefile_commit(cf, &err), OK);
	casefile_free(cf);
	assert_int_equal(case_hints_add(hints, path, &err), OK);
	assert_false(finds(hints, &key));
	(void)remove(path);
	g_free(path);
	case_hints_free(hints);
}

/* The newest counts, and whether it and all later ones ended in order. */
static void test_several(void **state)
{
	struct case_hints *hints = new_hints(false);
	struct case_stream newer = verified;
	const struct case_hint_key key = key_of_x();
	struct case_hint hint;

	(void)state;
	newer.reason = "newer";
	add_case(hints, &verified, "2026-01-01T00:00:01Z", false);
	add_case(hints, &newer, "2026-01-01T00:00:01Z", false);
	add_case(hints, NULL, "2026-01-01T00:00:01Z", true);
	assert_false(case_hints_ended(hints));
	assert_int_equal(case_hints_find(hints, &key, &hint, &err), OK);
	assert_string_equal(hint.reason, "newer");
	assert_false(hint.ended);
	case_hint_release(&hint);
	/* a run that ended on top of one that was killed */
	add_case(hints, &newer, "2026-01-01T00:00:01Z", false);
	assert_false(case_hints_ended(hints));
	assert_int_equal(case_hints_find(hints, &key, &hint, &err), OK);
	assert_true(hint.ended);
	case_hint_release(&hint);
	case_hints_free(hints);
}

static enum case_owner owner(struct case_hints *hints, const char *output,
                             const struct case_hint_key *key)
{
	enum case_owner who;

	assert_int_equal(case_hints_owner(hints, output, key, &who, &err), OK);
	return who;
}

static void test_names(void **state)
{
	struct case_hints *hints = new_hints(false);
	const struct case_hint_key key = key_of_x();
	struct case_hint_key other = key;
	char *staged;

	(void)state;
	other.mft = 42;
	add_case(hints, &verified, "2026-01-01T00:00:01Z", false);
	assert_int_equal(owner(hints, OUTPUT, &key), CASE_OWNER_SAME);
	assert_int_equal(owner(hints, OUTPUT, &other), CASE_OWNER_OTHER);
	assert_int_equal(owner(hints, OUTPUT "~41", &key), CASE_OWNER_NONE);
	assert_int_equal(case_hints_give(hints, OUTPUT "~41", &err), OK);
	assert_int_equal(owner(hints, OUTPUT "~41", &key), CASE_OWNER_NOW);

	assert_int_equal(case_hints_moved(hints, OUTPUT, &staged, &err), OK);
	assert_null(staged);
	assert_int_equal(case_hints_move(hints, OUTPUT, "12", &err), OK);
	assert_int_equal(case_hints_moved(hints, OUTPUT, &staged, &err), OK);
	assert_string_equal(staged, "12");
	g_free(staged);
	case_hints_free(hints);
}

/* Where "a" is "A", so are their outputs. */
static void test_fold(void **state)
{
	const struct case_hint_key key = key_of_x();

	(void)state;
	for (int fold = 0; fold < 2; fold++) {
		struct case_hints *hints = new_hints(fold);
		const char *small = "files/disk.dd/v1.s3/a/x";

		add_case(hints, &verified, "2026-01-01T00:00:01Z", false);
		assert_int_equal(owner(hints, small, &key),
		                 fold ? CASE_OWNER_SAME : CASE_OWNER_NONE);
		assert_int_equal(case_hints_give(hints, small, &err), OK);
		assert_int_equal(owner(hints, OUTPUT, &key),
		                 fold ? CASE_OWNER_NOW : CASE_OWNER_SAME);
		case_hints_free(hints);
	}
}

static enum status collect(void *ctx, const char *output, struct error *e)
{
	(void)e;
	g_ptr_array_add(ctx, g_strdup(output));
	return OK;
}

static void test_vanished(void **state)
{
	struct case_hints *hints = new_hints(false);
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	struct case_stream s = verified;
	struct case_hint_key key = key_of_x();

	(void)state;
	s.output = "files/disk.dd/v1.s3/a";
	add_case(hints, &s, "2026-01-01T00:00:01Z", false);
	add_case(hints, &verified, "2026-01-01T00:00:01Z", false);
	assert_int_equal(case_hints_vanished(hints, collect, list, &err), OK);
	assert_int_equal(list->len, 2);
	assert_string_equal(list->pdata[0], OUTPUT);
	assert_string_equal(list->pdata[1], s.output);

	g_ptr_array_set_size(list, 0);
	assert_int_equal(case_hints_give(hints, OUTPUT, &err), OK);
	assert_int_equal(case_hints_vanished(hints, collect, list, &err), OK);
	assert_int_equal(list->len, 1);

	g_ptr_array_set_size(list, 0);
	key.size = 1; /* it changed, and could not be recovered */
	assert_int_equal(case_hints_hold(hints, &key, &err), OK);
	assert_int_equal(case_hints_vanished(hints, collect, list, &err), OK);
	assert_int_equal(list->len, 0);
	g_ptr_array_free(list, TRUE);
	case_hints_free(hints);
}

static void test_not_a_case(void **state)
{
	struct case_hints *hints = new_hints(false);
	char *path = g_build_filename(dir, "other.db", NULL);

	(void)state;
	assert_true(g_file_set_contents(path, "text", -1, NULL));
	assert_int_equal(case_hints_add(hints, path, &err), E_CORRUPT);
	(void)remove(path);
	assert_int_equal(case_hints_add(hints, path, &err), E_IO);
	g_free(path);
	case_hints_free(hints);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_any_difference),
		cmocka_unit_test(test_not_worth_it),
		cmocka_unit_test(test_two_alike),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_vanished),
		cmocka_unit_test(test_not_a_case),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
