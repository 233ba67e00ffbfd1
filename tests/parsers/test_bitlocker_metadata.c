/* SPDX-License-Identifier: MIT */
/*
 * test_bitlocker_metadata.c - BitLocker's metadata and its entries
 *
 * Real metadata are in tests/analyzer/test_bitlocker_corpus.c.
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/bitlocker.h"
#include "parsers/limits.h"

#define SECTOR 512u
#define MADE   UINT64_C(0x01dc000000000000)

static struct bytes sample(void)
{
	return sample_load("bitlocker/metadata.bin");
}

static struct bitlocker_meta parse(struct bytes in)
{
	struct bitlocker_meta m;
	struct error err;

	assert_int_equal(bitlocker_meta_parse(&m, in, SECTOR, &err), OK);
	return m;
}

static void reads_metadata(void **state)
{
	struct bytes in = sample();
	struct bitlocker_meta m = parse(in);

	(void)state;
	assert_range(m.all, in, 0, in.n - 8 - 0x50);
	assert_int_equal(m.version, 2);
	assert_int_equal(m.state, BITLOCKER_ENCRYPTED);
	assert_int_equal(m.next_state, BITLOCKER_ENCRYPTED);
	assert_int_equal(m.encrypted, 0x38000);
	assert_int_equal(m.copies[0], 0x6000);
	assert_int_equal(m.copies[1], 0x16000);
	assert_int_equal(m.copies[2], 0x26000);
	assert_int_equal(m.header_at, 0x36000);
	assert_int_equal(m.header_size, 0x2000);
	assert_range(m.guid, in, 80, 16);
	assert_int_equal(m.method, BITLOCKER_XTS_256);
	assert_int_equal(m.created, MADE);
	assert_text(m.description, "EFSLEUTH C: 1/1/2025");
	assert_int_equal(m.fvek.nonce.n, 12);
	assert_int_equal(m.fvek.tag.n, 16);
	assert_int_equal(m.fvek.data.n, 12 + 64);
	assert_true(m.sound);
	assert_int_equal(m.hash.data.n, 12 + 32);
	assert_int_equal(m.err.status, OK);
	sample_free(in);
}

static void reads_protectors(void **state)
{
	static const uint16_t types[] = {
		BITLOCKER_BY_PASSWORD, BITLOCKER_BY_PASSWORD,
		BITLOCKER_BY_RECOVERY, BITLOCKER_BY_EXTERNAL,
		BITLOCKER_BY_TPM,      BITLOCKER_BY_PUBLIC_KEY,
	};
	struct bytes in = sample();
	struct bitlocker_meta m = parse(in);
	struct bitlocker_entries it = bitlocker_entries_open(m.entries);
	struct bitlocker_protector p;

	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		assert_true(bitlocker_protectors_next(&it, &p));
		assert_int_equal(p.type, types[i]);
		assert_int_equal(p.changed, MADE);
		assert_int_equal(p.guid.n, 16);
		assert_int_equal(p.salt.n, i < 3 ? 16 : 0);
		assert_int_equal(p.clear.n, 0);
		assert_int_equal(p.vmk.data.n, 12 + 32);
		assert_int_equal(p.err.status, OK);
		if (types[i] == BITLOCKER_BY_EXTERNAL)
			assert_text(p.name, "ExternalKey");
	}
	assert_false(bitlocker_protectors_next(&it, &p));
	assert_int_equal(p.all.n, 0);
	assert_int_equal(it.err.status, OK);
	sample_free(in);
}

/* Windows Vista: a size in bytes, and nothing moved. */
static void reads_version_1(void **state)
{
	struct bytes in = sample();
	struct bitlocker_meta m = parse(in);
	uint16_t size = (uint16_t)m.all.n;

	(void)state;
	sample_le16(in, 8, size);
	sample_le16(in, 10, 1);
	m = parse(in);
	assert_int_equal(m.all.n, size);
	assert_int_equal(m.header_size, 0);
	assert_int_equal(m.header_at, 0);
	assert_int_equal(m.mirror, 0x36000);
	assert_false(m.sound);
	sample_free(in);
}

