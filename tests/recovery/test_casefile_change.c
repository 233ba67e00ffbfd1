/* SPDX-License-Identifier: MIT */
/*
 * test_casefile_change.c - who came to a key ring, and who went
 */
#include "tests/recovery/cases.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define ANN   "1911cf1e1911cf1e1911cf1e1911cf1e1911cf1e"
#define BOB   "b0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb"
#define AGENT "a9e47a9e47a9e47a9e47a9e47a9e47a9e47a9e47"
/* 2026-01-02T03:04:05.1234567Z */
#define NEW_YEAR UINT64_C(134117966451234567)
#define SECOND   UINT64_C(10000000)

#define RING(list) .entries = (list), .n_entries = G_N_ELEMENTS(list)

static struct error err;
static int64_t evidence;

static const struct case_entry ann[] = { { .thumbprint = ANN, .name = "a" } };
static const struct case_entry bob[] = { { .thumbprint = BOB, .name = "b" } };
static const struct case_entry ann_bob[] = {
	{ .thumbprint = ANN, .name = "a" },
	{ .entry = 1, .thumbprint = BOB, .name = "b" },
};
/* The same people, in another order and by other names; one of them twice. */
static const struct case_entry bob_ann[] = {
	{ .thumbprint = BOB, .name = "b of old", .container = "c" },
	{ .entry = 1, .thumbprint = ANN, .sid = "S-1" },
	{ .entry = 2, .thumbprint = ANN, .name = "a" },
};
static const struct case_entry ann_agent[] = {
	{ .thumbprint = ANN, .name = "a" },
	{ .ring = EFS_DRF, .thumbprint = AGENT, .name = "agent" },
};

static struct casefile *changed_case(const char *path)
{
	struct case_evidence e = { .name = "disk.dd" };
	struct casefile *cf = new_case(path);

	assert_int_equal(casefile_add_evidence(cf, &e, &err), OK);
	evidence = e.id;
	return cf;
}

static int64_t add_view(struct casefile *cf, unsigned number, unsigned snapshot,
                        uint64_t made)
{
	struct case_volume v = { .evidence = evidence,
		                 .number = number,
		                 .snapshot = snapshot,
		                 .made = made };

	assert_int_equal(casefile_add_volume(cf, &v, &err), OK);
	return v.id;
}

static int64_t add(struct casefile *cf, int64_t volume, struct case_object o)
{
	o.volume = volume;
	o.has_efs = true;
	o.path = o.path ? o.path : "/x";
	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	return o.id;
}

/* "v1 s1>s2 -ddf b0bb" of each; the path where it is not "/x". */
static char *describe(const struct case_change *c)
{
	const char *who = c->thumbprint ? c->thumbprint : c->name;

	assert_string_equal(c->evidence, "disk.dd");
	return g_strdup_printf("v%u %u>%u %c%s %.4s%s", c->volume, c->before,
	                       c->after, c->added ? '+' : '-',
	                       efs_ring_name(c->ring), who ? who : c->sid,
	                       strcmp(c->path, "/x") != 0 ? c->path : "");
}

static void assert_changes(struct casefile *cf, const char *const *expected)
{
	struct case_change c;
	struct case_walk *w;

	assert_int_equal(case_change_open(&w, cf, &err), OK);
	for (; *expected; expected++) {
		char *text;

		assert_true(case_change_next(w, &c));
		text = describe(&c);
		assert_string_equal(text, *expected);
		g_free(text);
	}
	assert_false(case_change_next(w, &c));
	assert_null(c.path);
	assert_int_equal(case_walk_close(w, &err), OK);
}

