/* SPDX-License-Identifier: MIT */
/*
 * test_hive_cell.c - keys, values and lists of a hive, whole and damaged
 *
 * Made by hand in the layout of the specification; real ones are read in
 * tests/analyzer/test_hive.c.
 */
#include "tests/parsers/sample.h"

#include "parsers/hive_cell.h"

#define LE16(v) ((v)&0xff), ((v) >> 8 & 0xff)
#define LE32(v) LE16((v)&0xffff), LE16((uint32_t)(v) >> 16)

/* clang-format off */
static const uint8_t nk[] = {
	'n', 'k', LE16(0x20), LE32(0x11), LE32(0x22),
	/* 0c */ LE32(0), LE32(0x500), LE32(3), LE32(0), LE32(0x100),
	/* 20 */ LE32(0xffffffff), LE32(2), LE32(0x200), LE32(0x300),
	/* 30 */ LE32(0x400), LE32(0), LE32(0), LE32(0), LE32(0), LE32(0),
	/* 48 */ LE16(3), LE16(16), 'L', 's', 'a',
};
static const uint8_t vk[] = {
	'v', 'k', LE16(4), LE32(100), LE32(0x700), LE32(3),
	/* 10 */ LE16(0), LE16(0), 'B', 0, 'l', 0,
};
static const uint8_t lh[] = {
	'l', 'h', LE16(2), LE32(0x10), LE32(0xaa), LE32(0x20), LE32(0xbb),
};
static const uint8_t ri[] = { 'r', 'i', LE16(1), LE32(0x30) };
static const uint8_t li[] = { 'l', 'i', LE16(1), LE32(0x40) };
static const uint8_t db[] = { 'd', 'b', LE16(3), LE32(0x50) };
/* clang-format on */

static void reads_a_key(void **state)
{
	struct bytes in = sample_copy(BYTES(nk), sizeof(nk));
	struct hive_nk key;
	struct error err;

	(void)state;
	assert_int_equal(hive_nk_parse(&key, in, &err), OK);
	assert_int_equal(key.written, UINT64_C(0x2200000011));
	assert_int_equal(key.subs, 3);
	assert_int_equal(key.subs_at, 0x100);
	assert_int_equal(key.values, 2);
	assert_int_equal(key.values_at, 0x200);
	assert_int_equal(key.class_at, 0x400);
	assert_int_equal(key.class_size, 16);
	assert_range(key.name.text, in, 0x4c, 3);
	assert_false(key.name.utf16);
	sample_free(in);
}

static void reads_a_value(void **state)
{
	struct bytes in = sample_copy(BYTES(vk), sizeof(vk));
	struct hive_vk value;
	struct error err;

	(void)state;
	assert_int_equal(hive_vk_parse(&value, in, &err), OK);
	assert_int_equal(value.size, 100);
	assert_int_equal(value.data_at, 0x700);
	assert_int_equal(value.type, 3);
	assert_range(value.name.text, in, 0x14, 4);
	assert_true(value.name.utf16);
	sample_le32(in, 4, 0x80000004);
	assert_int_equal(hive_vk_parse(&value, in, &err), OK);
	assert_int_equal(value.size, 4);
	assert_int_equal(value.data_at, HIVE_NO_CELL);
	assert_range(value.local, in, 8, 4);
	sample_le32(in, 4, 0x80000005);
	assert_int_equal(hive_vk_parse(&value, in, &err), E_CORRUPT);
	sample_le32(in, 4, 0xffffffff);
	assert_int_equal(hive_vk_parse(&value, in, &err), E_CORRUPT);
	sample_free(in);
}

static void reads_lists(void **state)
{
	struct hive_list list;
	struct error err;

	(void)state;
	assert_int_equal(hive_list_parse(&list, BYTES(lh), &err), OK);
	assert_int_equal(list.kind, HIVE_LIST_KEYS);
	assert_int_equal(list.count, 2);
	assert_int_equal(hive_list_get(&list, 0), 0x10);
	assert_int_equal(hive_list_get(&list, 1), 0x20);
	assert_int_equal(hive_list_get(&list, 2), HIVE_NO_CELL);
	assert_int_equal(hive_list_parse(&list, BYTES(li), &err), OK);
	assert_int_equal(list.kind, HIVE_LIST_KEYS);
	assert_int_equal(hive_list_get(&list, 0), 0x40);
	assert_int_equal(hive_list_parse(&list, BYTES(ri), &err), OK);
	assert_int_equal(list.kind, HIVE_LIST_LISTS);
	assert_int_equal(hive_list_get(&list, 0), 0x30);
	assert_int_equal(hive_list_parse(&list, BYTES(db), &err), OK);
	assert_int_equal(list.kind, HIVE_LIST_DATA);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.at, 0x50);
	assert_int_equal(hive_list_get(&list, 0), HIVE_NO_CELL);
}

/* Each as each kind: nothing but one's own is taken, and cut never. */
static void truncated(struct bytes in)
{
	struct hive_nk key;
	struct hive_vk value;
	struct hive_list list;
	struct error err;

	assert_int_not_equal(hive_nk_parse(&key, in, &err), OK);
	assert_error(&err, in.n < 2 || in.p[0] != 'n' ? E_CORRUPT : E_TRUNCATED,
	             in);
	assert_int_not_equal(hive_vk_parse(&value, in, &err), OK);
	assert_error(&err, err.status, in);
	assert_int_not_equal(hive_list_parse(&list, in, &err), OK);
	assert_error(&err, err.status, in);
	assert_int_equal(list.count, 0);
}

static void corrupted(struct bytes in)
{
	struct hive_nk key;
	struct hive_vk value;
	struct hive_list list;
	struct error err;

	if (!hive_nk_parse(&key, in, &err))
		assert_inside(key.name.text, in);
	if (!hive_vk_parse(&value, in, &err)) {
		assert_inside(value.name.text, in);
		assert_inside(value.local, in);
		assert_true(value.local.n <= 4);
	}
	if (!hive_list_parse(&list, in, &err))
		for (uint32_t i = 0; i <= list.count; i++)
			(void)hive_list_get(&list, i);
}

static void survives_damage(void **state)
{
	static const struct {
		const uint8_t *p;
		size_t n;
	} all[] = {
		{ nk, sizeof(nk) }, { vk, sizeof(vk) }, { lh, sizeof(lh) },
		{ ri, sizeof(ri) }, { li, sizeof(li) }, { db, sizeof(db) },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct bytes b = { all[i].p, all[i].n, SAMPLE_AT };
		struct bytes in = sample_copy(b, b.n);

		each_truncation(in, truncated);
		each_corruption(in, in.n, corrupted);
		sample_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_key),
		cmocka_unit_test(reads_a_value),
		cmocka_unit_test(reads_lists),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
