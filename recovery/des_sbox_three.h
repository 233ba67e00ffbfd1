/* SPDX-License-Identifier: MIT */
/*
 * des_sbox_three.h - the S-boxes of DES as circuits of gates of three inputs
 *
 * Found by the project's own search, tests/generator/sbox; every entry is held
 * against FIPS 46-3 by tests/recovery/test_des_sbox.c.  a1 is the first bit of
 * the input, o1 of the output.  Included where SBOX(name) and LUT(a, b, c, f)
 * and the type `slice` are defined; bit 4a + 2b + c of f is what LUT gives.
 */
/* clang-format off */

/* 31 gates: try 48, effort 1, seed 7 */
SBOX(s1)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35, x36;

	x6 = LUT(a6, a1, a3, 0x12); x7 = LUT(x6, a4, a5, 0x6c);
	x8 = LUT(a4, a5, a6, 0xe6); x9 = LUT(x8, x7, a3, 0x92);
	x10 = LUT(a1, x9, x7, 0xca); x11 = LUT(a5, a6, x6, 0x58);
	x12 = LUT(x11, x7, x8, 0x1b); x13 = LUT(x9, x11, a3, 0xd9);
	x14 = LUT(x13, x8, a6, 0x97); x15 = LUT(a1, x14, x12, 0xca);
	x16 = LUT(a2, x15, x10, 0xca); x17 = LUT(a5, x6, x9, 0xd7);
	x18 = LUT(x17, a4, a1, 0x78); x19 = LUT(x9, x16, x13, 0x6a);
	x20 = LUT(a6, x18, x19, 0xca); x21 = LUT(a5, x19, x18, 0x35);
	x22 = LUT(x7, a1, x13, 0x78); x23 = LUT(a3, x21, x22, 0xca);
	x24 = LUT(a2, x23, x20, 0xca); x25 = LUT(a1, a2, a3, 0x8c);
	x26 = LUT(x25, x19, x20, 0x68); x27 = LUT(x7, x20, x15, 0x9c);
	x28 = LUT(a5, x27, x26, 0xca); x29 = LUT(x8, x22, x28, 0x2d);
	x30 = LUT(x29, x10, x15, 0x4a); x31 = LUT(a2, x28, x30, 0xca);
	x32 = LUT(x22, a2, x15, 0x79); x33 = LUT(x32, a3, a6, 0x69);
	x34 = LUT(x23, x24, x33, 0xc8); x35 = LUT(x34, x31, x15, 0x96);
	x36 = LUT(a5, x33, x35, 0xca);
	*o1 ^= x31;
	*o2 ^= x24;
	*o3 ^= x36;
	*o4 ^= x16;
}

/* 30 gates: try 31, effort 24, seed 14 */
SBOX(s2)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35;

	x6 = LUT(a5, a3, a1, 0x26); x7 = LUT(a1, a5, a3, 0x84);
	x8 = LUT(a6, x6, x7, 0xca); x9 = LUT(a5, a6, x6, 0x35);
	x10 = LUT(x9, a3, x7, 0x5c); x11 = LUT(a2, x8, x10, 0xca);
	x12 = LUT(x7, a2, a6, 0x4b); x13 = LUT(x12, x10, a5, 0x9e);
	x14 = LUT(x8, a2, x9, 0xc9); x15 = LUT(a3, x14, x13, 0xca);
	x16 = LUT(a4, x15, x11, 0xca); x17 = LUT(a5, a4, a1, 0x69);
	x18 = LUT(a5, x17, x14, 0xa9); x19 = LUT(a3, x17, x18, 0xca);
	x20 = LUT(x17, x15, a2, 0x72); x21 = LUT(x18, x17, a2, 0x6c);
	x22 = LUT(a1, x21, x20, 0xca); x23 = LUT(a6, x19, x22, 0xca);
	x24 = LUT(x12, x8, x20, 0x56); x25 = LUT(x19, x20, a6, 0x72);
	x26 = LUT(x25, a2, a3, 0x78); x27 = LUT(a5, x24, x26, 0xca);
	x28 = LUT(a5, a6, x24, 0x45); x29 = LUT(x28, x18, x20, 0x69);
	x30 = LUT(a1, x27, x29, 0xca); x31 = LUT(x12, x21, a3, 0x6b);
	x32 = LUT(x31, a4, a6, 0x96); x33 = LUT(x11, x14, x21, 0xb6);
	x34 = LUT(x33, x20, x26, 0x78); x35 = LUT(a5, x34, x32, 0xca);
	*o1 ^= x35;
	*o2 ^= x23;
	*o3 ^= x16;
	*o4 ^= x30;
}

