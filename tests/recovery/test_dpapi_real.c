/* SPDX-License-Identifier: MIT */
/*
 * test_dpapi_real.c - master keys that Windows wrote, with their passwords
 *
 * The keys are those that the publishers of the files printed; see the
 * README.md of testdata/dpapi.
 */
#include "parsers/dpapi_algorithm.h"
#include "recovery/dpapi_internal.h"
#include "tests/recovery/vectors.h"

#include <stdlib.h>
#include <string.h>

enum by { BY_SHA1, BY_NT, BY_1607, BY_KEY, BY_DIGEST };

/* What opens it: a password and a SID, or the pre-key in hexadecimal. */
static struct bytes prekey_by(uint8_t prekey[20], enum by by, const char *sid,
                              const char *with)
{
	struct bytes out = { prekey, 20, 0 };
	uint8_t hash[20];
	struct bytes h = { hash, DPAPI_NT_SIZE, 0 };
	struct error err;

	if (by == BY_KEY) {
		assert_int_equal(unhex(prekey, 20, with), 20);
		return out;
	}
	if (by == BY_DIGEST)
		h.n = unhex(hash, 20, with);
	else if (by == BY_SHA1) {
		assert_int_equal(dpapi_password_hash(hash, DPAPI_FORM_SHA1,
		                                     view_of(with), &err),
		                 OK);
		h.n = DPAPI_SHA1_SIZE;
	} else
		assert_int_equal(dpapi_password_hash(hash, DPAPI_FORM_NT,
		                                     view_of(with), &err),
		                 OK);
	if (by == BY_1607)
		assert_int_equal(dpapi_strengthen(hash, hash, sid, &err), OK);
	assert_int_equal(dpapi_prekey(prekey, h, sid, &err), OK);
	return out;
}

static enum status open_file(struct secret *key, struct bytes file,
                             struct bytes prekey)
{
	struct dpapi_masterkey mk;
	struct error err;

	assert_int_equal(dpapi_masterkey_parse(&mk, file, &err), OK);
	return dpapi_open_part(key, &mk.password, prekey, &err);
}

static const struct real {
	const char *file;
	enum by by;
	const char *sid, *with;
	const char *key; /* NULL: none is published; its MAC proves it */
} reals[] = {
	{ "dpapi/systemMasterKeyFile.bin", BY_KEY, NULL,
	  "458dc597034d8801fc6fe3b342817caabb81a0cb",
	  "682a9b8923ff4ca7ce0ef7e4cee061f0ff942cd31c7703ec60792740b2e7d0b1"
	  "b5115d1ff77e10b77e189e0d6e99d5b668190ecd44fa84e82e049f406e2c2a59" },
	{ "dpapi/adminMasterKeyFile.bin", BY_NT,
	  "S-1-5-21-1455520393-2019809541-4133251990-500", "Admin456",
	  "4c4a398169cc9ecc6eae0e1a70ba1dc58bfec785c4b35bd1afdf2aeb06753bca"
	  "0ea3491989cb626990973f8370fd576a46c0ce2a85d995a01af6d727ff41969c" },
	{ "dpapi/masterkey_7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5", BY_1607,
	  "S-1-5-21-4534338-1127018997-2609994386-500", "Pa$$w0rd", NULL },
};

static const struct real distant[] = {
	{ "keys/efs-mimikatz-wiki/Protect/"
	  "S-1-5-21-494464150-3436831043-1864828003-1001/"
	  "1eccdbd2-4771-4360-8b19-9d6060a061dc",
	  BY_SHA1, "S-1-5-21-494464150-3436831043-1864828003-1001", "waza1234/",
	  "d3fb9169447509d9a2d3d4f6fc0e84b4733a676add274094f91452b8fe4984ab"
	  "8fe02326c8be8931122514b90f8d850205bb1a84db54fc72d1cffb521377bafc" },
	{ "keys/dpapick/masterkey_xp_9fb6442f-626a-4980-9c85-d238be955b3c",
	  BY_SHA1, "S-1-5-21-583907252-1547161642-682003330-1001", "tutu",
	  NULL },
	{ "keys/dpapick/masterkey_xp_9fb6442f-626a-4980-9c85-d238be955b3c",
	  BY_DIGEST, "S-1-5-21-583907252-1547161642-682003330-1001",
	  "8fd090d6121b0f67ebb58bce562bf02b3f1e6bb4",
	  "f1cd9c3915428d12c0e9bf5ac0c44dda647e6e387118c09eb00a294e485a3f6e"
	  "fe47f16686ad5f60fbd740164de877116eb70d35445b22ddebdb02b0d55ee613" },
	{ "keys/dpapick/masterkey_win7_39875cab-5036-4aba-b9ee-31b5e169fe87",
	  BY_SHA1, "S-1-5-21-2421538757-1605280464-2344517820-1000", "fuffa",
	  NULL },
	{ "keys/dpapick/masterkey_win81_ba76b33f-4b97-4e97-9603-7865fb972cec",
	  BY_SHA1, "S-1-5-21-2128076315-4144300488-3078399761-1001", "fuffa",
	  "c942b584a88a36f3ce8abe61a62d403649dfdd8fd9b256a4a7ff64bfe2b60df8"
	  "cb563be71d0d65f8be03ebdd76b4dba168a9e3883fee758d2c4aeef040571cc2" },
	{ "keys/nthash-fpc/Protect/"
	  "S-1-5-21-1891491695-624633549-2724392037-1002/"
	  "6deaade9-7898-4cd5-aef1-8d22ed86acd4",
	  BY_DIGEST, "S-1-5-21-1891491695-624633549-2724392037-1002",
	  "34a8d13a08847a081a1d6762229de5ec6e6f3fe9",
	  "95ce0b47819a62ac0b4fd2c734f5f7a1dcd8bd822ce74ad8c6bef4ad2013d49a"
	  "472abbdeb0fe6db10e19a0b6a9525894ff2880585af2ed52891a3e9bfd1992d3" },
};

