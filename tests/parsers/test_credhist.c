/* SPDX-License-Identifier: MIT */
/*
 * test_credhist.c - CREDHIST files, whole and damaged
 *
 * No real one has a licence to be copied: those of $CORPUS are read where they
 * are.  The sample here is made by hand in the layout of both of them.
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/credhist.h"
#include "parsers/limits.h"

#define LE32(v) ((v)&0xff), ((v) >> 8 & 0xff), ((v) >> 16 & 0xff), ((v) >> 24)
#define X4(v)   (v), (v), (v), (v)
#define X16(v)  X4(v), X4(v), X4(v), X4(v)

/* clang-format off */
static const uint8_t made[] = {
	/* 00: the oldest entry, of Windows XP: 3DES and SHA-1 */
	LE32(1), X16(0xa1), LE32(0), LE32(1),
	LE32(0x8009), LE32(4000), LE32(28), LE32(0x6603), LE32(20), LE32(20),
	/* 34 */ X16(0xb1),
	/* 44 */ 1, 5, 0, 0, 0, 0, 0, 5, LE32(21),
	LE32(1), LE32(2), LE32(3), LE32(1001),
	/* 60 */ X16(0xc1), X16(0xc1), X4(0xc1), X4(0xc1),
	/* 88: the newest, of Windows 10: AES-256 and SHA-512 */
	LE32(1), X16(0xa2), LE32(0x88), LE32(1),
	LE32(0x800e), LE32(8000), LE32(28), LE32(0x6610), LE32(20), LE32(20),
	/* bc */ X16(0xb2),
	/* cc */ 1, 5, 0, 0, 0, 0, 0, 5, LE32(21),
	LE32(1), LE32(2), LE32(3), LE32(1001),
	/* e8 */ X16(0xc2), X16(0xc2), X16(0xc2),
	/* 118: the end */
	LE32(1), X16(0xa3), LE32(0x90),
};
/* clang-format on */

static struct bytes sample(void)
{
	return sample_copy(BYTES(made), sizeof(made));
}

static void reads_the_newest_first(void **state)
{
	struct bytes in = sample();
	struct credhist it = credhist_open(in);
	struct credhist_entry e;

	(void)state;
	assert_int_equal(it.version, 1);
	assert_range(it.guid, in, 0x11c, 16);
	assert_true(credhist_next(&it, &e));
	assert_range(e.all, in, 0x88, 0x90);
	assert_int_equal(e.version, 1);
	assert_range(e.guid, in, 0x8c, 16);
	assert_int_equal(e.type, 1);
	assert_int_equal(e.hash, 0x800e);
	assert_int_equal(e.rounds, 8000);
	assert_int_equal(e.cipher, 0x6610);
	assert_int_equal(e.sha1_length, 20);
	assert_int_equal(e.nt_length, 20);
	assert_range(e.salt, in, 0xbc, 16);
	assert_range(e.sid, in, 0xcc, 28);
	assert_range(e.secret, in, 0xe8, 48);
	assert_int_equal(e.err.status, OK);
	assert_true(credhist_next(&it, &e));
	assert_range(e.all, in, 0, 0x88);
	assert_range(e.guid, in, 4, 16);
	assert_int_equal(e.rounds, 4000);
	assert_range(e.secret, in, 0x60, 40);
	assert_int_equal(e.err.status, OK);
	assert_false(credhist_next(&it, &e));
	assert_int_equal(e.all.n, 0);
	assert_int_equal(it.err.status, OK);
	sample_free(in);
}

/* GUIDs of the password in use and of each entry, first four bytes as stored.
 */
struct known {
	uint32_t rounds, hash, cipher;
	size_t length, entries;
	uint32_t rid;
	uint8_t guids[5][4];
};

