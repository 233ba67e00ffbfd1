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

static int64_t no_evidence(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return 0;
}

/* What was read, in a case. */
static struct casefile *recorded(void)
{
	struct casefile *cf;
	struct error err;

	world_read();
	assert_int_equal(casefile_new(&cf, NULL, &err), OK);
	assert_int_equal(
		people_record(world.people, cf, no_evidence, NULL, &err), OK);
	return cf;
}

/* The only policy, as "reason: agent, agent". */
static char *policy_text(struct casefile *cf)
{
	GString *s = g_string_new(NULL);
	struct case_policy policy;
	struct case_agent agent;
	struct case_walk *w, *agents;
	struct error err;

	assert_int_equal(case_policy_open(&w, cf, &err), OK);
	assert_true(case_policy_next(w, &policy));
	g_string_append(s, policy.reason ? policy.reason : "-");
	assert_int_equal(case_agent_open(&agents, cf, policy.id, &err), OK);
	while (case_agent_next(agents, &agent))
		g_string_append_printf(
			s, " %s%s%s", agent.thumbprint ? agent.thumbprint : "",
			agent.sid ? " of " : "", agent.sid ? agent.sid : "");
	assert_int_equal(case_walk_close(agents, &err), OK);
	assert_false(case_policy_next(w, &policy));
	assert_int_equal(case_walk_close(w, &err), OK);
	casefile_free(cf);
	return g_string_free(s, FALSE);
}

/* An agent as [MS-GPEF] 2.2.1.2 has it, with a certificate that openssl made.
 */
static void add_agent(struct writer *w, size_t cut)
{
	GByteArray *b = g_byte_array_new();
	guint8 head[8 + 32] = { 1, 0, 1, 0, 1 };
	gchar *der;
	gsize n;

	assert_true(
		g_file_get_contents("testdata/keys/agent.der", &der, &n, NULL));
	for (unsigned i = 0; i < 2; i++) {
		head[8 + i] = (guint8)((n + 32) >> 8 * i);
		head[12 + i] = (guint8)((n + 28) >> 8 * i);
		head[24 + i] = (guint8)(n >> 8 * i);
	}
	head[20] = 2;  /* a certificate */
	head[28] = 28; /* from the second length on */
	g_byte_array_append(b, head, sizeof(head));
	g_byte_array_append(b, (const guint8 *)der, (guint)n);
	writer_value(w, "Policies\\Microsoft\\SystemCertificates\\EFS",
	             "EfsBlob", b->data, b->len - cut);
	g_byte_array_unref(b);
	g_free(der);
}

static void test_agents(void **state)
{
	struct writer *w = writer_new();
	char *text, *sha1, *der;
	gsize n;

	(void)state;
	assert_true(
		g_file_get_contents("testdata/keys/agent.der", &der, &n, NULL));
	sha1 = g_compute_checksum_for_data(G_CHECKSUM_SHA1, (guchar *)der, n);
	add_agent(w, 0);
	add_hive("/c/SOFTWARE", w);
	text = policy_text(recorded());
	assert_int_equal(strlen(text), 2 + 40);
	assert_string_equal(text + 2, sha1);
	g_free(text);
	g_free(sha1);
	g_free(der);
}

static void test_damaged_policy(void **state)
{
	struct writer *w = writer_new();
	char *text;

	(void)state;
	add_agent(w, 100);
	add_hive("/c/SOFTWARE", w);
	text = policy_text(recorded());
	assert_true(*text != '-');
	g_free(text);
}

static void test_no_policy(void **state)
{
	struct writer *w = writer_new();
	char *text;

	(void)state;
	writer_key(w, "Microsoft", NULL);
	add_hive("/c/SOFTWARE", w);
	text = policy_text(recorded());
	assert_string_equal(text, "the machine has no recovery policy");
	g_free(text);
}

/* Profiles of users, with the last part of their path; not those of services */
static void test_profiles(void **state)
{
	static const char profiles[] =
		"Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\";
	static const struct {
		const char *sid, *path;
	} all[] = {
		{ "S-1-5-18", "%systemroot%\\system32\\config\\systemprofile" },
		{ "S-1-5-21-1-2-3-1001", "C:\\Users\\ann" },
		{ "S-1-12-1-7", "%SystemDrive%\\Users\\bob.CORP" },
		{ "S-1-5-21-1-2-3-1002", "no path" },
	};
	struct writer *w = writer_new();
	struct case_account a;
	struct case_walk *walk;
	struct casefile *cf;
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		char *key = g_strconcat(profiles, all[i].sid, NULL);
		glong n;
		gunichar2 *path =
			g_utf8_to_utf16(all[i].path, -1, NULL, &n, NULL);

		writer_value(w, key, "ProfileImagePath", path,
		             (size_t)(n + 1) * 2);
		g_free(path);
		g_free(key);
	}
	add_hive("/c/SOFTWARE", w);
	cf = recorded();
	assert_int_equal(case_account_open(&walk, cf, &err), OK);
	assert_true(case_account_next(walk, &a));
	assert_string_equal(a.sid, "S-1-5-21-1-2-3-1001");
	assert_string_equal(a.name, "ann");
	assert_false(a.local);
	assert_true(case_account_next(walk, &a));
	assert_string_equal(a.sid, "S-1-12-1-7");
	assert_string_equal(a.name, "bob.CORP");
	assert_true(case_account_next(walk, &a));
	assert_string_equal(a.sid, "S-1-5-21-1-2-3-1002");
	assert_null(a.name);
	assert_false(case_account_next(walk, &a));
	assert_int_equal(case_walk_close(walk, &err), OK);
	casefile_free(cf);
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
		TEST(test_certificates),   TEST(test_policy),
		TEST(test_winlogon),       TEST(test_agents),
		TEST(test_damaged_policy), TEST(test_no_policy),
		TEST(test_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