/* One field changed, and what comes of it. */
static const struct {
	size_t off;
	uint16_t v;
	enum status status;
} fields[] = {
	{ 0, 0, E_ABSENT },          { 8, 0, E_TRUNCATED },
	{ 8, 0xffff, E_TRUNCATED },  { 10, 0, E_UNSUPPORTED },
	{ 10, 3, E_UNSUPPORTED },    { 64, 0, E_TRUNCATED },
	{ 64, 0xfff0, E_TRUNCATED }, { 68, 2, E_UNSUPPORTED },
	{ 72, 0, E_CORRUPT },        { 72, 47, E_CORRUPT },
	{ 72, 0xfff0, E_TRUNCATED },
};

static void fields_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct bytes in = sample();
		struct bitlocker_meta m, zero = { 0 };
		struct error err;

		sample_le16(in, fields[i].off, fields[i].v);
		assert_int_equal(bitlocker_meta_parse(&m, in, SECTOR, &err),
		                 fields[i].status);
		assert_error(&err, fields[i].status, in);
		assert_memory_equal(&m, &zero, sizeof(m));
		sample_free(in);
	}
}

/* The entry with the place of the moved header outweighs the block. */
static void places_are_judged(void **state)
{
	struct bytes in = sample();
	struct bitlocker_meta m = parse(in);
	struct bitlocker_entries it = bitlocker_entries_open(m.entries);
	struct bitlocker_entry e;
	struct error err;
	size_t place;

	(void)state;
	do
		assert_true(bitlocker_entries_next(&it, &e));
	while (e.type != BITLOCKER_HEADER_BLOCK);
	place = (size_t)(e.data.at - in.at);
	sample_le64(in, place, 0x36001);
	assert_int_equal(bitlocker_meta_parse(&m, in, SECTOR, &err), E_CORRUPT);
	sample_le64(in, place, UINT64_C(1) << 63);
	assert_int_equal(bitlocker_meta_parse(&m, in, SECTOR, &err), E_CORRUPT);
	sample_le64(in, place, 0x40000);
	sample_le64(in, place + 8, LIMIT_BITLOCKER_HEADER + SECTOR);
	assert_int_equal(bitlocker_meta_parse(&m, in, SECTOR, &err), E_LIMIT);
	sample_le64(in, place + 8, 0x4000);
	m = parse(in);
	assert_int_equal(m.header_at, 0x40000);
	assert_int_equal(m.header_size, 0x4000);
	assert_false(m.sound);
	sample_free(in);
}

/* ------------------------------------------------------------------ entries */

static void walks_entries(void **state)
{
	static const uint8_t raw[] = { 8, 0, 1, 0, 2, 0, 3, 0,    9,
		                       0, 4, 0, 5, 0, 6, 0, 0xaa, 7 };
	struct bytes in = BYTES(raw);
	struct bitlocker_entries it = bitlocker_entries_open(in);
	struct bitlocker_entry e;

	(void)state;
	assert_true(bitlocker_entries_next(&it, &e));
	assert_int_equal(e.type, 1);
	assert_int_equal(e.value, 2);
	assert_int_equal(e.version, 3);
	assert_int_equal(e.data.n, 0);
	assert_true(bitlocker_entries_next(&it, &e));
	assert_range(e.all, in, 8, 9);
	assert_range(e.data, in, 16, 1);
	assert_false(bitlocker_entries_next(&it, &e));
	assert_error(&it.err, E_CORRUPT, in);
	assert_int_equal(it.err.at, SAMPLE_AT + 17);
	assert_false(bitlocker_entries_next(&it, &e));
	in.n = 17;
	it = bitlocker_entries_open(in);
	while (bitlocker_entries_next(&it, &e))
		;
	assert_int_equal(it.err.status, OK);
}

static void entries_have_a_limit(void **state)
{
	static uint8_t raw[8 * (LIMIT_BITLOCKER_ENTRIES + 1)];
	struct bitlocker_entries it;
	struct bitlocker_entry e;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(raw); i += 8)
		raw[i] = 8;
	it = bitlocker_entries_open(BYTES(raw));
	while (bitlocker_entries_next(&it, &e))
		n++;
	assert_int_equal(n, LIMIT_BITLOCKER_ENTRIES);
	assert_int_equal(it.err.status, E_LIMIT);
}

