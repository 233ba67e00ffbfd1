/* SPDX-License-Identifier: MIT */
/*
 * test_hives.c - names of hives, and damaged ones among sound ones
 */
#include "tests/analyzer/hives_world.h"
#include "tests/recovery/vectors_lsa.h"

#include <string.h>

static void test_names(void **state)
{
	static const char *const wanted[] = {
		"SYSTEM",          "system",
		"SECURITY",        "SAM",
		"SOFTWARE",        "ntuser.dat",
		"SYSTEM.LOG",      "SYSTEM.LOG1",
		"SYSTEM.LOG2",     "NTUSER.DAT.LOG1",
		"ntuser.dat.log2", "StartKey.Key",
		"STARTKEY.KEY",
	};
	static const char *const others[] = {
		"",           ".LOG",         "SYSTEM.LOG3",
		"SYSTEM.SAV", "SYSTEM.DAT",   "DEFAULT",
		"setup.log",  "UsrClass.dat", "NTUSER.DAT.LOG1.x",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(wanted); i++)
		assert_true(hives_want(wanted[i]));
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(hives_want(others[i]));
}

/* Whatever is damaged, the rest is read. */
static void test_damaged(void **state)
{
	static const uint8_t junk[9000] = "regf";

	for (size_t cut = 0; cut < 9000; cut += 500) {
		GByteArray *b;

		add_file("/a/SYSTEM", junk, cut);
		add_file("/a/SECURITY", junk, cut);
		add_file("/a/SAM", junk, cut);
		add_file("/a/SOFTWARE", junk, cut);
		add_file("/a/SOFTWARE.LOG1", junk, cut);
		add_file("/a/NTUSER.DAT", junk, cut);
		add_file("/a/StartKey.Key", junk, cut / 100);
		b = writer_finish(machine_hive(0));
		add_file("/c/SECURITY", b->data, MIN(cut, b->len));
		g_byte_array_unref(b);
		add_hive("/b/SYSTEM", system_hive(policies[1].boot, 1));
		add_hive("/b/SECURITY", machine_hive(1));
		world_read();
		assert_system(1);
		(void)world_close(state);
		(void)world_open(state);
	}
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_names),
		TEST(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
