/* SPDX-License-Identifier: MIT */
/*
 * test_gpt.c - a table of sgdisk(8), whole and damaged
 */
#include "tests/parsers/sample.h"

#include "parsers/gpt.h"
#include "parsers/limits.h"

static void reads_headers(void **state)
{
	struct bytes in = sample_load("gpt/header.bin");
	struct gpt_header h;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(gpt_header_parse(&h, in, &err), OK);
	assert_int_equal(h.entries, 2);
	assert_int_equal(h.count, 128);
	assert_int_equal(h.size, 128);
	sample_free(in);
	in = sample_load("gpt/backup.bin");
	assert_int_equal(gpt_header_parse(&h, in, &err), OK);
	assert_int_equal(h.entries, 131072 - 33);
	sample_free(in);
}

/* As `sgdisk -i 1` prints it. */
static void reads_entries(void **state)
{
	static const uint8_t basic_data[] = { 0xa2, 0xa0, 0xd0, 0xeb,
		                              0xe5, 0xb9, 0x33, 0x44,
		                              0x87, 0xc0, 0x68, 0xb6,
		                              0xb7, 0x26, 0x99, 0xc7 };
	struct bytes in = sample_load("gpt/entry.bin");
	struct gpt_entry e;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(gpt_entry_parse(&e, in, &err), OK);
	assert_range(e.type, in, 0, 16);
	assert_memory_equal(e.type.p, basic_data, 16);
	assert_int_equal(e.first, 2048);
	assert_int_equal(e.last, 26623);
	assert_int_equal(e.attributes, GPT_HIDDEN);
	sample_free(in);
}

static void cut_header(struct bytes in)
{
	struct gpt_header h = { 1, 1, 1, 1 };
	struct error err = { 0 };
	enum status want = in.n < 92 ? E_TRUNCATED : OK;

	assert_int_equal(gpt_header_parse(&h, in, &err), want);
	if (want) {
		assert_error(&err, want, in);
		assert_int_equal(h.size, 0);
	}
}

static void cut_entry(struct bytes in)
{
	struct gpt_entry e;
	struct error err = { 0 };

	assert_int_equal(gpt_entry_parse(&e, in, &err), E_TRUNCATED);
	assert_error(&err, E_TRUNCATED, in);
	assert_int_equal(e.last, 0);
}

static void bad_header(struct bytes in)
{
	struct gpt_header h;
	struct error err = { 0 };
	enum status st = gpt_header_parse(&h, in, &err);

	if (st) {
		assert_true(st == E_ABSENT || st == E_CORRUPT);
		assert_error(&err, st, in);
		assert_int_equal(h.size, 0);
	} else {
		assert_true(h.count <= LIMIT_PARTITIONS);
		assert_true(h.size >= 128 && h.size <= 4096);
	}
}

static void bad_entry(struct bytes in)
{
	struct gpt_entry e;
	struct error err = { 0 };
	enum status st = gpt_entry_parse(&e, in, &err);

	if (st)
		assert_error(&err, st, in);
	else
		assert_true(e.first <= e.last);
	assert_inside(e.type, in);
}

static void survives_damage(void **state)
{
	struct bytes header = sample_load("gpt/header.bin");
	struct bytes entry = sample_load("gpt/entry.bin");

	(void)state;
	each_truncation(header, cut_header);
	each_truncation(entry, cut_entry);
	each_corruption(header, 92, bad_header);
	each_corruption(entry, entry.n, bad_entry);
	sample_free(header);
	sample_free(entry);
}

static void judges_fields(void **state)
{
	struct bytes in = sample_load("gpt/header.bin");
	struct gpt_header h;
	struct error err = { 0 };

	(void)state;
	sample_le32(in, 0x50, UINT32_MAX);
	assert_int_equal(gpt_header_parse(&h, in, &err), OK);
	assert_int_equal(h.count, LIMIT_PARTITIONS);
	for (uint32_t size = 0; size < 128; size += 8) {
		sample_le32(in, 0x54, size);
		assert_int_equal(gpt_header_parse(&h, in, &err), E_CORRUPT);
		assert_int_equal(err.at, SAMPLE_AT + 0x54);
	}
	sample_le32(in, 0x54, 4104);
	assert_int_equal(gpt_header_parse(&h, in, &err), E_CORRUPT);
	sample_free(in);
}

static void tells_unused_entries(void **state)
{
	static const uint8_t zeros[128];
	struct gpt_entry e;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(gpt_entry_parse(&e, BYTES(zeros), &err), E_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_headers),
		cmocka_unit_test(reads_entries),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_fields),
		cmocka_unit_test(tells_unused_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
