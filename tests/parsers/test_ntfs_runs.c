/* SPDX-License-Identifier: MIT */
/*
 * test_ntfs_runs.c - mapping pairs of real files, and hostile ones
 */
#include "tests/parsers/record.h"

#define HOLE NTFS_LCN_HOLE

/* As istat(1) lists the clusters, where it shows holes as 0. */
static const struct {
	const char *file;
	uint32_t type;
	const char *name;
	struct ntfs_run run[4];
} golden[] = {
	{ "ntfs/record-mft.bin", NTFS_DATA, "", { { 0, 3157, 64 } } },
	{ "ntfs/record-mft.bin",
	  NTFS_BITMAP,
	  "",
	  { { 0, 3156, 1 }, { 1, 37, 1 } } },
	{ "ntfs/record-list.bin", NTFS_DATA, "", { { 0, 904, 2 } } },
	{ "ntfs/record-extension.bin", NTFS_DATA, "111", { { 0, 906, 2 } } },
	{ "ntfs/record-sparse.bin",
	  NTFS_DATA,
	  "",
	  { { 0, 2569, 1 }, { 1, HOLE, 975 }, { 976, 3545, 1 } } },
	{ "ntfs/record-hole.bin", NTFS_DATA, "$Bad", { { 0, HOLE, 4095 } } },
};

static void assert_run(const struct ntfs_run *a, const struct ntfs_run *b)
{
	assert_int_equal(a->vcn, b->vcn);
	assert_int_equal(a->lcn, b->lcn);
	assert_int_equal(a->n, b->n);
}

static void reads_real_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		struct record r = record_load(golden[i].file);
		struct ntfs_attr attr =
			record_attr(&r.rec, golden[i].type, golden[i].name);
		struct ntfs_runs it = ntfs_runs_open(&attr);
		struct ntfs_run run;
		size_t n = 0;

		while (ntfs_runs_next(&it, &run))
			assert_run(&run, &golden[i].run[n++]);
		assert_int_equal(it.err.status, OK);
		assert_int_equal(golden[i].run[n].n, 0);
		assert_int_equal(it.vcn, attr.highest_vcn + 1);
		assert_false(ntfs_runs_next(&it, &run));
		sample_free(r.bytes);
	}
}

#define FF7 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff

static const struct {
	uint8_t raw[32];
	size_t n;
	uint64_t lowest;
	struct ntfs_run run[3];
	enum status status;
	uint64_t at;
} made[] = {
	{ { 0 }, 1, 0, { { 0 } }, OK, 0 },
	{ { 0 }, 0, 0, { { 0 } }, E_TRUNCATED, 0 },
	/* a later extent goes on from its lowest VCN */
	{ { 0x11, 3, 5, 0 }, 4, 100, { { 100, 5, 3 } }, OK, 0 },
	/* up, down, a hole */
	{ { 0x21, 2, 0x00, 0x01, 0x11, 3, 0xf0, 0x01, 9, 0 },
	  10,
	  0,
	  { { 0, 256, 2 }, { 2, 240, 3 }, { 5, HOLE, 9 } },
	  OK,
	  0 },
	/* a hole does not move the place */
	{ { 0x11, 1, 10, 0x01, 1, 0x11, 1, 1, 0 },
	  9,
	  0,
	  { { 0, 10, 1 }, { 1, HOLE, 1 }, { 2, 11, 1 } },
	  OK,
	  0 },
	/* no end mark: what is there is good */
	{ { 0x11, 1, 10 }, 3, 0, { { 0, 10, 1 } }, E_TRUNCATED, 3 },
	{ { 0x11, 1 }, 2, 0, { { 0 } }, E_TRUNCATED, 0 },
	{ { 0x11, 1, 10, 0x88, 1, 2, 3 },
	  7,
	  0,
	  { { 0, 10, 1 } },
	  E_TRUNCATED,
	  3 },
	/* widths that no number has */
	{ { 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 },
	  12,
	  0,
	  { { 0 } },
	  E_CORRUPT,
	  0 },
	{ { 0x91, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 },
	  12,
	  0,
	  { { 0 } },
	  E_CORRUPT,
	  0 },
	{ { 0xff, 1, 2 }, 32, 0, { { 0 } }, E_CORRUPT, 0 },
	/* length: none, 0, negative */
	{ { 0x10, 1, 0 }, 3, 0, { { 0 } }, E_CORRUPT, 0 },
	{ { 0x11, 0, 1, 0 }, 4, 0, { { 0 } }, E_CORRUPT, 0 },
	{ { 0x11, 0x80, 1, 0 }, 4, 0, { { 0 } }, E_CORRUPT, 0 },
	/* a negative place, at once and after a good run */
	{ { 0x11, 1, 0xff, 0 }, 4, 0, { { 0 } }, E_CORRUPT, 0 },
	{ { 0x11, 1, 5, 0x11, 1, 0xfa, 0 },
	  7,
	  0,
	  { { 0, 5, 1 } },
	  E_CORRUPT,
	  3 },
	/* the largest sums, and one past them */
	{ { 0x08, FF7, 0x7f, 0 }, 10, 0, { { 0, HOLE, INT64_MAX } }, OK, 0 },
	{ { 0x08, FF7, 0x7f, 0 }, 10, 1, { { 0 } }, E_CORRUPT, 0 },
	{ { 0x08, FF7, 0x7f, 0x01, 1, 0 },
	  12,
	  0,
	  { { 0, HOLE, INT64_MAX } },
	  E_CORRUPT,
	  9 },
	{ { 0x81, 1, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0 },
	  11,
	  0,
	  { { 0, INT64_MAX - 1, 1 } },
	  OK,
	  0 },
	{ { 0x81, 1, FF7, 0x7f, 0 }, 11, 0, { { 0 } }, E_CORRUPT, 0 },
	{ { 0x81, 1, FF7, 0x7f, 0x11, 1, 1, 0 },
	  14,
	  0,
	  { { 0 } },
	  E_CORRUPT,
	  0 },
	{ { 0x81, 1, 0, 0, 0, 0, 0, 0, 0, 0x80, 0 },
	  11,
	  0,
	  { { 0 } },
	  E_CORRUPT,
	  0 },
};

