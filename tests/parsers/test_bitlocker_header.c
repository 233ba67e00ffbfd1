/* SPDX-License-Identifier: MIT */
/*
 * test_bitlocker_header.c - the first sector of BitLocker volumes
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/bitlocker.h"

static struct bytes sample(void)
{
	return sample_load("bitlocker/header.bin");
}

static void put(struct bytes b, size_t off, const void *p, size_t n)
{
	memcpy((uint8_t *)(uintptr_t)b.p + off, p, n);
}

static void reads_that_of_windows_7(void **state)
{
	struct bytes in = sample();
	struct bitlocker_header h;
	struct error err;

	(void)state;
	assert_int_equal(bitlocker_header_parse(&h, in, &err), OK);
	assert_int_equal(h.form, BITLOCKER_SEVEN);
	assert_false(h.on_write);
	assert_int_equal(h.sector_size, 512);
	assert_int_equal(h.metadata[0], 0x6000);
	assert_int_equal(h.metadata[1], 0x16000);
	assert_int_equal(h.metadata[2], 0x26000);
	assert_int_equal(h.on_write_info[0], 0);
	sample_free(in);
}

/* 92a84d3b-dd80-4d0e-9e4e-b1e3284eaed8 */
static void reads_encryption_on_write(void **state)
{
	static const uint8_t guid[] = { 0x3b, 0x4d, 0xa8, 0x92, 0x80, 0xdd,
		                        0x0e, 0x4d, 0x9e, 0x4e, 0xb1, 0xe3,
		                        0x28, 0x4e, 0xae, 0xd8 };
	struct bytes in = sample();
	struct bitlocker_header h;
	struct error err;

	(void)state;
	put(in, 160, guid, sizeof(guid));
	sample_le64(in, 200, 0x21b7000);
	sample_le64(in, 208, 0x31ab000);
	assert_int_equal(bitlocker_header_parse(&h, in, &err), OK);
	assert_true(h.on_write);
	assert_int_equal(h.on_write_info[0], 0x21b7000);
	assert_int_equal(h.on_write_info[1], 0x31ab000);
	sample_free(in);
}

static void reads_to_go(void **state)
{
	struct bytes in = sample();
	struct bitlocker_header h;
	struct error err;

	(void)state;
	put(in, 3, "MSWIN4.1", 8);
	/* Every FAT32 volume of Windows 98 is called that. */
	assert_int_equal(bitlocker_header_parse(&h, in, &err), E_ABSENT);
	put(in, 424, in.p + 160, 40);
	assert_int_equal(bitlocker_header_parse(&h, in, &err), OK);
	assert_int_equal(h.form, BITLOCKER_TO_GO);
	assert_int_equal(h.metadata[2], 0x26000);
	sample_free(in);
}

static void reads_that_of_vista(void **state)
{
	struct bytes in = sample();
	struct bitlocker_header h;
	struct error err;

	(void)state;
	put(in, 1, "\x52", 1);
	put(in, 13, "\x08", 1);
	sample_le64(in, 56, 0x2195);
	assert_int_equal(bitlocker_header_parse(&h, in, &err), OK);
	assert_int_equal(h.form, BITLOCKER_VISTA);
	assert_int_equal(h.metadata[0], 0x2195000);
	assert_int_equal(h.metadata[1], 0);
	sample_le64(in, 56, UINT64_C(1) << 52);
	assert_int_equal(bitlocker_header_parse(&h, in, &err), E_CORRUPT);
	sample_le64(in, 56, 0);
	assert_int_equal(bitlocker_header_parse(&h, in, &err), E_CORRUPT);
	sample_free(in);
}

static void damaged_places_are_left_out(void **state)
{
	struct bytes in = sample();
	struct bitlocker_header h;
	struct error err;

	(void)state;
	sample_le64(in, 176, 0x6001);
	sample_le64(in, 184, UINT64_MAX - 511);
	assert_int_equal(bitlocker_header_parse(&h, in, &err), OK);
	assert_int_equal(h.metadata[0], 0);
	assert_int_equal(h.metadata[1], 0);
	assert_int_equal(h.metadata[2], 0x26000);
	sample_le64(in, 192, 0);
	assert_int_equal(bitlocker_header_parse(&h, in, &err), E_CORRUPT);
	sample_free(in);
}

static void sector_sizes_are_judged(void **state)
{
	static const struct {
		uint16_t size;
		enum status status;
	} sizes[] = {
		{ 512, OK },         { 4096, OK },       { 0, E_CORRUPT },
		{ 256, E_CORRUPT },  { 513, E_CORRUPT }, { 1536, E_CORRUPT },
		{ 8192, E_CORRUPT },
	};
	struct bytes in = sample();
	struct bitlocker_header h;
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		sample_le16(in, 11, sizes[i].size);
		assert_int_equal(bitlocker_header_parse(&h, in, &err),
		                 sizes[i].status);
		assert_int_equal(h.sector_size,
		                 sizes[i].status ? 0 : sizes[i].size);
	}
	sample_free(in);
}

static void judge(struct bytes in)
{
	struct bitlocker_header h, zero = { 0 };
	struct error err;
	enum status st = bitlocker_header_parse(&h, in, &err);

	if (!st) {
		assert_true(h.sector_size >= 512 && h.sector_size <= 4096);
		for (size_t i = 0; i < BITLOCKER_COPIES; i++)
			assert_int_equal(h.metadata[i] % h.sector_size, 0);
		return;
	}
	assert_error(&err, st, in);
	assert_memory_equal(&h, &zero, sizeof(h));
}

static void truncated(struct bytes in)
{
	struct bitlocker_header h;
	struct error err;

	judge(in);
	assert_int_equal(bitlocker_header_parse(&h, in, &err),
	                 in.n < 11 ? E_ABSENT : E_TRUNCATED);
}

static void survives_damage(void **state)
{
	struct bytes in = sample();

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, 208, judge);
	/* Another GUID is another BitLocker. */
	*(uint8_t *)(uintptr_t)(in.p + 160) ^= 1;
	assert_int_equal(bitlocker_header_parse(&(struct bitlocker_header){ 0 },
	                                        in, &(struct error){ 0 }),
	                 E_UNSUPPORTED);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_that_of_windows_7),
		cmocka_unit_test(reads_encryption_on_write),
		cmocka_unit_test(reads_to_go),
		cmocka_unit_test(reads_that_of_vista),
		cmocka_unit_test(damaged_places_are_left_out),
		cmocka_unit_test(sector_sizes_are_judged),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
