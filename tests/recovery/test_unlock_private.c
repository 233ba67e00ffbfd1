/* SPDX-License-Identifier: MIT */
/*
 * test_unlock_private.c - private keys of CryptoAPI and CNG, by master keys
 */
#include "parsers/limits.h"
#include "recovery/chain_internal.h"
#include "tests/recovery/world.h"

#include <string.h>

#define LOCKED "winkeys/cng-rsa-locked.bin"
#define GUID   "000102030405060708090a0b0c0d0e0f"
#define OTHER  "ff0102030405060708090a0b0c0d0e0f"
#define KEY                                                  \
	"000102030405060708090a0b0c0d0e0f101112131415161718" \
	"191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031" \
	"32333435363738393a3b3c3d3e3f"

/* CNG, RSA: what Windows 10 makes; the certificate has the name. */
static void opens_cng_rsa(void **state)
{
	(void)state;
	for (int first = 0; first < 2; first++) {
		struct key *key;
		struct world w;

		world_open(&w, NULL);
		if (first)
			assert_int_equal(world_add(&w, PIECE_KEYFILE,
			                           "keys/rsa2048.cert.pem",
			                           NULL),
			                 OK);
		assert_int_equal(world_add(&w, PIECE_PRIVATE, LOCKED, NULL),
		                 OK);
		if (!first)
			assert_int_equal(world_add(&w, PIECE_KEYFILE,
			                           "keys/rsa2048.cert.pem",
			                           NULL),
			                 OK);
		key = world_key(&w, KEY_PRIVATE, 0);
		assert_int_equal(key->state, KEY_LOCKED);
		assert_int_equal(key->bits, 2048);
		assert_string_equal(key->container, "te-EFS-locked-by-make");
		assert_string_equal(key->certificate, "rsa2048.cert.pem");
		assert_int_equal(strlen(key->id), 40);
		world_masterkey(&w, GUID, KEY);
		world_unlock(&w);
		assert_int_equal(keyring_count(w.ring), 2);
		assert_int_equal(key->state, KEY_UNLOCKED);
		assert_ptr_equal(keyring_of_size(w.ring, 256, 0), key);
		assert_string_equal(key->unlocked_by,
		                    "master key "
		                    "{03020100-0504-0706-0809-0a0b0c0d0e0f}");
		world_close(&w);
	}
}

/* The same key from a PFX is the same key. */
static void joins_an_open_copy(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, KEYS_PASSWORD);
	assert_int_equal(world_add(&w, PIECE_PRIVATE, LOCKED, NULL), OK);
	assert_int_equal(world_add(&w, PIECE_KEYFILE, "keys/rsa2048.pfx", NULL),
	                 OK);
	world_unlock(&w);
	assert_int_equal(keyring_usable(w.ring), 1);
	assert_int_equal(world_count(&w, KEY_PRIVATE), 2);
	assert_int_equal(world_count(&w, KEY_PFX), 0);
	assert_string_equal(world_key(&w, KEY_PRIVATE, 0)->reason,
	                    "needs master key "
	                    "{03020100-0504-0706-0809-0a0b0c0d0e0f}, which is "
	                    "not in the evidence");
	assert_string_equal(world_key(&w, KEY_PRIVATE, 0)->id,
	                    world_key(&w, KEY_PRIVATE, 1)->id);
	world_close(&w);
}

/* By another GUID the signature still tells. */
static void guesses_the_master_key(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, NULL);
	assert_int_equal(world_add(&w, PIECE_PRIVATE, LOCKED, NULL), OK);
	world_masterkey(&w, OTHER, KEY);
	world_unlock(&w);
	assert_int_equal(world_key(&w, KEY_PRIVATE, 0)->state, KEY_UNLOCKED);
	world_close(&w);
}

static void says_what_does_not_fit(void **state)
{
	struct bytes in = material(LOCKED);
	struct key *key;
	struct world w;

	(void)state;
	world_open(&w, NULL);
	world_masterkey(&w, GUID, KEY);
	*material_at(in, in.n - 1) ^= 1; /* the signature */
	assert_int_equal(world_add_bytes(&w, PIECE_PRIVATE, in, "x", NULL), OK);
	world_unlock(&w);
	assert_string_equal(world_key(&w, KEY_PRIVATE, 0)->reason,
	                    "its master key is open, but does not open it: "
	                    "damaged, or protected by one more password");
	world_close(&w);

	/* another public key beside it */
	world_open(&w, NULL);
	world_masterkey(&w, GUID, KEY);
	*material_at(in, in.n - 1) ^= 1;
	*material_at(in, 44 + 42 + 20 + 24 + 3 + 100) ^= 1;
	assert_int_equal(world_add_bytes(&w, PIECE_PRIVATE, in, "x", NULL), OK);
	world_unlock(&w);
	key = world_key(&w, KEY_PRIVATE, 0);
	assert_int_equal(key->state, KEY_LOCKED);
	assert_null(key->rsa);
	assert_string_equal(key->reason,
	                    "what was opened is not the private key of the "
	                    "public key beside it");
	world_close(&w);
	material_free(in);
}

