/* SPDX-License-Identifier: MIT */
/*
 * test_casefile_key.c - keys and missing secrets come back as they went in
 */
#include "tests/recovery/cases.h"

#include <stdio.h>

static struct error err;

static int64_t add_key(struct casefile *cf, const char *id, uint64_t opens)
{
	struct case_key key = { .type = "master_key",
		                .key_id = id,
		                .opens = opens };

	assert_int_equal(casefile_add_key(cf, &key, &err), OK);
	assert_true(key.id > 0);
	return key.id;
}

static void assert_place(const struct case_key *key)
{
	assert_string_equal(key->source, "disk.dd v2.s3 /k");
	assert_string_equal(key->evidence, "disk.dd");
	assert_int_equal(key->volume, 2);
	assert_int_equal(key->snapshot, 3);
	assert_string_equal(key->path, "/k");
	assert_true(key->offset == UINT64_MAX - 1);
	assert_true(key->made == UINT64_C(134117966451234567));
}

static void assert_facts(const struct case_key *key)
{
	assert_string_equal(key->type, "private_key");
	assert_string_equal(key->key_id, "1911cf1e");
	assert_string_equal(key->sid, "S-1-5-21-1");
	assert_string_equal(key->user, "ann");
	assert_string_equal(key->name, "CN=ann");
	assert_string_equal(key->container, "5f28");
	assert_string_equal(key->certificate, "agent.cer");
	assert_int_equal(key->bits, 2048);
	assert_true(key->current);
	assert_string_equal(key->state, "locked");
	assert_string_equal(key->unlocked_by, "u");
	assert_string_equal(key->reason, "r");
	assert_int_equal(key->opens, 7);
}

