/* SPDX-License-Identifier: MIT */
/*
 * test_bytes.c - ranges and the cursor, which everything else trusts
 */
#include "tests/parsers/sample.h"

#include "parsers/utf16.h"

static const uint8_t raw[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

static void reads_little_endian(void **state)
{
	struct cursor c = cursor_open(BYTES(raw));

	(void)state;
	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_le16(&c), 0x0302);
	assert_int_equal(cursor_le32(&c), 0x07060504);
	assert_int_equal(cursor_at(&c), SAMPLE_AT + 7);
	c = cursor_open(BYTES(raw));
	assert_int_equal(cursor_le64(&c), UINT64_C(0x0807060504030201));
	assert_false(c.bad);
}

static void goes_bad_once_and_for_all(void **state)
{
	struct cursor c = cursor_open(BYTES(raw));

	(void)state;
	cursor_skip(&c, 8);
	assert_int_equal(cursor_le32(&c), 0);
	assert_true(c.bad);
	assert_int_equal(cursor_u8(&c), 0);
	assert_int_equal(cursor_take(&c, 0).n, 0);
	assert_int_equal(cursor_tail(&c, 0).n, 0);
	assert_int_equal(cursor_at(&c), SAMPLE_AT + 8);
}

static void cuts_only_inside(void **state)
{
	static const struct {
		size_t off, n;
		bool good;
	} cases[] = {
		{ 0, 10, true },
		{ 0, 11, false },
		{ 10, 0, true },
		{ 11, 0, false },
		{ 9, 1, true },
		{ 9, 2, false },
		{ SIZE_MAX, 2, false },
		{ 2, SIZE_MAX, false },
		{ SIZE_MAX, SIZE_MAX, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes in = sample_copy(BYTES(raw), sizeof(raw));
		struct cursor c = cursor_open(in);
		struct bytes b = cursor_cut(&c, cases[i].off, cases[i].n);

		assert_int_equal(c.bad, !cases[i].good);
		assert_int_equal(b.n, cases[i].good ? cases[i].n : 0);
		assert_inside(b, in);
		assert_int_equal(c.pos, 0);
		sample_free(in);
	}
}

static void tail_runs_to_the_end(void **state)
{
	struct bytes in = BYTES(raw);
	struct cursor c = cursor_open(in);

	(void)state;
	assert_range(cursor_tail(&c, 3), in, 3, 7);
	assert_range(cursor_tail(&c, 10), in, 10, 0);
	assert_false(c.bad);
	assert_int_equal(cursor_tail(&c, 11).n, 0);
	assert_true(c.bad);
}

static void takes_from_the_back(void **state)
{
	struct bytes in = BYTES(raw);
	struct cursor c = cursor_open(in);

	(void)state;
	cursor_skip(&c, 2);
	assert_range(cursor_take_back(&c, 3), in, 7, 3);
	assert_range(cursor_take_back(&c, 0), in, 7, 0);
	assert_range(cursor_take_back(&c, 4), in, 3, 4);
	assert_false(c.bad);
	/* What is read is gone: one byte is left. */
	assert_int_equal(cursor_take_back(&c, 2).n, 0);
	assert_true(c.bad);
	assert_int_equal(cursor_take_back(&c, 1).n, 0);

	c = cursor_open(in);
	assert_range(cursor_take_back(&c, 10), in, 0, 10);
	assert_false(c.bad);
	assert_int_equal(cursor_take_back(&c, SIZE_MAX).n, 0);
	assert_true(c.bad);
}

static void nothing_is_a_range(void **state)
{
	struct cursor c = cursor_open((struct bytes){ 0 });

	(void)state;
	assert_int_equal(cursor_take(&c, 0).n, 0);
	assert_false(c.bad);
	assert_true(bytes_equal((struct bytes){ 0 }, (struct bytes){ 0 }));
	assert_false(bytes_equal(BYTES(raw), (struct bytes){ 0 }));
	assert_true(bytes_equal(BYTES(raw), BYTES(raw)));
}

static void a_string_ends_at_nul_or_container(void **state)
{
	static const uint8_t text[] = { 'a', 0, 0, 1, 'b', 0, 0, 0, 'c', 0 };
	static const struct {
		size_t n, expect;
	} cases[] = { { 10, 6 }, { 8, 6 }, { 7, 6 }, { 6, 6 },
		      { 5, 4 },  { 2, 2 }, { 1, 0 }, { 0, 0 } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes in = sample_copy(BYTES(text), cases[i].n);

		assert_int_equal(utf16_string(in).n, cases[i].expect);
		assert_inside(utf16_string(in), in);
		sample_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_little_endian),
		cmocka_unit_test(goes_bad_once_and_for_all),
		cmocka_unit_test(cuts_only_inside),
		cmocka_unit_test(tail_runs_to_the_end),
		cmocka_unit_test(takes_from_the_back),
		cmocka_unit_test(nothing_is_a_range),
		cmocka_unit_test(a_string_ends_at_nul_or_container),
	};

	return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
