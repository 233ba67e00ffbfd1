/* SPDX-License-Identifier: MIT */
/*
 * test_unlock_masterkey.c - master keys, by hashes and by candidates
 */
#include "tests/recovery/world.h"

#include <string.h>

#define ADMIN      "dpapi/adminMasterKeyFile.bin"
#define ADMIN_SID  "S-1-5-21-1455520393-2019809541-4133251990-500"
#define DOMAIN     "dpapi/masterkey_7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5"
#define DOMAIN_SID "S-1-5-21-4534338-1127018997-2609994386-500"

/* The chain of test_chain.c, with a password that is a local account's. */
#define WIKI        "corpus:keys/efs-mimikatz-wiki/Protect/"
#define WIKI_SID    "S-1-5-21-494464150-3436831043-1864828003-1001"
#define WIKI_MASTER WIKI WIKI_SID "/1eccdbd2-4771-4360-8b19-9d6060a061dc"
/* hashlib: sha1("waza1234/".encode("utf-16-le")) */
#define WIKI_SHA1 "a299912f3dc7cf0023aef8e4361abfc03e9a8c30"

static void add_wiki(struct world *w, const char *sid)
{
	assert_int_equal(world_add(w, PIECE_MASTERKEY, WIKI_MASTER, sid), OK);
}

static void is_open(const struct world *w, const char *by)
{
	const struct key *key = world_key(w, KEY_MASTER, 0);

	assert_int_equal(key->state, KEY_UNLOCKED);
	assert_string_equal(key->unlocked_by, by);
	assert_null(key->behind);
	assert_null(key->reason);
}

static void opens_by_hash(void **state)
{
	static const char *const sids[] = { NULL, WIKI_SID };

	(void)state;
	material_needs_corpus();
	for (size_t i = 0; i < COUNT(sids); i++) {
		struct world w;

		world_open(&w, "x");
		world_hash(&w, DPAPI_FORM_SHA1, WIKI_SHA1, sids[i],
		           "SHA-1 hash #1");
		add_wiki(&w, WIKI_SID);
		world_unlock(&w);
		is_open(&w, "SHA-1 hash #1");
		world_close(&w);
	}
}

/* A candidate of a known hash goes by its own name, and first. */
static void knows_the_password_of_a_hash(void **state)
{
	struct world w;

	(void)state;
	material_needs_corpus();
	world_open(&w, "x\ny\nwaza1234/");
	/* MD4 of it in UTF-16, by openssl(1) */
	world_hash(&w, DPAPI_FORM_NT, "cc36cf7a8514893efccd332446158b1a",
	           WIKI_SID, "NT hash of ann in SAM");
	add_wiki(&w, WIKI_SID);
	world_unlock(&w);
	is_open(&w, "password #3");
	assert_int_equal(passwords_proven(&w.passwords, 0), 2);
	world_close(&w);
}

/* Without a SID, and in the folder of somebody else. */
static void finds_the_user(void **state)
{
	static const char *const sids[] = { NULL, "S-1-5-21-1-2-3-1000" };

	(void)state;
	material_needs_corpus();
	for (size_t i = 0; i < COUNT(sids); i++) {
		struct world w;

		world_open(&w, sids[i] ? NULL : "waza1234/");
		assert_int_equal(
			world_add(&w, PIECE_MASTERKEY, WIKI_MASTER, sids[i]),
			OK);
		if (sids[i])
			world_hash(&w, DPAPI_FORM_SHA1, WIKI_SHA1, NULL,
			           "hash");
		/* the key files' folder tells of the user */
		assert_int_equal(world_add(&w, PIECE_PRIVATE,
		                           "winkeys/cng-rsa-locked.bin",
		                           WIKI_SID),
		                 OK);
		world_unlock(&w);
		is_open(&w, sids[i] ? "hash" : "password #1");
		world_close(&w);
	}
}

