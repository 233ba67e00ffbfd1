/* SPDX-License-Identifier: MIT */
/*
 * test_qcow.c - headers of QCOW2 by qemu-img, damaged; entries of its tables
 */
#include "tests/parsers/sample.h"

#include "parsers/qcow.h"

#define SAMPLE "vdisk/child.qcow2"

static void reads_samples(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct qcow_header h;
	struct error err;

	(void)state;
	assert_int_equal(qcow_header_parse(&h, in, &err), OK);
	assert_int_equal(h.version, 3);
	assert_int_equal(h.size, 4 << 20);
	assert_int_equal(h.cluster_bits, 16);
	assert_int_equal(h.l1_entries, 1);
	assert_int_equal(h.l1, 0x30000);
	assert_int_equal(h.backing_size, 10);
	assert_memory_equal(in.p + h.backing, "base.qcow2", 10);
	assert_range(qcow_backing_format(&h, in), in, 0x78, 5);
	sample_free(in);

	in = sample_load("vdisk/version2.qcow2");
	assert_int_equal(qcow_header_parse(&h, in, &err), OK);
	assert_int_equal(h.version, 2);
	assert_int_equal(h.size, 4 << 20);
	assert_int_equal(h.backing, 0);
	assert_int_equal(qcow_backing_format(&h, in).n, 0);
	sample_free(in);
}

static void truncated(struct bytes in)
{
	enum status want = in.n < 4 ? E_ABSENT : E_TRUNCATED;
	struct qcow_header h;
	struct error err;
	enum status st = qcow_header_parse(&h, in, &err);

	if (in.n >= 105) {
		assert_int_equal(st, OK);
		(void)qcow_backing_format(&h, in);
		return;
	}
	assert_int_equal(st, want);
	assert_error(&err, want, in);
	assert_int_equal(h.version, 0);
}

static void corrupted(struct bytes in)
{
	struct qcow_header h;
	struct error err;

	if (qcow_header_parse(&h, in, &err)) {
		assert_error(&err, err.status, in);
		return;
	}
	assert_in_range(h.cluster_bits, 9, 21);
	assert_true(h.size && h.size <= INT64_MAX);
	assert_inside(qcow_backing_format(&h, in), in);
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load(SAMPLE);

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, 0x90, corrupted);
	sample_free(in);
}

static void refuses_by_name(void **state)
{
	static const struct {
		size_t off;
		uint8_t v;
		enum status status;
		const char *says;
	} fields[] = {
		{ 0x07, 1, E_UNSUPPORTED, "version 1" },
		{ 0x07, 4, E_UNSUPPORTED, "version" },
		{ 0x17, 8, E_CORRUPT, "cluster" },
		{ 0x17, 22, E_CORRUPT, "cluster" },
		{ 0x18, 0x80, E_CORRUPT, "size" },
		{ 0x12, 4, E_CORRUPT, "backing" },
		{ 0x23, 1, E_UNSUPPORTED, "encrypted" },
		{ 0x23, 2, E_UNSUPPORTED, "LUKS" },
		{ 0x4f, 4, E_UNSUPPORTED, "external" },
		{ 0x4f, 16, E_UNSUPPORTED, "extended" },
		{ 0x4f, 32, E_UNSUPPORTED, "unknown" },
		{ 0x4f, 3, OK, NULL }, /* not closed, marked as corrupt */
		{ 0x68, 1, E_UNSUPPORTED, "zstd" },
		{ 0x68, 2, E_UNSUPPORTED, "compression" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct bytes in = sample_load(SAMPLE);
		struct qcow_header h;
		struct error err;

		sample_le16(
			in, fields[i].off,
			(uint16_t)(fields[i].v | in.p[fields[i].off + 1] << 8));
		assert_int_equal(qcow_header_parse(&h, in, &err),
		                 fields[i].status);
		if (fields[i].says)
			assert_non_null(strstr(err.what, fields[i].says));
		sample_free(in);
	}
}

/* docs/interop/qcow2.txt, "L2 table entry". */
static void reads_entries(void **state)
{
	static const struct {
		uint32_t version, bits;
		uint64_t entry;
		struct qcow_cluster wanted;
	} cases[] = {
		{ 3, 16, 0, { QCOW_NONE, 0, 0 } },
		{ 3,
		  16,
		  UINT64_C(0x8000000000050000),
		  { QCOW_DATA, 0x50000, 0 } },
		{ 3, 16, 1, { QCOW_ZERO, 0, 0 } },
		{ 3, 16, 0x50001, { QCOW_ZERO, 0x50000, 0 } },
		{ 2, 16, 1, { QCOW_BAD, 0, 0 } },
		{ 3, 16, 0x50200, { QCOW_BAD, 0x50200, 0 } },
		{ 3, 9, 0x50200, { QCOW_DATA, 0x50200, 0 } },
		{ 3,
		  16,
		  UINT64_C(0x0100000000050000),
		  { QCOW_BAD, 0x50000, 0 } },
		/* x = 62 - 8 = 54: 3 more sectors */
		{ 3,
		  16,
		  UINT64_C(0x40c0000000012345),
		  { QCOW_PACKED, 0x12345, 4 * 512 - 0x145 } },
		/* x = 62 - 1 = 61 */
		{ 3,
		  9,
		  UINT64_C(0x6000000000000200),
		  { QCOW_PACKED, 0x200, 1024 } },
		{ 3,
		  21,
		  UINT64_MAX & ~(UINT64_C(1) << 63),
		  { QCOW_PACKED, (UINT64_C(1) << 49) - 1, 8192 * 512 - 511 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct qcow_header h = { .version = cases[i].version,
			                       .cluster_bits = cases[i].bits };
		struct qcow_cluster c = qcow_cluster_parse(&h, cases[i].entry);

		assert_int_equal(c.what, cases[i].wanted.what);
		assert_int_equal(c.at, cases[i].wanted.at);
		assert_int_equal(c.n, cases[i].wanted.n);
	}
}

static void reads_first_entries(void **state)
{
	const struct qcow_header h = { .version = 3, .cluster_bits = 16 };
	uint64_t at;

	(void)state;
	assert_true(qcow_l2_parse(&h, UINT64_C(0x8000000000040000), &at));
	assert_int_equal(at, 0x40000);
	assert_true(qcow_l2_parse(&h, 0, &at));
	assert_int_equal(at, 0);
	assert_false(qcow_l2_parse(&h, 0x40001, &at));
	assert_false(qcow_l2_parse(&h, 0x40200, &at));
	assert_false(qcow_l2_parse(&h, UINT64_MAX, &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_samples),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(refuses_by_name),
		cmocka_unit_test(reads_entries),
		cmocka_unit_test(reads_first_entries),
	};

	return cmocka_run_group_tests_name("qcow", tests, NULL, NULL);
}