static void check_real(const struct real *r, struct bytes file)
{
	uint8_t prekey[20];
	struct bytes with = prekey_by(prekey, r->by, r->sid, r->with);
	struct secret key;

	if (open_file(&key, file, with))
		print_error("%s\n", r->file);
	assert_int_equal(key.n, DPAPI_KEY_SIZE);
	if (r->key)
		assert_secret_hex(&key, r->key);
	secret_release(&key);

	prekey[0] ^= 1;
	assert_int_equal(open_file(&key, file, with), E_KEY);
	assert_null(key.p);
	if (r->by != BY_SHA1)
		return;
	(void)prekey_by(prekey, BY_SHA1, r->sid, "wrong");
	assert_int_equal(open_file(&key, file, with), E_KEY);
	(void)prekey_by(prekey, BY_NT, r->sid, r->with);
	assert_int_equal(open_file(&key, file, with), E_KEY);
}

static void real_files_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(reals); i++) {
		struct bytes file = material(reals[i].file);

		check_real(&reals[i], file);
		material_free(file);
	}
}

static void corpus_files_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(distant); i++) {
		struct bytes file = material_corpus(distant[i].file);

		check_real(&distant[i], file);
		material_free(file);
	}
}

/*
 * The backup part of these is locked by a digest of the SID alone, and holds 32
 * bytes.  Python: hashlib.sha1((sid + "\0").encode("utf-16-le")), sha512 for
 * the one of the system.
 */