/* The numbers of snapshots say nothing about their order, the times do. */
static void in_order_of_time(void **state)
{
	static const char *const expected[] = {
		"v1 2>1 +ddf b0bb",
		"v1 1>3 -ddf b0bb",
		"v1 1>3 +drf a9e4",
		"v1 3>0 -drf a9e4",
		NULL,
	};
	struct casefile *cf = changed_case(NULL);
	int64_t now = add_view(cf, 1, 0, 0);
	int64_t s1 = add_view(cf, 1, 1, NEW_YEAR);
	int64_t s2 = add_view(cf, 1, 2, NEW_YEAR - SECOND);
	int64_t s3 = add_view(cf, 1, 3, NEW_YEAR + SECOND);
	struct case_change c;
	struct case_walk *w;

	(void)state;
	(void)add(cf, now, (struct case_object){ .mft = 9, RING(ann) });
	(void)add(cf, s1, (struct case_object){ .mft = 9, RING(ann_bob) });
	(void)add(cf, s2, (struct case_object){ .mft = 9, RING(ann) });
	(void)add(cf, s3, (struct case_object){ .mft = 9, RING(ann_agent) });
	assert_changes(cf, expected);

	assert_int_equal(case_change_open(&w, cf, &err), OK);
	assert_true(case_change_next(w, &c));
	assert_true(c.from == NEW_YEAR - SECOND && c.to == NEW_YEAR);
	assert_int_equal(c.mft, 9);
	assert_int_equal(c.object, 2);
	assert_string_equal(c.name, "b");
	assert_null(c.sid);
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

/* Without times, by their numbers; what is unknown comes first. */
static void in_order_of_number(void **state)
{
	static const char *const expected[] = {
		"v1 2>10 -ddf 1911",
		"v1 2>10 +ddf b0bb",
		"v1 10>1 -ddf b0bb",
		"v1 10>1 +ddf 1911",
		NULL,
	};
	struct casefile *cf = changed_case(NULL);
	int64_t s1 = add_view(cf, 1, 1, 1);
	int64_t s10 = add_view(cf, 1, 10, 0);
	int64_t s2 = add_view(cf, 1, 2, 0);

	(void)state;
	(void)add(cf, s1, (struct case_object){ RING(ann) });
	(void)add(cf, s10, (struct case_object){ RING(bob) });
	(void)add(cf, s2, (struct case_object){ RING(ann) });
	assert_changes(cf, expected);
	casefile_free(cf);
}

/* Without the file, not encrypted, or damaged: the views around it count. */
static void what_a_view_does_not_say(void **state)
{
	static const struct case_entry nobody[] = { { .reason = "cut" } };
	static const struct case_entry half[] = {
		{ .name = "carl", .reason = "the SID of its owner is damaged" }
	};
	static const char *const expected[] = { "v1 1>0 -ddf b0bb",
		                                "v1 1>0 +drf a9e4", NULL };
	struct casefile *cf = changed_case(NULL);
	int64_t view[6];
	struct case_object plain = { .mft = 1, .path = "/x" };

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		view[i] = add_view(cf, 1, i, i ? NEW_YEAR + i : 0);
	(void)add(cf, view[1], (struct case_object){ .mft = 1, RING(ann_bob) });
	plain.volume = view[2]; /* it has no $EFS */
	assert_int_equal(casefile_add_object(cf, &plain, &err), OK);
	(void)add(
		cf, view[3],
		(struct case_object){ .mft = 1, RING(ann), .ring_cut = true });
	(void)add(cf, view[4], (struct case_object){ .mft = 1, RING(nobody) });
	(void)add(cf, view[5], (struct case_object){ .mft = 1, RING(half) });
	(void)add(cf, view[0],
	          (struct case_object){ .mft = 1, RING(ann_agent) });
	/* no ring at all, as where the metadata is damaged */
	(void)add(cf, view[1], (struct case_object){ .mft = 2 });
	(void)add(cf, view[0], (struct case_object){ .mft = 2, RING(ann) });
	assert_changes(cf, expected);
	casefile_free(cf);
}

static void people_are_known_by_thumbprint(void **state)
{
	static const struct case_entry no_thumbs[] = {
		{ .name = "carl", .sid = "S-1" },
		{ .entry = 1, .name = "dora" },
		{ .entry = 2, .sid = "S-2" },
	};
	static const struct case_entry no_thumbs_now[] = {
		{ .name = "dora" },
		{ .entry = 1, .name = "carl", .sid = "S-9" },
		{ .entry = 2, .sid = "S-2", .container = "new" },
	};
	/* bob is a user; as an agent he is somebody else */
	static const struct case_entry both[] = {
		{ .thumbprint = ANN },
		{ .ring = EFS_DRF, .thumbprint = ANN },
	};
	static const char *const expected[] = {
		"v1 1>0 -ddf carl/c",
		"v1 1>0 +ddf carl/c",
		"v1 1>0 -drf 1911/d",
		"v1 1>0 +ddf b0bb/d",
		NULL,
	};
	struct casefile *cf = changed_case(NULL);
	int64_t now = add_view(cf, 1, 0, 0), s1 = add_view(cf, 1, 1, 0);

	(void)state;
	(void)add(cf, s1, (struct case_object){ .mft = 1, RING(ann_bob) });
	(void)add(cf, now, (struct case_object){ .mft = 1, RING(bob_ann) });
	(void)add(cf, s1, (struct case_object){ .mft = 2, RING(bob_ann) });
	(void)add(cf, now, (struct case_object){ .mft = 2, RING(ann_bob) });
	(void)add(cf, s1, (struct case_object){ .mft = 3, RING(no_thumbs) });
	(void)add(cf, now,
	          (struct case_object){
			  .mft = 3, RING(no_thumbs_now), .path = "/c" });
	(void)add(cf, s1, (struct case_object){ .mft = 4, RING(both) });
	(void)add(
		cf, now,
		(struct case_object){ .mft = 4, RING(bob_ann), .path = "/d" });
	assert_changes(cf, expected);
	casefile_free(cf);
}

static void other_files_are_other_files(void **state)
{
	static const char *const none[] = { NULL };
	struct casefile *cf = changed_case(NULL);
	int64_t now = add_view(cf, 1, 0, 0), s1 = add_view(cf, 1, 1, 1);
	int64_t other = add_view(cf, 2, 0, 0), loose = add_view(cf, 0, 0, 0);
	int64_t odd = add_view(cf, 0, 1, 0);

	(void)state;
	assert_changes(cf, none);
	(void)add(cf, s1, (struct case_object){ .mft = 1, RING(ann) });
	(void)add(cf, now,
	          (struct case_object){ .mft = 1, .sequence = 2, RING(bob) });
	(void)add(cf, now, (struct case_object){ .mft = 2, RING(bob) });
	(void)add(cf, other, (struct case_object){ .mft = 1, RING(bob) });
	(void)add(cf, loose, (struct case_object){ RING(ann) });
	(void)add(cf, loose, (struct case_object){ RING(bob) });
	(void)add(cf, odd, (struct case_object){ RING(bob) });
	(void)add(cf, 0, (struct case_object){ .mft = 1, RING(bob) });
	assert_changes(cf, none);
	casefile_free(cf);
}

/* All streams of an object have its changes; earlier views have none. */
static void files_have_their_changes(void **state)
{
	struct casefile *cf = changed_case(NULL);
	int64_t now = add_view(cf, 1, 0, 0), s1 = add_view(cf, 1, 1, 5);
	struct case_stream s = { .same_as = "v1.s1" };
	struct case_walk *w;
	struct case_file f;

	(void)state;
	s.object = add(cf, now, (struct case_object){ RING(bob) });
	assert_int_equal(casefile_add_stream(cf, &s, &err), OK);
	s.name = "ads";
	assert_int_equal(casefile_add_stream(cf, &s, &err), OK);
	s = (struct case_stream){ 0 };
	s.object =
		add(cf, s1, (struct case_object){ RING(ann), .path = "/old" });
	assert_int_equal(casefile_add_stream(cf, &s, &err), OK);

	assert_int_equal(case_file_open(&w, cf, &err), OK);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(case_file_next(w, &f));
		assert_string_equal(f.stream.same_as, "v1.s1");
		assert_int_equal(f.n_changes, 2);
		assert_false(f.changes[0].added);
		assert_string_equal(f.changes[0].thumbprint, ANN);
		assert_int_equal(f.changes[0].before, 1);
		assert_int_equal(f.changes[0].from, 5);
		assert_true(f.changes[1].added);
		assert_string_equal(f.changes[1].thumbprint, BOB);
		assert_string_equal(f.changes[1].path, "/x");
	}
	assert_true(case_file_next(w, &f));
	assert_int_equal(f.n_changes, 0);
	assert_null(f.stream.same_as);
	assert_false(case_file_next(w, &f));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

/* The view `change`, as people see it. */
static int append_row(void *ctx, int n, char **values, char **names)
{
	(void)names;
	for (int i = 0; i < n; i++)
		g_string_append_printf(ctx, "%s%s", values[i] ? values[i] : "-",
		                       i + 1 < n ? "|" : "\n");
	return 0;
}

static void the_view_for_people(void **state)
{
	char *dir = g_dir_make_tmp("efsleuth-XXXXXX", NULL);
	char *path = g_build_filename(dir, "case.db", NULL);
	struct casefile *cf = changed_case(path);
	int64_t now = add_view(cf, 1, 0, 0), s1 = add_view(cf, 1, 1, NEW_YEAR);
	GString *rows = g_string_new(NULL);
	sqlite3 *db;

	(void)state;
	(void)add(cf, now, (struct case_object){ .mft = 7, RING(bob) });
	(void)add(cf, s1, (struct case_object){ .mft = 7, RING(ann) });
	assert_int_equal(casefile_commit(cf, &err), OK);
	casefile_free(cf);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
	                              "SELECT * FROM change"
	                              " ORDER BY change DESC",
	                              append_row, rows, NULL),
	                 SQLITE_OK);
	assert_string_equal(
		rows->str,
		"disk.dd|v1|7|/x|s1|-|2026-01-02T03:04:05.1234567Z|-|removed"
		"|ddf|" ANN "|a|-\n"
		"disk.dd|v1|7|/x|s1|-|2026-01-02T03:04:05.1234567Z|-|added"
		"|ddf|" BOB "|b|-\n");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	g_string_free(rows, TRUE);
	(void)g_remove(path);
	(void)g_rmdir(dir);
	g_free(path);
	g_free(dir);
}

