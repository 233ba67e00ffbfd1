/* SPDX-License-Identifier: MIT */
/*
 * test_dpapi.c - passwords, pre-keys, and master keys of every kind
 *
 * Those of Windows are in test_dpapi_real.c.
 */
#include "parsers/dpapi_algorithm.h"
#include "parsers/limits.h"
#include "recovery/dpapi_internal.h"
#include "tests/recovery/vectors.h"

#include <string.h>

/* -------------------------------------------------------------- passwords */

/*
 * Python: hashlib.sha1(text.encode("utf-16-le")); openssl dgst -md4 on the same
 * bytes.
 */
static const struct {
	const char *text;
	size_t n;
	const char *sha1, *nt;
} passwords[] = {
	{ "", 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	  "31d6cfe0d16ae931b73c59d7e0c089c0" },
	{ "123", 3, "0d5399508427ce79556cda71918020c1e8d15b53",
	  "3dbde697d71690a769204beb12283678" },
	{ "waza1234/", 9, "a299912f3dc7cf0023aef8e4361abfc03e9a8c30",
	  "cc36cf7a8514893efccd332446158b1a" },
	{ "p\xc3\xa4\xe2\x82\xac\xc3\x9f\xf0\x9f\x98\x80", 12,
	  "bdb1fd075281de0cde620270ac83b477e8db99ff",
	  "6234fcb48bd5d9f7b5060a53be3aa493" },
	{ "a\0b", 3, "821c43f20a49bcbeee1a335d77518e4bbbc2d0ac",
	  "544967ca9d733c70f2ac060a588bb8a6" },
};

static void passwords_are_hashed(void **state)
{
	uint8_t expect[20], got[20];
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(passwords); i++) {
		struct bytes all = { (const uint8_t *)passwords[i].text,
			             passwords[i].n, 0 };
		struct bytes in = material_copy(all, all.n);

		(void)unhex(expect, 20, passwords[i].sha1);
		assert_int_equal(
			dpapi_password_hash(got, DPAPI_FORM_SHA1, in, &err),
			OK);
		assert_memory_equal(got, expect, DPAPI_SHA1_SIZE);
		(void)unhex(expect, 20, passwords[i].nt);
		assert_int_equal(
			dpapi_password_hash(got, DPAPI_FORM_NT, in, &err), OK);
		assert_memory_equal(got, expect, DPAPI_NT_SIZE);
		material_free(in);
	}
}

/* RFC 3629 3 and 10: what no UTF-8 encoder writes. */
static void only_utf8_is_a_password(void **state)
{
	static const char *const bad[] = {
		"\x80",
		"a\xbf",
		"\xc3",
		"\xc3(",
		"\xc0\x80",
		"\xc1\xbf",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xe2\x82",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5",
		"\xf8\x88\x80\x80",
		"\xff",
	};
	static const uint8_t long_one[LIMIT_PASSWORD + 1];
	struct bytes in = { long_one, sizeof(long_one), 9 };
	uint8_t got[20];
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct bytes text =
			material_copy(view_of(bad[i]), strlen(bad[i]));

		assert_int_equal(
			dpapi_password_hash(got, DPAPI_FORM_NT, text, &err),
			E_CORRUPT);
		material_free(text);
	}
	assert_int_equal(dpapi_password_hash(got, DPAPI_FORM_SHA1, in, &err),
	                 E_LIMIT);
	assert_int_equal(err.at, 9);
	in.n--;
	assert_int_equal(dpapi_password_hash(got, DPAPI_FORM_SHA1, in, &err),
	                 OK);
}

/*
 * h = bytes(range(20)); s = "S-1-5-21-1-2-3-500"; Python:
 * hmac.new(h, (s + "\0").encode("utf-16-le"), "sha1"), the same of h[:16], and
 * twice hashlib.pbkdf2_hmac("sha256", ..., s.encode("utf-16-le"), ...).
 */
