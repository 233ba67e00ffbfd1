/* SPDX-License-Identifier: MIT */
/*
 * test_ntfs_values.c - attribute lists, standard information, names
 */
#include "tests/parsers/record.h"

#include <string.h>

#include "parsers/limits.h"

/* As istat(1) prints the list of record-list.bin; names from its streams. */
static const struct {
	uint32_t type;
	uint16_t id;
	uint64_t record;
	uint16_t sequence;
	const char *name;
} golden[] = {
	{ 0x10, 0, 38, 2, "" },      { 0x30, 2, 38, 2, "" },
	{ 0x40, 4, 38, 2, "" },      { 0x80, 3, 38, 2, "" },
	{ 0x80, 0, 39, 102, "111" }, { 0x80, 7, 38, 2, "222" },
	{ 0x80, 0, 40, 102, "333" },
};

static struct bytes load_value(const char *file, uint32_t type)
{
	struct record r = record_load(file);
	struct ntfs_attr attr = record_attr(&r.rec, type, "");
	struct bytes value = sample_copy(attr.value, attr.value.n);

	sample_free(r.bytes);
	return value;
}

static void reads_a_real_list(void **state)
{
	struct bytes in =
		load_value("ntfs/record-list.bin", NTFS_ATTRIBUTE_LIST);
	struct ntfs_list it = ntfs_list_open(in);
	struct ntfs_list_entry e;
	size_t n = 0;

	(void)state;
	while (ntfs_list_next(&it, &e)) {
		assert_true(n < COUNT(golden));
		assert_int_equal(e.type, golden[n].type);
		assert_int_equal(e.id, golden[n].id);
		assert_int_equal(e.lowest_vcn, 0);
		assert_int_equal(NTFS_REF_RECORD(e.ref), golden[n].record);
		assert_int_equal(NTFS_REF_SEQUENCE(e.ref), golden[n].sequence);
		assert_text(e.name, golden[n].name);
		assert_inside(e.name, in);
		n++;
	}
	assert_int_equal(n, COUNT(golden));
	assert_int_equal(it.err.status, OK);
	sample_free(in);
}

static void walk_list(struct bytes in)
{
	struct ntfs_list it = ntfs_list_open(in);
	struct ntfs_list_entry e;
	size_t n = 0;

	while (ntfs_list_next(&it, &e)) {
		assert_inside(e.name, in);
		assert_true(++n <= in.n / 0x1a);
	}
	assert_false(ntfs_list_next(&it, &e));
	assert_int_equal(e.type, 0);
	if (it.err.status)
		assert_error(&it.err, it.err.status, in);
	if (!it.err.status)
		assert_true(it.c.pos == in.n);
}

/* Each entry of the sample is 0x20 bytes. */
static void truncated_list(struct bytes in)
{
	struct ntfs_list it = ntfs_list_open(in);
	struct ntfs_list_entry e;
	size_t n = 0;

	while (ntfs_list_next(&it, &e))
		n++;
	assert_int_equal(n, in.n / 0x20);
	assert_int_equal(it.err.status, in.n % 0x20 ? E_TRUNCATED : OK);
	walk_list(in);
}

static void survives_damage_to_a_list(void **state)
{
	struct bytes in =
		load_value("ntfs/record-list.bin", NTFS_ATTRIBUTE_LIST);

	(void)state;
	each_truncation(in, truncated_list);
	each_corruption(in, in.n, walk_list);
	sample_free(in);
}

static void refuses_a_list_over_the_limit(void **state)
{
	static const uint8_t raw[LIMIT_ATTRIBUTE_LIST + 1];
	struct ntfs_list it = ntfs_list_open(BYTES(raw));
	struct ntfs_list_entry e;

	(void)state;
	assert_false(ntfs_list_next(&it, &e));
	assert_error(&it.err, E_LIMIT, BYTES(raw));
	it = ntfs_list_open((struct bytes){ raw, LIMIT_ATTRIBUTE_LIST, 0 });
	assert_int_equal(it.err.status, OK);
}

/* An entry of length 0 would be walked for ever. */
static void ends_at_an_impossible_length(void **state)
{
	static const uint16_t lengths[] = { 0, 1, 0x19, 0xe1, 0xffff };

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		struct bytes in =
			load_value("ntfs/record-list.bin", NTFS_ATTRIBUTE_LIST);
		struct ntfs_list it = ntfs_list_open(in);
		struct ntfs_list_entry e;

		sample_le16(in, 0x20 + 4, lengths[i]);
		assert_true(ntfs_list_next(&it, &e));
		assert_false(ntfs_list_next(&it, &e));
		assert_error(&it.err, it.err.status, in);
		assert_int_equal(it.err.at, in.at + 0x20);
		sample_free(in);
	}
}

