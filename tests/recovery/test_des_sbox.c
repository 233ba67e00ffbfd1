/* SPDX-License-Identifier: MIT */
/*
 * test_des_sbox.c - every entry of both sets of S-box circuits, of FIPS 46-3
 */
#include "tests/recovery/material.h"
#include "tests/recovery/vectors_des.h"

/* One lane for each of the 64 inputs. */
typedef uint64_t slice;

static slice lut(slice a, slice b, slice c, unsigned f)
{
	slice v = 0;

	for (unsigned x = 0; x < 8; x++)
		if (f >> x & 1)
			v |= (x & 4 ? a : ~a) & (x & 2 ? b : ~b) &
			     (x & 1 ? c : ~c);
	return v;
}

#define LUT lut
#define BOX(name)                                                          \
	static void name(slice a1, slice a2, slice a3, slice a4, slice a5, \
	                 slice a6, slice *o1, slice *o2, slice *o3, slice *o4)
#define SBOX(name) BOX(two_##name)
#include "recovery/des_sbox_two.h"
#undef SBOX
#define SBOX(name) BOX(three_##name)
#include "recovery/des_sbox_three.h"

static void (*const boxes[2][8])(slice, slice, slice, slice, slice, slice,
                                 slice *, slice *, slice *, slice *) = {
	{ two_s1, two_s2, two_s3, two_s4, two_s5, two_s6, two_s7, two_s8 },
	{ three_s1, three_s2, three_s3, three_s4, three_s5, three_s6, three_s7,
	  three_s8 },
};

/* `seed` is what the outputs hold before; they are XORed to it. */
static void check(size_t set, size_t box, uint64_t seed)
{
	slice in[6] = { 0 }, out[4] = { seed, seed, seed, seed };

	for (unsigned x = 0; x < 64; x++)
		for (unsigned i = 0; i < 6; i++)
			in[i] |= (uint64_t)(x >> (5 - i) & 1) << x;
	boxes[set][box](in[0], in[1], in[2], in[3], in[4], in[5], &out[0],
	                &out[1], &out[2], &out[3]);
	for (unsigned x = 0; x < 64; x++) {
		unsigned row = (x >> 5) * 2 + (x & 1), got = 0;

		for (unsigned o = 0; o < 4; o++)
			got = got * 2 + ((out[o] ^ seed) >> x & 1);
		assert_int_equal(got, des_sbox[box][row][x >> 1 & 15]);
	}
}

static void test_entries(void **state)
{
	(void)state;
	for (size_t set = 0; set < 2; set++)
		for (size_t box = 0; box < 8; box++) {
			check(set, box, 0);
			check(set, box, UINT64_C(0x0123456789abcdef));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
