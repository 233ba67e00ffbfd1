/* SPDX-License-Identifier: MIT */
/*
 * test_vmdk_text.c - descriptions of VMDK disks: by qemu-img, by hand, damaged
 */
#include "tests/parsers/sample.h"

#include "parsers/vmdk.h"

#define SAMPLE "vdisk/sparse.vmdk"

static struct bytes text_of(struct bytes in)
{
	struct cursor c = cursor_open(in);

	return cursor_tail(&c, 512);
}

static bool is(struct bytes b, const char *s)
{
	return b.n == strlen(s) && (!b.n || !memcmp(b.p, s, b.n));
}

static void reads_a_sample(void **state)
{
	struct bytes in = sample_load(SAMPLE);
	struct bytes rest = text_of(in);
	struct vmdk_line line;
	unsigned keys = 0, extents = 0;

	(void)state;
	assert_true(vmdk_is_text(rest));
	while (vmdk_text_next(&rest, &line)) {
		keys += !line.is_extent;
		extents += line.is_extent;
		if (is(line.key, "CID"))
			assert_true(is(line.value, "76847d47"));
		if (is(line.key, "createType"))
			assert_true(is(line.value, "monolithicSparse"));
		if (!line.is_extent)
			continue;
		assert_int_equal(line.type, VMDK_SPARSE);
		assert_int_equal(line.size, 4 << 20);
		assert_true(is(line.name, "tiny.vmdk"));
		assert_inside(line.name, in);
	}
	assert_int_equal(keys, 10);
	assert_int_equal(extents, 1);
	sample_free(in);
}

static void reads_each_line(void **state)
{
	static const struct {
		const char *text;
		bool found, extent;
		enum vmdk_extent_type type;
		uint64_t size, offset;
		const char *name; /* or value */
	} lines[] = {
		{ "RW 63 FLAT \"a b.vmdk\" 7", true, true, VMDK_FLAT, 63 * 512,
		  7 * 512, "a b.vmdk" },
		{ "RDONLY 1 VMFS \"x\"", true, true, VMDK_FLAT, 512, 0, "x" },
		{ "NOACCESS\t5  ZERO ", true, true, VMDK_ZERO, 2560, 0, "" },
		{ "RW 5 VMFSSPARSE \"x", true, true, VMDK_SPARSE, 2560, 0,
		  "x" },
		{ "RW 5 SESPARSE \"x\"", true, true, VMDK_OTHER, 2560, 0, "x" },
		{ "RW 5", true, true, VMDK_OTHER, 2560, 0, "" },
		{ "RW 99999999999999999999 FLAT \"x\" 0", false, false, 0, 0, 0,
		  "" },
		{ "RW x FLAT \"x\" 0", false, false, 0, 0, 0, "" },
		{ " a = \"b c\" ", true, false, 0, 0, 0, "b c" },
		{ "a=\"", true, false, 0, 0, 0, "\"" },
		{ "a=", true, false, 0, 0, 0, "" },
		{ "# a=b", false, false, 0, 0, 0, "" },
		{ "nothing", false, false, 0, 0, 0, "" },
		{ "", false, false, 0, 0, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct bytes whole = { (const uint8_t *)lines[i].text,
			               strlen(lines[i].text), SAMPLE_AT };
		struct bytes in = sample_copy(whole, whole.n);
		struct bytes rest = in;
		struct vmdk_line line;

		assert_int_equal(vmdk_text_next(&rest, &line), lines[i].found);
		if (lines[i].found) {
			assert_int_equal(line.is_extent, lines[i].extent);
			assert_int_equal(line.type, lines[i].type);
			assert_int_equal(line.size, lines[i].size);
			assert_int_equal(line.offset, lines[i].offset);
			assert_true(is(lines[i].extent ? line.name : line.value,
			               lines[i].name));
		}
		sample_free(in);
	}
}

static void walk(struct bytes in)
{
	struct bytes rest = in;
	struct vmdk_line line;

	(void)vmdk_is_text(in);
	while (vmdk_text_next(&rest, &line)) {
		assert_inside(line.key, in);
		assert_inside(line.value, in);
		assert_inside(line.name, in);
		assert_true(line.size <= INT64_MAX);
		assert_true(line.offset <= INT64_MAX);
	}
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load(SAMPLE);

	(void)state;
	each_truncation(text_of(in), walk);
	each_corruption(text_of(in), 200, walk);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_sample),
		cmocka_unit_test(reads_each_line),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests_name("vmdk_text", tests, NULL, NULL);
}
