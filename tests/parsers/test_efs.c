/* SPDX-License-Identifier: MIT */
/*
 * test_efs.c - the $EFS attribute of a real file, whole and damaged
 *
 * The expected values are those of testdata/efs-win10-aes256/README.md.
 */
#include "tests/parsers/sample.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/efs.h"
#include "parsers/limits.h"

#define SAMPLE "efs-win10-aes256/efs-attribute.bin"

static void reads_the_header(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct error err = { 0 };
	uint32_t version;
	struct efs efs;

	(void)state;
	assert_int_equal(efs_version(&version, in, &err), OK);
	assert_int_equal(version, 2);
	assert_int_equal(efs_parse(&efs, in, &err), OK);
	assert_int_equal(efs.version, 2);
	assert_int_equal(efs.length, 0x5d8);
	assert_range(efs.id, in, 0x10, 16);
	assert_range(efs.hash, in, 0x20, 16);
	assert_false(efs_has_hash(&efs));
	assert_range(efs.ddf, in, 0x54, 0x5d8 - 0x54);
	assert_range(efs.drf, in, 0x42c, 0x5d8 - 0x42c);
	sample_free(in);
}

/* Each part as its place in the attribute; n 0: the part is absent. */
struct place {
	size_t off, n;
};

static const struct golden {
	enum efs_ring ring;
	size_t at;
	struct place fek, sid, thumbprint;
	const char *container, *provider, *name;
} golden[] = {
	{ EFS_DDF,
	  0x58,
	  { 0x1a8, 256 },
	  { 0x88, 28 },
	  { 0xb8, 20 },
	  "ed4ad714-a43d-4a20-88b2-b3e4bbf4b469",
	  "Microsoft Enhanced Cryptographic Provider v1.0",
	  "test(test@WINDOWS10-TEST)" },
	{ EFS_DDF,
	  0x2a8,
	  { 0x32c, 256 },
	  { 0, 0 },
	  { 0x2ec, 20 },
	  "",
	  "",
	  "u2(u2@WINDOWS10-TEST)" },
	{ EFS_DRF,
	  0x430,
	  { 0x4d8, 256 },
	  { 0, 0 },
	  { 0x474, 20 },
	  "",
	  "",
	  "techsupport(techsupport@WINDOWS10-TEST)" },
};

static void assert_place(struct bytes part, struct bytes in, struct place place)
{
	if (place.n)
		assert_range(part, in, place.off, place.n);
	else
		assert_int_equal(part.n, 0);
}

static void assert_key(const struct efs_key *key, struct bytes in,
                       const struct golden *g)
{
	const struct efs_credential *cred = &key->credential;

	assert_int_equal(key->at, in.at + g->at);
	assert_int_equal(key->flags, EFS_FLAG_RSA);
	assert_int_equal(key->credential_err.status, OK);
	assert_place(key->fek, in, g->fek);
	assert_int_equal(cred->type, EFS_CREDENTIAL_THUMBPRINT);
	assert_place(cred->sid, in, g->sid);
	assert_place(cred->thumbprint, in, g->thumbprint);
	assert_text(cred->container, g->container);
	assert_text(cred->provider, g->provider);
	assert_text(cred->name, g->name);
	assert_int_equal(cred->certificate.n, 0);
	assert_int_equal(cred->public_key.n, 0);
}

static void reads_both_rings(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct error err = { 0 };
	struct efs_key key;
	struct efs efs;
	size_t n = 0;

	(void)state;
	assert_int_equal(efs_parse(&efs, in, &err), OK);
	for (enum efs_ring ring = EFS_DDF; ring <= EFS_DRF; ring++) {
		struct efs_keys it;

		it = efs_keys_open(ring == EFS_DDF ? efs.ddf : efs.drf);
		while (efs_keys_next(&it, &key)) {
			assert_true(n < COUNT(golden));
			assert_int_equal(golden[n].ring, ring);
			assert_key(&key, in, &golden[n++]);
		}
		assert_int_equal(it.err.status, OK);
		assert_false(efs_keys_next(&it, &key));
	}
	assert_int_equal(n, COUNT(golden));
	sample_free(in);
}

static void names_the_rings(void **state)
{
	(void)state;
	assert_string_equal(efs_ring_name(EFS_DDF), "ddf");
	assert_string_equal(efs_ring_name(EFS_DRF), "drf");
}

