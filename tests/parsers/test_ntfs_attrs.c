/* SPDX-License-Identifier: MIT */
/*
 * test_ntfs_attrs.c - the attributes of MFT records
 */
#include "tests/parsers/record.h"

#include <stdio.h>

/* As istat(1) prints them: type-id, name, form, size, initialised size. */
static const struct expected {
	const char *file;
	uint32_t type;
	uint16_t id;
	const char *name;
	bool resident;
	uint64_t size, initialized;
	uint16_t flags;
} golden[] = {
	{ "mft", 0x10, 0, "", true, 72, 0, 0 },
	{ "mft", 0x30, 3, "", true, 74, 0, 0 },
	{ "mft", 0x80, 6, "", false, 262144, 262144, 0 },
	{ "mft", 0xb0, 5, "", false, 4104, 4104, 0 },
	{ "list", 0x10, 0, "", true, 72, 0, 0 },
	{ "list", 0x20, 10, "", true, 224, 0, 0 },
	{ "list", 0x30, 2, "", true, 82, 0, 0 },
	{ "list", 0x40, 4, "", true, 16, 0, 0 },
	{ "list", 0x80, 3, "", false, 5000, 5000, 0 },
	{ "list", 0x80, 7, "222", true, 56, 0, 0 },
	{ "extension", 0x80, 0, "111", false, 5005, 5005, 0 },
	{ "sparse", 0x10, 0, "", true, 48, 0, 0 },
	{ "sparse", 0x30, 3, "", true, 88, 0, 0 },
	{ "sparse", 0x50, 1, "", true, 80, 0, 0 },
	{ "sparse", 0x80, 2, "", false, 500005, 500005, NTFS_ATTR_SPARSE },
	{ "hole", 0x10, 0, "", true, 72, 0, 0 },
	{ "hole", 0x30, 3, "", true, 82, 0, 0 },
	{ "hole", 0x80, 2, "", true, 0, 0, 0 },
	{ "hole", 0x80, 1, "$Bad", false, 2096640, 0, 0 },
	{ "directory", 0x10, 0, "", true, 48, 0, 0 },
	{ "directory", 0x30, 1, "", true, 68, 0, 0 },
	{ "directory", 0x50, 2, "", false, 4140, 4140, 0 },
	{ "directory", 0x90, 3, "$I30", true, 56, 0, 0 },
	{ "directory", 0xa0, 5, "$I30", false, 4096, 4096, 0 },
	{ "directory", 0xb0, 4, "$I30", true, 8, 0, 0 },
	{ "streams", 0x10, 0, "", true, 48, 0, 0 },
	{ "streams", 0x30, 3, "", true, 84, 0, 0 },
	{ "streams", 0x50, 1, "", true, 80, 0, 0 },
	{ "streams", 0x80, 2, "", true, 12, 0, 0 },
	{ "streams", 0x80, 4, "ads", true, 16, 0, 0 },
};

static void assert_attr(const struct ntfs_attr *a, const struct expected *e)
{
	assert_int_equal(a->type, e->type);
	assert_int_equal(a->id, e->id);
	assert_text(a->name, e->name);
	assert_true(ntfs_attr_named(a, e->name));
	assert_int_equal(a->resident, e->resident);
	assert_int_equal(a->resident ? a->value.n : a->size, e->size);
	assert_int_equal(a->initialized, e->initialized);
	assert_int_equal(a->flags, e->flags);
	assert_int_equal(a->lowest_vcn, 0);
	assert_int_equal(a->compression_unit,
	                 e->flags & NTFS_ATTR_SPARSE ? 4 : 0);
}

/* The rows of golden[] from i on that are of one file; returns the next. */
static size_t walk_file(size_t i)
{
	char path[64] = { 0 };
	const char *file = golden[i].file;
	struct ntfs_attrs it;
	struct ntfs_attr attr;
	struct record r;

	(void)snprintf(path, sizeof(path), "ntfs/record-%s.bin", file);
	r = record_load(path);
	it = ntfs_attrs_open(&r.rec);
	while (ntfs_attrs_next(&it, &attr)) {
		assert_true(i < COUNT(golden));
		assert_string_equal(golden[i].file, file);
		assert_attr(&attr, &golden[i++]);
		assert_inside(attr.name, r.bytes);
		assert_inside(attr.value, r.bytes);
		assert_inside(attr.pairs, r.bytes);
	}
	assert_int_equal(it.err.status, OK);
	assert_false(ntfs_attrs_next(&it, &attr));
	sample_free(r.bytes);
	return i;
}

