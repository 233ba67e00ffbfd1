/* SPDX-License-Identifier: MIT */
/*
 * test_ntfs_record.c - MFT records: update sequence and header
 */
#include "tests/parsers/record.h"

#include <stdlib.h>
#include <string.h>

/* As istat(1) prints them. */
static const struct {
	const char *file;
	uint64_t number, base;
	uint16_t sequence, links;
	bool directory;
} golden[] = {
	{ "ntfs/record-mft.bin", 0, 0, 1, 1, false },
	{ "ntfs/record-list.bin", 38, 0, 2, 1, false },
	{ "ntfs/record-extension.bin", 39, 38, 102, 0, false },
	{ "ntfs/record-sparse.bin", 67, 0, 1, 1, false },
	{ "ntfs/record-hole.bin", 8, 0, 8, 1, false },
	{ "ntfs/record-directory.bin", 5, 0, 5, 1, true },
	{ "ntfs/record-streams.bin", 65, 0, 1, 1, false },
	{ "ntfs/record-first.bin", 67, 0, 1, 1, false },
};

static void reads_real_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		struct record r = record_load(golden[i].file);

		assert_int_equal(r.rec.number, golden[i].number);
		assert_int_equal(NTFS_REF_RECORD(r.rec.base), golden[i].base);
		assert_int_equal(r.rec.sequence, golden[i].sequence);
		assert_int_equal(r.rec.links, golden[i].links);
		assert_int_equal(r.rec.directory, golden[i].directory);
		assert_true(r.rec.in_use);
		assert_inside(r.rec.attrs, r.bytes);
		sample_free(r.bytes);
	}
}

static void fixup_restores_the_originals(void **state)
{
	struct bytes in = sample_load("ntfs/record-list.bin");
	uint8_t buf[RECORD_MAX];
	struct ntfs_record rec;

	(void)state;
	/* Sequence number 8 at 0x30, then the two originals. */
	sample_le16(in, 0x32, 0x1234);
	sample_le16(in, 0x34, 0x5678);
	assert_true(record_try(&rec, buf, in));
	assert_memory_equal(buf + 0x1fe, "\x34\x12", 2);
	assert_memory_equal(buf + 0x3fe, "\x78\x56", 2);
	assert_memory_equal(buf, in.p, 0x1fe);
	assert_memory_equal(buf + 0x200, in.p + 0x200, 0x1fe);
	sample_free(in);
}

/* One field of a good record changed before the fixup. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	uint64_t at;
} fixups[] = {
	{ 0x000, 0x44414142, E_CORRUPT, 0 }, /* "BAAD" */
	{ 0x000, 0x58444e49, E_ABSENT, 0 },  /* "INDX" */
	{ 0x000, 0, E_ABSENT, 0 },
	{ 0x004, 0x00030029, E_CORRUPT, 4 }, /* in the header, and odd */
	{ 0x004, 0x00030028, E_CORRUPT, 4 },
	{ 0x004, 0x00030031, E_CORRUPT, 4 },
	{ 0x004, 0x000301fa, E_CORRUPT, 4 }, /* over its own first word */
	{ 0x004, 0x0003fffe, E_CORRUPT, 4 },
	{ 0x004, 0x00020030, E_CORRUPT, 4 },
	{ 0x004, 0x00040030, E_CORRUPT, 4 },
	{ 0x004, 0xffff0030, E_CORRUPT, 4 },
	{ 0x1fc, 0x00090000, E_CORRUPT, 0x1fe },
	{ 0x3fc, 0x00090000, E_CORRUPT, 0x3fe },
	{ 0x030, 0x00000009, E_CORRUPT, 0x1fe },
};

static void fixup_refuses_and_leaves_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fixups); i++) {
		struct bytes in = sample_load("ntfs/record-list.bin");
		struct error err = { 0 };
		uint8_t *rec = malloc(in.n);

		assert_non_null(rec);
		sample_le32(in, fixups[i].off, fixups[i].v);
		memcpy(rec, in.p, in.n);
		assert_int_equal(ntfs_record_fixup(rec, in.n, in.at, &err),
		                 fixups[i].status);
		assert_error(&err, fixups[i].status, in);
		assert_int_equal(err.at, SAMPLE_AT + fixups[i].at);
		assert_memory_equal(rec, in.p, in.n);
		free(rec);
		sample_free(in);
	}
}

