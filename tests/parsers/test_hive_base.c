/* SPDX-License-Identifier: MIT */
/*
 * test_hive_base.c - base blocks of hives, real and damaged
 */
#include "tests/parsers/hive_sample.h"

#include <string.h>

#include "parsers/hive_base.h"

static struct bytes sample(void)
{
	uint8_t head[HIVE_HEAD_SIZE];

	make_base(head, 7, 6, HIVE_PRIMARY, 0x5000);
	return sample_copy(BYTES(head), sizeof(head));
}

static void reads_the_fields(void **state)
{
	struct bytes in = sample();
	struct hive_base b;
	struct error err;

	(void)state;
	assert_int_equal(hive_base_parse(&b, in, &err), OK);
	assert_int_equal(b.sequence1, 7);
	assert_int_equal(b.sequence2, 6);
	assert_int_equal(b.written, UINT64_C(0x01d2500011223344));
	assert_int_equal(b.major, 1);
	assert_int_equal(b.minor, 5);
	assert_int_equal(b.type, HIVE_PRIMARY);
	assert_int_equal(b.format, 1);
	assert_int_equal(b.root, 0x20);
	assert_int_equal(b.data_size, 0x5000);
	assert_range(b.name, in, 0x30, 6);
	assert_true(b.sound && hive_base_dirty(&b));
	sample_free(in);
}

static void judges_damage(void **state)
{
	struct bytes in = sample();
	struct hive_base b;
	struct error err;

	(void)state;
	sample_le32(in, 0x1fc, 0);
	assert_int_equal(hive_base_parse(&b, in, &err), E_CORRUPT);
	assert_int_equal(err.at, in.at + 0x1fc);
	assert_true(hive_base_dirty(&b));
	assert_int_equal(b.sequence1, 7);
	sample_le32(in, 0, 0x66676571);
	assert_int_equal(hive_base_parse(&b, in, &err), E_ABSENT);
	assert_int_equal(b.sequence1, 0);
	sample_free(in);
}

static void truncated(struct bytes in)
{
	struct hive_base b;
	struct error err;

	assert_int_equal(hive_base_parse(&b, in, &err),
	                 in.n < 4 ? E_ABSENT : E_TRUNCATED);
	assert_error(&err, err.status, in);
	assert_int_equal(b.data_size, 0);
}

static void corrupted(struct bytes in)
{
	struct hive_base b;
	struct error err;

	assert_int_not_equal(hive_base_parse(&b, in, &err), OK);
	assert_error(&err, err.status, in);
	assert_inside(b.name, in);
}

static void survives_damage(void **state)
{
	struct bytes in = sample();

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, in.n, corrupted);
	sample_free(in);
}

static void writes_what_it_is_told(void **state)
{
	struct bytes in = sample();
	uint8_t to[HIVE_HEAD_SIZE];
	struct hive_base b, back;
	struct error err;

	(void)state;
	assert_int_equal(hive_base_parse(&b, in, &err), OK);
	b.sequence1 = b.sequence2 = 9;
	b.data_size = 0x7000;
	b.root = 0x40;
	hive_base_write(to, in, &b);
	assert_int_equal(hive_base_parse(&back, BYTES(to), &err), OK);
	assert_int_equal(back.sequence1, 9);
	assert_int_equal(back.sequence2, 9);
	assert_int_equal(back.data_size, 0x7000);
	assert_int_equal(back.root, 0x40);
	assert_false(hive_base_dirty(&back));
	assert_memory_equal(to + 0x30, in.p + 0x30, 0x60);
	sample_free(in);
}

/* A sum of all zeros, or of all ones, is stored as another. */
static void two_sums_are_never_stored(void **state)
{
	static const struct {
		uint32_t word, sum;
	} cases[] = { { 0, 1 }, { UINT32_MAX, UINT32_MAX - 1 } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t p[HIVE_HEAD_SIZE] = "regf";
		struct hive_base b;
		struct error err;

		put_le32(p + 0x60, cases[i].word ^ UINT32_C(0x66676572));
		put_le32(p + 0x1fc, cases[i].word);
		assert_int_equal(hive_base_parse(&b, BYTES(p), &err),
		                 E_CORRUPT);
		put_le32(p + 0x1fc, cases[i].sum);
		assert_int_equal(hive_base_parse(&b, BYTES(p), &err), OK);
	}
}

/* Numbers and times as the registry viewers of others show them. */
static void reads_real_ones(void **state)
{
	static const struct {
		const char *name;
		uint32_t sequence1, sequence2, minor, data_size;
		uint64_t written;
	} real[] = {
		{ "BigDataHive", 4, 4, 5, 143360, 131331178061278459 },
		{ "CompHive", 8, 8, 3, 4096, 131349212805335631 },
		{ "NewFlagsHive", 4, 4, 3, 4096, 131337123756266000 },
		{ "TruncatedHive", 4, 4, 3, 487424, 131331126868767728 },
		{ "NewDirtyHive1/NewDirtyHive", 3, 2, 3, 20480,
		  131331190512216222 },
		{ "OldDirtyHive/OldDirtyHive", 5, 4, 3, 487424,
		  131332437451516000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(real); i++) {
		char name[64] = "hives/yarp/";
		struct bytes in;
		struct hive_base b;
		struct error err;

		strcat(name, real[i].name);
		in = corpus_file(name);
		assert_int_equal(hive_base_parse(&b, in, &err), OK);
		assert_int_equal(b.sequence1, real[i].sequence1);
		assert_int_equal(b.sequence2, real[i].sequence2);
		assert_int_equal(b.minor, real[i].minor);
		assert_int_equal(b.data_size, real[i].data_size);
		assert_int_equal(b.written, real[i].written);
		sample_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_fields),
		cmocka_unit_test(judges_damage),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(writes_what_it_is_told),
		cmocka_unit_test(two_sums_are_never_stored),
		cmocka_unit_test(reads_real_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
