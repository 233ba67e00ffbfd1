/* SPDX-License-Identifier: MIT */
/*
 * test_efs_credential.c - the three types of credential, and damage to parts
 *
 * Type 3 is that of the real sample.  No $EFS with type 1 or 2 is public: those
 * two are made by hand from [MS-EFSR] 2.2.2.1.3.
 */
#include "tests/parsers/sample.h"

#include "parsers/efs.h"

#define SAMPLE "efs-win10-aes256/efs-attribute.bin"

/* The first DDF entry's credential, 0x13c bytes at 0x6c. */
static struct bytes load(void)
{
	struct bytes file = sample_load(SAMPLE);
	struct bytes part = { file.p + 0x6c, 0x13c, SAMPLE_AT };
	struct bytes in = sample_copy(part, part.n);

	sample_free(file);
	return in;
}

static void assert_parts_inside(const struct efs_credential *cred,
                                struct bytes in)
{
	assert_inside(cred->sid, in);
	assert_inside(cred->thumbprint, in);
	assert_inside(cred->container, in);
	assert_inside(cred->provider, in);
	assert_inside(cred->name, in);
	assert_inside(cred->certificate, in);
	assert_inside(cred->public_key, in);
	assert_true(!cred->thumbprint.n || cred->thumbprint.n == 20);
	assert_int_equal(cred->container.n % 2, 0);
	assert_int_equal(cred->name.n % 2, 0);
}

static void reads_the_real_one(void **state)
{
	struct bytes in = load();
	struct error err = { 0 };
	struct efs_credential cred;

	(void)state;
	assert_int_equal(efs_credential_parse(&cred, in, &err), OK);
	assert_int_equal(cred.type, EFS_CREDENTIAL_THUMBPRINT);
	assert_range(cred.sid, in, 0x1c, 28);
	assert_range(cred.thumbprint, in, 0x4c, 20);
	assert_range(cred.container, in, 0x60, 72);
	assert_range(cred.provider, in, 0xaa, 92);
	assert_range(cred.name, in, 0x108, 50);
	sample_free(in);
}

/* Type 1: SID at 1c, "cn" at 28, "pn" at 2e, key at 34 to 3c. */
static const uint8_t container[] = {
	0x3c, 0,    0, 0,   0x1c, 0,    0,  0, 1, 0, 0,   0, 0x28, 0, 0,
	0,    0x2e, 0, 0,   0,    0x34, 0,  0, 0, 8, 0,   0, 0,    1, 1,
	0,    0,    0, 0,   0,    5,    18, 0, 0, 0, 'c', 0, 'n',  0, 0,
	0,    'p',  0, 'n', 0,    0,    0,  6, 2, 0, 0,   0, 0xa4, 0, 0,
};

static void reads_a_container(void **state)
{
	struct bytes in = sample_copy(BYTES(container), sizeof(container));
	struct error err = { 0 };
	struct efs_credential cred;

	(void)state;
	assert_int_equal(efs_credential_parse(&cred, in, &err), OK);
	assert_int_equal(cred.type, EFS_CREDENTIAL_CONTAINER);
	assert_range(cred.sid, in, 0x1c, 12);
	assert_text(cred.container, "cn");
	assert_text(cred.provider, "pn");
	assert_range(cred.public_key, in, 0x34, 8);
	assert_int_equal(cred.thumbprint.n, 0);
	assert_int_equal(cred.certificate.n, 0);
	sample_free(in);
}

/* Type 2: no SID, four bytes of certificate at 1c. */
static const uint8_t certificate[] = {
	0x20, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 4,    0,    0, 0,
	0x1c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x30, 0x82, 0, 0,
};

static void reads_a_certificate(void **state)
{
	struct bytes in = sample_copy(BYTES(certificate), sizeof(certificate));
	struct error err = { 0 };
	struct efs_credential cred;

	(void)state;
	assert_int_equal(efs_credential_parse(&cred, in, &err), OK);
	assert_int_equal(cred.type, EFS_CREDENTIAL_CERTIFICATE);
	assert_range(cred.certificate, in, 0x1c, 4);
	assert_int_equal(cred.sid.n, 0);
	assert_int_equal(cred.name.n, 0);
	sample_free(in);
}

static void keeps_an_unknown_type(void **state)
{
	struct bytes in = load();
	struct error err = { 0 };
	struct efs_credential cred;

	(void)state;
	sample_le32(in, 8, 4);
	assert_int_equal(efs_credential_parse(&cred, in, &err), OK);
	assert_int_equal(cred.type, 4);
	assert_range(cred.sid, in, 0x1c, 28);
	assert_int_equal(cred.thumbprint.n, 0);
	sample_free(in);
}

static void truncated(struct bytes in)
{
	struct error err = { 0 };
	struct efs_credential cred;
	enum status status = efs_credential_parse(&cred, in, &err);

	assert_int_equal(status, in.n < 0x1c ? E_TRUNCATED : E_CORRUPT);
	assert_error(&err, status, in);
	assert_parts_inside(&cred, in);
	if (in.n >= 0x38)
		assert_range(cred.sid, in, 0x1c, 28);
}