/* Strides are of 512 bytes, whatever the sector's size and the record's. */
static void fixup_knows_other_shapes(void **state)
{
	static const struct {
		size_t n;
		uint16_t array;
		enum status status;
	} cases[] = {
		{ 512, 0x30, OK },           { 4096, 0x30, OK },
		{ 65536, 0x30, OK },         { 66048, 0x30, E_TRUNCATED },
		{ 1000, 0x30, E_TRUNCATED }, { 1024, 0x2a, OK },
		{ 1024, 0x1f8, OK },         { 1024, 0x1fa, E_CORRUPT },
		{ 4096, 0x1ec, OK },         { 4096, 0x1ee, E_CORRUPT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = cases[i].n, strides = n / 512;
		uint8_t *rec = calloc(1, n);
		struct bytes in = { rec, n, SAMPLE_AT };
		struct error err = { 0 };

		assert_non_null(rec);
		memcpy(rec, "FILE", 4);
		sample_le16(in, 4, cases[i].array);
		sample_le16(in, 6, (uint16_t)(strides + 1));
		for (size_t k = 1; k <= strides; k++) {
			sample_le16(in, cases[i].array + 2 * k, 0x4141);
			sample_le16(in, 512 * k - 2, 7);
		}
		sample_le16(in, cases[i].array, 7);
		assert_int_equal(ntfs_record_fixup(rec, n, in.at, &err),
		                 cases[i].status);
		for (size_t k = 1; k <= strides && !cases[i].status; k++)
			assert_memory_equal(rec + 512 * k - 2, "AA", 2);
		free(rec);
	}
}

static void truncated(struct bytes in)
{
	uint8_t *rec = malloc(in.n ? in.n : 1);
	struct error err = { 0 };
	struct ntfs_record parsed;
	enum status status;

	assert_non_null(rec);
	if (in.n)
		memcpy(rec, in.p, in.n);
	status = ntfs_record_fixup(rec, in.n, in.at, &err);
	assert_int_equal(status, in.n == 512 ? E_CORRUPT : E_TRUNCATED);
	assert_error(&err, status, in);
	free(rec);

	if (!ntfs_record_parse(&parsed, in, &err)) {
		assert_inside(parsed.attrs, in);
		return;
	}
	assert_error(&err, in.n < 0x30 ? E_TRUNCATED : E_CORRUPT, in);
	assert_int_equal(parsed.attrs.n, 0);
}

static void corrupted(struct bytes in)
{
	struct ntfs_record rec;
	uint8_t buf[RECORD_MAX];

	if (!record_try(&rec, buf, in))
		return;
	assert_inside(rec.attrs, (struct bytes){ buf, in.n, in.at });
	assert_true(rec.attrs.at - in.at >= 0x2a);
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load("ntfs/record-list.bin");

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, in.n, corrupted);
	sample_free(in);
}

/* One field of a good record changed after the fixup. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	uint64_t number;
	bool in_use, directory;
} headers[] = {
	{ 0x00, 0x44414142, E_ABSENT, 0, false, false },
	{ 0x04, 0x0003002a, OK, 0, true, false }, /* Windows 2000: no number */
	{ 0x14, 0x00010030, OK, 38, true, false },
	{ 0x14, 0x00010034, E_CORRUPT, 0, false, false },
	{ 0x14, 0x00010028, E_CORRUPT, 0, false, false },
	{ 0x14, 0x000102d8, E_CORRUPT, 0, false, false }, /* over the used */
	{ 0x14, 0x000102d0, OK, 38, true, false },
	{ 0x14, 0x00000038, OK, 38, false, false },
	{ 0x14, 0x00030038, OK, 38, true, true },
	{ 0x18, 0x00000400, OK, 38, true, false },
	{ 0x18, 0x00000401, E_CORRUPT, 0, false, false },
	{ 0x18, 0xffffffff, E_CORRUPT, 0, false, false },
	{ 0x18, 0x00000000, E_CORRUPT, 0, false, false },
	{ 0x2c, 0xfffffffe, OK, 0xfffffffe, true, false },
};

static void judges_each_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++) {
		struct record r = record_load("ntfs/record-list.bin");
		struct error err = { 0 };
		enum status status;

		sample_le32(r.bytes, headers[i].off, headers[i].v);
		status = ntfs_record_parse(&r.rec, r.bytes, &err);
		assert_int_equal(status, headers[i].status);
		if (status)
			assert_error(&err, status, r.bytes);
		if (status == E_CORRUPT)
			assert_int_equal(err.at, r.bytes.at + 0x14);
		assert_int_equal(r.rec.number, headers[i].number);
		assert_int_equal(r.rec.in_use, headers[i].in_use);
		assert_int_equal(r.rec.directory, headers[i].directory);
		assert_inside(r.rec.attrs, r.bytes);
		sample_free(r.bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_real_records),
		cmocka_unit_test(fixup_restores_the_originals),
		cmocka_unit_test(fixup_refuses_and_leaves_alone),
		cmocka_unit_test(fixup_knows_other_shapes),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_field),
	};

	return cmocka_run_group_tests_name("ntfs_record", tests, NULL, NULL);
}
