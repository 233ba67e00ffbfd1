/* SPDX-License-Identifier: MIT */
/*
 * test_lsa.c - boot keys, LSA keys and secrets of real machines
 */
#include "tests/recovery/vectors.h"

#include "tests/recovery/vectors_lsa.h"

#include "recovery/lsa.h"

#include <string.h>

static void assert_hex(const struct secret *s, const char *hex)
{
	struct bytes b = hexed(hex);

	assert_int_equal(s->n, b.n);
	assert_memory_equal(s->p, b.p, b.n);
	material_free(b);
}

static void test_boot_keys(void **state)
{
	/* Of other machines, as regipy and impacket have them. */
	static const struct {
		const char *classes[4], *key;
	} more[] = {
		{ { "67cd88ed", "8df2db5b", "e770d1f4", "b6cf2e27" },
		  "e7f28d88f470cfed67dbcdb62ed1275b" },
		{ { "cad8d28b", "72bce372", "59c41fe9", "c9b82ebc" },
		  "59bc72d2e9c4b88bcae3d8c92e1fbc72" },
	};
	struct secret key;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(boots) / sizeof(*boots); i++) {
		assert_int_equal(lsa_boot_key(&key, boots[i].classes, &err),
		                 OK);
		assert_hex(&key, boots[i].key);
		secret_release(&key);
	}
	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++) {
		assert_int_equal(lsa_boot_key(&key, more[i].classes, &err), OK);
		assert_hex(&key, more[i].key);
		secret_release(&key);
	}
}

static void test_bad_class_names(void **state)
{
	static const char *const bad[] = { "", "1234567", "123456789",
		                           "1234567g", NULL };
	struct secret key;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *classes[] = { "12345678", "12345678", "12345678",
			                  bad[i] };

		assert_int_equal(lsa_boot_key(&key, classes, &err), E_CORRUPT);
		assert_int_equal(key.n, 0);
	}
}

/* MD5 of UTF-16, by Python's hashlib. */
static void test_startup_password(void **state)
{
	static const struct {
		const char *password, *key;
	} known[] = {
		{ "", "d41d8cd98f00b204e9800998ecf8427e" },
		{ "geheim", "329717c237fb09b309318818595a93a6" },
		{ "\xc3\xa4\xf0\x9f\x94\x91",
		  "e0421327ccfecf8ce856fa7c4e18a891" },
	};
	struct secret key;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct bytes pw = { (const uint8_t *)known[i].password,
			            strlen(known[i].password), 0 };

		assert_int_equal(lsa_boot_key_password(&key, pw, &err), OK);
		assert_hex(&key, known[i].key);
		secret_release(&key);
	}
	assert_int_equal(
		lsa_boot_key_password(
			&key, (struct bytes){ (const uint8_t *)"\xc3", 1, 0 },
			&err),
		E_CORRUPT);
	assert_int_equal(key.n, 0);
}

static void test_startup_file(void **state)
{
	static const uint8_t file[] = "0123456789abcdefmore";
	struct secret key;
	struct error err;

	(void)state;
	assert_int_equal(
		lsa_boot_key_file(&key, (struct bytes){ file, 20, 0 }, &err),
		OK);
	assert_int_equal(key.n, 16);
	assert_memory_equal(key.p, file, 16);
	secret_release(&key);
	assert_int_equal(
		lsa_boot_key_file(&key, (struct bytes){ file, 15, 0 }, &err),
		E_TRUNCATED);
}

static enum status open_policy(struct lsa_keys *keys, size_t i,
                               const char *boot_hex, struct error *err)
{
	struct bytes boot = hexed(boot_hex);
	struct bytes value = hexed(policies[i].value);
	enum status st = lsa_keys_open(keys, policies[i].old, value, boot, err);

	material_free(boot);
	material_free(value);
	return st;
}

static void test_keys(void **state)
{
	struct lsa_keys keys;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(policies) / sizeof(*policies); i++) {
		struct bytes want = hexed(policies[i].key);

		assert_int_equal(open_policy(&keys, i, policies[i].boot, &err),
		                 OK);
		assert_true(keys.plain.n >= want.n);
		/* The last thing in the list, or all there is. */
		assert_memory_equal(keys.plain.p + (keys.old ? 0 : 0x34),
		                    want.p, want.n);
		lsa_keys_release(&keys);
		assert_int_equal(open_policy(&keys, i,
		                             "00112233445566778899aabbccddeeff",
		                             &err),
		                 E_KEY);
		assert_int_equal(keys.plain.n, 0);
		material_free(want);
	}
}

static void test_secrets(void **state)
{
	struct lsa_keys keys;
	struct secret plain;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
		struct bytes value = hexed(secrets[i].value);
		size_t p = secrets[i].policy;

		assert_int_equal(open_policy(&keys, p, policies[p].boot, &err),
		                 OK);
		assert_int_equal(lsa_secret_open(&plain, &keys, value, &err),
		                 OK);
		assert_hex(&plain, secrets[i].plain);
		secret_release(&plain);
		/* A key of another machine does not open it. */
		keys.plain.p[keys.old ? 0 : 0x34] ^= 2;
		assert_int_equal(lsa_secret_open(&plain, &keys, value, &err),
		                 E_KEY);
		assert_int_equal(plain.n, 0);
		lsa_keys_release(&keys);
		material_free(value);
	}
}