/* Linear: were it not, this would take minutes. */
static void many_files(void **state)
{
	enum { FILES = 8000, SNAPSHOTS = 5 };
	struct casefile *cf = changed_case(NULL);
	struct case_change c;
	struct case_walk *w;
	unsigned n = 0;

	(void)state;
	for (unsigned s = 0; s <= SNAPSHOTS; s++) {
		int64_t view = add_view(cf, 1, s, s);

		for (unsigned i = 0; i < FILES; i++)
			(void)add(
				cf, view,
				(struct case_object){
					.mft = i,
					.entries = i % 10 || s % 2 ? ann : bob,
					.n_entries = 1 });
	}
	assert_int_equal(case_change_open(&w, cf, &err), OK);
	while (case_change_next(w, &c))
		n++;
	assert_int_equal(case_walk_close(w, &err), OK);
	/* each tenth: s1 to s5, then the volume itself, one by one */
	assert_int_equal(n, FILES / 10 * SNAPSHOTS * 2);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order_of_time),
		cmocka_unit_test(in_order_of_number),
		cmocka_unit_test(what_a_view_does_not_say),
		cmocka_unit_test(people_are_known_by_thumbprint),
		cmocka_unit_test(other_files_are_other_files),
		cmocka_unit_test(files_have_their_changes),
		cmocka_unit_test(the_view_for_people),
		cmocka_unit_test(many_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
