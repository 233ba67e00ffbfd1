/* SPDX-License-Identifier: MIT */
/*
 * test_rsa.c - the numbers of RSA keys, and the raw operation with them
 */
#include "tests/recovery/material.h"

#include "parsers/limits.h"

#include <stdlib.h>
#include <string.h>

static struct key_private *private_of(const struct key_file *kf, guint i)
{
	assert_true(i < kf->privates->len);
	return &g_array_index(kf->privates, struct key_private, i);
}

/* What `openssl rsa -RSAPublicKey_out -outform DER | sha256sum` says. */
static void names_the_public_key(void **state)
{
	static const struct {
		const char *name, *passwords, *id;
	} cases[] = {
		{ "efs-win10-aes256/user-key.pem", NULL,
		  "5d135f236d4c453a8a24d35e94ba4ffd"
		  "d9065169ddee1294e03590a3bb46c89c" },
		{ "efs-win10-aes256/user.pfx", "1",
		  "5d135f236d4c453a8a24d35e94ba4ffd"
		  "d9065169ddee1294e03590a3bb46c89c" },
		{ "pfx/wiki_strong.pvk", "PvkPass1",
		  "903423c0fdace3aab9ffd5a1aab28d87"
		  "0eea94f94346f6c9d84f2a216a330223" },
	};
	uint8_t id[RSA_ID_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct key_file kf;

		(void)unhex(id, sizeof(id), cases[i].id);
		assert_int_equal(
			material_read(&kf, cases[i].name, cases[i].passwords),
			OK);
		assert_memory_equal(private_of(&kf, 0)->id, id, sizeof(id));
		key_file_release(&kf);
	}
}

/* --------------------------------------------------------- numbers of a key */

/* The layout of keys/rsa2048.blob: wincrypt.h. */
enum {
	BLOB_N = 20,
	BLOB_P = BLOB_N + 256,
	BLOB_Q = BLOB_P + 128,
	BLOB_DP = BLOB_Q + 128,
	BLOB_D = BLOB_DP + 3 * 128,
	BLOB_END = BLOB_D + 256,
};

static enum status read_blob(struct bytes blob, const uint8_t *id)
{
	struct error err = { 0 };
	struct key_file kf;
	enum status status = key_file_read(&kf, blob, NULL, &err);

	if (!status)
		assert_memory_equal(private_of(&kf, 0)->id, id, RSA_ID_SIZE);
	key_file_release(&kf);
	return status;
}

/* What is missing or wrong in a key is computed from the rest. */
static void completes_the_numbers(void **state)
{
	static const struct {
		size_t from, to;
		enum status status;
	} wiped[] = {
		{ BLOB_P, BLOB_D, OK },    /* n, e and d remain */
		{ BLOB_P, BLOB_Q, OK },    /* one prime */
		{ BLOB_DP, BLOB_END, OK }, /* n, e and the primes */
		{ BLOB_P, BLOB_END, E_CORRUPT },
		{ BLOB_N, BLOB_P, E_CORRUPT },
		{ BLOB_N - 4, BLOB_N, E_CORRUPT }, /* e */
	};
	struct bytes blob = material("keys/rsa2048.blob");
	uint8_t id[RSA_ID_SIZE];
	struct key_file kf;

	(void)state;
	assert_int_equal(blob.n, BLOB_END);
	assert_int_equal(material_read(&kf, "keys/rsa2048.blob", NULL), OK);
	memcpy(id, private_of(&kf, 0)->id, sizeof(id));
	key_file_release(&kf);

	for (size_t i = 0; i < COUNT(wiped); i++) {
		struct bytes copy = material_copy(blob, blob.n);

		memset(material_at(copy, wiped[i].from), 0,
		       wiped[i].to - wiped[i].from);
		assert_int_equal(read_blob(copy, id), wiped[i].status);
		material_free(copy);
	}
	material_free(blob);
}