/* A domain account: by NT hash, of before and since Windows 10 1607. */
static void opens_domain_accounts(void **state)
{
	static const struct {
		const char *file, *sid, *password, *guid;
	} cases[] = {
		{ ADMIN, ADMIN_SID, "Admin456",
		  "{3a43ac71-52d1-4b15-84cb-01a5e7f06350}" },
		{ DOMAIN, DOMAIN_SID, "Pa$$w0rd",
		  "{7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct world w;
		struct key *key;
		char *links;

		world_open(&w, cases[i].password);
		assert_int_equal(world_add(&w, PIECE_MASTERKEY, cases[i].file,
		                           cases[i].sid),
		                 OK);
		world_unlock(&w);
		key = world_key(&w, KEY_MASTER, 0);
		assert_int_equal(key->state, KEY_UNLOCKED);
		assert_string_equal(key->id, cases[i].guid);
		links = g_strconcat("password #1 > master key ", cases[i].guid,
		                    NULL);
		assert_links(key, links);
		g_free(links);
		world_close(&w);
	}
}

/* A known password or hash opens what is of others, too. */
static void tries_what_opened(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, "a\nb\nAdmin456");
	assert_int_equal(world_add(&w, PIECE_MASTERKEY, ADMIN, ADMIN_SID), OK);
	assert_int_equal(world_add(&w, PIECE_MASTERKEY, DOMAIN, DOMAIN_SID),
	                 OK);
	world_unlock(&w);
	assert_string_equal(world_key(&w, KEY_MASTER, 0)->unlocked_by,
	                    "password #3");
	assert_int_equal(passwords_proven(&w.passwords, 0), 2);
	assert_int_equal(world_key(&w, KEY_MASTER, 1)->state, KEY_LOCKED);
	world_close(&w);
}

static bool stop(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	(void)done;
	(void)total;
	return false;
}

/* What was stopped goes on where it is asked again. */
static void can_be_stopped(void **state)
{
	struct trial trial = { .jobs = 2, .progress = stop };
	GString *list = g_string_new(NULL);
	struct error err;
	struct world w;

	(void)state;
	for (int i = 0; i < 300; i++)
		g_string_append_printf(list, "no%d\n", i);
	g_string_append(list, "Admin456\n");
	world_open(&w, list->str);
	assert_int_equal(world_add(&w, PIECE_MASTERKEY, ADMIN, ADMIN_SID), OK);
	assert_int_equal(chain_unlock(w.chain, &trial, &err), E_ABSENT);
	assert_int_equal(err.status, E_ABSENT);
	w.jobs = 2;
	world_unlock(&w);
	assert_string_equal(world_key(&w, KEY_MASTER, 0)->unlocked_by,
	                    "password #301");
	world_close(&w);
	(void)g_string_free(list, TRUE);
}

static void refuses_hashes_of_other_lengths(void **state)
{
	static const uint8_t hash[64];
	struct error err;
	struct world w;

	(void)state;
	world_open(&w, NULL);
	for (size_t n = 0; n <= sizeof(hash); n++) {
		struct bytes b = { hash, n, 0 };

		assert_int_equal(chain_add_hash(w.chain, DPAPI_FORM_NT, b, NULL,
		                                "x", &err),
		                 n == 16 ? OK : E_ABSENT);
		assert_int_equal(chain_add_hash(w.chain, DPAPI_FORM_SHA1, b,
		                                NULL, "x", &err),
		                 n == 20 ? OK : E_ABSENT);
		assert_int_equal(chain_add_hash(w.chain, DPAPI_FORM_NT_1607, b,
		                                NULL, "x", &err),
		                 E_ABSENT);
	}
	world_close(&w);
}

/* Of three that would take ten million rounds each, the last is not tried; nor
   is any without a user, so this takes no time. */
static void limits_the_rounds_of_all(void **state)
{
	static const char *const reasons[] = {
		"no password can be tried without a SID",
		"no password can be tried without a SID",
		"its iterations, with those of all other keys",
		"no password can be tried without a SID",
	};
	static const uint8_t last[COUNT(reasons)] = { 0x80, 0x7f, 0x7e, 0 };
	struct bytes in = material(ADMIN);
	uint8_t *rounds = material_at(in, 0x94);
	struct world w;

	(void)state;
	world_open(&w, NULL);
	for (size_t i = 0; i < COUNT(reasons); i++) {
		/* 10,000,000 is 0x989680; the last has 38,400. */
		rounds[0] = last[i];
		rounds[1] = 0x96;
		rounds[2] = last[i] ? 0x98 : 0;
		assert_int_equal(
			world_add_bytes(&w, PIECE_MASTERKEY, in, "m", NULL),
			OK);
	}
	world_unlock(&w);
	for (size_t i = 0; i < COUNT(reasons); i++)
		assert_true(g_str_has_prefix(
			world_key(&w, KEY_MASTER, i)->reason, reasons[i]));
	world_close(&w);
	material_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_the_rounds_of_all),
		cmocka_unit_test(opens_by_hash),
		cmocka_unit_test(knows_the_password_of_a_hash),
		cmocka_unit_test(finds_the_user),
		cmocka_unit_test(opens_domain_accounts),
		cmocka_unit_test(tries_what_opened),
		cmocka_unit_test(can_be_stopped),
		cmocka_unit_test(refuses_hashes_of_other_lengths),
	};

	return cmocka_run_group_tests_name("unlock_masterkey", tests, NULL,
	                                   NULL);
}
