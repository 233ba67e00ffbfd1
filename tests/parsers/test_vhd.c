/* SPDX-License-Identifier: MIT */
/*
 * test_vhd.c - footer and header of a dynamic VHD by qemu-img, and damaged
 */
#include "tests/parsers/sample.h"

#include "parsers/vhd.h"

#define SAMPLE "vdisk/dynamic.vhd"
#define HEADER 512u

static struct bytes header_of(struct bytes in)
{
	struct cursor c = cursor_open(in);

	return cursor_tail(&c, HEADER);
}

/* As qemu-img made it: 4 MiB, blocks of 2 MiB. */
static void reads_a_sample(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct vhd_footer f;
	struct vhd_header h;
	struct error err;

	(void)state;
	assert_int_equal(vhd_footer_parse(&f, in, &err), OK);
	assert_true(f.sound);
	assert_int_equal(f.size, 4 << 20);
	assert_int_equal(f.type, VHD_DYNAMIC);
	assert_int_equal(f.header, HEADER);
	assert_memory_equal(f.creator.p, "qem2", 4);
	assert_range(f.id, in, 0x44, 16);
	assert_int_equal(vhd_header_parse(&h, header_of(in), &err), OK);
	assert_true(h.sound);
	assert_int_equal(h.block, 2 << 20);
	assert_int_equal(h.entries, 2);
	assert_int_equal(h.table, 1536);
	assert_range(h.parent_name, in, HEADER + 0x40, 512);
	assert_int_equal(vhd_bitmap_size(2 << 20), 512);
	assert_int_equal(vhd_bitmap_size(512), 512);
	assert_int_equal(vhd_bitmap_size(4 << 20), 1024);
	sample_free(in);
}

static void truncated(struct bytes in)
{
	struct vhd_footer f;
	struct error err;
	enum status want = in.n < 8 ? E_ABSENT : E_TRUNCATED;

	assert_int_equal(vhd_footer_parse(&f, in, &err), want);
	assert_error(&err, want, in);
	assert_int_equal(f.size, 0);
}

static void truncated_header(struct bytes in)
{
	struct vhd_header h;
	struct error err;
	enum status want = in.n < 8 ? E_ABSENT : E_TRUNCATED;

	assert_int_equal(vhd_header_parse(&h, in, &err), want);
	assert_error(&err, want, in);
	assert_int_equal(h.block, 0);
}

static void refuses_truncations(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct bytes footer = sample_copy(in, 512);

	(void)state;
	each_truncation(footer, truncated);
	each_truncation(header_of(in), truncated_header);
	sample_free(footer);
	sample_free(in);
}

/* No byte can be changed without the checksum, or more, being wrong. */
static void corrupted(struct bytes in)
{
	struct vhd_footer f;
	struct error err;

	if (vhd_footer_parse(&f, in, &err)) {
		assert_error(&err, err.status, in);
		return;
	}
	assert_false(f.sound);
	assert_true(f.size && f.size <= INT64_MAX);
	assert_in_range(f.type, VHD_FIXED, VHD_DIFFERENCING);
}

static void corrupted_header(struct bytes in)
{
	struct vhd_header h;
	struct error err;

	if (vhd_header_parse(&h, in, &err)) {
		assert_error(&err, err.status, in);
		return;
	}
	assert_false(h.sound);
	assert_true(h.block >= 512 && !(h.block & (h.block - 1)));
}

static void survives_corruptions(void **state)
{
	struct bytes in = sample_load(SAMPLE);

	(void)state;
	each_corruption(in, 0x54, corrupted);
	each_corruption(header_of(in), 0x258, corrupted_header);
	sample_free(in);
}

static void judges_each_field(void **state)
{
	static const struct {
		size_t off;
		uint32_t v; /* little-endian, as it is written */
		enum status status;
	} fields[] = {
		{ 0x0c, 0x00000100, OK },
		{ 0x0c, 0x00000200, E_UNSUPPORTED },
		{ 0x30, 0x00000080, E_CORRUPT }, /* over 2^63 */
		{ 0x30, 0x0000007f, OK },
		{ 0x3c, 0x02000000, OK },
		{ 0x3c, 0x04000000, OK },
		{ 0x3c, 0x05000000, E_UNSUPPORTED },
		{ 0x3c, 0, E_UNSUPPORTED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct bytes in = sample_load(SAMPLE);
		struct vhd_footer f;
		struct error err;

		sample_le32(in, fields[i].off, fields[i].v);
		assert_int_equal(vhd_footer_parse(&f, in, &err),
		                 fields[i].status);
		sample_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_sample),
		cmocka_unit_test(refuses_truncations),
		cmocka_unit_test(survives_corruptions),
		cmocka_unit_test(judges_each_field),
	};

	return cmocka_run_group_tests_name("vhd", tests, NULL, NULL);
}
