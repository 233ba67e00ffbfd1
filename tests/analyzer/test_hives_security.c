/* SPDX-License-Identifier: MIT */
/*
 * test_hives_security.c - secrets of the LSA
 */
#include "tests/analyzer/hives_world.h"
#include "tests/recovery/vectors_lsa.h"

#include "recovery/crypto.h"

#include <string.h>

static void sum_update(GChecksum *sum, const void *p, size_t n)
{
	g_checksum_update(sum, p, (gssize)n);
}

static void le32(uint8_t *to, size_t v)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (8 * i));
}

/* A record of LSA: header, salt, AES-256-ECB of length and data. */
static void seal(struct writer *w, const char *path, const uint8_t *key,
                 size_t key_size, const uint8_t guid[16], const void *p,
                 size_t n)
{
	size_t size = (16 + n + 15) / 16 * 16;
	uint8_t *r = g_malloc0(0x3c + size), aes[32];
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize got = sizeof(aes);
	struct block_cipher bc;
	struct error err;

	r[3] = 1;
	memcpy(r + 4, guid, 16);
	r[0x14] = 3;
	memset(r + 0x1c, 0x5a, 32);
	le32(r + 0x3c, n);
	memcpy(r + 0x4c, p, n);
	sum_update(sum, key, key_size);
	for (int i = 0; i < 1000; i++)
		sum_update(sum, r + 0x1c, 32);
	g_checksum_get_digest(sum, aes, &got);
	g_checksum_free(sum);
	assert_int_equal(block_init(&bc, BLOCK_AES_256,
	                            (struct bytes){ aes, sizeof(aes), 0 }, true,
	                            &err),
	                 OK);
	assert_int_equal(block_run(&bc, r + 0x3c, r + 0x3c, size, &err), OK);
	block_release(&bc);
	writer_value(w, path, "", r, 0x3c + size);
	g_free(r);
}

static const uint8_t guid[16] = "a key of the LSA";
static const uint8_t lsa_key[32] = "32 bytes of a key for AES-256...";

/* A SECURITY that this boot key opens. */
static struct writer *sealed_hive(const uint8_t boot[16])
{
	static const uint8_t revision[4] = { 14, 0, 1, 0 };
	uint8_t list[0x1c + 24 + 32] = { 3 };
	struct writer *w = writer_new();

	memcpy(list + 4, guid, 16);
	le32(list + 0x18, 1);
	memcpy(list + 0x1c, guid, 16);
	le32(list + 0x2c, 3);
	le32(list + 0x30, 32);
	memcpy(list + 0x34, lsa_key, 32);
	writer_value(w, "Policy\\PolRevision", "", revision, 4);
	seal(w, "Policy\\PolEKList", boot, 16, guid, list, sizeof(list));
	return w;
}

static void secret_value(struct writer *w, const char *name, const void *p,
                         size_t n)
{
	char *path = g_strdup_printf("Policy\\Secrets\\%s", name);

	seal(w, path, lsa_key, sizeof(lsa_key), guid, p, n);
	g_free(path);
}

/* Whose boot key is MD5 of "geheim" in UTF-16. */
static void test_startup_password(void **state)
{
	static const uint8_t utf16[] = "g\0e\0h\0e\0i\0m";
	uint8_t boot[16], dpapi[44] = { 1, 0, 0, 0, 'm' };
	GChecksum *sum = g_checksum_new(G_CHECKSUM_MD5);
	gsize got = sizeof(boot);
	struct writer *w;

	(void)state;
	sum_update(sum, utf16, 12);
	g_checksum_get_digest(sum, boot, &got);
	g_checksum_free(sum);
	w = sealed_hive(boot);
	secret_value(w, "DPAPI_SYSTEM\\CurrVal", dpapi, sizeof(dpapi));
	add_password("one\ngeheim\nthree");
	add_hive("/c/SYSTEM", system_hive(policies[0].boot, 2));
	add_hive("/c/SECURITY", w);
	world_read();
	assert_int_equal(only_key(KEY_SYSTEM)->state, KEY_UNLOCKED);
	assert_int_equal(g_array_index(world.chain->systems, struct system, 0)
	                         .machine.p[0],
	                 'm');
}

/* Old and new DPAPI_SYSTEM, TBAL, a domain's key, and what is none of those. */
static void test_all_secrets(void **state)
{
	static const uint8_t other[] = "a password of a service";
	uint8_t boot[16], now[44] = { 1, 0, 0, 0, 'n' },
			  old[44] = { 1, 0, 0, 0, 'o' }, bad[44] = { 9 };
	uint8_t nt[16], sha1[20], tbal[0x60] = { 3, 0, 0xff, 0xff };
	struct writer *w;
	char *backup;
	gsize n;

	(void)state;
	unhex_to(boot, sizeof(boot), policies[0].boot);
	unhex_to(nt, sizeof(nt), "3dbde697d71690a769204beb12283678");
	unhex_to(sha1, sizeof(sha1),
	         "0d5399508427ce79556cda71918020c1e8d15b53");
	memcpy(tbal + 0x10, nt, sizeof(nt));
	memcpy(tbal + 0x30, sha1, sizeof(sha1));
	assert_true(g_file_get_contents(
		"testdata/winkeys/DPAPIBackupKey_RSAKey.bin", &backup, &n,
		NULL));
	w = sealed_hive(boot);
	secret_value(w, "DPAPI_SYSTEM\\CurrVal", now, sizeof(now));
	secret_value(w, "DPAPI_SYSTEM\\OldVal", old, sizeof(old));
	secret_value(w,
	             "M$_MSV1_0_TBAL_PRIMARY_{22BE8E5B-58B3-4A87-BA71-"
	             "41B0ECF3A9EA}\\CurrVal",
	             tbal, sizeof(tbal));
	secret_value(w, "_SC_service\\CurrVal", other, sizeof(other));
	secret_value(w,
	             "G$BCKUPKEY_efe756ec-f87c-493a-902f-259030203445\\CurrVal",
	             backup, n);
	secret_value(w, "G$BCKUPKEY_PREFERRED\\CurrVal", guid, sizeof(guid));
	g_free(backup);
	add_hive("/c/SYSTEM", system_hive(policies[0].boot, 1));
	add_hive("/c/SECURITY", w);
	w = sealed_hive(boot);
	secret_value(w, "DPAPI_SYSTEM\\CurrVal", bad, sizeof(bad));
	add_hive("/d/SECURITY", w);
	world_read();
	assert_int_equal(world.chain->systems->len, 2);
	assert_int_equal(only_key(KEY_DOMAIN)->state, KEY_UNLOCKED);
	assert_true(has_hash(DPAPI_FORM_SHA1, sha1, 20, NULL,
	                     "SHA-1 of TBAL in SECURITY"));
	assert_true(has_hash(DPAPI_FORM_NT, nt, 16, NULL,
	                     "NT hash of TBAL in SECURITY"));
	assert_int_equal(keyring_count(world.ring), 4);
	assert_int_equal(keyring_get(world.ring, 3)->state, KEY_LOCKED);
	assert_string_equal(keyring_get(world.ring, 3)->reason,
	                    "version of DPAPI_SYSTEM");
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_startup_password),
		TEST(test_all_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
