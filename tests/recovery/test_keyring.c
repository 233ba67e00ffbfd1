/* SPDX-License-Identifier: MIT */
/*
 * test_keyring.c - keys and certificates, from many files, joined
 */
#include "tests/recovery/material.h"

#include <string.h>

#define REAL     "efs-win10-aes256/user.pfx"
#define REAL_KEY "efs-win10-aes256/user-key.pem"
#define REAL_ID  "1911cf1ef10d043cfd9c25e0438e056fb0100650"
#define PW       KEYS_PASSWORD

static struct bytes thumbprint(const char *hex)
{
	static uint8_t raw[EFS_THUMBPRINT_SIZE];

	return (struct bytes){ raw, unhex(raw, sizeof(raw), hex), 0 };
}

static struct key *find(const struct keyring *ring, const char *hex)
{
	return keyring_find(ring, thumbprint(hex));
}

static void is(const struct key *key, enum key_type type, enum key_state state,
               const char *source)
{
	assert_non_null(key);
	assert_int_equal(key->type, type);
	assert_int_equal(key->state, state);
	assert_string_equal(key->source, source);
	assert_true(!key->rsa == (state != KEY_UNLOCKED));
	assert_true(!key->reason == (state != KEY_LOCKED));
}

static void holds_a_pfx(void **state)
{
	struct keyring *ring = keyring_new();
	struct key *key;

	(void)state;
	assert_int_equal(material_add(ring, REAL, "x\n1"), OK);
	assert_int_equal(keyring_count(ring), 1);
	assert_int_equal(keyring_usable(ring), 1);
	key = keyring_get(ring, 0);
	is(key, KEY_PRIVATE, KEY_UNLOCKED, REAL);
	assert_string_equal(key->id, REAL_ID);
	assert_string_equal(key->name, "CN=test");
	assert_string_equal(key->unlocked_by, "password #2");
	assert_int_equal(key->bits, 2048);
	assert_ptr_equal(find(ring, REAL_ID), key);
	assert_null(find(ring, "1911cf1ef10d043cfd9c25e0438e056fb0100651"));
	assert_null(find(ring, ""));
	assert_ptr_equal(keyring_of_size(ring, 256, 0), key);
	assert_null(keyring_of_size(ring, 256, 1));
	assert_null(keyring_of_size(ring, 128, 0));
	keyring_free(ring);
}

static void holds_a_bare_key(void **state)
{
	struct keyring *ring = keyring_new();
	struct key *key;

	(void)state;
	assert_int_equal(material_add(ring, REAL_KEY, NULL), OK);
	key = keyring_get(ring, 0);
	is(key, KEY_PRIVATE, KEY_UNLOCKED, REAL_KEY);
	assert_string_equal(key->id,
	                    "rsa:5d135f236d4c453a8a24d35e94ba4ffdd9065169");
	assert_null(key->name);
	assert_null(key->unlocked_by);
	assert_null(find(ring, REAL_ID));
	assert_ptr_equal(keyring_of_size(ring, 256, 0), key);

	/* what it has opened, it is known by */
	keyring_learn(ring, thumbprint(REAL_ID), key);
	keyring_learn(ring, thumbprint(REAL_ID), key);
	keyring_learn(ring, thumbprint(""), key);
	assert_ptr_equal(keyring_find_learned(ring, thumbprint(REAL_ID)), key);
	assert_null(keyring_find_learned(ring, thumbprint("")));
	assert_null(find(ring, REAL_ID)); /* no certificate says so */
	keyring_free(ring);
}

/* Certificate and key from two files, either one first: one key. */
static void joins_by_public_key(void **state)
{
	static const char *const orders[][2] = {
		{ "keys/ann.der", "keys/ann.key" },
		{ "keys/ann.key", "keys/ann.der" },
	};
	struct keyring *whole = keyring_new();

	(void)state;
	assert_int_equal(material_add(whole, "keys/ann.pfx", PW), OK);
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct keyring *ring = keyring_new();
		const struct key *expect = keyring_get(whole, 0);
		struct key *key;

		assert_int_equal(material_add(ring, orders[i][0], NULL), OK);
		assert_int_equal(keyring_usable(ring), i);
		assert_int_equal(material_add(ring, orders[i][1], NULL), OK);
		assert_int_equal(keyring_count(ring), 1);
		assert_int_equal(keyring_usable(ring), 1);
		key = keyring_get(ring, 0);
		is(key, KEY_PRIVATE, KEY_UNLOCKED, "keys/ann.key");
		assert_string_equal(key->id, expect->id);
		assert_string_equal(key->name, "CN=ann");
		assert_string_equal(key->certificate, "keys/ann.der");
		assert_string_equal(key->certificate_origin.path,
		                    "keys/ann.der");
		assert_ptr_equal(find(ring, expect->id), key);
		keyring_free(ring);
	}
	keyring_free(whole);
}

