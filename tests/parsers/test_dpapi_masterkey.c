/* SPDX-License-Identifier: MIT */
/*
 * test_dpapi_masterkey.c - real master key files, whole and damaged
 *
 * The expected values are those of testdata/dpapi/README.md, and for the files
 * of $CORPUS those that their publishers state.
 */
#include "tests/parsers/sample.h"

#include <stdio.h>
#include <string.h>

#include "parsers/dpapi_masterkey.h"
#include "parsers/limits.h"
#include "parsers/text.h"

#define DOMAIN_FILE "dpapi/adminMasterKeyFile.bin"
#define USER_FILE   "dpapi/masterkey_563e7e10-0351-4855-8f9a-5c6ba86a2c04"
#define SYSTEM_FILE "dpapi/systemMasterKeyFile.bin"

#define SHA512 0x800e
#define AES256 0x6610

/* Ciphers, and bytes of each part. */
struct shape {
	uint32_t hash, cipher;
	size_t n[4];
};

static const struct shape aes = { SHA512, AES256, { 176, 144, 20, 0 } };
static const struct shape tdes = { 0x8009, 0x6603, { 136, 104, 20, 0 } };
static const struct shape wrapped = { 0x8009, 0x6603, { 136, 104, 0, 372 } };

/* GUIDs as text; the last is of the CREDHIST part, or of the domain's key. */
/* clang-format off */
static const struct golden {
	const char *name, *guid;
	const struct shape *shape;
	uint32_t flags, rounds, backup_rounds;
	const char *other;
} golden[] = {
	{ SYSTEM_FILE, "ea95eba8-ba00-4e1a-b43f-51ea30171d11", &aes, 6, 17400,
	  17400, "{00000000-0000-0000-0000-000000000000}" },
	{ USER_FILE, "563e7e10-0351-4855-8f9a-5c6ba86a2c04", &aes, 5, 8000,
	  8000, "{a44eee15-f54b-4dfd-a50b-452bbd415b0e}" },
	{ DOMAIN_FILE, "3a43ac71-52d1-4b15-84cb-01a5e7f06350", &wrapped, 0,
	  24000, 24000, "{e7de99e9-4b27-44c0-a1be-f3f43dc8a89f}" },
	{ "dpapi/masterkey_7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5",
	  "7fc19508-7b85-4a7c-9e5d-15f9e00e7ce5", &wrapped, 0, 18000, 18000,
	  "{efe756ec-f87c-493a-902f-259030203445}" },
};

/*
 * Names without the GUID at their end.  What is not published is 0 or NULL;
 * XP's backup part has one round.
 */
static const struct golden corpus[] = {
	{ "keys/efs-mimikatz-wiki/Protect/"
	  "S-1-5-21-494464150-3436831043-1864828003-1001/",
	  "1eccdbd2-4771-4360-8b19-9d6060a061dc", &aes, 5, 3300, 0,
	  "{d87e22e8-a2ac-42ba-af15-2edca2eb6547}" },
	{ "keys/nthash-fpc/Protect/"
	  "S-1-5-21-1891491695-624633549-2724392037-1002/",
	  "6deaade9-7898-4cd5-aef1-8d22ed86acd4", &aes, 5, 8000, 0,
	  "{fe877785-b0ea-47d8-8a7e-b26fda60edf9}" },
	{ "keys/dpapick/masterkey_xp_",
	  "9fb6442f-626a-4980-9c85-d238be955b3c", &tdes, 5, 4000, 1, NULL },
	{ "keys/dpapick/masterkey_win7_",
	  "39875cab-5036-4aba-b9ee-31b5e169fe87", &aes, 5, 5600, 0, NULL },
	{ "keys/dpapick/masterkey_win81_",
	  "ba76b33f-4b97-4e97-9603-7865fb972cec", &aes, 5, 8000, 0, NULL },
};
/* clang-format on */

static void assert_guid(struct bytes guid, const char *expect)
{
	char buf[TEXT_GUID];
	struct text t = text_open(buf, sizeof(buf));

	assert_int_equal(guid.n, 16);
	text_guid(&t, guid);
	if (expect)
		assert_string_equal(buf, expect);
}