static void judges_made_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(made); i++) {
		struct bytes in = sample_copy(BYTES(made[i].raw), made[i].n);
		struct ntfs_attr attr = { .lowest_vcn = made[i].lowest,
			                  .pairs = in };
		struct ntfs_runs it = ntfs_runs_open(&attr);
		struct ntfs_run run;
		size_t n = 0;

		while (n < 3 && ntfs_runs_next(&it, &run))
			assert_run(&run, &made[i].run[n++]);
		if (n < 3)
			assert_int_equal(made[i].run[n].n, 0);
		assert_false(ntfs_runs_next(&it, &run));
		assert_int_equal(run.n, 0);
		assert_int_equal(it.err.status, made[i].status);
		if (made[i].status) {
			assert_error(&it.err, made[i].status, in);
			assert_int_equal(it.err.at, in.at + made[i].at);
		}
		sample_free(in);
	}
}

/* Whatever the bytes: runs follow each other, and no sum passes 2^63. */
static void assert_walk(struct bytes in)
{
	struct ntfs_attr attr = { .lowest_vcn = 7, .pairs = in };
	struct ntfs_runs it = ntfs_runs_open(&attr);
	uint64_t next = 7;
	struct ntfs_run run;

	while (ntfs_runs_next(&it, &run)) {
		assert_int_equal(run.vcn, next);
		assert_true(run.n > 0 && run.n <= INT64_MAX - run.vcn);
		assert_true(run.lcn == HOLE || run.n <= INT64_MAX - run.lcn);
		next += run.n;
	}
	if (it.err.status)
		assert_error(&it.err, it.err.status, in);
}

static void survives_damage(void **state)
{
	static const uint8_t pairs[] = {
		0x21, 2,    0x00, 0x01, 0x11, 3,    0xf0, 0x01, 9,
		0x32, 0x34, 0x12, 0x01, 0x02, 0x03, 0x88, 1,    0,
		0,    0,    0,    0,    0,    0,    0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0x11, 1,    1,    0,
	};

	(void)state;
	each_truncation(BYTES(pairs), assert_walk);
	each_corruption(BYTES(pairs), sizeof(pairs), assert_walk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_real_runs),
		cmocka_unit_test(judges_made_pairs),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests_name("ntfs_runs", tests, NULL, NULL);
}
