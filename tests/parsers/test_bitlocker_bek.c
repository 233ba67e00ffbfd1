/* SPDX-License-Identifier: MIT */
/*
 * test_bitlocker_bek.c - startup keys in .BEK files
 */
#include "tests/parsers/sample.h"

#include "parsers/bitlocker.h"

static struct bytes sample(void)
{
	return sample_load("bitlocker/USB.BEK");
}

static void reads_a_startup_key(void **state)
{
	struct bytes in = sample();
	struct bitlocker_bek bek;
	struct error err;

	(void)state;
	assert_int_equal(bitlocker_bek_parse(&bek, in, &err), OK);
	assert_range(bek.guid, in, 0x38, 16);
	assert_int_equal(bek.changed, UINT64_C(0x01dc000000000000));
	assert_text(bek.name, "ExternalKey");
	assert_range(bek.key, in, in.n - 32, 32);
	sample_free(in);
}

static void judge(struct bytes in)
{
	struct bitlocker_bek bek;
	struct error err;
	enum status st = bitlocker_bek_parse(&bek, in, &err);

	if (st) {
		assert_error(&err, st, in);
		assert_int_equal(bek.key.n, 0);
		assert_int_equal(bek.guid.n, 0);
		return;
	}
	assert_inside(bek.guid, in);
	assert_inside(bek.name, in);
	assert_inside(bek.key, in);
	assert_int_equal(bek.key.n, 32);
}

static void truncated(struct bytes in)
{
	struct bitlocker_bek bek;
	struct error err;

	judge(in);
	assert_int_equal(bitlocker_bek_parse(&bek, in, &err),
	                 in.n < 12 ? E_ABSENT : E_TRUNCATED);
}

static void survives_damage(void **state)
{
	struct bytes in = sample();

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, in.n, judge);
	sample_free(in);
}

/* One field changed, and what comes of it. */
static const struct {
	size_t off;
	uint16_t v;
	enum status status;
} fields[] = {
	{ 4, 2, E_ABSENT },        { 8, 49, E_ABSENT },
	{ 0, 0x400, E_TRUNCATED }, { 0x34, 8, E_CORRUPT },
	{ 0x30, 7, E_CORRUPT },    { 0x30, 0x200, E_CORRUPT },
	{ 0x70, 0x2b, E_CORRUPT }, { 0x74, 3, E_CORRUPT },
};

static void fields_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct bytes in = sample();
		struct bitlocker_bek bek;
		struct error err;

		sample_le16(in, fields[i].off, fields[i].v);
		assert_int_equal(bitlocker_bek_parse(&bek, in, &err),
		                 fields[i].status);
		sample_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_startup_key),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(fields_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