/* A renewed certificate is a second name of the same key. */
static void knows_renewed_certificates(void **state)
{
	static const char *const files[] = { "keys/ann.pfx",
		                             "keys/ann-renewed.pfx",
		                             "keys/ann-no-eku.der" };
	struct keyring *ring = keyring_new();
	struct key *key;

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++)
		assert_int_equal(material_add(ring, files[i], PW), OK);
	assert_int_equal(keyring_count(ring), 3);
	assert_int_equal(keyring_usable(ring), 1);
	key = keyring_get(ring, 0);
	is(key, KEY_PRIVATE, KEY_UNLOCKED, "keys/ann.pfx");
	is(keyring_get(ring, 1), KEY_CERTIFICATE, KEY_PUBLIC,
	   "keys/ann-renewed.pfx");
	for (size_t i = 0; i < 3; i++)
		assert_ptr_equal(find(ring, keyring_get(ring, i)->id), key);
	keyring_free(ring);
}

static void merges_duplicates(void **state)
{
	static const char *const files[] = {
		"keys/rsa2048.pfx",      "keys/rsa2048.key",
		"keys/rsa2048.der",      "keys/rsa2048.blob",
		"keys/rsa2048.pvk",      "keys/rsa2048.both.pem",
		"keys/rsa2048-open.pfx", "keys/rsa2048.pfx",
	};
	struct keyring *ring = keyring_new();

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++)
		assert_int_equal(material_add(ring, files[i], PW), OK);
	assert_int_equal(keyring_count(ring), 1);
	assert_int_equal(keyring_usable(ring), 1);
	is(keyring_get(ring, 0), KEY_PRIVATE, KEY_UNLOCKED, "keys/rsa2048.pfx");
	keyring_free(ring);
}

static void holds_several(void **state)
{
	struct keyring *ring = keyring_new();

	(void)state;
	assert_int_equal(material_add(ring, "keys/several.pfx", PW), OK);
	assert_int_equal(keyring_count(ring), 3);
	assert_int_equal(keyring_usable(ring), 3);
	assert_ptr_equal(keyring_of_size(ring, 256, 0), keyring_get(ring, 0));
	assert_ptr_equal(keyring_of_size(ring, 256, 1), keyring_get(ring, 1));
	assert_null(keyring_of_size(ring, 256, 2));
	assert_ptr_equal(keyring_of_size(ring, 384, 0), keyring_get(ring, 2));
	assert_string_equal(keyring_get(ring, 2)->name, "CN=carla");
	keyring_free(ring);
}

/* Windows leaves the certificate in a PFX readable: so it names the lock. */
static void names_what_is_locked(void **state)
{
	struct keyring *ring = keyring_new();
	struct bytes file = material(REAL);
	struct key *key;

	(void)state;
	assert_null(keyring_locked_in(ring, file, 0));
	assert_int_equal(material_add(ring, REAL, "wrong"), E_KEY);
	assert_int_equal(keyring_usable(ring), 0);
	assert_int_equal(keyring_count(ring), 2);
	is(keyring_get(ring, 0), KEY_CERTIFICATE, KEY_PUBLIC, REAL);
	key = keyring_get(ring, 1);
	is(key, KEY_PFX, KEY_LOCKED, REAL);
	assert_null(key->id);
	assert_null(find(ring, REAL_ID));
	assert_ptr_equal(keyring_find_locked(ring, thumbprint(REAL_ID)), key);
	assert_ptr_equal(keyring_locked_in(ring, file, 0), key);
	assert_null(keyring_locked_in(ring, file, 1));
	assert_null(keyring_locked_in(ring, (struct bytes){ 0 }, 0));

	/* the same file again is no news; with the password, it is open */
	assert_int_equal(material_add(ring, REAL, "wrong"), E_KEY);
	assert_int_equal(keyring_count(ring), 2);
	assert_ptr_equal(keyring_locked_in(ring, file, 0),
	                 keyring_get(ring, 1));
	assert_null(keyring_locked_in(ring, file, 1));
	assert_int_equal(material_add(ring, REAL, "1"), OK);
	assert_int_equal(keyring_count(ring), 1);
	assert_non_null(find(ring, REAL_ID));
	assert_null(keyring_find_locked(ring, thumbprint(REAL_ID)));
	assert_null(keyring_locked_in(ring, file, 0));
	material_free(file);
	keyring_free(ring);
}

