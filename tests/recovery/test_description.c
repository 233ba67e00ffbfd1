/* SPDX-License-Identifier: MIT */
/*
 * test_description.c - a key ring that is cut never looks like a whole one
 */
#include "tests/recovery/material.h"

#include "recovery/description.h"

#define SAMPLE "efs-win10-aes256/efs-attribute.bin"

static void a_whole_ring(void **state)
{
	struct bytes in = material(SAMPLE);
	struct description d;

	(void)state;
	description_init(&d, in);
	assert_int_equal(d.entries->len, 3); /* two users, an agent */
	assert_false(d.ring_cut);
	assert_null(d.reason);
	description_release(&d);
	material_free(in);
}

static void every_truncation(void **state)
{
	struct bytes in = material(SAMPLE);

	(void)state;
	for (size_t n = 0; n < in.n; n++) {
		struct bytes copy = material_copy(in, n);
		struct description d;

		description_init(&d, copy);
		assert_true(d.ring_cut);
		description_release(&d);
		material_free(copy);
	}
	material_free(in);
}

/* The users' ring is whole, and that of the agents ends in its middle. */
static void one_ring_of_two(void **state)
{
	struct bytes in = material(SAMPLE);
	struct description d;

	(void)state;
	*material_at(in, 0x42c) = 7; /* entries, of which there is one */
	description_init(&d, in);
	assert_int_equal(d.entries->len, 3);
	assert_true(d.ring_cut);
	assert_int_equal(d.outcome, OUTCOME_METADATA_DAMAGED);
	description_release(&d);
	material_free(in);
}

/* A hash as of Windows 2000, in metadata that says to end before it. */
static void every_length(void **state)
{
	struct bytes in = material(SAMPLE);

	(void)state;
	memset(material_at(in, 0x20), 0x5a, 16);
	for (size_t n = 0; n < 0x100; n++) {
		struct description d;

		*material_at(in, 0) = (uint8_t)n;
		*material_at(in, 1) = 0;
		description_init(&d, in);
		assert_true(d.hash_wrong || !d.efs.version);
		description_release(&d);
	}
	material_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_ring),
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(one_ring_of_two),
		cmocka_unit_test(every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
