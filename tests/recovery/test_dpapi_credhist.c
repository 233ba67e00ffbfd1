/* SPDX-License-Identifier: MIT */
/*
 * test_dpapi_credhist.c - old passwords: of Windows XP, and made with AES
 */
#include "recovery/dpapi.h"
#include "tests/recovery/vectors.h"

#include <string.h>

/* Newest first; the first one is in use, and opens the newest entry. */
static const char *const words[] = { "tutu", "titi", "tata", "toto", "" };

/* By the SHA-1 of a password, and the SID that is in the entry. */
static enum status open_entry(struct dpapi_old_password *old,
                              const struct credhist_entry *entry,
                              const uint8_t sha1[DPAPI_SHA1_SIZE])
{
	struct bytes h = { sha1, DPAPI_SHA1_SIZE, 0 };
	uint8_t prekey[DPAPI_SHA1_SIZE];
	struct bytes with = { prekey, sizeof(prekey), 0 };
	char sid[TEXT_SID];
	struct text text = text_open(sid, sizeof(sid));
	struct error err;

	if (entry->err.status)
		return dpapi_open_credhist(old, entry, with, &err);
	assert_true(text_sid(&text, entry->sid));
	assert_int_equal(dpapi_prekey(prekey, h, sid, &err), OK);
	return dpapi_open_credhist(old, entry, with, &err);
}

static void assert_password(const struct dpapi_old_password *old,
                            const char *word)
{
	uint8_t hash[20];
	struct error err;

	assert_int_equal(
		dpapi_password_hash(hash, DPAPI_FORM_SHA1, view_of(word), &err),
		OK);
	assert_memory_equal(old->sha1, hash, DPAPI_SHA1_SIZE);
	assert_int_equal(
		dpapi_password_hash(hash, DPAPI_FORM_NT, view_of(word), &err),
		OK);
	assert_memory_equal(old->nt, hash, DPAPI_NT_SIZE);
}

/* From the password in use to the oldest; each opens the next entry only. */
static void walk(struct bytes file)
{
	static const struct dpapi_old_password empty;
	struct credhist it = credhist_open(file);
	struct credhist_entry entry;
	struct dpapi_old_password old, no;
	struct error err;
	size_t i = 0;

	assert_int_equal(dpapi_password_hash(old.sha1, DPAPI_FORM_SHA1,
	                                     view_of(words[0]), &err),
	                 OK);
	while (credhist_next(&it, &entry)) {
		struct dpapi_old_password newer = old;

		assert_true(++i < COUNT(words));
		assert_int_equal(open_entry(&old, &entry, newer.sha1), OK);
		assert_password(&old, words[i]);
		assert_int_equal(open_entry(&no, &entry, old.sha1), E_KEY);
		assert_memory_equal(&no, &empty, sizeof(no));
	}
	assert_int_equal(it.err.status, OK);
	assert_int_equal(i, COUNT(words) - 1);
}

static void a_chain_of_xp_opens(void **state)
{
	struct bytes file = material_corpus("keys/dpapick/CREDHIST_xp");

	(void)state;
	walk(file);
	material_free(file);
}

static void walk_made(char **field)
{
	struct bytes file = hexed(field[3]);

	walk(file);
	material_free(file);
}

static void made_chains_open(void **state)
{
	struct bytes text = material("dpapi/made.txt");

	(void)state;
	each_vector(text, "credhist", 4, walk_made);
	material_free(text);
}

/* A chain of Windows 10 whose passwords nobody published. */
static void unknown_passwords_are_refused(void **state)
{
	struct bytes file =
		material_corpus("keys/nthash-fpc/CREDHIST-TEST.bin");
	struct credhist it = credhist_open(file);
	struct credhist_entry entry;
	struct dpapi_old_password old;
	size_t entries = 0;

	(void)state;
	while (credhist_next(&it, &entry)) {
		uint8_t sha1[DPAPI_SHA1_SIZE] = { 0 };

		for (size_t i = 0; i < 100; i++) {
			sha1[0] = (uint8_t)i;
			assert_int_equal(open_entry(&old, &entry, sha1), E_KEY);
		}
		entries++;
	}
	assert_int_equal(entries, 2);
	material_free(file);
}

/* The right hash or none; a changed NT hash cannot be told. */
static void survives(struct bytes in, void *ctx)
{
	struct credhist it = credhist_open(in);
	struct credhist_entry entry;
	struct dpapi_old_password old;
	uint8_t sha1[DPAPI_SHA1_SIZE];
	struct error err;
	size_t *opened = ctx;

	assert_int_equal(dpapi_password_hash(sha1, DPAPI_FORM_SHA1,
	                                     view_of(words[0]), &err),
	                 OK);
	if (credhist_next(&it, &entry) && !open_entry(&old, &entry, sha1))
		(*opened)++;
}

static void damage_made(char **field)
{
	struct bytes file = hexed(field[3]);
	size_t opened = 0;

	each_damage(file, survives, &opened);
	assert_true(opened > 0);
	material_free(file);
}

static void damage_is_survived(void **state)
{
	struct bytes text = material("dpapi/made.txt");

	(void)state;
	each_vector(text, "credhist", 4, damage_made);
	material_free(text);
}

static void other_entries_say_why(void **state)
{
	struct credhist_entry entry = { .sha1_length = 20, .nt_length = 16 };
	struct bytes none = { 0 };
	struct dpapi_old_password old;
	struct error err;

	(void)state;
	assert_int_equal(dpapi_open_credhist(&old, &entry, none, &err),
	                 E_UNSUPPORTED);
	assert_non_null(strstr(err.what, "lengths"));
	entry.nt_length = 20;
	entry.rounds = 1;
	assert_int_equal(dpapi_open_credhist(&old, &entry, none, &err),
	                 E_UNSUPPORTED);
	assert_non_null(strstr(err.what, "unknown hash"));
	entry.err = (struct error){ E_CORRUPT, 6, "rounds" };
	assert_int_equal(dpapi_open_credhist(&old, &entry, none, &err),
	                 E_CORRUPT);
	assert_int_equal(err.at, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_of_xp_opens),
		cmocka_unit_test(made_chains_open),
		cmocka_unit_test(unknown_passwords_are_refused),
		cmocka_unit_test(damage_is_survived),
		cmocka_unit_test(other_entries_say_why),
	};

	return cmocka_run_group_tests_name("dpapi_credhist", tests, NULL, NULL);
}