static void reads_a_key(void **state)
{
	static const uint8_t raw[] = { 14, 0, 0,    0, 1, 0,    1,
		                       0,  3, 0x20, 0, 0, 0xaa, 0xbb };
	uint8_t bad[sizeof(raw)];
	struct bytes in = BYTES(raw);
	struct bitlocker_key key;
	struct error err;

	(void)state;
	assert_int_equal(bitlocker_key_parse(&key, in, &err), OK);
	assert_int_equal(key.method, 0x2003);
	assert_range(key.key, in, 12, 2);
	in.n = 13;
	assert_int_equal(bitlocker_key_parse(&key, in, &err), E_TRUNCATED);
	assert_null(key.key.p);
	memcpy(bad, raw, sizeof(raw));
	bad[4] = 2; /* no key */
	assert_int_equal(bitlocker_key_parse(&key, BYTES(bad), &err),
	                 E_CORRUPT);
	bad[4] = 1;
	bad[0] = 12; /* an empty one */
	assert_int_equal(bitlocker_key_parse(&key, BYTES(bad), &err),
	                 E_CORRUPT);
}

/* ------------------------------------------------------------------- damage */

static void walk(struct bytes in)
{
	struct bitlocker_meta m;
	struct bitlocker_entries it;
	struct bitlocker_protector p;
	struct error err;
	enum status st = bitlocker_meta_parse(&m, in, SECTOR, &err);
	size_t n = 0;

	if (st) {
		assert_error(&err, st, in);
		return;
	}
	assert_inside(m.all, in);
	assert_inside(m.entries, m.all);
	assert_inside(m.guid, m.all);
	assert_inside(m.description, m.all);
	assert_inside(m.fvek.data, m.all);
	assert_inside(m.hash.data, in);
	it = bitlocker_entries_open(m.entries);
	while (bitlocker_protectors_next(&it, &p)) {
		assert_inside(p.all, m.entries);
		assert_inside(p.guid, p.all);
		assert_inside(p.name, p.all);
		assert_inside(p.vmk.data, p.all);
		assert_true(p.err.status || p.vmk.data.n);
		assert_non_null(bitlocker_protector_name(p.type));
		n++;
	}
	assert_true(n <= LIMIT_BITLOCKER_ENTRIES);
}

static void truncated(struct bytes in)
{
	struct bitlocker_meta m;
	struct error err;
	enum status st = bitlocker_meta_parse(&m, in, SECTOR, &err);

	walk(in);
	assert_true(st || !m.sound || in.n >= m.all.n + 8);
}

static void corrupted(struct bytes in)
{
	walk(in);
}

/* A change anywhere in the block is seen by the checksum. */
static void notices_each_change(struct bytes in)
{
	struct bitlocker_meta m;
	struct error err;

	if (!bitlocker_meta_parse(&m, in, SECTOR, &err))
		assert_false(m.sound);
}

static void survives_damage(void **state)
{
	struct bytes in = sample();

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, 0x200, corrupted);
	each_corruption(in, 0x100, notices_each_change);
	sample_free(in);
}

static void names_are_known(void **state)
{
	(void)state;
	assert_string_equal(bitlocker_method_name(0x8000),
	                    "AES-CBC 128 with diffuser");
	assert_string_equal(bitlocker_method_name(0x8005), "AES-XTS 256");
	assert_null(bitlocker_method_name(0x8006));
	assert_string_equal(bitlocker_state_name(4), "encrypted");
	assert_null(bitlocker_state_name(6));
	assert_string_equal(bitlocker_protector_name(0x0500), "TPM and PIN");
	assert_string_equal(bitlocker_protector_name(0x4000),
	                    "unknown protector");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_metadata),
		cmocka_unit_test(reads_protectors),
		cmocka_unit_test(reads_version_1),
		cmocka_unit_test(fields_are_judged),
		cmocka_unit_test(places_are_judged),
		cmocka_unit_test(walks_entries),
		cmocka_unit_test(entries_have_a_limit),
		cmocka_unit_test(reads_a_key),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(names_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
