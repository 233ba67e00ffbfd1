/* SPDX-License-Identifier: MIT */
/*
 * test_hives_software.c - certificates of machine, policy and user, Winlogon
 */
#include "tests/analyzer/hives_world.h"

#include <string.h>

static void value_of_file(struct writer *w, const char *path, const char *name,
                          const char *file)
{
	char *p;
	gsize n;

	assert_true(g_file_get_contents(file, &p, &n, NULL));
	writer_value(w, path, name, p, n);
	g_free(p);
}

static void test_certificates(void **state)
{
	static const uint8_t hash[20] = { 0xab, 1 };
	static const char stored[] =
		"testdata/winkeys/"
		"cert_3B83BFA7037F6A79B3F3D17D229E1BC097F35B51";
	struct writer *w = writer_new();
	struct key *key;

	(void)state;
	value_of_file(w,
	              "Microsoft\\SystemCertificates\\My\\Certificates\\"
	              "3B83BFA7037F6A79B3F3D17D229E1BC097F35B51",
	              "Blob", stored);
	add_hive("/Windows/System32/config/SOFTWARE", w);
	w = writer_new();
	writer_value(w,
	             "Software\\Microsoft\\Windows NT\\CurrentVersion\\EFS\\"
	             "CurrentKeys",
	             "CertificateHash", hash, sizeof(hash));
	add_hive("/Users/ann/NTUSER.DAT", w);
	world_read();
	key = only_key(KEY_CERTIFICATE);
	assert_string_equal(key->id,
	                    "3b83bfa7037f6a79b3f3d17d229e1bc097f35b51");
	assert_string_equal(key->origin.path,
	                    "/Windows/System32/config/SOFTWARE: "
	                    "Microsoft\\SystemCertificates\\My\\Certificates\\"
	                    "3B83BFA7037F6A79B3F3D17D229E1BC097F35B51\\Blob");
	assert_int_equal(world.chain->current->len, 1);
	assert_string_equal(g_ptr_array_index(world.chain->current, 0),
	                    "ab01000000000000000000000000000000000000");
}

/* The policy of a real domain: the corpus' README names its agent. */
static void test_policy(void **state)
{
	const char *dir = g_getenv("CORPUS");
	char *file = g_build_filename(dir ? dir : "/nonexistent",
	                              "efs-policy/myad_EFSBlob.bin", NULL);
	struct writer *w = writer_new();
	bool here = g_file_test(file, G_FILE_TEST_EXISTS);

	(void)state;
	if (here)
		value_of_file(w, "Policies\\Microsoft\\SystemCertificates\\EFS",
		              "EfsBlob", file);
	g_free(file);
	add_hive("/c/SOFTWARE", w);
	if (!here)
		skip();
	world_read();
	assert_string_equal(only_key(KEY_CERTIFICATE)->origin.path,
	                    "/c/SOFTWARE: "
	                    "Policies\\Microsoft\\SystemCertificates\\EFS\\"
	                    "EfsBlob");
}

/* REG_SZ: UTF-16 with a NUL. */
static void test_winlogon(void **state)
{
	static const uint8_t text[] = { 'a', 0, 0xe9, 0, ' ', 0, 'z', 0, 0, 0 };
	struct writer *w = writer_new();

	(void)state;
	writer_value(w, "Microsoft\\Windows NT\\CurrentVersion\\Winlogon",
	             "DefaultPassword", text, sizeof(text));
	add_hive("/Windows/System32/config/SOFTWARE", w);
	world_read();
	assert_int_equal(passwords_count(&world.passwords), 1);
	assert_true(has_password("a\xc3\xa9 z"));
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_certificates),
		TEST(test_policy),
		TEST(test_winlogon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