/* What is locked here may be open elsewhere. */
static void prefers_an_open_key(void **state)
{
	struct keyring *ring = keyring_new();

	(void)state;
	assert_int_equal(material_add(ring, REAL, "wrong"), E_KEY);
	assert_int_equal(material_add(ring, REAL_KEY, NULL), OK);
	assert_non_null(find(ring, REAL_ID));
	assert_null(keyring_find_locked(ring, thumbprint(REAL_ID)));
	keyring_free(ring);
}

static void lists_keys_that_are_not_rsa(void **state)
{
	struct keyring *ring = keyring_new();

	(void)state;
	assert_int_equal(material_add(ring, "pfx/ec.pfx", "test"),
	                 E_UNSUPPORTED);
	assert_int_equal(keyring_count(ring), 2);
	is(keyring_get(ring, 0), KEY_CERTIFICATE, KEY_PUBLIC, "pfx/ec.pfx");
	assert_int_equal(keyring_get(ring, 0)->bits, 0);
	is(keyring_get(ring, 1), KEY_PRIVATE, KEY_LOCKED, "pfx/ec.pfx");
	assert_string_equal(keyring_get(ring, 1)->reason, "not an RSA key");
	keyring_free(ring);
}

/* What one ring exported opens the key of another that lies at that place. */
static void takes_what_another_unlocked(void **state)
{
	char a[] = "a.dd", b[] = "b.dd", path[] = "/p";
	struct origin here = { .evidence = b, .volume = 1, .path = path };
	struct origin there = { .evidence = a, .volume = 1, .path = path };
	struct keyring *from = keyring_new();
	struct secret pem;
	struct error err;

	(void)state;
	assert_int_equal(material_add(from, "keys/ann.pfx", PW), OK);
	assert_int_equal(key_export(&pem, keyring_get(from, 0), &err), OK);
	for (unsigned same = 0; same < 2; same++) {
		struct keyring *ring = keyring_new();
		struct key_file kf;
		struct key *key;

		assert_int_equal(
			key_file_read(&kf, secret_view(&pem), NULL, &err), OK);
		(void)keyring_add_locked(
			ring,
			g_array_index(kf.privates, struct key_private, 0).id,
			2048, "c", &here);
		keyring_add_unlocked(ring, &kf, same ? &here : &there, "c",
		                     "password #7");
		key_file_release(&kf);
		/* its certificate has a place of its own */
		assert_null(find(ring, keyring_get(from, 0)->id));
		assert_int_equal(material_add(ring, "keys/ann.der", NULL), OK);
		key = find(ring, keyring_get(from, 0)->id);
		is(key, KEY_PRIVATE, KEY_UNLOCKED,
		   same ? "b.dd v1 /p" : "a.dd v1 /p");
		assert_string_equal(key->unlocked_by, "password #7");
		assert_string_equal(key->name, "CN=ann");
		assert_string_equal(key->certificate, "keys/ann.der");
		assert_string_equal(key->container, "c");
		assert_int_equal(keyring_count(ring), 2 - same);
		keyring_free(ring);
	}
	secret_release(&pem);
	keyring_free(from);
}

static void refuses_other_files(void **state)
{
	struct keyring *ring = keyring_new();

	(void)state;
	assert_int_equal(
		material_add(ring, "efs-win10-aes256/plaintext.txt", NULL),
		E_UNSUPPORTED);
	assert_int_equal(keyring_count(ring), 0);
	keyring_free(ring);
	keyring_free(NULL);
}

static void has_names(void **state)
{
	(void)state;
	assert_string_equal(key_type_name(KEY_CERTIFICATE), "certificate");
	assert_string_equal(key_type_name(KEY_PRIVATE), "private_key");
	assert_string_equal(key_type_name(KEY_PFX), "pfx");
	assert_string_equal(key_state_name(KEY_PUBLIC), "public");
	assert_string_equal(key_state_name(KEY_LOCKED), "locked");
	assert_string_equal(key_state_name(KEY_UNLOCKED), "unlocked");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_a_pfx),
		cmocka_unit_test(holds_a_bare_key),
		cmocka_unit_test(joins_by_public_key),
		cmocka_unit_test(knows_renewed_certificates),
		cmocka_unit_test(merges_duplicates),
		cmocka_unit_test(holds_several),
		cmocka_unit_test(names_what_is_locked),
		cmocka_unit_test(prefers_an_open_key),
		cmocka_unit_test(lists_keys_that_are_not_rsa),
		cmocka_unit_test(takes_what_another_unlocked),
		cmocka_unit_test(refuses_other_files),
		cmocka_unit_test(has_names),
	};

	return cmocka_run_group_tests_name("keyring", tests, NULL, NULL);
}
