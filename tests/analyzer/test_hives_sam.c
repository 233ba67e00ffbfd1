/* SPDX-License-Identifier: MIT */
/*
 * test_hives_sam.c - accounts of SAM hives
 */
#include "tests/analyzer/hives_world.h"
#include "tests/recovery/vectors_sam.h"

#include <string.h>

static void test_accounts(void **state)
{
	static const char *const boot_of[] = { "/c/SYSTEM", "/d/SYSTEM" };
	static const char *const sam_of[] = { "/c/SAM", "/d/SAM" };
	size_t hashes = world.chain->credentials->len;

	(void)state;
	for (size_t s = 0; s < 2; s++) {
		struct writer *w = writer_new();

		writer_hex(w, "SAM\\Domains\\Account", "F", sams[s].f);
		writer_hex(w, "SAM\\Domains\\Account", "V",
		           "00000000010400000000000515000000"
		           "a64ddd54933204de30f57de4");
		writer_key(w, "SAM\\Domains\\Account\\Users\\Names\\John",
		           NULL);
		for (size_t i = 0; i < COUNT(users); i++) {
			char *path = g_strdup_printf(
				"SAM\\Domains\\Account\\Users\\%08X",
				(unsigned)users[i].rid);

			if (users[i].sam == s)
				writer_hex(w, path, "V", users[i].v);
			g_free(path);
		}
		add_hive(boot_of[s], system_hive(sams[s].boot, 1));
		add_hive(sam_of[s], w);
	}
	world_read();
	for (size_t i = 0; i < COUNT(users); i++) {
		uint8_t nt[16];
		char *sid, *label;

		/* The chain knows the blank password anyway. */
		if (!*users[i].nt || g_str_has_prefix(users[i].nt, "31d6cfe0"))
			continue;
		unhex_to(nt, sizeof(nt), users[i].nt);
		sid = g_strdup_printf(
			"S-1-5-21-1423789478-3724817043-3833460016-%u",
			(unsigned)users[i].rid);
		label = g_strdup_printf("NT hash of %s in SAM", users[i].name);
		assert_true(has_hash(DPAPI_FORM_NT, nt, 16, sid, label));
		g_free(sid);
		g_free(label);
		hashes++;
	}
	assert_int_equal(world.chain->credentials->len, hashes);
	assert_int_equal(keyring_count(world.ring), 0);
}

static int64_t no_evidence(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return 0;
}

/* Who there is lies open: it takes no boot key. */
static void test_names_without_key(void **state)
{
	struct writer *w = writer_new();
	struct case_account a;
	struct case_walk *walk;
	struct casefile *cf;
	struct error err;
	char *path = g_strdup_printf("SAM\\Domains\\Account\\Users\\%08X",
	                             (unsigned)users[0].rid);
	char *sid = g_strdup_printf("S-1-5-21-1423789478-3724817043-3833460016"
	                            "-%u",
	                            (unsigned)users[0].rid);

	(void)state;
	writer_hex(w, "SAM\\Domains\\Account", "V",
	           "00000000010400000000000515000000"
	           "a64ddd54933204de30f57de4");
	writer_hex(w, path, "V", users[0].v);
	add_hive("/c/SAM", w);
	world_read();
	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	assert_int_equal(
		people_record(world.people, cf, no_evidence, NULL, &err), OK);
	assert_int_equal(case_account_open(&walk, cf, &err), OK);
	assert_true(case_account_next(walk, &a));
	assert_string_equal(a.sid, sid);
	assert_string_equal(a.name, users[0].name);
	assert_true(a.local);
	assert_false(case_account_next(walk, &a));
	assert_int_equal(case_walk_close(walk, &err), OK);
	casefile_free(cf);
	g_free(path);
	g_free(sid);
}

static void test_closed_sam(void **state)
{
	struct writer *w = writer_new();

	(void)state;
	writer_hex(w, "SAM\\Domains\\Account", "F", sams[0].f);
	add_hive("/c/SYSTEM", system_hive(sams[1].boot, 1));
	add_hive("/c/SAM", w);
	world_read();
	assert_closed("SAM", "the boot key of no SYSTEM hive opens it");
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_accounts),
		TEST(test_names_without_key),
		TEST(test_closed_sam),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