static void backup_parts_open(void **state)
{
	static const struct {
		const char *file, *prekey;
	} cases[] = {
		{ "dpapi/systemMasterKeyFile.bin",
		  "fc28360ad233e865eaa29cbc1e673422afd2a73f1e571eae0c5418015a8a"
		  "4562"
		  "4f2d921b3894221bd4d29a8d18ed3a88d929b3f9ac1ad32b37f25bef82fe"
		  "3ab2" },
		{ "dpapi/adminMasterKeyFile.bin",
		  "d6a8dcd1e504a317dcc86041e881045ff8fe6139" },
		{ "dpapi/masterkey_7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5",
		  "317ce28857271eb2bc8b7228c0caef6bf4f5a318" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes file = material(cases[i].file);
		struct bytes prekey = hexed(cases[i].prekey);
		struct dpapi_masterkey mk;
		struct secret key;
		struct error err;

		assert_int_equal(dpapi_masterkey_parse(&mk, file, &err), OK);
		assert_int_equal(
			dpapi_open_part(&key, &mk.backup, prekey, &err), OK);
		assert_int_equal(key.n, DPAPI_BACKUP_SIZE);
		secret_release(&key);
		assert_int_equal(
			dpapi_open_part(&key, &mk.password, prekey, &err),
			E_KEY);
		material_free(prekey);
		material_free(file);
	}
}

/* $DPAPImk$version*context*SID*cipher*hash*rounds*salt*digits*ciphertext */
static void open_hash(char **field)
{
	static const enum by bys[] = { BY_SHA1, BY_SHA1, BY_NT, BY_1607 };
	char **part = g_strsplit(field[2] + strlen("$DPAPImk$"), "*", 0);
	struct bytes salt = hexed(part[6]), data = hexed(part[8]);
	bool new = !strcmp(part[3], "aes256");
	struct dpapi_locked_key lock = {
		.all = data,
		.version = 2,
		.salt = salt,
		.rounds = (uint32_t)strtoul(part[5], NULL, 10),
		.hash = new ? DPAPI_SHA512 : DPAPI_HMAC,
		.cipher = new ? DPAPI_AES_256 : DPAPI_3DES,
		.ciphertext = data,
	};
	enum by by = bys[part[1][0] - '0'];
	uint8_t prekey[20];
	struct bytes with = prekey_by(prekey, by, part[2], field[1]);
	struct secret key;
	struct error err;

	if (dpapi_open_part(&key, &lock, with, &err))
		print_error("%s %s: %s\n", field[0], field[1], err.what);
	assert_int_equal(key.n, DPAPI_KEY_SIZE);
	if (strcmp(field[3], "UNVERIFIED"))
		assert_secret_hex(&key, field[3]);
	secret_release(&key);
	(void)prekey_by(prekey, by, part[2], "wrong");
	assert_int_equal(dpapi_open_part(&key, &lock, with, &err), E_KEY);
	material_free(data);
	material_free(salt);
	g_strfreev(part);
}

static void hash_strings_open(void **state)
{
	struct bytes text = material("dpapi/hashes.txt");

	(void)state;
	each_vector(text, NULL, 4, open_hash);
	material_free(text);
}

static void corpus_hash_strings_open(void **state)
{
	struct bytes text = material_corpus("keys/hashes/dpapimk_hashes.txt");

	(void)state;
	each_vector(text, NULL, 4, open_hash);
	material_free(text);
}

/* NT hash and SHA-1 that Windows kept for the next logon. */
static void kept_hashes_match(void **state)
{
	struct bytes file = material_corpus("keys/tbal/tbal_msv_primary.bin");
	uint8_t got[20];
	struct error err;

	(void)state;
	assert_int_equal(
		dpapi_password_hash(got, DPAPI_FORM_NT, view_of("123"), &err),
		OK);
	assert_memory_equal(got, material_at(file, 16), DPAPI_NT_SIZE);
	assert_int_equal(
		dpapi_password_hash(got, DPAPI_FORM_SHA1, view_of("123"), &err),
		OK);
	assert_memory_equal(got, material_at(file, 48), DPAPI_SHA1_SIZE);
	material_free(file);
}

/* dpapick's unit vectors: a password part, and a backup part of Windows XP. */
static void parts_decrypt(void **state)
{
	static const struct {
		uint32_t hash, cipher, rounds;
		const char *prekey, *salt, *plain, *data;
	} cases[] = {
		{ DPAPI_SHA512, DPAPI_AES_256, 5600,
		  "84e40ab5bab2c5a2965fd185d60cf92fe2c1c9d2",
		  "1f63ff38751365ec54748b13d962698e",
		  "d23ad4bb1e254c67e2ff2902de8683b3ca5dc108b821333e2d5059ac6f26"
		  "db1a"
		  "7826abdc93feadcf76aa4db9c0ce32ed0b261f95f6960a81195231b91a9d"
		  "d20b"
		  "d6a6c5fb8aa6a008b11992d5c191d0b063dd99a8e4dc85330db0996aedd2"
		  "a270"
		  "6405201ed74831e084f3b18fc5fdd209497a2f95c2a4004e54ec731e045d"
		  "9d38"
		  "1861c37760c9d9581662adb67f85255e",
		  "ac23e4d5efcb8979f05fbcb275832a8dee9576fbaae76a4de7ead2f313e8"
		  "4bf7"
		  "e4be7940b49319463c8cd25a1b4a67c15adfbb02e2bbe42c24cd44bec3b9"
		  "740b"
		  "45ebcce3a2ef2788867c28168bf93ea048844897f2854df5ac4eb000f72c"
		  "3a6f"
		  "25c65d5347e73c77120cfc3150c87e5752a017510c1486e71a9d0c32b79f"
		  "333f"
		  "2d0cda0ecc20774cbed8ca071aab9768" },
		{ DPAPI_HMAC, DPAPI_3DES, 1,
		  "3fe9c8cffc26443a41ec4a54daf11be86bec0ecb",
		  "d43b01cc0590035e567e07b44b6ccead",
		  "a2dec8f74d35c7c8de819041309ea0da720868aa714d72ea94dbb8449b6a"
		  "ec31"
		  "58af336a27e482ee14fc79af2de4c98bfd0d1114168c6d1b54deb513cc7e"
		  "5bd6"
		  "aa7871e9f7b46965",
		  "95bb351da2ee8c4463c5092a931feba5613f7bbf1570ecdefd887d5bae9d"
		  "c18f"
		  "a95724c1976c22012fae9cdbf6f70c4aaab721b9a87e17d725d9dd110f93"
		  "3977"
		  "7df1b807c90af31a" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes prekey = hexed(cases[i].prekey);
		struct bytes plain = hexed(cases[i].plain);
		struct dpapi_sealed sealed = {
			.hash = cases[i].hash,
			.cipher = cases[i].cipher,
			.rounds = cases[i].rounds,
			.salt = hexed(cases[i].salt),
			.ciphertext = hexed(cases[i].data),
		};
		uint8_t got[DPAPI_SEALED_MAX];
		struct dpapi_suite suite;
		struct error err;

		assert_int_equal(
			dpapi_unseal(got, &suite, &sealed, prekey, &err), OK);
		assert_memory_equal(got, plain.p, plain.n);
		material_free(sealed.ciphertext);
		material_free(sealed.salt);
		material_free(plain);
		material_free(prekey);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_files_open),
		cmocka_unit_test(corpus_files_open),
		cmocka_unit_test(backup_parts_open),
		cmocka_unit_test(hash_strings_open),
		cmocka_unit_test(corpus_hash_strings_open),
		cmocka_unit_test(kept_hashes_match),
		cmocka_unit_test(parts_decrypt),
	};

	return cmocka_run_group_tests_name("dpapi_real", tests, NULL, NULL);
}