static void assert_key_inside(const struct efs_key *key, struct bytes ring)
{
	const struct efs_credential *cred = &key->credential;

	assert_true(key->at >= ring.at && key->at < ring.at + ring.n);
	assert_inside(key->fek, ring);
	assert_inside(cred->sid, ring);
	assert_inside(cred->thumbprint, ring);
	assert_inside(cred->container, ring);
	assert_inside(cred->provider, ring);
	assert_inside(cred->name, ring);
	assert_inside(cred->certificate, ring);
	assert_inside(cred->public_key, ring);
	assert_true(!cred->thumbprint.n || cred->thumbprint.n == 20);
	if (key->credential_err.status)
		assert_error(&key->credential_err, key->credential_err.status,
		             ring);
}

static size_t walk(struct bytes ring)
{
	struct efs_keys it = efs_keys_open(ring);
	struct efs_key key;
	size_t n = 0;

	while (efs_keys_next(&it, &key)) {
		assert_key_inside(&key, ring);
		assert_true(++n <= LIMIT_EFS_ENTRIES);
	}
	assert_false(efs_keys_next(&it, &key));
	assert_int_equal(key.fek.n, 0);
	if (it.err.status)
		assert_error(&it.err, it.err.status, ring);
	return n;
}

static void truncated(struct bytes in)
{
	struct error err = { 0 };
	struct efs efs;
	enum status status = efs_parse(&efs, in, &err);

	assert_int_equal(status,
	                 in.n < EFS_HEADER_SIZE ? E_TRUNCATED : E_CORRUPT);
	assert_error(&err, status, in);
	/* What is there of the list is kept. */
	assert_int_equal(efs.version, in.n < EFS_HEADER_SIZE ? 0 : 2);
	assert_int_equal(efs.ddf.n,
	                 in.n < EFS_HEADER_SIZE ? 0 : in.n - EFS_HEADER_SIZE);
}

static void corrupted(struct bytes in)
{
	struct error err = { 0 };
	struct efs efs;
	enum status status = efs_parse(&efs, in, &err);

	if (status)
		assert_error(&err, status, in);
	assert_inside(efs.id, in);
	assert_inside(efs.hash, in);
	assert_inside(efs.ddf, in);
	assert_inside(efs.drf, in);
	(void)walk(efs.ddf);
	(void)walk(efs.drf);
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load(SAMPLE);

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, in.n, corrupted);
	sample_free(in);
}

/* The entries before the cut are good: they end at 0x254 and 0x3d8. */
static void truncated_ring(struct bytes ring)
{
	assert_int_equal(walk(ring), (ring.n >= 0x254) + (ring.n >= 0x3d8));
}

static void a_cut_ring_gives_its_good_half(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct error err = { 0 };
	struct efs efs;

	(void)state;
	assert_int_equal(efs_parse(&efs, in, &err), OK);
	each_truncation(efs.ddf, truncated_ring);
	sample_free(in);
}

/* One field of the header changed. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	size_t at, ddf, drf;
} headers[] = {
	/* a length that cannot be: all that is there is taken */
	{ 0x00, 0, E_CORRUPT, 0, 0x584, 0x1ac },
	{ 0x00, 0x53, E_CORRUPT, 0, 0x584, 0x1ac },
	{ 0x00, 0x5d9, E_CORRUPT, 0, 0x584, 0x1ac },
	{ 0x00, 0xffffffff, E_CORRUPT, 0, 0x584, 0x1ac },
	/* less than there is: only that much is read */
	{ 0x00, 0x430, OK, 0, 0x430 - 0x54, 4 },
	{ 0x00, 0x42c, E_CORRUPT, 0x44, 0x42c - 0x54, 0 },
	{ 0x08, 0, E_CORRUPT, 8, 0, 0 },
	{ 0x08, 1, OK, 0, 0x584, 0x1ac },
	{ 0x08, 3, OK, 0, 0x584, 0x1ac },
	{ 0x08, 4, E_UNSUPPORTED, 8, 0, 0 },
	{ 0x08, 5, E_UNSUPPORTED, 8, 0, 0 },
	{ 0x08, 6, E_CORRUPT, 8, 0, 0 },
	{ 0x0c, 0x8020, OK, 0, 0x584, 0x1ac }, /* as on FAT */
	{ 0x40, 0, OK, 0, 0, 0x1ac },
	{ 0x44, 0, OK, 0, 0x584, 0 },
	/* one list out of place: the other is kept */
	{ 0x40, 0x5d8, E_CORRUPT, 0x40, 0, 0x1ac },
	{ 0x40, 0xffffffff, E_CORRUPT, 0x40, 0, 0x1ac },
	{ 0x44, 0xfffffffe, E_CORRUPT, 0x44, 0x584, 0 },
	{ 0x44, 0x54, OK, 0, 0x584, 0x584 }, /* overlap does no harm */
};