static void assert_key(const struct dpapi_locked_key *key, struct bytes in,
                       size_t off, size_t n, const struct shape *shape)
{
	assert_int_equal(key->err.status, OK);
	assert_range(key->all, in, off, n);
	assert_int_equal(key->version, 2);
	assert_range(key->salt, in, off + 4, 16);
	assert_int_equal(key->hash, shape->hash);
	assert_int_equal(key->cipher, shape->cipher);
	assert_range(key->ciphertext, in, off + 32, n - 32);
}

static void assert_domain(const struct dpapi_domain_key *domain,
                          struct bytes in, size_t off)
{
	assert_int_equal(domain->version, 2);
	assert_range(domain->guid, in, off + 12, 16);
	assert_range(domain->secret, in, off + 28, 256);
	assert_range(domain->access_check, in, off + 284, 88);
	assert_int_equal(domain->r2.n, 0);
	assert_int_equal(domain->plain_length, 0);
}

static void assert_parts(const struct dpapi_masterkey *mk, struct bytes in,
                         const struct golden *g)
{
	const size_t *n = g->shape->n;
	size_t backup = 0x80 + n[0], credhist = backup + n[1];
	size_t domain = credhist + n[2];

	assert_key(&mk->password, in, 0x80, n[0], g->shape);
	assert_int_equal(mk->password.rounds, g->rounds);
	assert_key(&mk->backup, in, backup, n[1], g->shape);
	if (g->backup_rounds)
		assert_int_equal(mk->backup.rounds, g->backup_rounds);
	assert_int_equal(mk->credhist.all.n, n[2]);
	assert_int_equal(mk->credhist.err.status, OK);
	assert_int_equal(mk->credhist.version, n[2] ? 3 : 0);
	assert_int_equal(mk->domain.all.n, n[3]);
	assert_int_equal(mk->domain.err.status, OK);
	if (n[3])
		assert_domain(&mk->domain, in, domain);
	assert_guid(n[3] ? mk->domain.guid : mk->credhist.guid, g->other);
	assert_int_equal(mk->size, domain + n[3]);
}

/* Frees `in`. */
static void assert_golden(struct bytes in, const struct golden *g)
{
	struct error err = { 0 };
	struct dpapi_masterkey mk;
	char braced[TEXT_GUID];

	(void)snprintf(braced, sizeof(braced), "{%s}", g->guid);
	assert_int_equal(dpapi_masterkey_parse(&mk, in, &err), OK);
	assert_int_equal(mk.version, 2);
	assert_int_equal(mk.flags, g->flags);
	assert_text(mk.name, g->guid);
	assert_guid((struct bytes){ mk.guid, 16, 0 }, braced);
	assert_int_equal(mk.size, in.n);
	assert_parts(&mk, in, g);
	sample_free(in);
}

static void reads_real_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++)
		assert_golden(sample_load(golden[i].name), &golden[i]);
}

static void reads_the_corpus(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(corpus); i++) {
		char name[200];

		(void)snprintf(name, sizeof(name), "%s%s", corpus[i].name,
		               corpus[i].guid);
		assert_golden(sample_corpus(name), &corpus[i]);
	}
}

static void assert_key_inside(const struct dpapi_locked_key *key,
                              struct bytes in)
{
	assert_inside(key->all, in);
	assert_inside(key->salt, key->all);
	assert_inside(key->ciphertext, key->all);
	if (key->err.status) {
		assert_error(&key->err, key->err.status, key->all);
		return;
	}
	assert_true(!key->all.n || key->version == 2);
	assert_true(!key->all.n || key->salt.n == 16);
	assert_true(key->rounds <= LIMIT_DPAPI_ROUNDS);
}

static void assert_consistent(const struct dpapi_masterkey *mk, struct bytes in)
{
	assert_inside(mk->name, in);
	assert_key_inside(&mk->password, in);
	assert_key_inside(&mk->backup, in);
	assert_inside(mk->credhist.all, in);
	assert_inside(mk->credhist.guid, mk->credhist.all);
	assert_inside(mk->domain.all, in);
	assert_inside(mk->domain.guid, mk->domain.all);
	assert_inside(mk->domain.secret, mk->domain.all);
	assert_inside(mk->domain.access_check, mk->domain.all);
	assert_inside(mk->domain.r2, mk->domain.all);
	if (mk->credhist.err.status)
		assert_error(&mk->credhist.err, mk->credhist.err.status,
		             mk->credhist.all);
	if (mk->domain.err.status)
		assert_error(&mk->domain.err, mk->domain.err.status,
		             mk->domain.all);
}