/* Neither on its own private keys nor on those that it may be of. */
static void tries_have_a_limit(void **state)
{
	static const char *const guids[] = { GUID, OTHER };
	struct bytes in = material(LOCKED);
	struct world w;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(guids); i++) {
		world_open(&w, NULL);
		world_masterkey(&w, guids[i], KEY);
		assert_int_equal(
			world_add_bytes(&w, PIECE_PRIVATE, in, "x", NULL), OK);
		w.chain->tries = LIMIT_MASTER_TRIES;
		world_unlock(&w);
		assert_int_equal(world_key(&w, KEY_PRIVATE, 0)->state,
		                 KEY_LOCKED);
		assert_string_equal(world_key(&w, KEY_PRIVATE, 0)->reason,
		                    "over the limit of master keys that are "
		                    "tried on private keys");
		world_close(&w);
	}
	material_free(in);
}

static bool holds(struct bytes in, struct bytes part)
{
	for (size_t i = 0; i + part.n <= in.n; i++)
		if (!memcmp(in.p + i, part.p, part.n))
			return true;
	return false;
}

/* The one block of PEM becomes what it encodes. */
static void decode(struct secret *pem)
{
	static const char head[] = "-----BEGIN PRIVATE KEY-----\n";
	char *text = g_strndup((const char *)pem->p, pem->n);
	char *end = strstr(text, "-----END PRIVATE KEY-----\n");

	assert_true(g_str_has_prefix(text, head));
	assert_non_null(end);
	*end = '\0';
	memmove(text, text + strlen(head), strlen(text + strlen(head)) + 1);
	(void)g_base64_decode_inplace(text, &pem->n);
	memcpy(pem->p, text, pem->n);
	g_free(text);
}

/* thehacker.recipes' ECDSA key; the numbers are those of its expected.json. */
static void keeps_elliptic_keys(void **state)
{
	static const char *const numbers[] = {
		"5266cba2681ed70a0576a7f8b430eb41"
		"d1c44c4891a841726808ffa0ee887a7c",
		"8f4a06ad0916f7503124549834a58a0d"
		"7e6a22fbeab527bcd527fbc1c519f9d8",
		"a6a296d94241edf1446e255551f0d919"
		"8474bd99aab67996a9a0bfc93357337d",
	};
	struct secret pem = { 0 };
	struct key *key;
	struct error err;
	struct world w;

	(void)state;
	material_needs_corpus();
	world_open(&w, NULL);
	world_masterkey(&w, "3f98225cee77e44190868073d664e417",
	                "850247e2dd89c50536c05bdcee1a56c395e752cf");
	assert_int_equal(world_add(&w, PIECE_PRIVATE,
	                           "corpus:keys/cng-ecdsa-p256/"
	                           "de7cf8a7901d2ad13e5c67c29e5d1662_"
	                           "e4aad2d1-5ec0-4ea4-b259-65eda5bc47a8",
	                           NULL),
	                 OK);
	world_unlock(&w);
	key = world_key(&w, KEY_PRIVATE, 0);
	assert_int_equal(key->state, KEY_UNLOCKED);
	assert_int_equal(key->bits, 256);
	assert_null(key->rsa);
	assert_int_equal(keyring_usable(w.ring), 0);
	assert_string_equal(key->reason, "an elliptic key; EFS with elliptic "
	                                 "keys is not supported");
	assert_int_equal(key_export(&pem, key, &err), OK);
	decode(&pem);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		uint8_t raw[32];
		struct bytes b = { raw, unhex(raw, 32, numbers[i]), 0 };

		assert_true(holds(secret_view(&pem), b));
	}
	secret_release(&pem);
	world_close(&w);
}

/* A browser's key is symmetric: it is none of ours. */
static void passes_symmetric_keys_over(void **state)
{
	struct world w;

	(void)state;
	material_needs_corpus();
	world_open(&w, NULL);
	assert_int_equal(world_add(&w, PIECE_PRIVATE,
	                           "corpus:keys/cng-aes-chromekey1/"
	                           "dpapi_cng_Google Chromekey1",
	                           NULL),
	                 OK);
	assert_int_equal(keyring_count(w.ring), 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_cng_rsa),
		cmocka_unit_test(joins_an_open_copy),
		cmocka_unit_test(guesses_the_master_key),
		cmocka_unit_test(says_what_does_not_fit),
		cmocka_unit_test(tries_have_a_limit),
		cmocka_unit_test(keeps_elliptic_keys),
		cmocka_unit_test(passes_symmetric_keys_over),
	};

	return cmocka_run_group_tests_name("unlock_private", tests, NULL, NULL);
}