/* 30 gates: try 37, effort 8, seed 13 */
SBOX(s3)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35;

	x6 = LUT(a4, a5, a3, 0x47); x7 = LUT(x6, a6, a2, 0x69);
	x8 = LUT(a6, x6, a2, 0xd0); x9 = LUT(x8, a4, x7, 0x56);
	x10 = LUT(x8, x9, a3, 0x62); x11 = LUT(x10, a2, a4, 0x25);
	x12 = LUT(a5, x9, x11, 0xca); x13 = LUT(a1, x12, x7, 0xca);
	x14 = LUT(a2, a3, a4, 0x64); x15 = LUT(x14, x8, x9, 0xa5);
	x16 = LUT(x7, a3, a2, 0x2d); x17 = LUT(a1, x16, x15, 0xca);
	x18 = LUT(a2, a6, x17, 0xad); x19 = LUT(x18, a4, a1, 0x68);
	x20 = LUT(x17, x14, a6, 0xc3); x21 = LUT(a2, x20, x19, 0xca);
	x22 = LUT(a5, x21, x17, 0xca); x23 = LUT(x9, x8, a1, 0x69);
	x24 = LUT(a6, x23, x11, 0x9c); x25 = LUT(a5, x24, x23, 0xca);
	x26 = LUT(x12, x19, x22, 0xe1); x27 = LUT(x26, x14, x23, 0x94);
	x28 = LUT(a3, x25, x27, 0xca); x29 = LUT(a5, a4, x22, 0x6e);
	x30 = LUT(x13, x20, a5, 0xda); x31 = LUT(x30, x14, x15, 0xa5);
	x32 = LUT(a1, x29, x31, 0xca); x33 = LUT(x24, a3, x12, 0xf4);
	x34 = LUT(x33, x22, x11, 0x96); x35 = LUT(a2, x32, x34, 0xca);
	*o1 ^= x22;
	*o2 ^= x28;
	*o3 ^= x35;
	*o4 ^= x13;
}

/* 22 gates: try 39, effort 1, seed 7 */
SBOX(s4)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27;

	x6 = LUT(a5, a3, a1, 0xc7); x7 = LUT(a3, a1, x6, 0xc9);
	x8 = LUT(a4, x6, x7, 0xca); x9 = LUT(a3, a4, a5, 0xb6);
	x10 = LUT(x9, x6, a1, 0x4a); x11 = LUT(a2, x10, x8, 0xca);
	x12 = LUT(x7, x9, a2, 0xea); x13 = LUT(x12, a4, a5, 0x96);
	x14 = LUT(a2, x8, x10, 0x49); x15 = LUT(x14, a1, a5, 0x12);
	x16 = LUT(a1, x13, x15, 0xca); x17 = LUT(a6, x16, x11, 0xca);
	x18 = LUT(x16, x11, a6, 0x72); x19 = LUT(x13, x10, x7, 0xc2);
	x20 = LUT(a3, x19, x14, 0x6a); x21 = LUT(a2, x19, x20, 0xca);
	x22 = LUT(a3, x20, x15, 0x4b); x23 = LUT(x22, a1, a2, 0xc2);
	x24 = LUT(x23, a3, x10, 0x95); x25 = LUT(a4, x24, x22, 0xca);
	x26 = LUT(a6, x21, x25, 0xca); x27 = LUT(x21, a6, x25, 0x74);
	*o1 ^= x17;
	*o2 ^= x18;
	*o3 ^= x27;
	*o4 ^= x26;
}