static void reads_standard_information(void **state)
{
	struct bytes in =
		load_value("ntfs/record-list.bin", NTFS_STANDARD_INFORMATION);
	struct ntfs_standard si;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(ntfs_standard_parse(&si, in, &err), OK);
	/* 02:11:03.5407460 and 02:16:17.9724723 of 2023-06-23 */
	assert_int_equal(si.created, UINT64_C(133319598635407460));
	assert_int_equal(si.modified, UINT64_C(133319601779724723));
	assert_int_equal(si.changed, UINT64_C(133319601779724723));
	assert_int_equal(si.accessed, UINT64_C(133319601779724723));
	assert_int_equal(si.attributes, 0x20);
	sample_free(in);
}

static void truncated_standard(struct bytes in)
{
	struct ntfs_standard si;
	struct error err = { 0 };
	enum status status = ntfs_standard_parse(&si, in, &err);

	assert_int_equal(status, in.n < 0x24 ? E_TRUNCATED : OK);
	if (status) {
		assert_error(&err, status, in);
		assert_int_equal(si.created, 0);
	}
}

static void judges_standard_information(void **state)
{
	struct bytes in =
		load_value("ntfs/record-list.bin", NTFS_STANDARD_INFORMATION);
	struct ntfs_standard si;
	struct error err = { 0 };

	(void)state;
	each_truncation(in, truncated_standard);
	each_corruption(in, in.n, truncated_standard);
	sample_le32(in, 0x20, 0x4020);
	assert_int_equal(ntfs_standard_parse(&si, in, &err), OK);
	assert_true(si.attributes & NTFS_FILE_ENCRYPTED);
	sample_free(in);
}

static void reads_names(void **state)
{
	static const uint8_t chinese[] = { 0x65, 0x51, 0x61, 0x4e,
		                           0x8f, 0x96, 0xd7, 0x4f };
	struct bytes in = load_value("ntfs/record-list.bin", NTFS_FILE_NAME);
	struct error err = { 0 };
	struct ntfs_name fn;

	(void)state;
	assert_int_equal(ntfs_name_parse(&fn, in, &err), OK);
	assert_text(fn.name, "Nine.txt");
	assert_int_equal(NTFS_REF_RECORD(fn.parent), NTFS_RECORD_ROOT);
	assert_int_equal(NTFS_REF_SEQUENCE(fn.parent), 5);
	assert_int_equal(fn.namespace_, NTFS_NAME_POSIX);
	sample_free(in);

	in = load_value("ntfs/record-first.bin", NTFS_FILE_NAME);
	assert_int_equal(ntfs_name_parse(&fn, in, &err), OK);
	assert_int_equal(fn.name.n, 34);
	assert_memory_equal(fn.name.p, chinese, sizeof(chinese));
	assert_int_equal(NTFS_REF_RECORD(fn.parent), 64);
	sample_free(in);
}

static void damaged_name(struct bytes in)
{
	struct error err = { 0 };
	struct ntfs_name fn;
	enum status status = ntfs_name_parse(&fn, in, &err);

	assert_inside(fn.name, in);
	if (status) {
		assert_error(&err, status, in);
		assert_int_equal(fn.name.n, 0);
	} else {
		assert_true(fn.name.n >= 2 && fn.name.n <= 510);
		assert_true(fn.namespace_ <= NTFS_NAME_WIN32_DOS);
	}
}

static void truncated_name(struct bytes in)
{
	struct error err = { 0 };
	struct ntfs_name fn;

	assert_int_equal(ntfs_name_parse(&fn, in, &err), E_TRUNCATED);
	damaged_name(in);
}

static void judges_names(void **state)
{
	struct bytes in = load_value("ntfs/record-list.bin", NTFS_FILE_NAME);
	struct error err = { 0 };
	struct ntfs_name fn;

	(void)state;
	each_truncation(in, truncated_name);
	each_corruption(in, in.n, damaged_name);
	sample_le16(in, 0x40, 0x0000);
	assert_int_equal(ntfs_name_parse(&fn, in, &err), E_CORRUPT);
	assert_int_equal(err.at, in.at + 0x40);
	sample_le16(in, 0x40, 0x0401);
	assert_int_equal(ntfs_name_parse(&fn, in, &err), E_CORRUPT);
	sample_le16(in, 0x40, 0x0301);
	assert_int_equal(ntfs_name_parse(&fn, in, &err), OK);
	assert_text(fn.name, "N");
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_real_list),
		cmocka_unit_test(survives_damage_to_a_list),
		cmocka_unit_test(refuses_a_list_over_the_limit),
		cmocka_unit_test(ends_at_an_impossible_length),
		cmocka_unit_test(reads_standard_information),
		cmocka_unit_test(judges_standard_information),
		cmocka_unit_test(reads_names),
		cmocka_unit_test(judges_names),
	};

	return cmocka_run_group_tests_name("ntfs_values", tests, NULL, NULL);
}
