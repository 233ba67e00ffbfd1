/* SPDX-License-Identifier: MIT */
/*
 * test_unlock_system.c - master keys of the machine, by DPAPI_SYSTEM
 */
#include "tests/recovery/world.h"

#include <string.h>

#define SYSTEM  "dpapi/systemMasterKeyFile.bin"
#define MACHINE "2bb2109db472825bfa7660fdbed62c981f08587b"
#define USER    "458dc597034d8801fc6fe3b342817caabb81a0cb"

static void opens_by_system_key(void **state)
{
	static const char *const sids[] = { "S-1-5-18", NULL };

	(void)state;
	for (size_t i = 0; i < COUNT(sids); i++) {
		struct world w;
		struct key *key;

		world_open(&w, NULL);
		assert_int_equal(
			world_add(&w, PIECE_MASTERKEY, SYSTEM, sids[i]), OK);
		world_unlock(&w);
		key = world_key(&w, KEY_MASTER, 0);
		assert_int_equal(key->state, KEY_LOCKED);
		if (sids[i])
			assert_string_equal(
				key->reason,
				"needs DPAPI_SYSTEM of the hives SYSTEM and "
				"SECURITY");
		world_system(&w, USER, MACHINE); /* of another machine */
		world_system(&w, MACHINE, USER);
		world_unlock(&w);
		assert_int_equal(key->state, KEY_UNLOCKED);
		assert_non_null(strstr(key->unlocked_by, "DPAPI_SYSTEM "));
		assert_int_equal(key->behind->type, KEY_SYSTEM);
		world_close(&w);
	}
}

static void lists_what_stays_closed(void **state)
{
	const struct origin origin = { 0 };
	struct world w;

	(void)state;
	world_open(&w, NULL);
	chain_add_system_locked(w.chain, "boot key", "needs StartKey.Key",
	                        &origin);
	world_unlock(&w);
	assert_int_equal(world_key(&w, KEY_SYSTEM, 0)->state, KEY_LOCKED);
	assert_string_equal(world_key(&w, KEY_SYSTEM, 0)->reason,
	                    "needs StartKey.Key");
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_by_system_key),
		cmocka_unit_test(lists_what_stays_closed),
	};

	return cmocka_run_group_tests_name("unlock_system", tests, NULL, NULL);
}