/* Cut anywhere, or changed anywhere: a status, and nothing else. */
static void test_damage(void **state)
{
	struct lsa_keys keys;
	struct secret plain;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
		struct bytes value = hexed(secrets[i].value);
		size_t p = secrets[i].policy;

		assert_int_equal(open_policy(&keys, p, policies[p].boot, &err),
		                 OK);
		for (size_t n = 0; n < value.n; n++) {
			struct bytes cut = material_copy(value, n);

			if (!lsa_secret_open(&plain, &keys, cut, &err))
				secret_release(&plain);
			else
				assert_non_null(err.what);
			material_free(cut);
		}
		lsa_keys_release(&keys);
		material_free(value);
	}
	for (size_t i = 0; i < sizeof(policies) / sizeof(*policies); i++) {
		struct bytes value = hexed(policies[i].value);
		struct bytes boot = hexed(policies[i].boot);

		for (size_t n = 0; n < value.n; n++) {
			struct bytes cut = material_copy(value, n);

			if (!lsa_keys_open(&keys, policies[i].old, cut, boot,
			                   &err))
				lsa_keys_release(&keys);
			material_free(cut);
		}
		material_free(value);
		material_free(boot);
	}
}

static void test_dpapi_system(void **state)
{
	uint8_t p[44] = { 1 };
	struct lsa_dpapi keys;
	struct error err;

	(void)state;
	assert_int_equal(
		lsa_dpapi_parse(&keys, (struct bytes){ p, 44, 0 }, &err), OK);
	assert_ptr_equal(keys.machine.p, p + 4);
	assert_int_equal(keys.machine.n, 20);
	assert_ptr_equal(keys.user.p, p + 24);
	assert_int_equal(keys.user.n, 20);
	assert_int_equal(
		lsa_dpapi_parse(&keys, (struct bytes){ p, 43, 0 }, &err),
		E_TRUNCATED);
	p[0] = 2;
	assert_int_equal(
		lsa_dpapi_parse(&keys, (struct bytes){ p, 44, 0 }, &err),
		E_UNSUPPORTED);
	assert_int_equal(keys.user.n, 0);
}

/*
 * The first bytes of a real secret whose password is "123" (keys/tbal of the
 * corpus), and the hashes of that.
 */
static void test_tbal(void **state)
{
	struct bytes in =
		hexed("0300ffff9a00000005000000000000003dbde697d71690a769204beb"
	              "1228367800000000000000000000000000000000"
	              "0d5399508427ce79556cda71918020c1e8d15b53");
	struct lsa_tbal hashes;
	struct error err;
	uint8_t nt[16], sha1[20];

	(void)state;
	assert_int_equal(lsa_tbal_parse(&hashes, in, &err), OK);
	assert_int_equal(dpapi_password_hash(
				 nt, DPAPI_FORM_NT,
				 (struct bytes){ (const uint8_t *)"123", 3, 0 },
				 &err),
	                 OK);
	assert_int_equal(dpapi_password_hash(
				 sha1, DPAPI_FORM_SHA1,
				 (struct bytes){ (const uint8_t *)"123", 3, 0 },
				 &err),
	                 OK);
	assert_int_equal(hashes.nt.n, 16);
	assert_memory_equal(hashes.nt.p, nt, 16);
	assert_int_equal(hashes.sha1.n, 20);
	assert_memory_equal(hashes.sha1.p, sha1, 20);
	in.n--;
	assert_int_equal(lsa_tbal_parse(&hashes, in, &err), E_ABSENT);
	assert_int_equal(hashes.nt.n, 0);
	material_free(in);
}

static void test_revision(void **state)
{
	static const struct {
		uint8_t v[4];
		size_t n;
		enum status status;
		bool old;
	} cases[] = {
		{ { 5, 0, 1, 0 }, 4, OK, true },
		{ { 9, 0, 1, 0 }, 4, OK, true },
		{ { 10, 0, 1, 0 }, 4, OK, false },
		{ { 14, 0, 1, 0 }, 4, OK, false },
		{ { 14, 0, 2, 0 }, 4, E_UNSUPPORTED, false },
		{ { 14, 0, 1, 0 }, 3, E_TRUNCATED, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct error err;
		bool old;

		assert_int_equal(
			lsa_is_old(&old,
		                   (struct bytes){ cases[i].v, cases[i].n, 0 },
		                   &err),
			cases[i].status);
		assert_int_equal(old, cases[i].old);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boot_keys),
		cmocka_unit_test(test_bad_class_names),
		cmocka_unit_test(test_startup_password),
		cmocka_unit_test(test_startup_file),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_dpapi_system),
		cmocka_unit_test(test_tbal),
		cmocka_unit_test(test_revision),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