static void prekeys_match(void **state)
{
	uint8_t hash[20], expect[20], got[20];
	struct bytes in = { hash, sizeof(hash), 0 };
	const char *sid = "S-1-5-21-1-2-3-500";
	char long_sid[TEXT_SID + 1];
	struct error err;

	(void)state;
	for (uint8_t i = 0; i < sizeof(hash); i++)
		hash[i] = i;
	(void)unhex(expect, 20, "ef4e93e31660729bdf3f6f7e359a3181a1175b17");
	assert_int_equal(dpapi_prekey(got, in, sid, &err), OK);
	assert_memory_equal(got, expect, 20);
	in.n = DPAPI_NT_SIZE;
	(void)unhex(expect, 20, "ac2bf6a3174022db0a4a7847c2f8ea191f70bd3d");
	assert_int_equal(dpapi_prekey(got, in, sid, &err), OK);
	assert_memory_equal(got, expect, 20);
	(void)unhex(expect, 20, "b03d4bc935182b7bc947f909fa5f02db");
	assert_int_equal(dpapi_strengthen(got, hash, sid, &err), OK);
	assert_memory_equal(got, expect, DPAPI_NT_SIZE);

	memset(long_sid, '1', sizeof(long_sid));
	long_sid[TEXT_SID] = '\0';
	assert_int_equal(dpapi_prekey(got, in, long_sid, &err), E_LIMIT);
	assert_int_equal(dpapi_strengthen(got, hash, "S-\xc3", &err),
	                 E_CORRUPT);
}

/* ------------------------------------------ every pair of hash and cipher */

/* hash, cipher, pre-key, key, pre-key of the backup part, its key, file */
static void open_made(char **field)
{
	struct bytes prekey = hexed(field[3]), second = hexed(field[5]);
	struct bytes file = hexed(field[7]);
	struct dpapi_masterkey mk;
	struct secret key;
	struct error err;

	assert_int_equal(dpapi_masterkey_parse(&mk, file, &err), OK);
	if (dpapi_open_part(&key, &mk.password, prekey, &err))
		print_error("%s %s: %s\n", field[1], field[2], err.what);
	assert_secret_hex(&key, field[4]);
	secret_release(&key);
	assert_int_equal(dpapi_open_part(&key, &mk.backup, second, &err), OK);
	assert_secret_hex(&key, field[6]);
	secret_release(&key);
	assert_int_equal(dpapi_open_part(&key, &mk.password, second, &err),
	                 E_KEY);
	assert_int_equal(dpapi_open_part(&key, &mk.backup, prekey, &err),
	                 E_KEY);
	assert_int_equal(
		dpapi_open_part(&key, &mk.backup, (struct bytes){ 0 }, &err),
		E_KEY);
	material_free(file);
	material_free(second);
	material_free(prekey);
}

static void all_suites_open(void **state)
{
	struct bytes text = material("dpapi/made.txt");

	(void)state;
	each_vector(text, "masterkey", 8, open_made);
	material_free(text);
}

/* ----------------------------------------------------------------- refused */

static void unknown_algorithms_are_named(void **state)
{
	static const struct {
		uint32_t hash, cipher;
		const char *what;
	} cases[] = {
		{ DPAPI_MD5, DPAPI_3DES, "MD5" },
		{ 0x8888, DPAPI_3DES, "unknown hash" },
		{ DPAPI_SHA512, DPAPI_RC2, "RC2" },
		{ DPAPI_SHA512, DPAPI_RC4, "RC4" },
		{ DPAPI_SHA512, DPAPI_3DES_112, "3DES-112" },
		{ DPAPI_SHA512, DPAPI_AES, "AES without" },
		{ DPAPI_SHA512, 0x6666, "unknown cipher" },
	};
	static const uint8_t zeros[144];
	struct bytes b = { zeros, sizeof(zeros), 3 };
	struct dpapi_locked_key part = { .all = b,
		                         .version = 2,
		                         .salt = { zeros, 16, 3 },
		                         .rounds = 1,
		                         .ciphertext = b };
	struct secret key;
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		part.hash = cases[i].hash;
		part.cipher = cases[i].cipher;
		assert_int_equal(dpapi_open_part(&key, &part, b, &err),
		                 E_UNSUPPORTED);
		assert_non_null(strstr(err.what, cases[i].what));
		assert_null(key.p);
	}
}

