/* SPDX-License-Identifier: MIT */
/*
 * test_unlock_credhist.c - old passwords, by newer ones
 */
#include "tests/recovery/world.h"

#include <string.h>

#define ADMIN     "dpapi/adminMasterKeyFile.bin"
#define ADMIN_SID "S-1-5-21-1455520393-2019809541-4133251990-500"
#define MADE      "dpapi/credhist-admin.bin"
#define REAL      "corpus:keys/dpapick/CREDHIST_xp"

/* The old password opens what was not encrypted anew. */
static void opens_a_master_key(void **state)
{
	(void)state;
	for (int late = 0; late < 2; late++) {
		struct key *master, *history;
		struct world w;

		world_open(&w, "x\nNewer789");
		if (!late)
			assert_int_equal(
				world_add(&w, PIECE_CREDHIST, MADE, ADMIN_SID),
				OK);
		assert_int_equal(
			world_add(&w, PIECE_MASTERKEY, ADMIN, ADMIN_SID), OK);
		if (late)
			assert_int_equal(
				world_add(&w, PIECE_CREDHIST, MADE, NULL), OK);
		world_unlock(&w);
		master = world_key(&w, KEY_MASTER, 0);
		history = world_key(&w, KEY_CREDHIST, 0);
		assert_int_equal(master->state, KEY_UNLOCKED);
		assert_ptr_equal(master->behind, history);
		assert_string_equal(history->name, "1 of 1 old passwords open");
		assert_links(
			master,
			"password #2 > CREDHIST entry "
			"{13121110-1514-1716-1819-1a1b1c1d1e1f} of " ADMIN_SID
			" > master key "
			"{3a43ac71-52d1-4b15-84cb-01a5e7f06350}");
		world_close(&w);
	}
}

static void says_why_it_is_closed(void **state)
{
	static const struct {
		const char *candidates, *reason;
	} cases[] = {
		{ NULL, "the blank password opens none of its old passwords" },
		{ "x", "no candidate or hash opens any of its old passwords" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct key *key;
		struct world w;

		world_open(&w, cases[i].candidates);
		assert_int_equal(world_add(&w, PIECE_CREDHIST, MADE, ADMIN_SID),
		                 OK);
		world_unlock(&w);
		key = world_key(&w, KEY_CREDHIST, 0);
		assert_int_equal(key->state, KEY_LOCKED);
		assert_string_equal(key->name, "0 of 1 old passwords open");
		assert_string_equal(key->reason, cases[i].reason);
		world_close(&w);
	}
}

/* hashlib: SHA-1 of "tutu" in UTF-16, and of "tata", which came before it. */
#define TUTU "8fd090d6121b0f67ebb58bce562bf02b3f1e6bb4"
#define TATA "8596ec93058ebb5f551525a9b5803b04461b7327"

/* dpapick's: tutu, then titi, tata, toto and the blank one. */
static void walks_to_the_oldest(void **state)
{
	static const struct {
		const char *hash, *name;
	} cases[] = {
		{ TUTU, "4 of 4 old passwords open" },
		{ TATA, "2 of 4 old passwords open" },
	};

	(void)state;
	material_needs_corpus();
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct world w;

		world_open(&w, "toto\nno\ntiti");
		world_hash(&w, DPAPI_FORM_SHA1, cases[i].hash, NULL, "hash");
		assert_int_equal(world_add(&w, PIECE_CREDHIST, REAL, NULL), OK);
		world_unlock(&w);
		assert_string_equal(world_key(&w, KEY_CREDHIST, 0)->name,
		                    cases[i].name);
		/* what the entries hold are these candidates */
		assert_int_equal(passwords_proven(&w.passwords, 0), 0);
		if (!i)
			assert_int_equal(passwords_proven(&w.passwords, 1), 2);
		world_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_a_master_key),
		cmocka_unit_test(says_why_it_is_closed),
		cmocka_unit_test(walks_to_the_oldest),
	};

	return cmocka_run_group_tests_name("unlock_credhist", tests, NULL,
	                                   NULL);
}
