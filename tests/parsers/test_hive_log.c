/* SPDX-License-Identifier: MIT */
/*
 * test_hive_log.c - transaction logs of hives, whole and damaged
 *
 * Logs that Windows wrote are in test_hive_replay.c, and prove the hash.
 */
#include "tests/parsers/hive_sample.h"

#include <string.h>

#include "parsers/hive_log.h"

#define DATA 0x4000u

/* A log of two entries; sizes 0x1200 and 0x2200. */
static struct bytes new_log(void)
{
	static const uint32_t one[] = { 0 }, two[] = { 0x3000, 0x1000 };
	static uint8_t p[0x4000];
	size_t n = HIVE_HEAD_SIZE;

	make_base(p, 5, 5, HIVE_LOG_NEW, DATA);
	n += make_entry(p + n, 5, DATA, one, 1, 0xa0);
	n += make_entry(p + n, 6, DATA, two, 2, 0xb0);
	return sample_copy((struct bytes){ p, n, SAMPLE_AT }, n);
}

/* Sectors 0, 1, 9 and 31 of four pages of bins. */
static struct bytes old_log(void)
{
	static uint8_t p[0x400 + 4 * 512];

	memset(p, 0, sizeof(p));
	make_base(p, 5, 5, HIVE_LOG_OLD, DATA);
	memcpy(p + 0x200, "DIRT\x03\x02\x00\x80", 8);
	for (size_t i = 0; i < 4; i++)
		memset(p + 0x400 + 512 * i, (int)(0xc0 + i), 512);
	return sample_copy((struct bytes){ p, sizeof(p), SAMPLE_AT },
	                   sizeof(p));
}

static void assert_piece(struct hive_pages *it, struct bytes in, uint64_t to,
                         size_t off, size_t n)
{
	struct hive_piece piece;

	assert_true(hive_pages_next(it, &piece));
	assert_int_equal(piece.to, to);
	assert_range(piece.bytes, in, off, n);
}

static void assert_no_piece(struct hive_pages *it)
{
	struct hive_piece piece;

	assert_false(hive_pages_next(it, &piece));
	assert_int_equal(piece.bytes.n, 0);
}

static void reads_entries(void **state)
{
	struct bytes in = new_log();
	struct hive_log it = hive_log_open(in);
	struct hive_log_entry e;
	struct hive_pages pages;

	(void)state;
	assert_false(it.old);
	assert_true(hive_log_next(&it, &e));
	assert_int_equal(e.at, in.at + 0x200);
	assert_int_equal(e.sequence, 5);
	assert_int_equal(e.data_size, DATA);
	assert_int_equal(e.pages, 1);
	pages = hive_pages_open(&e);
	assert_piece(&pages, in, 0x1000, 0x230, 0x1000);
	assert_no_piece(&pages);
	assert_true(hive_log_next(&it, &e));
	assert_int_equal(e.sequence, 6);
	pages = hive_pages_open(&e);
	assert_piece(&pages, in, 0x4000, 0x1438, 0x1000);
	assert_piece(&pages, in, 0x2000, 0x2438, 0x1000);
	assert_no_piece(&pages);
	assert_false(hive_log_next(&it, &e));
	assert_int_equal(it.err.status, OK);
	sample_free(in);
}

static void reads_a_bitmap(void **state)
{
	struct bytes in = old_log();
	struct hive_log it = hive_log_open(in);
	struct hive_log_entry e;
	struct hive_pages pages;

	(void)state;
	assert_true(it.old);
	assert_true(hive_log_next(&it, &e));
	assert_int_equal(e.sequence, 5);
	assert_int_equal(e.data_size, DATA);
	pages = hive_pages_open(&e);
	assert_piece(&pages, in, 0x1000, 0x400, 0x400);
	assert_piece(&pages, in, 0x1000 + 9 * 512, 0x800, 0x200);
	assert_piece(&pages, in, 0x1000 + 31 * 512, 0xa00, 0x200);
	assert_no_piece(&pages);
	assert_false(hive_log_next(&it, &e));
	assert_int_equal(it.err.status, OK);
	sample_free(in);
}

/* Walk all of it; whatever it says lies inside. */
static size_t walk(struct bytes in, struct error *err)
{
	struct hive_log it = hive_log_open(in);
	struct hive_log_entry e;
	struct hive_piece piece;
	size_t n = 0;

	while (hive_log_next(&it, &e)) {
		struct hive_pages pages = hive_pages_open(&e);

		assert_inside(e.map, in);
		assert_inside(e.data, in);
		while (hive_pages_next(&pages, &piece)) {
			assert_inside(piece.bytes, e.data);
			assert_true(piece.to + piece.bytes.n <=
			            (uint64_t)e.data_size + HIVE_BASE_SIZE);
		}
		n++;
	}
	if (it.err.status)
		assert_error(&it.err, it.err.status, in);
	*err = it.err;
	return n;
}