static void judges_the_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++) {
		struct bytes in = sample_load(SAMPLE);
		struct error err = { 0 };
		struct efs efs;

		sample_le32(in, headers[i].off, headers[i].v);
		assert_int_equal(efs_parse(&efs, in, &err), headers[i].status);
		if (headers[i].status)
			assert_int_equal(err.at, in.at + headers[i].at);
		assert_int_equal(efs.ddf.n, headers[i].ddf);
		assert_int_equal(efs.drf.n, headers[i].drf);
		sample_free(in);
	}
}

/* One field of the DDF changed: its count, or its second entry at 0x2a8. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	size_t at, entries;
} rings[] = {
	{ 0x054, 0, OK, 0, 0 },
	{ 0x054, 1, OK, 0, 1 },
	/* a third entry is read from the DRF, whose count is 1 */
	{ 0x054, 3, E_CORRUPT, 0x42c, 2 },
	{ 0x054, LIMIT_EFS_ENTRIES + 1, E_CORRUPT, 0x42c, 2 },
	{ 0x2a8, 0, E_CORRUPT, 0x2a8, 1 },
	{ 0x2a8, 0x13, E_CORRUPT, 0x2a8, 1 },
	{ 0x2a8, 0x183, E_CORRUPT, 0x2b0, 1 },
	{ 0x2a8, 0x331, E_TRUNCATED, 0x2a8, 1 },
	{ 0x2a8, 0xffffffff, E_TRUNCATED, 0x2a8, 1 },
	{ 0x2b0, 0x101, E_CORRUPT, 0x2b0, 1 },
	{ 0x2b0, 0xffffffff, E_CORRUPT, 0x2b0, 1 },
	{ 0x2b4, 0x85, E_CORRUPT, 0x2b0, 1 },
	{ 0x2b4, 0xffffffff, E_CORRUPT, 0x2b0, 1 },
	{ 0x2b4, 0, OK, 0, 2 },
	{ 0x2b0, 0, OK, 0, 2 },
	{ 0x2b8, 0xffffffff, OK, 0, 2 }, /* unknown flags */
	{ 0x2ac, 0xffffffff, OK, 0, 2 }, /* a lost credential */
	{ 0x2ac, 0x184, OK, 0, 2 },
	{ 0x2ac, 0, OK, 0, 2 }, /* the entry taken for its own */
};

static void judges_the_ring(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rings); i++) {
		struct bytes in = sample_load(SAMPLE);
		struct error err = { 0 };
		struct efs_keys it;
		struct efs_key key;
		struct efs efs;
		size_t n = 0;

		sample_le32(in, rings[i].off, rings[i].v);
		assert_int_equal(efs_parse(&efs, in, &err), OK);
		it = efs_keys_open(efs.ddf);
		while (efs_keys_next(&it, &key))
			n++;
		assert_int_equal(n, rings[i].entries);
		assert_int_equal(it.err.status, rings[i].status);
		if (it.err.status)
			assert_int_equal(it.err.at, in.at + rings[i].at);
		sample_free(in);
	}
}

static void keeps_an_entry_of_a_lost_credential(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct error err = { 0 };
	struct efs_keys it;
	struct efs_key key;
	struct efs efs;

	(void)state;
	sample_le32(in, 0x5c, 0xffffffff);
	assert_int_equal(efs_parse(&efs, in, &err), OK);
	it = efs_keys_open(efs.ddf);
	assert_true(efs_keys_next(&it, &key));
	assert_range(key.fek, in, 0x1a8, 256);
	assert_error(&key.credential_err, E_CORRUPT, in);
	assert_int_equal(key.credential_err.at, in.at + 0x5c);
	assert_int_equal(key.credential.thumbprint.n, 0);
	assert_true(efs_keys_next(&it, &key));
	assert_int_equal(key.credential_err.status, OK);
	sample_free(in);
}

