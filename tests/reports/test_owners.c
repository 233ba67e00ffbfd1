/* SPDX-License-Identifier: MIT */
/*
 * test_owners.c - whose a key is, and where
 */
#include "tests/reports/sample_case.h"

#include "reports/owners.h"

#define SID1 "S-1-5-21-1-2-3-1001"
#define SID2 "S-1-5-21-1-2-3-1002"

static void add(struct casefile *cf, struct case_key key)
{
	struct error err = { 0 };

	assert_int_equal(casefile_add_key(cf, &key, &err), OK);
}

#define ON_DISK .evidence = "d", .volume = 1

/* "place kind user sid keys" of each, in order. */
static void assert_owners(struct casefile *cf, const char *const *expected)
{
	struct error err = { 0 };
	struct owners owners;

	assert_int_equal(owners_read(&owners, cf, &err), OK);
	for (guint i = 0; i < owners.list->len; i++) {
		const struct owner *o = g_ptr_array_index(owners.list, i);
		char *text = g_strdup_printf(
			"%s v%u.s%u %d %s %s %u",
			o->evidence ? o->evidence : "-", o->volume, o->snapshot,
			(int)o->kind, o->user ? o->user : "-",
			o->sid ? o->sid : "-", o->keys->len);

		assert_non_null(expected[i]);
		assert_string_equal(text, expected[i]);
		g_free(text);
	}
	assert_null(expected[owners.list->len]);
	owners_release(&owners);
}

static void by_place_and_use(void **state)
{
	static const char *const expected[] = {
		"d v1.s0 0 bob " SID2 " 1",
		"d v1.s0 0 ann " SID1 " 2",
		"d v1.s0 1 - - 2",
		"d v1.s0 2 - - 1",
		"d v1.s3 0 ann " SID1 " 1",
		"- v0.s0 2 - - 1",
		NULL,
	};
	struct error err = { 0 };
	struct casefile *cf;

	(void)state;
	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	add(cf, (struct case_key){ .type = "pfx", .opens = 99 });
	add(cf, (struct case_key){ ON_DISK, .type = "pfx" });
	add(cf, (struct case_key){ ON_DISK, .type = "system_secret" });
	/* the certificate does not know the SID, the master key does */
	add(cf, (struct case_key){ ON_DISK, .type = "certificate",
	                           .user = "ann", .opens = 1 });
	add(cf, (struct case_key){ ON_DISK, .type = "master_key", .user = "ann",
	                           .sid = SID1 });
	add(cf, (struct case_key){ ON_DISK, .type = "master_key",
	                           .sid = "S-1-5-18" });
	add(cf, (struct case_key){ ON_DISK, .type = "private_key",
	                           .user = "bob", .sid = SID2, .opens = 2 });
	/* a name that was learned elsewhere */
	add(cf, (struct case_key){ ON_DISK, .snapshot = 3, .type = "master_key",
	                           .sid = SID1 });
	assert_owners(cf, expected);
	casefile_free(cf);
}

/* Two accounts had this profile: whose the certificate is, is not known. */
static void a_name_of_two_is_not_joined(void **state)
{
	static const char *const expected[] = {
		"d v1.s0 0 ann " SID1 " 1",
		"d v1.s0 0 ann " SID2 " 1",
		"d v1.s0 0 ann - 1",
		NULL,
	};
	struct error err = { 0 };
	struct casefile *cf;

	(void)state;
	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	add(cf, (struct case_key){ ON_DISK, .user = "ann" });
	add(cf, (struct case_key){ ON_DISK, .user = "ann", .sid = SID1 });
	add(cf, (struct case_key){ ON_DISK, .user = "ann", .sid = SID2 });
	assert_owners(cf, expected);
	casefile_free(cf);
}

static void what_is_behind(void **state)
{
	struct error err = { 0 };
	struct owned_key *k[3];
	struct owners owners;
	struct casefile *cf;

	(void)state;
	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	add(cf, (struct case_key){ ON_DISK, .key_id = "private" });
	add(cf, (struct case_key){ ON_DISK, .key_id = "master" });
	add(cf, (struct case_key){ .key_id = "domain" });
	assert_int_equal(casefile_link_key(cf, 1, 2, &err), OK);
	assert_int_equal(casefile_link_key(cf, 2, 3, &err), OK);
	assert_int_equal(casefile_link_key(cf, 3, 3, &err), OK);
	assert_int_equal(owners_read(&owners, cf, &err), OK);
	for (guint i = 0; i < 3; i++)
		k[i] = g_ptr_array_index(owners.keys, i);
	assert_ptr_equal(k[0]->behind, k[1]);
	assert_ptr_equal(k[1]->behind, k[2]);
	assert_null(k[2]->behind); /* nothing opens itself */
	assert_false(k[0]->needed);
	assert_true(k[1]->needed && k[1]->inner);
	assert_true(k[2]->needed && !k[2]->inner);
	owners_release(&owners);
	casefile_free(cf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_place_and_use),
		cmocka_unit_test(a_name_of_two_is_not_joined),
		cmocka_unit_test(what_is_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
