/* SPDX-License-Identifier: MIT */
/*
 * test_unlock_keyfile.c - PFX, PEM and PVK files, by candidates
 */
#include "tests/recovery/world.h"

#include <string.h>

#define REAL    "efs-win10-aes256/user.pfx"
#define REAL_ID "1911cf1ef10d043cfd9c25e0438e056fb0100650"

/* The password of a PFX is proved by it, and the other way round. */
static void opens_by_candidates(void **state)
{
	(void)state;
	for (unsigned jobs = 1; jobs <= 4; jobs += 3) {
		struct key *key;
		struct world w;

		world_open(&w, "a\nb\n1\nc");
		w.jobs = jobs;
		assert_int_equal(world_add(&w, PIECE_KEYFILE, REAL, NULL), OK);
		assert_int_equal(world_key(&w, KEY_PFX, 0)->state, KEY_LOCKED);
		world_unlock(&w);
		assert_int_equal(world_count(&w, KEY_PFX), 0);
		key = world_key(&w, KEY_PRIVATE, 0);
		assert_string_equal(key->id, REAL_ID);
		assert_string_equal(key->unlocked_by, "password #3");
		assert_links(key, "password #3 > private key " REAL_ID);
		assert_int_equal(passwords_proven(&w.passwords, 0), 2);
		world_close(&w);
	}
}

static void says_what_was_tried(void **state)
{
	uint8_t raw[EFS_THUMBPRINT_SIZE];
	struct bytes thumbprint = { raw, unhex(raw, sizeof(raw), REAL_ID), 0 };
	const struct closed_link *link;
	struct world w;

	(void)state;
	world_open(&w, "a\nb");
	assert_int_equal(world_add(&w, PIECE_KEYFILE, REAL, NULL), OK);
	world_unlock(&w);
	assert_string_equal(world_key(&w, KEY_PFX, 0)->reason,
	                    "PFX: neither the blank password nor any of 2 "
	                    "opens it");
	link = chain_closed(w.chain, thumbprint, NULL);
	assert_needs(link, "file_password user.pfx");
	assert_ptr_equal(g_ptr_array_index(link->locked, 0),
	                 world_key(&w, KEY_PFX, 0));
	world_unlock(&w); /* nothing new: nothing is tried */
	assert_int_equal(world_count(&w, KEY_PFX), 1);
	world_close(&w);
}

/* What opened a master key opens the PFX of its user. */
static void takes_known_passwords(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, "x\n" KEYS_PASSWORD);
	assert_int_equal(world_add(&w, PIECE_KEYFILE, "keys/bob.pfx", NULL),
	                 OK);
	assert_int_equal(world_add(&w, PIECE_KEYFILE, "keys/ann.pfx", NULL),
	                 OK);
	assert_int_equal(
		world_add(&w, PIECE_KEYFILE, "keys/rsa2048-enc.pvk", NULL), OK);
	assert_int_equal(
		world_add(&w, PIECE_KEYFILE, "keys/rsa2048-trad-enc.pem", NULL),
		OK);
	world_unlock(&w);
	assert_int_equal(keyring_usable(w.ring), 3);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_by_candidates),
		cmocka_unit_test(says_what_was_tried),
		cmocka_unit_test(takes_known_passwords),
	};

	return cmocka_run_group_tests_name("unlock_keyfile", tests, NULL, NULL);
}
