/* SPDX-License-Identifier: MIT */
/*
 * test_hives_system.c - which boot key opens what
 */
#include "tests/analyzer/hives_world.h"
#include "tests/recovery/vectors_lsa.h"

#include <string.h>

/* Windows 10, 7, Vista and XP. */
static void test_machines(void **state)
{
	for (size_t i = 0; i < 4; i++) {
		struct key *key;

		add_hive("/Windows/System32/config/SYSTEM",
		         system_hive(policies[i].boot, 1));
		add_hive("/Windows/System32/config/SECURITY", machine_hive(i));
		world_read();
		key = only_key(KEY_SYSTEM);
		assert_int_equal(key->state, KEY_UNLOCKED);
		assert_string_equal(key->id, "DPAPI_SYSTEM");
		assert_string_equal(key->origin.path,
		                    "/Windows/System32/config/SECURITY: "
		                    "Policy\\Secrets\\DPAPI_SYSTEM\\CurrVal");
		assert_system(i);
		assert_int_equal(has_password("password"), i == 1 || i == 2);
		(void)world_close(state);
		(void)world_open(state);
	}
}

/* Two machines whose files lie in other folders; case does not matter. */
static void test_boot_key_of_another_folder(void **state)
{
	(void)state;
	add_hive("/a/system", system_hive(policies[0].boot, 1));
	add_hive("/b/system", system_hive(policies[1].boot, 1));
	add_hive("/c/Security", machine_hive(1));
	world_read();
	assert_int_equal(only_key(KEY_SYSTEM)->state, KEY_UNLOCKED);
	assert_system(1);
}

static void test_closed(void **state)
{
	add_hive("/c/SECURITY", machine_hive(1));
	world_read();
	assert_closed("DPAPI_SYSTEM",
	              "the SYSTEM hive with its boot key is not here");
	(void)world_close(state);
	(void)world_open(state);
	add_hive("/c/SYSTEM", system_hive(policies[0].boot, 1));
	add_hive("/c/SECURITY", machine_hive(1));
	world_read();
	assert_closed("DPAPI_SYSTEM",
	              "the boot key of no SYSTEM hive opens it");
	(void)world_close(state);
	(void)world_open(state);
	add_password("one\ntwo");
	add_hive("/c/SYSTEM", system_hive(policies[0].boot, 2));
	add_hive("/c/SECURITY", machine_hive(1));
	world_read();
	assert_closed("DPAPI_SYSTEM", "Windows asks for a startup password, "
	                              "and none of 2 is it");
	(void)world_close(state);
	(void)world_open(state);
	add_hive("/c/SYSTEM", system_hive(policies[0].boot, 3));
	add_hive("/c/SECURITY", machine_hive(1));
	world_read();
	assert_closed("DPAPI_SYSTEM",
	              "Windows starts with a key disk: its StartKey.Key is "
	              "not here");
	(void)world_close(state);
	(void)world_open(state);
	add_hive("/c/SECURITY", security_hive(10, "00"));
	world_read();
	assert_closed("DPAPI_SYSTEM",
	              "the SYSTEM hive with its boot key is not here");
}

static void test_key_disk(void **state)
{
	uint8_t key[16];

	(void)state;
	unhex_to(key, sizeof(key), policies[1].boot);
	add_hive("/c/SYSTEM", system_hive(policies[0].boot, 3));
	add_hive("/c/SECURITY", machine_hive(1));
	add_file("/floppy/STARTKEY.KEY", key, sizeof(key));
	world_read();
	assert_int_equal(only_key(KEY_SYSTEM)->state, KEY_UNLOCKED);
	assert_system(1);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_machines),
		TEST(test_boot_key_of_another_folder),
		TEST(test_closed),
		TEST(test_key_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