static void assert_known(struct bytes in, const struct known *k)
{
	struct credhist it = credhist_open(in);
	struct credhist_entry e;
	size_t n = 0;

	assert_int_equal(it.version, 1);
	assert_memory_equal(it.guid.p, k->guids[0], 4);
	while (credhist_next(&it, &e)) {
		struct cursor sid = cursor_open(e.sid);

		assert_true(n++ < k->entries);
		assert_memory_equal(e.guid.p, k->guids[n], 4);
		assert_int_equal(e.err.status, OK);
		assert_int_equal(e.all.n, k->length);
		assert_int_equal(e.rounds, k->rounds);
		assert_int_equal(e.hash, k->hash);
		assert_int_equal(e.cipher, k->cipher);
		assert_int_equal(e.secret.n, k->length - 0x60);
		cursor_skip(&sid, 24);
		assert_int_equal(cursor_le32(&sid), k->rid);
	}
	assert_int_equal(it.err.status, OK);
	assert_int_equal(n, k->entries);
}

/* The GUIDs and the SID are in the corpus' expected.json. */
static void reads_that_of_windows_10(void **state)
{
	static const struct known k = {
		.rounds = 8000,
		.hash = 0x800e,
		.cipher = 0x6610,
		.length = 0x90,
		.entries = 2,
		.rid = 1008,
		.guids = { { 0xb3, 0xfa, 0x91, 0x94 },
		           { 0x17, 0x81, 0xaa, 0x2b },
		           { 0xf0, 0x09, 0x16, 0x5d } },
	};
	struct bytes in = sample_corpus("keys/nthash-fpc/CREDHIST-TEST.bin");

	(void)state;
	assert_known(in, &k);
	sample_free(in);
}

/* The SID is in the corpus' expected.json; its README says four records. */
static void reads_that_of_windows_xp(void **state)
{
	static const struct known k = {
		.rounds = 4000,
		.hash = 0x8009,
		.cipher = 0x6603,
		.length = 0x88,
		.entries = 4,
		.rid = 1001,
		.guids = { { 0x8c, 0x0c, 0xc8, 0x67 },
		           { 0xfb, 0x61, 0x90, 0x70 },
		           { 0x67, 0xc3, 0x85, 0x54 },
		           { 0xfb, 0x28, 0x1e, 0xf0 },
		           { 0xb7, 0x33, 0x56, 0x35 } },
	};
	struct bytes in = sample_corpus("keys/dpapick/CREDHIST_xp");

	(void)state;
	assert_known(in, &k);
	sample_free(in);
}

static void a_new_user_has_no_history(void **state)
{
	struct bytes in = sample_copy(BYTES(made), 24);
	struct credhist it = credhist_open(in);
	struct credhist_entry e;

	(void)state;
	assert_int_equal(it.version, 1);
	assert_range(it.guid, in, 4, 16);
	assert_false(credhist_next(&it, &e));
	assert_int_equal(it.err.status, OK);
	sample_free(in);
}

static void assert_inside_entry(const struct credhist_entry *e, struct bytes in)
{
	assert_inside(e->all, in);
	assert_inside(e->guid, e->all);
	assert_inside(e->salt, e->all);
	assert_inside(e->sid, e->all);
	assert_inside(e->secret, e->all);
	if (e->err.status)
		assert_error(&e->err, e->err.status, e->all);
	else
		assert_true(e->rounds && e->rounds <= LIMIT_DPAPI_ROUNDS &&
		            e->secret.n && e->sid.n >= 8);
}

static size_t walk(struct bytes in, struct error *err)
{
	struct credhist it = credhist_open(in);
	struct credhist_entry e;
	size_t n = 0;

	assert_inside(it.guid, in);
	while (credhist_next(&it, &e)) {
		assert_inside_entry(&e, in);
		assert_true(++n <= LIMIT_CREDHIST_ENTRIES);
	}
	assert_false(credhist_next(&it, &e));
	assert_int_equal(e.all.n, 0);
	if (it.err.status)
		assert_error(&it.err, it.err.status, in);
	assert_true(it.version || it.err.status);
	*err = it.err;
	return n;
}

