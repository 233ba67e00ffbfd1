/* SPDX-License-Identifier: MIT */
/*
 * test_casefile_walk.c - who the people of a case are, over all its files, and
 * what digests those have
 */
#include "tests/recovery/cases.h"

#include "recovery/casefile_audit.h"

#define THUMB "147b23a18b327cf14f67f9e7e818b4c43acbc746"

static void add_named(struct casefile *cf, int64_t volume, const char *name,
                      const char *sid, bool opened)
{
	const struct case_entry entry = {
		.ring = EFS_DDF, .thumbprint = THUMB, .name = name, .sid = sid
	};
	struct case_object o = { .volume = volume,
		                 .path = "/x",
		                 .has_efs = true,
		                 .entries = &entry,
		                 .n_entries = 1,
		                 .opened = opened };
	struct case_stream s = { .outcome = OUTCOME_NO_KEY, .size = 10 };
	struct error err;

	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	s.object = o.id;
	assert_int_equal(casefile_add_stream(cf, &s, &err), OK);
}

/* One file that calls an owner by another name does not rename him. */
static void names_by_majority(void **state)
{
	struct casefile *cf = new_case(NULL);
	int64_t volume = add_volume(cf);
	struct case_person person;
	struct case_count count;
	struct case_walk *w;
	struct error err;

	(void)state;
	add_named(cf, volume, "aaa liar", "S-1-5-21-9", false);
	add_named(cf, volume, "ann(ann@PC)", NULL, true);
	add_named(cf, volume, "ann(ann@PC)", "S-1-5-21-1001", true);
	add_named(cf, volume, NULL, "S-1-5-21-1001", false);

	assert_int_equal(casefile_audit(cf, NULL, 0, &err), OK);
	assert_int_equal(case_person_open(&w, cf, &err), OK);
	assert_true(case_person_next(w, &person));
	assert_int_equal(person.ring, EFS_DDF);
	assert_string_equal(person.thumbprint, THUMB);
	assert_string_equal(person.name, "ann(ann@PC)");
	assert_string_equal(person.sid, "S-1-5-21-1001");
	assert_int_equal(person.objects, 4);
	assert_int_equal(person.opened, 2);
	assert_false(case_person_next(w, &person));
	assert_int_equal(case_walk_close(w, &err), OK);

	assert_int_equal(case_count_open(&w, cf, CASE_BY_USER, &err), OK);
	assert_true(case_count_next(w, &count));
	assert_string_equal(count.value, THUMB);
	assert_string_equal(count.name, "ann(ann@PC)");
	assert_int_equal(count.files, 4);
	assert_int_equal(count.bytes, 40);
	assert_false(case_count_next(w, &count));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

static void digests_are_counted(void **state)
{
	struct case_stream streams[] = {
		{ .md5 = "d4", .sha256 = "e3" },
		{ .sha1 = "da" },
		{ .md5 = "d4", .sha1 = "da", .sha256 = "e3" },
		{ .output = "files/x" },
	};
	struct casefile *cf = new_case(NULL);
	struct case_object o = { .path = "/x" };
	struct case_digests d;
	struct error err;

	(void)state;
	assert_int_equal(casefile_digests(cf, &d, &err), OK);
	assert_true(!d.any && !d.md5 && !d.sha1 && !d.sha256);
	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	for (size_t i = 0; i < sizeof(streams) / sizeof(*streams); i++) {
		streams[i].object = o.id;
		assert_int_equal(casefile_add_stream(cf, &streams[i], &err),
		                 OK);
	}
	assert_int_equal(casefile_digests(cf, &d, &err), OK);
	assert_int_equal(d.any, 3);
	assert_int_equal(d.md5, 2);
	assert_int_equal(d.sha1, 2);
	assert_int_equal(d.sha256, 2);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_by_majority),
		cmocka_unit_test(digests_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
