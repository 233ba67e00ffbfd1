/* SPDX-License-Identifier: MIT */
/*
 * test_unlock_domain.c - master keys, by the backup key of their domain
 */
#include "parsers/limits.h"
#include "recovery/chain_internal.h"
#include "tests/recovery/world.h"

#include <string.h>

#define ADMIN      "dpapi/adminMasterKeyFile.bin"
#define ADMIN_SID  "S-1-5-21-1455520393-2019809541-4133251990-500"
#define DOMAIN     "dpapi/masterkey_7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5"
#define DOMAIN_SID "S-1-5-21-4534338-1127018997-2609994386-500"
#define BACKUP     "winkeys/DPAPIBackupKey_RSAKey.bin"
#define BACKUP_ID  "{efe756ec-f87c-493a-902f-259030203445}"

/* The domain's key needs no password, and no SID; either may come first. */
static void opens_by_domain_key(void **state)
{
	(void)state;
	for (int late = 0; late < 2; late++) {
		struct world w;
		struct key *key, *domain;

		world_open(&w, NULL);
		if (!late)
			assert_int_equal(
				world_add(&w, PIECE_DOMAIN, BACKUP, NULL), OK);
		assert_int_equal(world_add(&w, PIECE_MASTERKEY, DOMAIN, NULL),
		                 OK);
		world_unlock(&w);
		if (late) {
			assert_int_equal(
				world_add(&w, PIECE_DOMAIN, BACKUP, NULL), OK);
			world_unlock(&w);
		}
		key = world_key(&w, KEY_MASTER, 0);
		domain = world_key(&w, KEY_DOMAIN, 0);
		assert_int_equal(key->state, KEY_UNLOCKED);
		assert_string_equal(key->unlocked_by, "domain key " BACKUP_ID);
		assert_string_equal(key->origin.sid, DOMAIN_SID);
		assert_ptr_equal(key->behind, domain);
		assert_int_equal(domain->state, KEY_UNLOCKED);
		assert_string_equal(domain->id, BACKUP_ID);
		assert_int_equal(keyring_usable(w.ring), 0);
		world_close(&w);
	}
}

/* Any private key may be a domain's; but not on each master key without end. */
static void tries_have_a_limit(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, NULL);
	assert_int_equal(world_add(&w, PIECE_MASTERKEY, DOMAIN, NULL), OK);
	assert_int_equal(world_add(&w, PIECE_DOMAIN, BACKUP, NULL), OK);
	w.chain->domain_work = LIMIT_DOMAIN_WORK;
	world_unlock(&w);
	assert_string_equal(
		world_key(&w, KEY_MASTER, 0)->reason,
		"no password can be tried without a SID; not all keys here "
		"were tried as the domain key " BACKUP_ID
		", there are too many");
	w.chain->domain_work--;
	world_unlock(&w);
	assert_int_equal(world_key(&w, KEY_MASTER, 0)->state, KEY_UNLOCKED);
	assert_int_equal(w.chain->domain_work, LIMIT_DOMAIN_WORK);
	world_close(&w);
}

/* Of another master key, which this domain's key does not open. */
static void add_foreign(struct world *w)
{
	struct bytes in = material(DOMAIN);

	*material_at(in, 12) = '8';           /* of its GUID */
	*material_at(in, in.n - 150) ^= 0x55; /* of its domain part */
	assert_int_equal(
		world_add_bytes(w, PIECE_MASTERKEY, in, "foreign", NULL), OK);
	material_free(in);
}

/* The first key meets all master keys, though tries run out. */
static void tries_key_by_key(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, NULL);
	add_foreign(&w);
	assert_int_equal(world_add(&w, PIECE_MASTERKEY, DOMAIN, NULL), OK);
	assert_int_equal(world_add(&w, PIECE_DOMAIN, BACKUP, NULL), OK);
	assert_int_equal(world_add(&w, PIECE_DOMAIN, "pfx/wiki_none.pvk", NULL),
	                 OK);
	w.chain->domain_work = LIMIT_DOMAIN_WORK - 2;
	world_unlock(&w);
	assert_int_equal(world_key(&w, KEY_MASTER, 0)->state, KEY_LOCKED);
	assert_int_equal(world_key(&w, KEY_MASTER, 1)->state, KEY_UNLOCKED);
	assert_int_equal(w.chain->domain_work, LIMIT_DOMAIN_WORK);
	world_close(&w);
}

/* The wrong domain's key, and the reasons. */
static void says_which_domain_key(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, NULL);
	assert_int_equal(world_add(&w, PIECE_MASTERKEY, ADMIN, ADMIN_SID), OK);
	world_unlock(&w);
	assert_string_equal(
		world_key(&w, KEY_MASTER, 0)->reason,
		"the blank password does not open it; the domain key "
		"{e7de99e9-4b27-44c0-a1be-f3f43dc8a89f} would open it");
	assert_int_equal(world_add(&w, PIECE_DOMAIN, BACKUP, NULL), OK);
	world_unlock(&w);
	assert_string_equal(
		world_key(&w, KEY_MASTER, 0)->reason,
		"the blank password does not open it; nor is any key here "
		"the domain key {e7de99e9-4b27-44c0-a1be-f3f43dc8a89f}");
	world_close(&w);
}

/* Any key file with an RSA key may be a domain's. */
static void takes_a_loose_key_file(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, NULL);
	assert_int_equal(world_add(&w, PIECE_KEYFILE, BACKUP, NULL), OK);
	assert_int_equal(world_add(&w, PIECE_MASTERKEY, DOMAIN, NULL), OK);
	world_unlock(&w);
	assert_string_equal(world_key(&w, KEY_MASTER, 0)->unlocked_by,
	                    "domain key " BACKUP_ID);
	assert_int_equal(world_key(&w, KEY_MASTER, 0)->behind->type,
	                 KEY_PRIVATE);
	world_close(&w);
}

/* A backup key of Windows 2000 is recognised, and of no use. */
static void names_legacy_keys(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, NULL);
	assert_int_equal(world_add(&w, PIECE_DOMAIN,
	                           "winkeys/DPAPIBackupKey_LegacyKey.bin",
	                           NULL),
	                 OK);
	world_unlock(&w);
	assert_int_equal(world_key(&w, KEY_DOMAIN, 0)->state, KEY_LOCKED);
	assert_string_equal(world_key(&w, KEY_DOMAIN, 0)->reason,
	                    "legacy backup key of a domain (no RSA key)");
	world_close(&w);
}

/* A PVK with a password, as a domain's key. */
static void opens_a_locked_domain_key(void **state)
{
	struct key *key;
	struct world w;

	(void)state;
	world_open(&w, "a\nPvkPass1");
	assert_int_equal(
		world_add(&w, PIECE_DOMAIN, "pfx/wiki_strong.pvk", NULL), OK);
	key = world_key(&w, KEY_DOMAIN, 0);
	assert_int_equal(key->state, KEY_LOCKED);
	world_unlock(&w);
	assert_int_equal(key->state, KEY_UNLOCKED);
	assert_string_equal(key->unlocked_by, "password #2");
	assert_null(key->reason);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_by_domain_key),
		cmocka_unit_test(says_which_domain_key),
		cmocka_unit_test(tries_have_a_limit),
		cmocka_unit_test(tries_key_by_key),
		cmocka_unit_test(takes_a_loose_key_file),
		cmocka_unit_test(names_legacy_keys),
		cmocka_unit_test(opens_a_locked_domain_key),
	};

	return cmocka_run_group_tests_name("unlock_domain", tests, NULL, NULL);
}