static void truncated(struct bytes in)
{
	static const uint8_t one[] = { 1, 0, 0, 0 };
	bool end = in.n >= 24 && !memcmp(in.p + in.n - 24, one, sizeof(one));
	struct error err;

	(void)walk(in, &err);
	assert_int_equal(credhist_open(in).version, end);
	if (!end)
		assert_int_equal(err.status,
		                 in.n < 24 ? E_TRUNCATED : E_UNSUPPORTED);
}

static void corrupted(struct bytes in)
{
	struct error err;

	(void)walk(in, &err);
}

static void survives_damage(void **state)
{
	struct bytes in = sample();

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, in.n, corrupted);
	sample_free(in);
}

/* One word changed: how many entries are walked, and why that ended. */
static const struct {
	size_t off;
	uint32_t v;
	size_t entries;
	enum status status;
	size_t at;
} links[] = {
	{ 0x118, 0, 0, E_UNSUPPORTED, 0x118 },
	{ 0x118, 2, 0, E_UNSUPPORTED, 0x118 },
	{ 0x12c, 0, 0, E_CORRUPT, 0 }, /* none, and yet there are bytes */
	{ 0x12c, 0x43, 0, E_CORRUPT, 0x118 },
	{ 0x12c, 0x44, 1, E_CORRUPT, 0xd4 }, /* the middle of an entry */
	{ 0x12c, 0x119, 0, E_CORRUPT, 0x118 },
	{ 0x12c, 0xffffffff, 0, E_CORRUPT, 0x118 },
	{ 0x09c, 0, 1, E_CORRUPT, 0 },
	{ 0x09c, 0x87, 2, E_CORRUPT, 1 }, /* begins one byte late */
	{ 0x09c, 0x89, 1, E_CORRUPT, 0x88 },
	{ 0x09c, 0xffffffff, 1, E_CORRUPT, 0x88 },
	{ 0x014, 1, 2, E_CORRUPT, 0 }, /* an entry before the first */
	{ 0x014, 0x88, 2, E_CORRUPT, 0 },
};

static void judges_the_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(links); i++) {
		struct bytes in = sample();
		struct error err;

		sample_le32(in, links[i].off, links[i].v);
		assert_int_equal(walk(in, &err), links[i].entries);
		assert_int_equal(err.status, links[i].status);
		assert_int_equal(err.at, in.at + links[i].at);
		sample_free(in);
	}
}

/* One word of the newest entry, at 0x88: the walk goes on past its damage. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	size_t at;
} entries[] = {
	{ 0x00, 2, E_UNSUPPORTED, 0 },
	{ 0x18, 0, E_UNSUPPORTED, 0x18 },
	{ 0x18, 2, E_UNSUPPORTED, 0x18 },
	{ 0x1c, 0x6610, E_UNSUPPORTED, 0x1c },
	{ 0x1c, 0x8004, OK, 0 },
	{ 0x20, 0, E_CORRUPT, 0x20 },
	{ 0x20, 1, OK, 0 },
	{ 0x20, LIMIT_DPAPI_ROUNDS, OK, 0 },
	{ 0x20, LIMIT_DPAPI_ROUNDS + 1, E_LIMIT, 0x20 },
	{ 0x24, 0, E_CORRUPT, 0x24 },
	{ 0x24, 27, E_CORRUPT, 0x24 },
	{ 0x24, 32, E_CORRUPT, 0x24 },
	{ 0x24, 0x4d, E_CORRUPT, 0x24 },
	{ 0x24, 0xffffffff, E_CORRUPT, 0x24 },
	{ 0x28, 0x800e, E_UNSUPPORTED, 0x28 },
	{ 0x28, 0x6603, OK, 0 },
	{ 0x2c, 28, OK, 0 },
	{ 0x2c, 29, E_CORRUPT, 0x2c },
	{ 0x2c, 0xffffffff, E_CORRUPT, 0x2c },
	{ 0x30, 0xffffffff, E_CORRUPT, 0x2c },
	{ 0x44, 0x0502, E_CORRUPT, 0x24 }, /* revision of the SID */
	{ 0x44, 0x0401, E_CORRUPT, 0x24 }, /* its parts */
	{ 0x44, 0x1001, E_CORRUPT, 0x24 },
};