static void corrupted(struct bytes in)
{
	struct error err = { 0 };
	struct efs_credential cred;
	enum status status = efs_credential_parse(&cred, in, &err);

	assert_int_equal(status, err.status);
	if (status)
		assert_error(&err, E_CORRUPT, in);
	assert_parts_inside(&cred, in);
}

static void survives_damage(void **state)
{
	struct bytes in = load();

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, in.n, corrupted);
	sample_free(in);
	each_corruption(BYTES(container), sizeof(container), corrupted);
	each_corruption(BYTES(certificate), sizeof(certificate), corrupted);
}

/* One word of the real one changed: which parts are still read. */
enum { SID = 1, THUMBPRINT = 2, CONTAINER = 4, PROVIDER = 8, NAME = 16 };
#define ALL (SID | THUMBPRINT | CONTAINER | PROVIDER | NAME)

static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	unsigned parts;
} words[] = {
	{ 0x00, 0, E_CORRUPT, ALL }, /* a length that is a lie */
	{ 0x00, 0x1b, E_CORRUPT, ALL },
	{ 0x00, 0xffffffff, E_CORRUPT, ALL },
	{ 0x00, 0x38, E_CORRUPT, SID },
	{ 0x04, 0, OK, ALL & ~SID },
	{ 0x04, 0x13c, E_CORRUPT, ALL & ~SID },
	{ 0x04, 0xffffffff, E_CORRUPT, ALL & ~SID },
	{ 0x04, 0x138, E_CORRUPT, ALL & ~SID },      /* cut in its header */
	{ 0x1c, 0x00000502, E_CORRUPT, ALL & ~SID }, /* revision 2 */
	{ 0x1c, 0x00001001, E_CORRUPT, ALL & ~SID }, /* 16 parts */
	{ 0x0c, 0xffffffff, E_CORRUPT, SID },
	{ 0x0c, 0x13, E_CORRUPT, SID },
	{ 0x0c, 0, E_CORRUPT, SID },
	{ 0x10, 0xffffffff, E_CORRUPT, SID },
	{ 0x38, 0xffffffff, E_CORRUPT, ALL & ~THUMBPRINT },
	{ 0x3c, 16, E_CORRUPT, ALL & ~THUMBPRINT },
	{ 0x3c, 0, OK, ALL & ~THUMBPRINT },
	{ 0x40, 0, OK, ALL & ~CONTAINER },
	{ 0x40, 0x104, E_CORRUPT, ALL & ~CONTAINER },
	{ 0x44, 0xffffffff, E_CORRUPT, ALL & ~PROVIDER },
	{ 0x48, 0x103, E_CORRUPT, ALL & ~NAME }, /* half a unit */
	{ 0x48, 0, OK, ALL & ~NAME },
};

static unsigned parts_of(const struct efs_credential *cred)
{
	return (cred->sid.n ? (unsigned)SID : 0) |
	       (cred->thumbprint.n ? (unsigned)THUMBPRINT : 0) |
	       (cred->container.n ? (unsigned)CONTAINER : 0) |
	       (cred->provider.n ? (unsigned)PROVIDER : 0) |
	       (cred->name.n ? (unsigned)NAME : 0);
}

static void one_bad_part_costs_no_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = load();
		struct error err = { 0 };
		struct efs_credential cred;

		sample_le32(in, words[i].off, words[i].v);
		assert_int_equal(efs_credential_parse(&cred, in, &err),
		                 words[i].status);
		assert_int_equal(parts_of(&cred), words[i].parts);
		if (words[i].status)
			assert_error(&err, words[i].status, in);
		sample_free(in);
	}
}

/* A string without its NUL ends with the structure that it is in. */
static void strings_end_with_their_container(void **state)
{
	struct bytes in = load();
	struct error err = { 0 };
	struct efs_credential cred;

	(void)state;
	sample_le16(in, 0x13a, '!');
	assert_int_equal(efs_credential_parse(&cred, in, &err), OK);
	assert_text(cred.name, "test(test@WINDOWS10-TEST)!");
	sample_free(in);
}

/* No part at all; a SID of 15 parts; a string of one unit at the end. */
static void reads_the_extremes(void **state)
{
	static const uint8_t raw[0x1c + 68 + 2] = {
		[0x08] = 1, [0x1c] = 1, 15, [0x1c + 68] = 'n', 0,
	};
	struct bytes in = sample_copy(BYTES(raw), sizeof(raw));
	struct error err = { 0 };
	struct efs_credential cred;

	(void)state;
	sample_le32(in, 0, 0x1c);
	assert_int_equal(efs_credential_parse(&cred, in, &err), OK);
	assert_int_equal(parts_of(&cred), 0);
	sample_le32(in, 0, sizeof(raw));
	sample_le32(in, 4, 0x1c);
	sample_le32(in, 0x0c, 0x1c + 68);
	assert_int_equal(efs_credential_parse(&cred, in, &err), OK);
	assert_range(cred.sid, in, 0x1c, 68);
	assert_text(cred.container, "n");
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_real_one),
		cmocka_unit_test(reads_a_container),
		cmocka_unit_test(reads_a_certificate),
		cmocka_unit_test(keeps_an_unknown_type),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(one_bad_part_costs_no_other),
		cmocka_unit_test(strings_end_with_their_container),
		cmocka_unit_test(reads_the_extremes),
	};

	return cmocka_run_group_tests_name("efs_credential", tests, NULL, NULL);
}