static void damaged(struct bytes in)
{
	static const struct dpapi_masterkey nothing;
	struct error err = { 0 };
	struct dpapi_masterkey mk;
	enum status status = dpapi_masterkey_parse(&mk, in, &err);

	assert_consistent(&mk, in);
	if (status) {
		assert_error(&err, status, in);
		assert_int_equal(mk.size, 0);
	} else {
		assert_true(mk.size && mk.size <= in.n);
	}
	if (!mk.version)
		assert_memory_equal(&mk, &nothing, sizeof(mk));
	assert_true(mk.version || status);
}

/* The parts that are whole are kept: those of DOMAIN_FILE. */
static void truncated(struct bytes in)
{
	struct error err = { 0 };
	struct dpapi_masterkey mk;

	damaged(in);
	assert_int_equal(dpapi_masterkey_parse(&mk, in, &err), E_TRUNCATED);
	assert_int_equal(mk.version, in.n < 0x80 ? 0 : 2);
	assert_int_equal(mk.password.all.n, in.n < 0x108 ? 0 : 136);
	assert_int_equal(mk.backup.all.n, in.n < 0x170 ? 0 : 104);
	assert_int_equal(mk.domain.all.n, 0);
	assert_int_equal(mk.password.err.status, OK);
}

static void survives_damage(void **state)
{
	struct bytes domain = sample_load(DOMAIN_FILE);
	struct bytes user = sample_load(USER_FILE);

	(void)state;
	each_truncation(domain, truncated);
	each_truncation(user, damaged);
	each_corruption(domain, domain.n, damaged);
	each_corruption(user, user.n, damaged);
	sample_free(domain);
	sample_free(user);
}

/* One word of the user's file changed: what comes of the whole. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	size_t at;
} headers[] = {
	{ 0x00, 1, OK, 0 },
	{ 0x00, 0, E_UNSUPPORTED, 0 },
	{ 0x00, 3, E_UNSUPPORTED, 0 },
	{ 0x00, 0x80000002, E_UNSUPPORTED, 0 },
	{ 0x04, 1, OK, 0 }, /* zero elsewhere: nothing depends on it */
	{ 0x08, 0xffffffff, OK, 0 },
	{ 0x0c, 0x00460035, OK, 0 }, /* capitals */
	{ 0x0c, 0x00670035, E_CORRUPT, 0x0c },
	{ 0x0c, 0x002f0035, E_CORRUPT, 0x0c },
	{ 0x0c, 0x003a0035, E_CORRUPT, 0x0c },
	{ 0x0c, 0x01360035, E_CORRUPT, 0x0c },
	{ 0x1c, 0x0030002e, E_CORRUPT, 0x0c }, /* no hyphen */
	{ 0x50, 0x0034002d, E_CORRUPT, 0x0c },
	{ 0x54, 0xb77c0000, OK, 0 }, /* what some writers leave there */
	{ 0x58, 1001, OK, 0 },
	{ 0x5c, 0xffffffff, OK, 0 },
	/* a length that cannot be */
	{ 0x60, 177, E_TRUNCATED, 0x70 },
	{ 0x60, 340, E_TRUNCATED, 0x68 },
	{ 0x60, 341, E_TRUNCATED, 0x60 },
	{ 0x60, 0xffffffff, E_TRUNCATED, 0x60 },
	{ 0x64, 1, E_TRUNCATED, 0x60 },
	{ 0x68, 0xffffffff, E_TRUNCATED, 0x68 },
	{ 0x70, 21, E_TRUNCATED, 0x70 },
	{ 0x78, 1, E_TRUNCATED, 0x78 },
	{ 0x7c, 0xffffffff, E_TRUNCATED, 0x78 },
};

