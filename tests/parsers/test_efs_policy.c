/* SPDX-License-Identifier: MIT */
/*
 * test_efs_policy.c - recovery policies, whole and damaged
 *
 * The sample of testdata/winkeys is made by its make.py from [MS-GPEF]; what
 * domain controllers wrote is in $CORPUS, with the certificates beside it.
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/efs_policy.h"
#include "parsers/limits.h"
#include "parsers/text.h"

#define MADE "winkeys/policy.bin"
/* Bytes before the certificate: the header, the entry's, and a SID. */
#define BEFORE 32u

static void assert_cert(struct bytes got, const char *file)
{
	struct bytes want = sample_load(file);

	assert_int_equal(got.n, want.n);
	assert_memory_equal(got.p, want.p, want.n);
	sample_free(want);
}

static void assert_sid(struct bytes sid, const char *want)
{
	char buf[TEXT_SID];
	struct text t = text_open(buf, sizeof(buf));

	assert_true(text_sid(&t, sid));
	assert_string_equal(buf, want);
}

static void reads_each_agent(void **state)
{
	struct bytes in = sample_load(MADE);
	struct efs_policy it = efs_policy_open(in);
	struct efs_agent agent;
	uint64_t second;

	(void)state;
	assert_true(efs_policy_next(&it, &agent));
	assert_int_equal(agent.at, in.at + 8);
	assert_int_equal(agent.credential_err.status, OK);
	assert_int_equal(agent.credential.type, EFS_CREDENTIAL_CERTIFICATE);
	assert_range(agent.credential.sid, in, 8 + BEFORE, 28);
	assert_sid(agent.credential.sid, "S-1-5-21-1-2-3-500");
	assert_cert(agent.credential.certificate, "keys/agent.der");
	assert_range(agent.credential.certificate, in, 8 + BEFORE + 28,
	             agent.credential.certificate.n);
	second = 8 + BEFORE + 28 + agent.credential.certificate.n;

	assert_true(efs_policy_next(&it, &agent));
	assert_int_equal(agent.at, in.at + second);
	assert_int_equal(agent.credential_err.status, OK);
	assert_int_equal(agent.credential.sid.n, 0);
	assert_cert(agent.credential.certificate, "keys/agent2.der");
	assert_false(efs_policy_next(&it, &agent));
	assert_int_equal(it.err.status, OK);
	assert_false(efs_policy_next(&it, &agent));
	sample_free(in);
}

/* The SIDs are those of the administrators of the two domains. */
static const struct {
	const char *blob, *cert, *sid;
} corpus[] = {
	{ "efs-policy/active_htb_EFSBlob.bin",
	  "efs-policy/active_htb_dra_cert.der",
	  "S-1-5-21-405608879-3187717380-1996298813-500" },
	{ "efs-policy/myad_EFSBlob.bin", "efs-policy/myad_dra_cert.der",
	  "S-1-5-21-2055282221-2453684760-1948963125-500" },
};

static void reads_the_corpus(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(corpus); i++) {
		struct bytes in = sample_corpus(corpus[i].blob);
		struct bytes der = sample_corpus(corpus[i].cert);
		struct efs_policy it = efs_policy_open(in);
		struct efs_agent agent;

		assert_true(efs_policy_next(&it, &agent));
		assert_int_equal(agent.credential_err.status, OK);
		assert_sid(agent.credential.sid, corpus[i].sid);
		assert_int_equal(agent.credential.certificate.n, der.n);
		assert_memory_equal(agent.credential.certificate.p, der.p,
		                    der.n);
		assert_false(efs_policy_next(&it, &agent));
		assert_int_equal(it.err.status, OK);
		sample_free(der);
		sample_free(in);
	}
}

/* The value at 0x174 names the certificate that the `Blob` at 0x630 holds. */
static void reads_a_registry_policy_of_the_corpus(void **state)
{
	struct bytes file = sample_corpus(
		"efs-policy/contoso_Default_Domain_Policy_Registry.pol");
	struct cursor c = cursor_open(file);
	struct efs_policy it = efs_policy_open(cursor_cut(&c, 0x174, 0x3cc));
	struct efs_agent agent;

	(void)state;
	assert_true(efs_policy_next(&it, &agent));
	assert_int_equal(agent.credential_err.status, OK);
	assert_int_equal(agent.credential.sid.n, 28);
	assert_int_equal(agent.credential.certificate.n, 0x388);
	assert_memory_equal(agent.credential.certificate.p,
	                    cursor_cut(&c, 0x734, 0x388).p, 0x388);
	assert_false(efs_policy_next(&it, &agent));
	assert_int_equal(it.err.status, OK);
	sample_free(file);
}

