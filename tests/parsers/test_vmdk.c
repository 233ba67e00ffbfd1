/* SPDX-License-Identifier: MIT */
/*
 * test_vmdk.c - the header of a sparse VMDK by qemu-img, and damaged; COWD
 */
#include "tests/parsers/sample.h"

#include "parsers/vmdk.h"

#define SAMPLE "vdisk/sparse.vmdk"

static void reads_a_sample(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct vmdk_header h;
	struct error err;

	(void)state;
	assert_int_equal(vmdk_header_parse(&h, in, &err), OK);
	assert_string_equal(h.name, "VMDK");
	assert_int_equal(h.version, 1);
	assert_int_equal(h.size, 4 << 20);
	assert_int_equal(h.grain, 65536);
	assert_int_equal(h.entries, 512);
	assert_int_equal(h.tables, 1);
	assert_int_equal(h.text.at, 512);
	assert_int_equal(h.text.n, 20 * 512);
	assert_false(h.packed);
	assert_false(h.zeroed_grains);
	sample_free(in);
}

/* By hand: 100 MB of grains of one sector, directory in sector 4. */
static void reads_cowd(void **state)
{
	uint8_t sector[512] = { 'C', 'O', 'W', 'D', 1, 0, 0, 0, 3, 0, 0,
		                0,   0,   0,   3,   0, 1, 0, 0, 0, 4 };
	struct vmdk_header h;
	struct error err;

	(void)state;
	assert_int_equal(vmdk_header_parse(&h, BYTES(sector), &err), OK);
	assert_string_equal(h.name, "COWD");
	assert_int_equal(h.size, 0x30000 * 512);
	assert_int_equal(h.grain, 512);
	assert_int_equal(h.entries, 4096);
	assert_int_equal(h.tables, 48);
	assert_int_equal(h.directory, 4 * 512);
	sector[4] = 2;
	assert_int_equal(vmdk_header_parse(&h, BYTES(sector), &err),
	                 E_UNSUPPORTED);
}

static void truncated(struct bytes in)
{
	struct vmdk_header h;
	struct error err;
	enum status want = in.n < 4 ? E_ABSENT : E_TRUNCATED;

	assert_int_equal(vmdk_header_parse(&h, in, &err), want);
	assert_error(&err, want, in);
	assert_int_equal(h.grain, 0);
}

static void corrupted(struct bytes in)
{
	struct vmdk_header h;
	struct error err;

	if (vmdk_header_parse(&h, in, &err)) {
		assert_error(&err, err.status, in);
		return;
	}
	assert_true(h.size && h.size <= INT64_MAX);
	assert_true(h.grain >= 512 && !(h.grain & (h.grain - 1)));
	assert_true(h.entries && h.entries <= 4096);
	assert_true(h.tables > 0);
	assert_true(h.text.at <= INT64_MAX && h.text.n <= INT64_MAX);
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct bytes header = sample_copy(in, 0x4f);

	(void)state;
	each_truncation(header, truncated);
	each_corruption(in, 0x4f, corrupted);
	sample_free(header);
	sample_free(in);
}

static void judges_each_field(void **state)
{
	static const struct {
		size_t off;
		uint32_t v;
		enum status status;
	} fields[] = {
		{ 0x04, 0, E_UNSUPPORTED },
		{ 0x04, 3, OK },
		{ 0x04, 4, E_UNSUPPORTED },
		{ 0x08, 0x10001, E_UNSUPPORTED },
		{ 0x10, 0x1000000, E_CORRUPT },
		{ 0x14, 0, E_CORRUPT },
		{ 0x14, 3, E_CORRUPT },
		{ 0x14, 65536, E_CORRUPT },
		{ 0x2c, 0, E_CORRUPT },
		{ 0x2c, 8192, E_CORRUPT },
		{ 0x2c, 4096, OK },
		{ 0x3c, 0x1000000, E_CORRUPT },
		{ 0x20, 0x1000000, E_CORRUPT },
		{ 0x28, 0x1000000, E_CORRUPT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct bytes in = sample_load(SAMPLE);
		struct vmdk_header h;
		struct error err;

		sample_le32(in, fields[i].off, fields[i].v);
		assert_int_equal(vmdk_header_parse(&h, in, &err),
		                 fields[i].status);
		sample_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_sample),
		cmocka_unit_test(reads_cowd),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_field),
	};

	return cmocka_run_group_tests_name("vmdk", tests, NULL, NULL);
}