static void reads_real_records(void **state)
{
	size_t i = 0;

	(void)state;
	while (i < COUNT(golden))
		i = walk_file(i);
}

static void reads_non_resident_fields(void **state)
{
	struct record r = record_load("ntfs/record-list.bin");
	struct ntfs_attr a = record_attr(&r.rec, NTFS_DATA, "");

	(void)state;
	assert_int_equal(a.highest_vcn, 1);
	assert_int_equal(a.allocated, 8192);
	assert_range(a.pairs, r.bytes, 0x268, 8);
	a = record_attr(&r.rec, NTFS_DATA, "222");
	assert_range(a.value, r.bytes, 0x290, 56);
	assert_range(a.name, r.bytes, 0x288, 6);
	sample_free(r.bytes);
}

static void names_match_to_the_letter(void **state)
{
	static const struct {
		const char *name;
		bool same;
	} cases[] = { { "$Bad", true },
		      { "$Ba", false },
		      { "$Bad2", false },
		      { "$bad", false },
		      { "", false } };
	struct record r = record_load("ntfs/record-hole.bin");
	struct ntfs_attr a = record_attr(&r.rec, NTFS_DATA, "$Bad");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(ntfs_attr_named(&a, cases[i].name),
		                 cases[i].same);
	a.name = sample_copy(a.name, a.name.n);
	/* The low byte alone is not the letter. */
	sample_le16(a.name, 2, 0x0142);
	assert_false(ntfs_attr_named(&a, "$Bad"));
	sample_free(a.name);
	sample_free(r.bytes);
}

static void assert_walk(const struct ntfs_record *rec, struct bytes in)
{
	struct ntfs_attrs it = ntfs_attrs_open(rec);
	struct ntfs_attr attr;
	size_t n = 0;

	while (ntfs_attrs_next(&it, &attr)) {
		assert_inside(attr.name, in);
		assert_inside(attr.value, in);
		assert_inside(attr.pairs, in);
		assert_true(attr.resident || attr.compression_unit <= 16);
		assert_true(++n <= in.n / 0x18);
	}
	assert_false(ntfs_attrs_next(&it, &attr));
	if (it.err.status)
		assert_error(&it.err, it.err.status, in);
}

static void corrupted(struct bytes in)
{
	struct ntfs_record rec;
	uint8_t buf[RECORD_MAX];

	if (record_try(&rec, buf, in))
		assert_walk(&rec, (struct bytes){ buf, in.n, in.at });
}

static void survives_corruptions(void **state)
{
	static const char *const files[] = { "ntfs/record-list.bin",
		                             "ntfs/record-mft.bin",
		                             "ntfs/record-directory.bin" };

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		struct bytes in = sample_load(files[i]);

		each_corruption(in, in.n, corrupted);
		sample_free(in);
	}
}

/* The list cut anywhere: what is whole before the cut is still read. */
static void truncated(struct bytes in)
{
	struct ntfs_record rec = { .attrs = in };
	struct ntfs_attrs it = ntfs_attrs_open(&rec);
	struct ntfs_attr attr;

	while (ntfs_attrs_next(&it, &attr))
		assert_inside(attr.value, in);
	/* The end marker begins at 0x290 of the list. */
	if (in.n >= 0x294)
		assert_int_equal(it.err.status, OK);
	else
		assert_error(&it.err, it.err.status, in);
}

static void survives_truncations(void **state)
{
	struct record r = record_load("ntfs/record-list.bin");

	(void)state;
	assert_int_equal(r.rec.attrs.at - r.bytes.at, 0x38);
	each_truncation(r.rec.attrs, truncated);
	sample_free(r.bytes);
}

