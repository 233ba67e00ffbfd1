/* SPDX-License-Identifier: MIT */
/*
 * test_vhdx.c - the structures of a VHDX by qemu-img, and damaged
 */
#include "tests/parsers/sample.h"

#include "parsers/vhdx.h"

static void reads_samples(void **state)
{
	struct bytes header = sample_load("vdisk/header.vhdx");
	struct bytes table = sample_load("vdisk/regions.vhdx");
	struct bytes metadata = sample_load("vdisk/metadata.vhdx");
	struct vhdx_regions r;
	struct vhdx_header h;
	struct vhdx_items items;
	struct vhdx_disk d;
	struct error err;

	(void)state;
	assert_int_equal(vhdx_header_parse(&h, header, &err), OK);
	assert_false(h.log_in_use);
	assert_int_equal(h.log, 1 << 20);
	assert_int_equal(h.log_size, 1 << 20);
	assert_range(h.data_write, header, 0x20, 16);
	assert_int_equal(vhdx_regions_parse(&r, table, &err), OK);
	assert_int_equal(r.table.at, 2 << 20);
	assert_int_equal(r.metadata.at, 3 << 20);
	assert_int_equal(r.metadata.n, 1 << 20);
	assert_int_equal(vhdx_items_parse(&items, metadata, &err), OK);
	assert_int_equal(vhdx_disk_parse(&d, &items, metadata, &err), OK);
	assert_int_equal(d.size, 4 << 20);
	assert_int_equal(d.block, 8 << 20);
	assert_int_equal(d.sector, 512);
	assert_false(d.has_parent);
	assert_int_equal(items.locator.n, 0);
	sample_free(header);
	sample_free(table);
	sample_free(metadata);
}

static void header_cut(struct bytes in)
{
	enum status want = in.n < 4 ? E_ABSENT : E_TRUNCATED;
	struct vhdx_header h;
	struct error err;

	assert_int_equal(vhdx_header_parse(&h, in, &err), want);
	assert_error(&err, want, in);
}

static void header_changed(struct bytes in)
{
	struct vhdx_header h;
	struct error err;

	assert_int_not_equal(vhdx_header_parse(&h, in, &err), OK);
	assert_error(&err, err.status, in);
}

static void regions_changed(struct bytes in)
{
	struct vhdx_regions r;
	struct error err;

	assert_int_not_equal(vhdx_regions_parse(&r, in, &err), OK);
	assert_error(&err, err.status, in);
	assert_int_equal(r.table.n, 0);
}

/* There is no checksum here. */
static void metadata_changed(struct bytes in)
{
	struct vhdx_items items;
	struct vhdx_disk d;
	struct error err;

	if (vhdx_items_parse(&items, in, &err) ||
	    vhdx_disk_parse(&d, &items, in, &err)) {
		assert_error(&err, err.status, in);
		return;
	}
	assert_true(d.size && d.size <= INT64_MAX);
	assert_in_range(d.block, 1 << 20, 256 << 20);
	assert_true(d.sector == 512 || d.sector == 4096);
	assert_inside(d.id, in);
}

static void survives_damage(void **state)
{
	struct bytes header = sample_load("vdisk/header.vhdx");
	struct bytes table = sample_load("vdisk/regions.vhdx");
	struct bytes metadata = sample_load("vdisk/metadata.vhdx");
	struct vhdx_regions r;
	struct error err;

	(void)state;
	each_truncation(header, header_cut);
	each_corruption(header, 0x50, header_changed);
	each_corruption(table, 6, regions_changed);
	each_corruption(metadata, 0xc0, metadata_changed);
	for (size_t n = 0; n < table.n; n += 97) {
		struct bytes in = sample_copy(table, n);

		assert_int_equal(vhdx_regions_parse(&r, in, &err),
		                 n < 4 ? E_ABSENT : E_TRUNCATED);
		sample_free(in);
	}
	for (size_t n = 0; n < metadata.n; n += n < 0x10000 ? 97 : 1) {
		struct bytes in = sample_copy(metadata, n);

		metadata_changed(in);
		sample_free(in);
	}
	sample_free(header);
	sample_free(table);
	sample_free(metadata);
}

/* [MS-VHDX] 2.6.2.6: two pairs, the second of which leaves the item. */
static void reads_locators(void **state)
{
	uint8_t b[64] = { 0xb7, 0xef, 0x4a, 0xb0, 0x9e, 0xd1, 0x81, 0x4a, 0xb7,
		          0x89, 0x25, 0xb8, 0xe9, 0x44, 0x59, 0x13, 0,    0,
		          3,    0,    44,   0,    0,    0,    46,   0,    0,
		          0,    2,    0,    4,    0,    60,   0,    0,    0,
		          0,    0,    0,    0,    9,    0,    0,    0,    'k',
		          0,    'v',  0,    'w' };
	const struct vhdx_items items = { .locator = { 0, sizeof(b) } };
	struct vhdx_locator it;
	struct bytes key, value;
	struct error err;
	unsigned n = 0;

	(void)state;
	assert_int_equal(vhdx_locator_open(&it, &items, BYTES(b), &err), OK);
	while (vhdx_locator_next(&it, &key, &value)) {
		if (n++ == 0) {
			assert_text(key, "k");
			assert_text(value, "vw");
		}
		assert_inside(key, BYTES(b));
		assert_inside(value, BYTES(b));
	}
	assert_int_equal(n, 1);
	b[0]++;
	assert_int_equal(vhdx_locator_open(&it, &items, BYTES(b), &err),
	                 E_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_samples),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(reads_locators),
	};

	return cmocka_run_group_tests_name("vhdx", tests, NULL, NULL);
}
