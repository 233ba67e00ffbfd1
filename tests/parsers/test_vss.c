/* SPDX-License-Identifier: MIT */
/*
 * test_vss.c - header, catalog and store header of shadow copies
 *
 * The samples are of Windows; what they hold is what vshadowinfo says.
 */
#include "tests/parsers/sample.h"

#include "parsers/text.h"
#include "parsers/vss.h"

#include <stdlib.h>

/* A block, with the zeros at its end that the file is without. */
static struct bytes load_block(const char *name)
{
	struct bytes file = sample_load(name);
	uint8_t *p = calloc(1, VSS_BLOCK_SIZE);

	assert_non_null(p);
	memcpy(p, file.p, file.n);
	sample_free(file);
	return (struct bytes){ p, VSS_BLOCK_SIZE, SAMPLE_AT };
}

static void assert_guid(struct bytes id, const char *wanted)
{
	char buf[TEXT_GUID];
	struct text t = text_open(buf, sizeof(buf));

	text_guid(&t, id);
	assert_string_equal(buf, wanted);
}

/* --------------------------------------------------------------- header */

static void reads_the_header(void **state)
{
	struct bytes in = sample_load("vss/header.bin");
	struct vss_header header;
	struct error err;

	(void)state;
	assert_int_equal(vss_header_parse(&header, in, &err), OK);
	assert_int_equal(header.catalog, 0x6e30000);
	assert_guid(header.volume, "{600f0b64-5bdf-11e3-9d6c-005056c00008}");
	assert_true(bytes_equal(header.volume, header.storage));
	sample_free(in);
}

static void header_damaged(struct bytes in)
{
	struct vss_header header;
	struct error err = { 0 };
	enum status status = vss_header_parse(&header, in, &err);

	assert_inside(header.volume, in);
	assert_inside(header.storage, in);
	if (!status)
		return;
	assert_error(&err, status, in);
	assert_int_equal(header.catalog, 0);
}

static void header_truncated(struct bytes in)
{
	struct vss_header header;
	struct error err;

	assert_int_equal(vss_header_parse(&header, in, &err), E_TRUNCATED);
	header_damaged(in);
}

static void judges_the_header(void **state)
{
	static const struct {
		size_t off;
		uint32_t v;
		enum status status;
	} words[] = {
		{ 0x00, 0, E_ABSENT },      { 0x0c, 0, E_ABSENT },
		{ 0x10, 0, E_UNSUPPORTED }, { 0x10, 2, OK },
		{ 0x10, 3, E_UNSUPPORTED }, { 0x14, 2, E_UNSUPPORTED },
		{ 0x18, 0xffffffff, OK },   { 0x30, 0, OK },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = sample_load("vss/header.bin");
		struct vss_header header;
		struct error err;

		sample_le32(in, words[i].off, words[i].v);
		assert_int_equal(vss_header_parse(&header, in, &err),
		                 words[i].status);
		sample_free(in);
	}
}

/* -------------------------------------------------------------- catalog */

static void reads_the_catalog(void **state)
{
	struct bytes in = load_block("vss/catalog.bin");
	struct vss_block block;
	struct vss_entry e;
	struct error err;
	struct cursor c;

	(void)state;
	assert_int_equal(vss_block_parse(&block, in, VSS_CATALOG, &err), OK);
	assert_int_equal(block.place, 0x6e30000);
	assert_int_equal(block.next, 0x6e34000);
	assert_range(block.body, in, 0x80, 0x4000 - 0x80);
	c = cursor_open(block.body);
	assert_true(vss_entry_next(&e, &c));
	assert_false(e.store);
	assert_guid(e.id, "{600f0b69-5bdf-11e3-9d6c-005056c00008}");
	assert_int_equal(e.size, 1073741824);
	assert_int_equal(e.made, 130305261097363787);
	assert_true(vss_entry_next(&e, &c));
	assert_true(e.store);
	assert_guid(e.id, "{600f0b69-5bdf-11e3-9d6c-005056c00008}");
	assert_int_equal(e.header, 0x31560000);
	assert_int_equal(e.list, 0x31564000);
	assert_int_equal(e.ranges, 0x31568000);
	assert_int_equal(e.bitmap, 0x3156c000);
	assert_int_equal(e.previous, 0);
	assert_true(vss_entry_next(&e, &c));
	assert_int_equal(e.made, 130305262689190583);
	assert_true(vss_entry_next(&e, &c));
	assert_int_equal(e.previous, 0x6e54000);
	assert_false(vss_entry_next(&e, &c));
	free((void *)(uintptr_t)in.p);
}