static void tells_the_version(void **state)
{
	static const struct {
		uint8_t raw[12];
		size_t n;
		enum status status;
		uint32_t version;
	} cases[] = {
		{ ".pfile\2\0\0\0\1", 12, OK, 6 },
		{ ".pfile\2\0\0\0\1", 11, E_TRUNCATED, 0 },
		{ ".pfilf\2\0\0\0\1", 12, E_CORRUPT, 0 },
		{ { [8] = 1 }, 12, OK, 1 },
		{ { [8] = 5 }, 12, OK, 5 },
		{ { [8] = 6 }, 12, E_CORRUPT, 0 },
		{ { [8] = 0 }, 12, E_CORRUPT, 0 },
		{ { [8] = 2, [11] = 1 }, 12, E_CORRUPT, 0 },
		{ { [8] = 2 }, 11, E_TRUNCATED, 0 },
		{ { 0 }, 0, E_TRUNCATED, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes in = sample_copy(BYTES(cases[i].raw), cases[i].n);
		struct error err = { 0 };
		uint32_t version;

		assert_int_equal(efs_version(&version, in, &err),
		                 cases[i].status);
		assert_int_equal(version, cases[i].version);
		if (err.status)
			assert_error(&err, cases[i].status, in);
		sample_free(in);
	}
}

/* Any of the 16 bytes makes a hash. */
static void sees_a_hash(void **state)
{
	(void)state;
	for (size_t i = 0; i < 16; i++) {
		struct bytes in = sample_load(SAMPLE);
		struct error err = { 0 };
		struct efs efs;

		sample_le16(in, 0x1f + i, 0x8000 | in.p[0x1f + i]);
		assert_int_equal(efs_parse(&efs, in, &err), OK);
		assert_true(efs_has_hash(&efs));
		sample_free(in);
	}
}

/* Metadata of the largest size, and a list of the most entries, and one more.
 */
static void holds_the_limits(void **state)
{
	static uint8_t raw[LIMIT_EFS_SIZE + 8];
	struct bytes in = BYTES(raw);
	struct error err = { 0 };
	struct efs efs;

	(void)state;
	raw[8] = 2;
	raw[0x40] = 0x54;
	sample_le32(in, 0, LIMIT_EFS_SIZE);
	assert_int_equal(efs_parse(&efs, in, &err), OK);
	sample_le32(in, 0, LIMIT_EFS_SIZE + 1);
	assert_int_equal(efs_parse(&efs, in, &err), E_LIMIT);
	assert_int_equal(err.at, SAMPLE_AT);

	/* Entries of 0x30 bytes: a header and a bare credential. */
	for (size_t off = 0x58; off + 0x30 <= LIMIT_EFS_SIZE; off += 0x30) {
		sample_le32(in, off, 0x30);
		sample_le32(in, off + 4, 0x14);
		sample_le32(in, off + 0x14, 0x1c);
	}
	sample_le32(in, 0, LIMIT_EFS_SIZE);
	sample_le32(in, 0x54, LIMIT_EFS_ENTRIES);
	assert_int_equal(efs_parse(&efs, in, &err), OK);
	assert_int_equal(walk(efs.ddf), LIMIT_EFS_ENTRIES);
	assert_int_equal(efs_keys_open(efs.ddf).err.status, OK);
	sample_le32(in, 0x54, UINT32_MAX);
	assert_int_equal(walk(efs.ddf), LIMIT_EFS_ENTRIES);
	assert_int_equal(efs_keys_open(efs.ddf).err.status, E_LIMIT);
}

/* The least that there can be: a header, and an entry of a header. */
static void reads_the_smallest(void **state)
{
	static const uint8_t raw[0x58 + 0x14] = {
		[0x00] = 0x54, [0x08] = 2,    [0x54] = 1,
		[0x58] = 0x14, [0x5c] = 0x14, [0x64] = 0x14,
	};
	struct bytes in = sample_copy(BYTES(raw), sizeof(raw));
	struct error err = { 0 };
	struct efs_keys it;
	struct efs_key key;
	struct efs efs;

	(void)state;
	assert_int_equal(efs_parse(&efs, in, &err), OK);
	assert_int_equal(efs.ddf.n + efs.drf.n, 0);
	sample_le32(in, 0, sizeof(raw));
	sample_le32(in, 0x40, 0x54);
	assert_int_equal(efs_parse(&efs, in, &err), OK);
	it = efs_keys_open(efs.ddf);
	assert_true(efs_keys_next(&it, &key));
	assert_int_equal(key.fek.n, 0);
	assert_error(&key.credential_err, E_TRUNCATED, in);
	assert_false(efs_keys_next(&it, &key));
	assert_int_equal(it.err.status, OK);
	sample_free(in);
}

static void an_empty_ring_has_no_entries(void **state)
{
	struct efs_keys it = efs_keys_open((struct bytes){ 0 });
	struct efs_key key;

	(void)state;
	assert_false(efs_keys_next(&it, &key));
	assert_int_equal(it.err.status, OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_header),
		cmocka_unit_test(reads_both_rings),
		cmocka_unit_test(names_the_rings),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(a_cut_ring_gives_its_good_half),
		cmocka_unit_test(judges_the_header),
		cmocka_unit_test(judges_the_ring),
		cmocka_unit_test(keeps_an_entry_of_a_lost_credential),
		cmocka_unit_test(tells_the_version),
		cmocka_unit_test(sees_a_hash),
		cmocka_unit_test(holds_the_limits),
		cmocka_unit_test(reads_the_smallest),
		cmocka_unit_test(an_empty_ring_has_no_entries),
	};

	return cmocka_run_group_tests_name("efs", tests, NULL, NULL);
}
