/* SPDX-License-Identifier: MIT */
/*
 * test_extents.c - the parts of a stream, in whatever order they come
 */
#include "analyzer/extents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* */
#include <cmocka.h>

static struct extents list_of(const struct extent *e, guint n)
{
	struct extents extents = { 0 };

	extents.list = g_array_new(FALSE, FALSE, sizeof(*e));
	g_array_append_vals(extents.list, e, n);
	return extents;
}

static enum status read_place(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                              struct error *err)
{
	(void)ctx, (void)err;
	memset(buf, (int)(at / 512), n);
	return OK;
}

static void test_order(void **state)
{
	static const struct extent mixed[] = { { 1024, 5120, 512 },
		                               { 0, 512, 512 },
		                               { 512, EXTENT_HOLE, 512 } };
	struct extents x = list_of(mixed, 3);
	uint8_t buf[1536];
	struct error err;

	(void)state;
	assert_int_equal(extents_sort(&x, &err), OK);
	assert_int_equal(extents_find(&x, 1535)->at, 5120);
	assert_null(extents_find(&x, 1536));
	assert_int_equal(
		extents_read(&x, read_place, NULL, 0, buf, sizeof(buf), &err),
		OK);
	assert_int_equal(buf[0], 1);
	assert_int_equal(buf[512], 0);
	assert_int_equal(buf[1535], 10);
	assert_int_equal(
		extents_read(&x, read_place, NULL, 1, buf, sizeof(buf), &err),
		E_CORRUPT);
	extents_release(&x);
}

/* Which of the two holds the byte 512?  Nobody can say. */
static void test_overlap(void **state)
{
	static const struct extent twice[] = { { 512, 5120, 512 },
		                               { 0, 512, 1024 } };
	static const struct extent same[] = { { 0, 5120, 512 },
		                              { 0, 512, 512 } };
	static const struct extent huge[] = { { 0, 512, UINT64_MAX - 511 },
		                              { 512, 512, 512 } };
	const struct extent *lists[] = { twice, same, huge };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		struct extents x = list_of(lists[i], 2);
		struct error err;

		assert_int_equal(extents_sort(&x, &err), E_CORRUPT);
		assert_string_equal(err.what,
		                    "runs that overlap in the stream");
		extents_release(&x);
	}
}

static void test_none(void **state)
{
	struct extents x = { 0 };
	struct error err;

	(void)state;
	assert_int_equal(extents_sort(&x, &err), OK);
	assert_null(extents_find(&x, 0));
	extents_release(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