static void truncated(struct bytes in)
{
	struct error err;
	size_t n = walk(in, &err);

	assert_int_equal(n, in.n >= 0x1400);
}

static void truncated_old(struct bytes in)
{
	struct error err;

	assert_int_equal(walk(in, &err), 0);
	if (in.n != HIVE_HEAD_SIZE)
		assert_int_not_equal(err.status, OK);
}

/* No change of a byte goes unseen; what is before it stays. */
static void corrupted(struct bytes in)
{
	struct error err;

	assert_int_equal(walk(in, &err), 0);
}

static void corrupted_old(struct bytes in)
{
	struct error err;

	(void)walk(in, &err);
}

static void survives_damage(void **state)
{
	struct bytes in = new_log(), old = old_log();

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, HIVE_HEAD_SIZE + 0x40, corrupted);
	each_truncation(old, truncated_old);
	each_corruption(old, 0x300, corrupted_old);
	sample_free(in);
	sample_free(old);
}

/* One word changed, and all sums made right again. */
static const struct {
	size_t off;
	uint32_t v;
	size_t entries;
	enum status status;
	size_t at;
} words[] = {
	{ 0x01c, 0, 0, E_UNSUPPORTED, 0x1c },
	{ 0x01c, 7, 0, E_UNSUPPORTED, 0x1c },
	{ 0x008, 4, 0, E_CORRUPT, 4 },
	{ 0x204, 0, 0, E_CORRUPT, 0x200 },
	{ 0x204, 0x1201, 0, E_CORRUPT, 0x200 },
	{ 0x204, 0xfffffe00, 0, E_CORRUPT, 0x200 },
	{ 0x20c, 6, 0, E_CORRUPT, 0x200 }, /* one is missing */
	{ 0x20c, 4, 0, OK, 0 },            /* left from before */
	{ 0x210, 0, 0, E_CORRUPT, 0x200 },
	{ 0x210, 0x1001, 0, E_CORRUPT, 0x200 },
	{ 0x210, 0xfffff000, 0, E_CORRUPT, 0x200 },
	{ 0x210, 0x1000, 2, OK, 0 },
	{ 0x214, 0, 2, OK, 0 },
	{ 0x214, 2, 0, E_CORRUPT, 0x200 },
	{ 0x214, 0xffffffff, 0, E_CORRUPT, 0x200 },
	{ 0x228, 0x3001, 0, E_CORRUPT, 0x200 },
	{ 0x228, 0xffffffff, 0, E_CORRUPT, 0x200 },
	{ 0x22c, 0xffffffff, 0, E_CORRUPT, 0x200 },
	{ 0x22c, 0x1200, 0, E_CORRUPT, 0x200 },
	{ 0x22c, 0, 2, OK, 0 },
	{ 0x1400, 0, 1, OK, 0 },
};

static void judges_each_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = new_log();
		static uint8_t p[0x4000];
		struct error err;

		memcpy(p, in.p, in.n);
		put_le32(p + words[i].off, words[i].v);
		seal_base(p);
		seal_entry(p + 0x200, 0x1200);
		assert_int_equal(walk((struct bytes){ p, in.n, in.at }, &err),
		                 words[i].entries);
		assert_int_equal(err.status, words[i].status);
		if (err.status)
			assert_int_equal(err.at, in.at + words[i].at);
		sample_free(in);
	}
}

/* Computed in Python from the patent's text. */
static void hashes_as_the_patent_says(void **state)
{
	static const struct {
		const char *text;
		uint64_t hash;
	} known[] = {
		{ "", UINT64_C(0xb39efca403966e08) },
		{ "a", UINT64_C(0x21a013c726f292f4) },
		{ "ab", UINT64_C(0x7911da00317285f8) },
		{ "abc", UINT64_C(0xb9cf3dfca41914f7) },
		{ "abcd", UINT64_C(0x20094fb11a6cd086) },
		{ "efsleuth", UINT64_C(0xe3ebf7a3eb80defc) },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		struct bytes in = { (const uint8_t *)known[i].text,
			            strlen(known[i].text), 0 };

		assert_int_equal(hive_marvin32(in), known[i].hash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_entries),
		cmocka_unit_test(reads_a_bitmap),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_field),
		cmocka_unit_test(hashes_as_the_patent_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