static void judges_the_type(void **state)
{
	struct bytes in = load_block("vss/catalog.bin");
	struct vss_block block;
	struct error err;

	(void)state;
	assert_int_equal(vss_block_parse(&block, in, VSS_STORE, &err),
	                 E_CORRUPT);
	assert_int_equal(block.next, 0);
	free((void *)(uintptr_t)in.p);
}

/* ---------------------------------------------------------------- store */

static void reads_the_store(void **state)
{
	struct bytes in = load_block("vss/store.bin");
	struct vss_block block;
	struct vss_info info;
	struct error err;

	(void)state;
	assert_int_equal(vss_block_parse(&block, in, VSS_STORE, &err), OK);
	assert_int_equal(block.info, 100);
	assert_int_equal(vss_info_parse(&info, &block, &err), OK);
	assert_guid(info.copy, "{4e3c03c2-7bc6-4288-ad96-c1eac1a55f71}");
	assert_guid(info.set, "{0a4e3901-6abb-48fc-95c2-6ab9e38e9e71}");
	assert_int_equal(info.context, 9);
	assert_int_equal(info.attributes, 0x00420009);
	assert_text(info.machine, "infinity");
	assert_text(info.service, "infinity");
	free((void *)(uintptr_t)in.p);
}

static void block_damaged(struct bytes in)
{
	struct vss_block block;
	struct vss_info info;
	struct vss_entry e;
	struct error err = { 0 };
	struct cursor c;

	if (vss_block_parse(&block, in, VSS_STORE, &err)) {
		assert_error(&err, err.status, in);
		assert_int_equal(block.body.n, 0);
		return;
	}
	(void)!vss_info_parse(&info, &block, &err);
	assert_inside(info.copy, in);
	assert_inside(info.set, in);
	assert_inside(info.machine, in);
	assert_inside(info.service, in);
	c = cursor_open(block.body);
	while (vss_entry_next(&e, &c))
		assert_inside(e.id, in);
}

static void block_truncated(struct bytes in)
{
	struct vss_block block;
	struct error err;

	assert_int_equal(vss_block_parse(&block, in, VSS_STORE, &err),
	                 E_TRUNCATED);
	block_damaged(in);
}

/* The information is cut at each length that it can have. */
static void needs_all_of_the_information(void **state)
{
	struct bytes in = load_block("vss/store.bin");
	struct vss_block block;
	struct vss_info info;
	struct error err;

	(void)state;
	assert_int_equal(vss_block_parse(&block, in, VSS_STORE, &err), OK);
	for (block.info = 0; block.info < 100; block.info++) {
		assert_int_equal(vss_info_parse(&info, &block, &err),
		                 E_TRUNCATED);
		assert_int_equal(info.copy.n, 0);
	}
	block.info = UINT64_MAX;
	assert_int_equal(vss_info_parse(&info, &block, &err), E_CORRUPT);
	free((void *)(uintptr_t)in.p);
}

static void survives_damage(void **state)
{
	struct bytes header = sample_load("vss/header.bin");
	struct bytes store = load_block("vss/store.bin");

	(void)state;
	each_truncation(header, header_truncated);
	each_corruption(header, header.n, header_damaged);
	each_truncation(store, block_truncated);
	each_corruption(store, 0x80 + 100, block_damaged);
	sample_free(header);
	free((void *)(uintptr_t)store.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_header),
		cmocka_unit_test(judges_the_header),
		cmocka_unit_test(reads_the_catalog),
		cmocka_unit_test(judges_the_type),
		cmocka_unit_test(reads_the_store),
		cmocka_unit_test(needs_all_of_the_information),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests_name("vss", tests, NULL, NULL);
}