/* 30 gates: try 16, effort 1, seed 2 */
SBOX(s5)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35;

	x6 = LUT(a4, a3, a1, 0xbc); x7 = LUT(a3, a1, x6, 0x39);
	x8 = LUT(a5, x6, x7, 0xca); x9 = LUT(a3, a5, x7, 0x69);
	x10 = LUT(x9, a4, x8, 0x74); x11 = LUT(a6, x8, x10, 0xca);
	x12 = LUT(x6, x7, a6, 0x6d); x13 = LUT(x12, x11, a4, 0x63);
	x14 = LUT(a2, x13, x11, 0xca); x15 = LUT(x10, x11, x14, 0xc8);
	x16 = LUT(x15, x13, a2, 0x6d); x17 = LUT(x8, x11, x12, 0x68);
	x18 = LUT(x17, x9, a2, 0x16); x19 = LUT(a5, x18, x16, 0xca);
	x20 = LUT(a5, a6, a4, 0xb4); x21 = LUT(x20, x6, x7, 0x94);
	x22 = LUT(a5, a4, x21, 0x53); x23 = LUT(a2, x22, x21, 0xca);
	x24 = LUT(a1, x23, x19, 0xca); x25 = LUT(a2, x23, x8, 0x93);
	x26 = LUT(x18, a4, x21, 0x38); x27 = LUT(a3, x25, x26, 0xca);
	x28 = LUT(x20, x6, x9, 0x76); x29 = LUT(x28, x15, x25, 0x69);
	x30 = LUT(a6, x27, x29, 0xca); x31 = LUT(x15, x23, x9, 0x78);
	x32 = LUT(x31, x18, x20, 0x29); x33 = LUT(a1, x6, x14, 0x60);
	x34 = LUT(x33, x26, x10, 0x49); x35 = LUT(a6, x34, x32, 0xca);
	*o1 ^= x35;
	*o2 ^= x14;
	*o3 ^= x24;
	*o4 ^= x30;
}

/* 30 gates: try 13, effort 4, seed 11 */
SBOX(s6)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35;

	x6 = LUT(a1, a6, a4, 0xe8); x7 = LUT(a6, a4, a1, 0x36);
	x8 = LUT(a5, x6, x7, 0xca); x9 = LUT(a5, a6, x6, 0x78);
	x10 = LUT(x9, x8, a1, 0x93); x11 = LUT(a3, x10, x8, 0xca);
	x12 = LUT(a1, a3, a5, 0x68); x13 = LUT(x12, x10, a4, 0x5a);
	x14 = LUT(x13, x10, a5, 0x39); x15 = LUT(a6, x14, x13, 0xca);
	x16 = LUT(a2, x11, x15, 0xca); x17 = LUT(a2, a3, x6, 0x2c);
	x18 = LUT(x17, x14, x8, 0x69); x19 = LUT(x18, x13, x6, 0xe9);
	x20 = LUT(x12, x13, a2, 0x37); x21 = LUT(x20, x11, a5, 0x25);
	x22 = LUT(a3, x19, x21, 0xca); x23 = LUT(a1, x18, x22, 0xca);
	x24 = LUT(x23, a4, x16, 0x79); x25 = LUT(x24, a6, x13, 0x95);
	x26 = LUT(x13, a6, a2, 0x96); x27 = LUT(x10, x9, a2, 0x91);
	x28 = LUT(a5, x26, x27, 0xca); x29 = LUT(a3, x25, x28, 0xca);
	x30 = LUT(x23, x8, x12, 0x88); x31 = LUT(x30, x28, x11, 0x86);
	x32 = LUT(x6, x23, x10, 0x65); x33 = LUT(x17, x16, x10, 0x6b);
	x34 = LUT(a3, x32, x33, 0xca); x35 = LUT(a4, x34, x31, 0xca);
	*o1 ^= x29;
	*o2 ^= x35;
	*o3 ^= x16;
	*o4 ^= x23;
}