/*
 * One field of the fifth attribute ($DATA, not resident, at 0x228) or of the
 * sixth ("222", resident, at 0x270) changed: those before are still good.
 */
static const struct {
	size_t off, width;
	uint64_t v;
	enum status status;
	size_t at; /* of the error; 0: not the field's own place */
} fields[] = {
	{ 0x22c, 4, 0, E_CORRUPT, 0x22c },
	{ 0x22c, 4, 0x10, E_CORRUPT, 0x22c },
	{ 0x22c, 4, 0x4c, E_CORRUPT, 0x22c },
	{ 0x22c, 4, 0x400, E_CORRUPT, 0x22c },
	{ 0x22c, 4, 0xfffffff8, E_CORRUPT, 0x22c },
	{ 0x22c, 4, 0x18, E_CORRUPT, 0 },
	{ 0x230, 4, 2, E_CORRUPT, 0x230 },
	{ 0x230, 4, 0x00404001, E_CORRUPT, 0 }, /* a name past its end */
	{ 0x238, 8, 3, E_CORRUPT, 0 }, /* lowest VCN over the highest */
	{ 0x238, 8, 2, OK, 0 },        /* no clusters at all */
	{ 0x238, 8, UINT64_MAX, E_CORRUPT, 0 },
	{ 0x240, 8, UINT64_MAX, OK, 0 }, /* of an empty stream */
	{ 0x240, 8, INT64_MAX, E_CORRUPT, 0 },
	{ 0x240, 8, INT64_MAX - 1, OK, 0 },
	{ 0x248, 4, 0x49, E_CORRUPT, 0 },
	{ 0x248, 4, 0x3f, E_CORRUPT, 0 },
	{ 0x248, 4, 0x48, OK, 0 },
	{ 0x248, 4, 0x100040, OK, 0 },
	{ 0x248, 4, 0x110040, E_CORRUPT, 0 },
	{ 0x250, 8, UINT64_MAX, E_CORRUPT, 0 },
	{ 0x250, 8, INT64_MAX, OK, 0 },
	{ 0x258, 8, UINT64_MAX, E_CORRUPT, 0 },
	{ 0x258, 8, INT64_MAX, OK, 0 },
	{ 0x260, 8, UINT64_MAX, E_CORRUPT, 0 },
	{ 0x260, 8, INT64_MAX, OK, 0 },
	{ 0x280, 4, 0x39, E_CORRUPT, 0 },
	{ 0x280, 4, UINT32_MAX, E_CORRUPT, 0 },
	{ 0x284, 2, 0x21, E_CORRUPT, 0 },
	{ 0x284, 2, 0x17, E_CORRUPT, 0 },
	{ 0x284, 2, 0xffff, E_CORRUPT, 0 },
};

static void judges_each_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct record r = record_load("ntfs/record-list.bin");
		struct ntfs_attrs it = ntfs_attrs_open(&r.rec);
		struct ntfs_attr attr;
		size_t n = 0;

		if (fields[i].width == 8)
			sample_le64(r.bytes, fields[i].off, fields[i].v);
		else if (fields[i].width == 4)
			sample_le32(r.bytes, fields[i].off,
			            (uint32_t)fields[i].v);
		else
			sample_le16(r.bytes, fields[i].off,
			            (uint16_t)fields[i].v);
		while (ntfs_attrs_next(&it, &attr))
			n++;
		assert_int_equal(it.err.status, fields[i].status);
		assert_true(n >= 4);
		assert_int_equal(attr.type, 0);
		if (fields[i].status) {
			assert_error(&it.err, fields[i].status, r.bytes);
			assert_true(n < 6);
			if (fields[i].at)
				assert_int_equal(it.err.at,
				                 r.bytes.at + fields[i].at);
		} else {
			assert_int_equal(n, 6);
		}
		sample_free(r.bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_real_records),
		cmocka_unit_test(reads_non_resident_fields),
		cmocka_unit_test(names_match_to_the_letter),
		cmocka_unit_test(survives_corruptions),
		cmocka_unit_test(survives_truncations),
		cmocka_unit_test(judges_each_field),
	};

	return cmocka_run_group_tests_name("ntfs_attrs", tests, NULL, NULL);
}