static void judges_the_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++) {
		struct bytes in = sample_load(USER_FILE);
		struct error err = { 0 };
		struct dpapi_masterkey mk;

		sample_le32(in, headers[i].off, headers[i].v);
		assert_int_equal(dpapi_masterkey_parse(&mk, in, &err),
		                 headers[i].status);
		if (headers[i].status)
			assert_int_equal(err.at, in.at + headers[i].at);
		assert_consistent(&mk, in);
		sample_free(in);
	}
}

/* One word of the password part changed, and what its `err` says. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	size_t at;
} keys[] = {
	{ 0x00, 3, E_UNSUPPORTED, 0 },
	{ 0x00, 0, E_UNSUPPORTED, 0 },
	{ 0x00, 1, E_UNSUPPORTED, 0 },
	{ 0x14, 0, E_CORRUPT, 0x14 },
	{ 0x14, 1, OK, 0 },
	{ 0x14, LIMIT_DPAPI_ROUNDS, OK, 0 },
	{ 0x14, LIMIT_DPAPI_ROUNDS + 1, E_LIMIT, 0x14 },
	{ 0x14, 0xffffffff, E_LIMIT, 0x14 },
	{ 0x18, 0, E_UNSUPPORTED, 0x18 },
	{ 0x18, 0x8004, OK, 0 },
	{ 0x18, AES256, E_UNSUPPORTED, 0x18 }, /* the two exchanged */
	{ 0x1c, SHA512, E_UNSUPPORTED, 0x1c },
	{ 0x1c, 0x660f, OK, 0 },
};

static void judges_a_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct bytes in = sample_load(USER_FILE);
		struct error err = { 0 };
		struct dpapi_masterkey mk;

		sample_le32(in, 0x80 + keys[i].off, keys[i].v);
		assert_int_equal(dpapi_masterkey_parse(&mk, in, &err), OK);
		assert_int_equal(mk.password.err.status, keys[i].status);
		if (keys[i].status)
			assert_int_equal(mk.password.err.at,
			                 in.at + 0x80 + keys[i].at);
		/* The other parts do not suffer. */
		assert_int_equal(mk.backup.err.status, OK);
		assert_int_equal(mk.backup.ciphertext.n, 112);
		sample_free(in);
	}
}

/* A key that is shorter than its header, empty, or no whole blocks. */
static void judges_the_length_of_a_key(void **state)
{
	static const struct {
		uint32_t n;
		enum status status;
	} cases[] = {
		{ 0, OK },         { 1, E_TRUNCATED }, { 31, E_TRUNCATED },
		{ 32, E_CORRUPT }, { 33, E_CORRUPT },  { 47, E_CORRUPT },
		{ 48, OK },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes in = sample_load(USER_FILE);
		struct error err = { 0 };
		struct dpapi_masterkey mk;

		sample_le32(in, 0x60, cases[i].n);
		assert_int_equal(dpapi_masterkey_parse(&mk, in, &err), OK);
		assert_int_equal(mk.password.err.status, cases[i].status);
		assert_int_equal(mk.password.all.n, cases[i].n);
		/* What follows the parts is not looked at. */
		assert_int_equal(mk.size, 0x80 + cases[i].n + 144 + 20);
		sample_free(in);
	}
}

/* Version 1 is not proved: its fields are read only if they make sense. */
static void doubts_version_1(void **state)
{
	struct bytes in = sample_load(SYSTEM_FILE);
	struct error err = { 0 };
	struct dpapi_masterkey mk;

	(void)state;
	sample_le32(in, 0, 1);
	sample_le32(in, 0x80, 1);
	assert_int_equal(dpapi_masterkey_parse(&mk, in, &err), OK);
	assert_int_equal(mk.version, 1);
	assert_int_equal(mk.password.version, 1);
	assert_int_equal(mk.password.rounds, 17400);
	assert_int_equal(mk.password.err.status, E_UNSUPPORTED);
	sample_le32(in, 0x98, 0x12345678);
	assert_int_equal(dpapi_masterkey_parse(&mk, in, &err), OK);
	assert_int_equal(mk.password.version, 1);
	assert_int_equal(mk.password.rounds, 0);
	assert_int_equal(mk.password.salt.n, 0);
	assert_int_equal(mk.password.err.status, E_UNSUPPORTED);
	assert_int_equal(mk.password.all.n, 176);
	sample_free(in);
}