/* 30 gates: try 42, effort 1, seed 8 */
SBOX(s7)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35;

	x6 = LUT(a3, a4, a2, 0xc7); x7 = LUT(x6, a5, a6, 0x69);
	x8 = LUT(a2, x7, x6, 0xc6); x9 = LUT(a2, x6, a5, 0x2d);
	x10 = LUT(a6, x8, x9, 0xca); x11 = LUT(a3, x10, x7, 0xca);
	x12 = LUT(x8, x9, a4, 0x58); x13 = LUT(x12, x11, a5, 0xe1);
	x14 = LUT(x13, a2, x7, 0xb9); x15 = LUT(x14, a1, a3, 0x48);
	x16 = LUT(a6, x15, x13, 0xca); x17 = LUT(a1, x16, x11, 0xca);
	x18 = LUT(a3, a6, x9, 0x6a); x19 = LUT(x18, a4, x7, 0xc2);
	x20 = LUT(x7, a4, a2, 0x39); x21 = LUT(a5, x19, x20, 0xca);
	x22 = LUT(a3, a4, a6, 0x5d); x23 = LUT(x22, x11, a2, 0xc6);
	x24 = LUT(a1, x23, x21, 0xca); x25 = LUT(a3, x21, x11, 0x96);
	x26 = LUT(x8, x7, x6, 0x4a); x27 = LUT(a4, x25, x26, 0xca);
	x28 = LUT(x9, x10, x22, 0xd6); x29 = LUT(x28, x11, x27, 0x5a);
	x30 = LUT(a1, x29, x27, 0xca); x31 = LUT(a5, x11, x24, 0x71);
	x32 = LUT(x31, a1, x12, 0x96); x33 = LUT(x21, x23, x30, 0xbd);
	x34 = LUT(x33, a4, x17, 0x69); x35 = LUT(a6, x32, x34, 0xca);
	*o1 ^= x17;
	*o2 ^= x24;
	*o3 ^= x35;
	*o4 ^= x30;
}

/* 30 gates: try 21, effort 1, seed 5 */
SBOX(s8)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35;

	x6 = LUT(a6, a4, a2, 0x61); x7 = LUT(a6, a4, a2, 0x6a);
	x8 = LUT(a3, x6, x7, 0xca); x9 = LUT(a3, x8, a6, 0x39);
	x10 = LUT(a5, x8, x9, 0xca); x11 = LUT(a3, a4, a5, 0x27);
	x12 = LUT(x11, a6, x6, 0xc1); x13 = LUT(x6, a5, a3, 0xb4);
	x14 = LUT(a2, x12, x13, 0xca); x15 = LUT(a1, x10, x14, 0xca);
	x16 = LUT(x8, x9, x10, 0x74); x17 = LUT(x16, x11, a4, 0xad);
	x18 = LUT(x13, a5, x17, 0xe1); x19 = LUT(a1, x17, x18, 0xca);
	x20 = LUT(a4, x16, x12, 0x6c); x21 = LUT(x13, x11, x10, 0xca);
	x22 = LUT(a1, x20, x21, 0xca); x23 = LUT(a2, x19, x22, 0xca);
	x24 = LUT(x16, x18, x6, 0x39); x25 = LUT(x24, x21, x14, 0x94);
	x26 = LUT(x18, a2, x6, 0x4c); x27 = LUT(x26, x11, a5, 0x69);
	x28 = LUT(a1, x25, x27, 0xca); x29 = LUT(x20, a1, a6, 0x92);
	x30 = LUT(x29, x17, x18, 0x48); x31 = LUT(x29, x17, x14, 0x1a);
	x32 = LUT(a3, x31, x30, 0xca); x33 = LUT(x30, a1, x12, 0x76);
	x34 = LUT(x33, x29, x13, 0xda); x35 = LUT(a5, x34, x32, 0xca);
	*o1 ^= x23;
	*o2 ^= x15;
	*o3 ^= x28;
	*o4 ^= x35;
}
/* clang-format on */