static size_t walk(struct bytes in, struct error *err)
{
	struct efs_policy it = efs_policy_open(in);
	struct efs_agent agent;
	size_t n = 0;

	while (efs_policy_next(&it, &agent)) {
		assert_true(agent.at >= in.at && agent.at < in.at + in.n);
		assert_inside(agent.credential.sid, in);
		assert_inside(agent.credential.certificate, in);
		assert_inside(agent.credential.thumbprint, in);
		if (agent.credential_err.status)
			assert_error(&agent.credential_err,
			             agent.credential_err.status, in);
		assert_true(++n <= LIMIT_EFS_ENTRIES);
	}
	assert_false(efs_policy_next(&it, &agent));
	assert_int_equal(agent.credential.certificate.n, 0);
	if (it.err.status)
		assert_error(&it.err, it.err.status, in);
	*err = it.err;
	return n;
}

static size_t first_size; /* of the header and the first entry */

static void truncated(struct bytes in)
{
	struct error err;

	assert_int_equal(walk(in, &err), in.n >= first_size);
	assert_int_equal(err.status, in.n < 4 ? E_ABSENT : E_TRUNCATED);
}

static void damaged(struct bytes in)
{
	struct error err;

	(void)walk(in, &err);
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load(MADE);
	struct bytes agent = sample_load("keys/agent.der");

	(void)state;
	first_size = 8 + BEFORE + 28 + agent.n;
	each_truncation(in, truncated);
	each_corruption(in, 8 + BEFORE + 28, damaged);
	sample_free(agent);
	sample_free(in);
}

/* One word of the header or of the first entry, at 8, changed. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status, credential;
	size_t at, agents;
	bool sid, certificate;
} words[] = {
	{ 0x00, 0x00010002, E_ABSENT, OK, 0, 0, false, false },
	{ 0x00, 0x01000100, E_ABSENT, OK, 0, 0, false, false },
	{ 0x04, 0, OK, OK, 0, 0, false, false },
	{ 0x04, 1, OK, OK, 0, 1, true, true },
	{ 0x04, 3, E_TRUNCATED, OK, 2317, 2, true, true },
	{ 0x08, 0, E_CORRUPT, OK, 8, 0, false, false },
	{ 0x08, 3, E_CORRUPT, OK, 8, 0, false, false },
	{ 0x08, 0xffffffff, E_TRUNCATED, OK, 8, 0, false, false },
	{ 0x08, 2317 - 8, E_TRUNCATED, OK, 2317, 1, true, true },
	{ 0x0c, 0xffffffff, OK, E_CORRUPT, 0, 2, true, true },
	{ 0x0c, 0x1b, OK, E_CORRUPT, 0, 2, true, true },
	{ 0x10, 0, OK, OK, 0, 2, false, true },
	{ 0x10, 0xffffffff, OK, E_CORRUPT, 0, 2, false, true },
	{ 0x14, 4, OK, OK, 0, 2, true, false }, /* an unknown type */
	{ 0x18, 0xffffffff, OK, E_CORRUPT, 0, 2, true, false },
	{ 0x1c, 0xffffffff, OK, E_CORRUPT, 0, 2, true, false },
};

static void judges_each_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = sample_load(MADE);
		struct efs_agent agent;
		struct efs_policy it;
		struct error err;

		assert_int_equal(in.n, 2317);
		sample_le32(in, words[i].off, words[i].v);
		assert_int_equal(walk(in, &err), words[i].agents);
		assert_int_equal(err.status, words[i].status);
		if (err.status)
			assert_int_equal(err.at, in.at + words[i].at);
		it = efs_policy_open(in);
		assert_int_equal(efs_policy_next(&it, &agent),
		                 words[i].agents > 0);
		assert_int_equal(agent.credential_err.status,
		                 words[i].credential);
		assert_int_equal(agent.credential.sid.n > 0, words[i].sid);
		assert_int_equal(agent.credential.certificate.n > 0,
		                 words[i].certificate);
		sample_free(in);
	}
}

/* Entries of nothing but their length and that of a credential. */
static void holds_the_limit(void **state)
{
	static uint8_t raw[8 + (LIMIT_EFS_ENTRIES + 1) * 8];
	struct bytes in = BYTES(raw);
	struct error err;

	(void)state;
	sample_le32(in, 0, 0x00010001);
	for (size_t off = 8; off < sizeof(raw); off += 8)
		sample_le32(in, off, 8);
	sample_le32(in, 4, LIMIT_EFS_ENTRIES);
	assert_int_equal(walk(in, &err), LIMIT_EFS_ENTRIES);
	assert_int_equal(err.status, OK);
	sample_le32(in, 4, LIMIT_EFS_ENTRIES + 1);
	assert_int_equal(walk(in, &err), LIMIT_EFS_ENTRIES);
	assert_int_equal(err.status, E_LIMIT);
	assert_int_equal(err.at, in.at + 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_agent),
		cmocka_unit_test(reads_the_corpus),
		cmocka_unit_test(reads_a_registry_policy_of_the_corpus),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_word),
		cmocka_unit_test(holds_the_limit),
	};

	return cmocka_run_group_tests_name("efs_policy", tests, NULL, NULL);
}
