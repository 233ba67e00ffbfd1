/* SPDX-License-Identifier: MIT */
/*
 * test_dpapi_domain.c - master keys by the backup key of their domain
 */
#include "recovery/crypto.h"
#include "recovery/dpapi.h"
#include "tests/recovery/vectors.h"

#include <string.h>

/* The private key of a file of testdata; key_file_release() drops it. */
static struct rsa_key *rsa_of(struct key_file *kf, const char *name)
{
	assert_int_equal(material_read(kf, name, NULL), OK);
	assert_int_equal(kf->privates->len, 1);
	return g_array_index(kf->privates, struct key_private, 0).rsa;
}

static enum status open_file(struct secret *key, char sid[TEXT_SID],
                             struct bytes file, struct rsa_key *rsa)
{
	struct dpapi_masterkey mk;
	struct error err;
	enum status status;

	(void)!dpapi_masterkey_parse(&mk, file, &err);
	status = dpapi_open_domain(key, sid, &mk.domain, rsa, &err);
	if (status) {
		assert_null(key->p);
		assert_string_equal(sid, "");
	}
	return status;
}

#define REAL "dpapi/masterkey_7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5"
#define SID  "S-1-5-21-4534338-1127018997-2609994386-500"

/* The domain's key gives the owner, and what the owner's password gives. */
static void a_real_one_opens(void **state)
{
	struct bytes file = material(REAL);
	uint8_t hash[20], prekey[20];
	struct bytes nt = { hash, DPAPI_NT_SIZE, 0 };
	struct bytes with = { prekey, sizeof(prekey), 0 };
	struct dpapi_masterkey mk;
	struct secret key, same;
	char sid[TEXT_SID];
	struct key_file kf;
	struct error err;

	(void)state;
	assert_int_equal(open_file(&key, sid, file,
	                           rsa_of(&kf, "winkeys/"
	                                       "DPAPIBackupKey_RSAKey.bin")),
	                 OK);
	assert_string_equal(sid, SID);
	assert_int_equal(key.n, DPAPI_KEY_SIZE);

	assert_int_equal(dpapi_password_hash(hash, DPAPI_FORM_NT,
	                                     view_of("Pa$$w0rd"), &err),
	                 OK);
	assert_int_equal(dpapi_strengthen(hash, hash, SID, &err), OK);
	assert_int_equal(dpapi_prekey(prekey, nt, SID, &err), OK);
	assert_int_equal(dpapi_masterkey_parse(&mk, file, &err), OK);
	assert_int_equal(dpapi_open_part(&same, &mk.password, with, &err), OK);
	assert_secret(&key, secret_view(&same));
	secret_release(&same);
	secret_release(&key);
	key_file_release(&kf);
	material_free(file);
}

static void the_wrong_key_is_refused(void **state)
{
	static const struct {
		const char *file, *key;
	} cases[] = {
		{ REAL, "keys/rsa2048.key" },
		{ REAL, "keys/rsa1024.key" },
		{ "dpapi/adminMasterKeyFile.bin",
		  "winkeys/DPAPIBackupKey_RSAKey.bin" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes file = material(cases[i].file);
		char sid[TEXT_SID];
		struct key_file kf;
		struct secret key;

		assert_int_equal(
			open_file(&key, sid, file, rsa_of(&kf, cases[i].key)),
			E_KEY);
		key_file_release(&kf);
		material_free(file);
	}
}

struct known {
	struct rsa_key *rsa;
	struct bytes key;
	size_t opened;
};

static void survives(struct bytes in, void *ctx)
{
	struct known *known = ctx;
	char sid[TEXT_SID];
	struct secret key;

	if (open_file(&key, sid, in, known->rsa))
		return;
	assert_secret(&key, known->key);
	assert_string_equal(sid, "S-1-5-21-1-2-3-500");
	secret_release(&key);
	known->opened++;
}

/* version, key, file */
static void open_made(char **field)
{
	struct known known = { .key = hexed(field[2]) };
	struct bytes file = hexed(field[3]);
	struct dpapi_masterkey mk;
	struct key_file kf;
	struct error err;

	known.rsa = rsa_of(&kf, "keys/rsa2048.key");
	survives(file, &known);
	assert_int_equal(known.opened, 1);
	assert_int_equal(dpapi_masterkey_parse(&mk, file, &err), OK);
	assert_int_equal(mk.domain.version, field[1][0] - '0');
	each_damage(file, survives, &known);
	/* of the part, only the GUID may change */
	assert_true(known.opened <=
	            1 + 2 * (file.n - mk.domain.all.n + DPAPI_GUID_SIZE));
	key_file_release(&kf);
	material_free(file);
	material_free(known.key);
}

static void both_versions_open(void **state)
{
	struct bytes text = material("dpapi/made.txt");

	(void)state;
	each_vector(text, "domain", 4, open_made);
	material_free(text);
}

static void other_parts_say_why(void **state)
{
	static const uint8_t zeros[28];
	struct dpapi_domain_key part = { 0 };
	struct key_file kf;
	struct rsa_key *rsa = rsa_of(&kf, "keys/rsa512.key");
	char sid[TEXT_SID];
	struct secret key;
	struct error err;

	(void)state;
	assert_int_equal(dpapi_open_domain(&key, sid, &part, rsa, &err),
	                 E_ABSENT);
	part.all = (struct bytes){ zeros, sizeof(zeros), 5 };
	part.version = 1;
	assert_int_equal(dpapi_open_domain(&key, sid, &part, rsa, &err),
	                 E_UNSUPPORTED);
	assert_non_null(strstr(err.what, "version 1"));
	assert_int_equal(err.at, 5);
	part.err = (struct error){ E_CORRUPT, 6, "length" };
	assert_int_equal(dpapi_open_domain(&key, sid, &part, rsa, &err),
	                 E_CORRUPT);
	assert_int_equal(err.at, 6);
	key_file_release(&kf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_real_one_opens),
		cmocka_unit_test(the_wrong_key_is_refused),
		cmocka_unit_test(both_versions_open),
		cmocka_unit_test(other_parts_say_why),
	};

	return cmocka_run_group_tests_name("dpapi_domain", tests, NULL, NULL);
}