static void judges_the_credhist_part(void **state)
{
	struct bytes in = sample_load(USER_FILE);
	struct error err = { 0 };
	struct dpapi_masterkey mk;

	(void)state;
	sample_le32(in, 0x80 + 320, 2);
	assert_int_equal(dpapi_masterkey_parse(&mk, in, &err), OK);
	assert_int_equal(mk.credhist.err.status, E_UNSUPPORTED);
	assert_int_equal(mk.credhist.guid.n, 0);
	sample_le32(in, 0x80 + 320, 3);
	sample_le32(in, 0x70, 19);
	assert_int_equal(dpapi_masterkey_parse(&mk, in, &err), OK);
	assert_int_equal(mk.credhist.err.status, E_TRUNCATED);
	sample_free(in);
}

/* One word of the domain part, which is at 0x170. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	size_t secret, check, r2;
} domains[] = {
	{ 0x00, 0, E_UNSUPPORTED, 0, 0, 0 },
	{ 0x00, 4, E_UNSUPPORTED, 0, 0, 0 },
	{ 0x00, 3, OK, 256, 88, 0 },
	/* by the server: the second length, after R2, is the ciphertext's */
	{ 0x00, 1, OK, 88, 0, 68 },
	{ 0x04, 0, E_CORRUPT, 0, 88, 0 },
	{ 0x04, 257, E_TRUNCATED, 257, 0, 0 },
	{ 0x04, 0xffffffff, E_TRUNCATED, 0, 0, 0 },
	{ 0x08, 0, OK, 256, 0, 0 },
	{ 0x08, 89, E_TRUNCATED, 256, 0, 0 },
	{ 0x08, 0xffffffff, E_TRUNCATED, 256, 0, 0 },
};

static void judges_the_domain_part(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(domains); i++) {
		struct bytes in = sample_load(DOMAIN_FILE);
		struct error err = { 0 };
		struct dpapi_masterkey mk;

		sample_le32(in, 0x170 + domains[i].off, domains[i].v);
		assert_int_equal(dpapi_masterkey_parse(&mk, in, &err), OK);
		assert_int_equal(mk.domain.err.status, domains[i].status);
		assert_int_equal(mk.domain.secret.n, domains[i].secret);
		assert_int_equal(mk.domain.access_check.n, domains[i].check);
		assert_int_equal(mk.domain.r2.n, domains[i].r2);
		assert_int_equal(mk.domain.plain_length,
		                 domains[i].r2 ? 256 : 0);
		assert_int_equal(mk.password.err.status, OK);
		sample_free(in);
	}
}

/* The domain part after a CREDHIST part, where the real files have none. */
static void a_domain_part_can_follow_a_credhist_part(void **state)
{
	static uint8_t raw[740 + 20];
	struct bytes in = sample_load(DOMAIN_FILE), both;
	struct error err = { 0 };
	struct dpapi_masterkey mk;

	(void)state;
	memcpy(raw, in.p, 0x170);
	memcpy(raw + 0x184, in.p + 0x170, 372);
	raw[0x70] = 20;
	raw[0x170] = 3;
	both = sample_copy(BYTES(raw), sizeof(raw));
	assert_int_equal(dpapi_masterkey_parse(&mk, both, &err), OK);
	assert_range(mk.credhist.guid, both, 0x174, 16);
	assert_int_equal(mk.domain.err.status, OK);
	assert_domain(&mk.domain, both, 0x184);
	sample_free(both);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_real_files),
		cmocka_unit_test(reads_the_corpus),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_the_header),
		cmocka_unit_test(judges_a_key),
		cmocka_unit_test(judges_the_length_of_a_key),
		cmocka_unit_test(doubts_version_1),
		cmocka_unit_test(judges_the_credhist_part),
		cmocka_unit_test(judges_the_domain_part),
		cmocka_unit_test(a_domain_part_can_follow_a_credhist_part),
	};

	return cmocka_run_group_tests_name("dpapi_masterkey", tests, NULL,
	                                   NULL);
}