static void finds_damaged_numbers(void **state)
{
	static const struct {
		size_t at;
		enum status status;
	} flipped[] = {
		{ BLOB_N + 9, E_CORRUPT }, { BLOB_P + 9, OK },
		{ BLOB_Q + 9, OK },        { BLOB_DP + 9, OK },
		{ BLOB_D + 9, OK },        { 0, E_UNSUPPORTED },
		{ 8, E_CORRUPT },          { 12, E_CORRUPT },
		{ 13, E_CORRUPT },         { 14, E_CORRUPT },
		{ 15, E_CORRUPT },         { 16, E_CORRUPT },
	};
	struct bytes blob = material("keys/rsa2048.blob");
	uint8_t id[RSA_ID_SIZE];
	struct key_file kf;

	(void)state;
	assert_int_equal(material_read(&kf, "keys/rsa2048.blob", NULL), OK);
	memcpy(id, private_of(&kf, 0)->id, sizeof(id));
	key_file_release(&kf);
	for (size_t i = 0; i < COUNT(flipped); i++) {
		struct bytes copy = material_copy(blob, blob.n);

		*material_at(copy, flipped[i].at) ^= 0x40;
		assert_int_equal(read_blob(copy, id), flipped[i].status);
		material_free(copy);
	}
	material_free(blob);
}

/* Of those that must be tried only so many are, in one run. */
static void tries_so_many(void **state)
{
	/* a trial is 26 operations at most */
	const unsigned most = (unsigned)(LIMIT_RSA_WORK / 26) + 1;
	struct bytes blob = material("keys/rsa2048.blob");
	struct bytes damaged = material_copy(blob, blob.n);
	uint8_t id[RSA_ID_SIZE];
	struct key_file kf;
	unsigned n = 0;

	(void)state;
	assert_int_equal(material_read(&kf, "keys/rsa2048.blob", NULL), OK);
	memcpy(id, private_of(&kf, 0)->id, sizeof(id));
	key_file_release(&kf);
	memset(material_at(damaged, BLOB_P), 0, BLOB_END - BLOB_P);
	rsa_begin();
	while (n <= most && read_blob(damaged, id) == E_CORRUPT)
		n++;
	assert_int_equal(n, most);
	assert_int_equal(read_blob(damaged, id), E_LIMIT);
	assert_int_equal(read_blob(blob, id), OK);
	rsa_begin();
	assert_int_equal(read_blob(damaged, id), E_CORRUPT);
	material_free(damaged);
	material_free(blob);
}

/* -------------------------------------------------------------- the operation
 */

/* 1 and n - 1 are their own powers, for any odd exponent. */
static void operates(void **state)
{
	static const char *const names[] = {
		"keys/rsa512.key",  "keys/rsa1024.key", "keys/rsa2048.blob",
		"keys/rsa3072.key", "keys/rsa4096.key", "keys/rsa16384.key",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct secret out = { 0 };
		struct key_file kf;
		struct rsa_key *key;
		struct error err;
		uint8_t *one;
		size_t n;

		assert_int_equal(material_read(&kf, names[i], NULL), OK);
		key = private_of(&kf, 0)->rsa;
		n = rsa_key_size(key);
		assert_int_equal(n, rsa_key_bits(key) / 8);
		one = calloc(n, 1);
		assert_non_null(one);
		one[0] = 1;
		assert_int_equal(rsa_decrypt(key, &out,
		                             (struct bytes){ one, n, 0 }, &err),
		                 OK);
		assert_int_equal(out.n, n);
		assert_int_equal(out.p[n - 1], 1);
		for (size_t k = 0; k < n - 1; k++)
			assert_int_equal(out.p[k], 0);
		secret_release(&out);
		free(one);
		key_file_release(&kf);
	}
}