static void key_comes_back(void **state)
{
	static const char *const lines[] = { "$a$", "$b$" };
	struct casefile *cf = new_case(NULL);
	struct case_key key = {
		.type = "private_key",
		.key_id = "1911cf1e",
		.sid = "S-1-5-21-1",
		.user = "ann",
		.name = "CN=ann",
		.source = "disk.dd v2.s3 /k",
		.evidence = "disk.dd",
		.volume = 2,
		.snapshot = 3,
		.path = "/k",
		.offset = UINT64_MAX - 1,
		.made = UINT64_C(134117966451234567),
		.container = "5f28",
		.certificate = "agent.cer",
		.bits = 2048,
		.current = true,
		.state = "locked",
		.unlocked_by = "u",
		.reason = "r",
		.opens = 7,
		.crack = lines,
		.n_crack = 2,
	};
	struct case_walk *w;

	(void)state;
	assert_int_equal(casefile_add_key(cf, &key, &err), OK);
	(void)add_key(cf, NULL, 0);
	assert_int_equal(case_key_open(&w, cf, &err), OK);
	assert_true(case_key_next(w, &key));
	assert_facts(&key);
	assert_place(&key);
	assert_int_equal(key.n_crack, 2);
	assert_string_equal(key.crack[0], "$a$");
	assert_string_equal(key.crack[1], "$b$");
	assert_int_equal(key.behind, 0);
	assert_null(key.behind_id);
	assert_true(case_key_next(w, &key));
	assert_null(key.path);
	assert_false(key.current);
	assert_int_equal(key.n_crack, 0);
	assert_false(case_key_next(w, &key));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

/* The one that opens another may come before or after it. */
static void linked_in_any_order(void **state)
{
	struct casefile *cf = new_case(NULL);
	int64_t a = add_key(cf, "{a}", 1);
	int64_t b = add_key(cf, "{b}", 5);
	struct case_key key;
	struct case_walk *w;

	(void)state;
	assert_int_equal(casefile_link_key(cf, a, b, &err), OK);
	assert_int_equal(casefile_link_key(cf, b, a, &err), OK);
	assert_int_equal(casefile_link_key(cf, b, 0, &err), OK);
	assert_int_equal(casefile_link_key(cf, 99, a, &err), E_ABSENT);
	assert_int_equal(casefile_link_key(cf, a, 99, &err), E_CORRUPT);

	assert_int_equal(case_key_by_use_open(&w, cf, &err), OK);
	assert_true(case_key_next(w, &key));
	assert_int_equal(key.id, b);
	assert_int_equal(key.behind, 0);
	assert_true(case_key_next(w, &key));
	assert_int_equal(key.id, a);
	assert_int_equal(key.behind, b);
	assert_string_equal(key.behind_id, "{b}");
	assert_false(case_key_next(w, &key));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

static int64_t add_object(struct casefile *cf)
{
	struct case_object o = { .path = "/x" };

	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	return o.id;
}

static void want(struct casefile *cf, int64_t object, const char *kind,
                 const char *id)
{
	const struct case_need need = { .kind = kind, .id = id, .what = id };

	assert_int_equal(casefile_add_need(cf, object, &need, &err), OK);
}

static void needs_are_counted(void **state)
{
	static const struct {
		const char *kind, *id;
		uint64_t objects;
	} expected[] = {
		{ "password", "S-1", 2 },    { "master_key", "{m}", 1 },
		{ "password", "S-0", 1 },    { "private_key", NULL, 1 },
		{ "private_key", "S-1", 1 },
	};
	struct casefile *cf = new_case(NULL);
	const struct case_need none = { .kind = "password", .id = "S-1" };
	int64_t a = add_object(cf), b = add_object(cf);
	struct case_need need;
	struct case_walk *w;

	(void)state;
	want(cf, b, "private_key", "S-1");
	want(cf, a, "password", "S-1");
	want(cf, a, "password", "S-1"); /* by another entry of its ring */
	want(cf, b, "password", "S-1");
	want(cf, b, "password", "S-0");
	want(cf, b, "master_key", "{m}");
	want(cf, a, "private_key", NULL);
	assert_int_equal(casefile_add_need(cf, 99, &none, &err), E_CORRUPT);

	assert_int_equal(case_need_open(&w, cf, &err), OK);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_true(case_need_next(w, &need));
		assert_string_equal(need.kind, expected[i].kind);
		assert_int_equal(need.objects, expected[i].objects);
		if (expected[i].id) {
			assert_string_equal(need.id, expected[i].id);
			assert_string_equal(need.what, expected[i].id);
		} else {
			assert_null(need.id);
		}
	}
	assert_false(case_need_next(w, &need));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

/* What a full disk of closed files takes is not felt. */
static void many_needs(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_need need;
	struct case_walk *w;
	char sid[32];

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		int64_t object = add_object(cf);

		(void)snprintf(sid, sizeof(sid), "S-1-5-21-%u", i % 1000);
		want(cf, object, "password", sid);
		want(cf, object, "password", "S-1-5-21-all");
	}
	assert_int_equal(case_need_open(&w, cf, &err), OK);
	assert_true(case_need_next(w, &need));
	assert_string_equal(need.id, "S-1-5-21-all");
	assert_int_equal(need.objects, 20000);
	for (unsigned i = 0; i < 1000; i++) {
		assert_true(case_need_next(w, &need));
		assert_int_equal(need.objects, 20);
	}
	assert_false(case_need_next(w, &need));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
}

static void opened_objects_are_counted(void **state)
{
	struct casefile *cf = new_case(NULL);
	struct case_object o = { .path = "/x",
		                 .has_efs = true,
		                 .opened = true };
	struct case_totals totals;

	(void)state;
	(void)add_object(cf);
	assert_int_equal(casefile_add_object(cf, &o, &err), OK);
	assert_int_equal(casefile_totals(cf, &totals, &err), OK);
	assert_int_equal(totals.objects, 2);
	assert_int_equal(totals.opened, 1);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_comes_back),
		cmocka_unit_test(linked_in_any_order),
		cmocka_unit_test(needs_are_counted),
		cmocka_unit_test(many_needs),
		cmocka_unit_test(opened_objects_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