static void judges_an_entry(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(entries); i++) {
		struct bytes in = sample();
		struct credhist it;
		struct credhist_entry e;

		sample_le32(in, 0x88 + entries[i].off, entries[i].v);
		it = credhist_open(in);
		assert_true(credhist_next(&it, &e));
		assert_int_equal(e.err.status, entries[i].status);
		if (e.err.status)
			assert_int_equal(e.err.at,
			                 in.at + 0x88 + entries[i].at);
		assert_true(credhist_next(&it, &e));
		assert_int_equal(e.err.status, OK);
		assert_false(credhist_next(&it, &e));
		assert_int_equal(it.err.status, OK);
		sample_free(in);
	}
}

/* Fifteen parts are the most of a SID; here they leave too short a secret. */
static void judges_a_long_sid(void **state)
{
	(void)state;
	for (uint16_t parts = 15; parts <= 16; parts++) {
		struct bytes in = sample();
		struct credhist_entry e;
		struct credhist it;

		sample_le32(in, 0x88 + 0x24, 8 + parts * 4u);
		sample_le16(in, 0x88 + 0x44, (uint16_t)(parts << 8 | 1));
		it = credhist_open(in);
		assert_true(credhist_next(&it, &e));
		assert_error(&e.err, E_CORRUPT, in);
		assert_int_equal(e.err.at,
		                 in.at + 0x88 + (parts > 15 ? 0x24 : 0x2c));
		sample_free(in);
	}
}

/* A secret that is no whole blocks: the newest entry one byte shorter. */
static void judges_the_blocks(void **state)
{
	static uint8_t raw[sizeof(made) - 0x88 - 1];
	struct credhist_entry e;
	struct credhist it;

	(void)state;
	memcpy(raw, made + 0x88, 0x8f);
	memcpy(raw + 0x8f, made + 0x118, 24);
	sample_le32(BYTES(raw), 0x14, 0);
	sample_le32(BYTES(raw), 0x8f + 0x14, 0x8f);
	it = credhist_open(BYTES(raw));
	assert_true(credhist_next(&it, &e));
	assert_int_equal(e.secret.n, 47);
	assert_int_equal(e.err.status, E_CORRUPT);
	assert_false(credhist_next(&it, &e));
	assert_int_equal(it.err.status, OK);
}

/* As many entries as may be, and one more. */
static void holds_the_limit(void **state)
{
	enum { N = LIMIT_CREDHIST_ENTRIES + 1, SIZE = 0x44 };
	static uint8_t raw[N * SIZE + 24];
	struct bytes in = BYTES(raw);
	struct cursor c = cursor_open(in);
	struct error err;

	(void)state;
	for (size_t i = 0; i <= N; i++) {
		sample_le32(in, i * SIZE, 1);
		sample_le32(in, i * SIZE + 0x14, i ? SIZE : 0);
	}
	assert_int_equal(walk(in, &err), LIMIT_CREDHIST_ENTRIES);
	assert_int_equal(err.status, E_LIMIT);
	sample_le32(in, SIZE + 0x14, 0);
	assert_int_equal(walk(cursor_tail(&c, SIZE), &err),
	                 LIMIT_CREDHIST_ENTRIES);
	assert_int_equal(err.status, OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_newest_first),
		cmocka_unit_test(reads_that_of_windows_10),
		cmocka_unit_test(reads_that_of_windows_xp),
		cmocka_unit_test(a_new_user_has_no_history),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_the_links),
		cmocka_unit_test(judges_an_entry),
		cmocka_unit_test(judges_a_long_sid),
		cmocka_unit_test(judges_the_blocks),
		cmocka_unit_test(holds_the_limit),
	};

	return cmocka_run_group_tests_name("credhist", tests, NULL, NULL);
}