static void operates_below_the_modulus(void **state)
{
	struct bytes blob = material("keys/rsa2048.blob");
	struct bytes n = material_copy(
		(struct bytes){ material_at(blob, BLOB_N), 256, 0 }, 256);
	struct secret out = { 0 };
	struct key_file kf;
	struct rsa_key *key;
	struct error err;

	(void)state;
	assert_int_equal(material_read(&kf, "keys/rsa2048.blob", NULL), OK);
	key = private_of(&kf, 0)->rsa;
	assert_int_equal(rsa_decrypt(key, &out, n, &err), E_KEY);
	assert_null(out.p);
	*material_at(n, 0) -= 1;
	assert_int_equal(rsa_decrypt(key, &out, n, &err), OK);
	for (size_t i = 0; i < 256; i++)
		assert_int_equal(out.p[i], n.p[255 - i]);
	secret_release(&out);

	n.at = 77;
	n.n = 255;
	assert_int_equal(rsa_decrypt(key, &out, n, &err), E_KEY);
	assert_int_equal(err.at, 77);
	assert_int_equal(rsa_decrypt(key, &out, (struct bytes){ 0 }, &err),
	                 E_KEY);
	n.n = 256;
	memset(material_at(n, 0), 0xff, n.n);
	assert_int_equal(rsa_decrypt(key, &out, n, &err), E_KEY);
	key_file_release(&kf);
	material_free(n);
	material_free(blob);
}

static struct bytes one_of(uint8_t *room, size_t n)
{
	memset(room, 0, n);
	room[0] = 1;
	return (struct bytes){ room, n, 0 };
}

/* A product of primes in the place of one is seen at the first use. */
static void finds_out_what_cannot_work(void **state)
{
	struct secret out = { 0 };
	struct key_file kf;
	struct rsa_key *key;
	struct error err;
	uint8_t room[128];

	(void)state;
	assert_int_equal(material_read(&kf, "pfx/composite.der", NULL), OK);
	key = private_of(&kf, 0)->rsa;
	for (size_t i = 0; i < 2; i++) {
		struct bytes one = one_of(room, rsa_key_size(key));

		assert_int_equal(rsa_decrypt(key, &out, one, &err), E_CORRUPT);
		assert_string_equal(err.what, "numbers of an RSA key do not "
		                              "fit together");
		assert_null(out.p);
		assert_int_equal(
			rsa_key_pem(&out, key, (struct bytes){ 0 }, &err),
			E_CORRUPT);
		assert_null(out.p);
	}
	key_file_release(&kf);
}

#define THREADS 4

static void *use(void *key)
{
	struct secret out = { 0 };
	struct error err;
	uint8_t room[256];
	bool good;

	good = !rsa_decrypt(key, &out, one_of(room, sizeof(room)), &err) &&
	       out.p[out.n - 1] == 1;
	secret_release(&out);
	return good ? key : NULL;
}

/* The first use is that of several threads. */
static void operates_in_threads(void **state)
{
	GThread *threads[THREADS];
	struct key_file kf;
	struct rsa_key *key;

	(void)state;
	assert_int_equal(material_read(&kf, "keys/rsa2048.key", NULL), OK);
	key = private_of(&kf, 0)->rsa;
	assert_int_equal(rsa_key_size(key), 256);
	for (size_t i = 0; i < THREADS; i++)
		threads[i] = g_thread_new(NULL, use, key);
	for (size_t i = 0; i < THREADS; i++)
		assert_ptr_equal(g_thread_join(threads[i]), key);
	key_file_release(&kf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_the_public_key),
		cmocka_unit_test(completes_the_numbers),
		cmocka_unit_test(finds_damaged_numbers),
		cmocka_unit_test(tries_so_many),
		cmocka_unit_test(operates),
		cmocka_unit_test(operates_below_the_modulus),
		cmocka_unit_test(finds_out_what_cannot_work),
		cmocka_unit_test(operates_in_threads),
	};

	return cmocka_run_group_tests_name("rsa", tests, NULL, NULL);
}