static void bad_parts_say_why(void **state)
{
	static const uint8_t zeros[DPAPI_SEALED_MAX + 16];
	struct bytes b = { zeros, 16, 3 };
	struct dpapi_locked_key part = { 0 };
	struct secret key;
	struct error err;

	(void)state;
	assert_int_equal(dpapi_open_part(&key, &part, b, &err), E_ABSENT);
	part = (struct dpapi_locked_key){
		.all = b,
		.version = 1,
		.err = { E_UNSUPPORTED, 44, "key of version 1" },
	};
	assert_int_equal(dpapi_open_part(&key, &part, b, &err), E_UNSUPPORTED);
	assert_int_equal(err.at, 44);
	part = (struct dpapi_locked_key){
		.all = b,
		.version = 2,
		.salt = b,
		.rounds = 1,
		.hash = DPAPI_SHA1,
		.cipher = DPAPI_3DES,
	};
	for (size_t n = 0; n <= sizeof(zeros); n++) {
		enum status expect = E_CORRUPT;

		part.ciphertext = (struct bytes){ zeros, n, 3 };
		if (n > DPAPI_SEALED_MAX)
			expect = E_LIMIT;
		else if (n == 72 || n == 104)
			expect = E_KEY;
		assert_int_equal(dpapi_open_part(&key, &part, b, &err), expect);
	}
}

struct known {
	struct bytes prekey, key;
	size_t opened;
};

/* The right key, or none. */
static void survives(struct bytes in, void *ctx)
{
	struct known *known = ctx;
	struct dpapi_masterkey mk;
	struct secret key;
	struct error err;

	(void)!dpapi_masterkey_parse(&mk, in, &err);
	if (dpapi_open_part(&key, &mk.password, known->prekey, &err))
		assert_null(key.p);
	else {
		assert_secret(&key, known->key);
		known->opened++;
	}
	secret_release(&key);
}

/* Nothing in the password part may change; around it, almost all may. */
static void damage_made(char **field)
{
	struct known known = { hexed(field[3]), hexed(field[4]), 0 };
	struct bytes file = hexed(field[7]);
	struct dpapi_masterkey mk;
	struct error err;
	bool common =
		(!strcmp(field[1], "hmac") && !strcmp(field[2], "3des")) ||
		(!strcmp(field[1], "sha512") && !strcmp(field[2], "aes256")) ||
		(!strcmp(field[1], "sha256") && !strcmp(field[2], "aes128"));

	if (common) {
		size_t rest;

		assert_int_equal(dpapi_masterkey_parse(&mk, file, &err), OK);
		rest = file.n - mk.password.all.n;
		each_damage(file, survives, &known);
		assert_true(known.opened > mk.backup.all.n);
		/* HMAC and SHA-1 name the same: 8004 and 8009 differ by 13 */
		assert_true(known.opened <= 3 * rest);
	}
	material_free(file);
	material_free(known.key);
	material_free(known.prekey);
}

static void damage_is_survived(void **state)
{
	struct bytes text = material("dpapi/made.txt");

	(void)state;
	each_vector(text, "masterkey", 8, damage_made);
	material_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords_are_hashed),
		cmocka_unit_test(only_utf8_is_a_password),
		cmocka_unit_test(prekeys_match),
		cmocka_unit_test(all_suites_open),
		cmocka_unit_test(unknown_algorithms_are_named),
		cmocka_unit_test(bad_parts_say_why),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests_name("dpapi", tests, NULL, NULL);
}
