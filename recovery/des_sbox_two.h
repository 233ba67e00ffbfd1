/* SPDX-License-Identifier: MIT */
/*
 * des_sbox_two.h - the S-boxes of DES as circuits of gates of two inputs
 *
 * Found by the project's own search, tests/generator/sbox; every entry is held
 * against FIPS 46-3 by tests/recovery/test_des_sbox.c.  a1 is the first bit of
 * the input, o1 of the output.  Included where SBOX(name)
 * and the type `slice` are defined.
 */
/* clang-format off */

/* 61 gates: try 93, effort 4, seed 11 */
SBOX(s1)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35, x36, x37, x38, x39, x40, x41, x42, x43, x44, x45, x46, x47,
	x48, x49, x50, x51, x52, x53, x54, x55, x56, x57, x58, x59, x60, x61,
	x62, x63, x64, x65, x66;

	x6 = a3 | a1; x7 = a6 ^ x6; x8 = x7 ^ a1; x9 = a3 & x8; x10 = ~x9;
	x11 = x10 & ~a4; x12 = x7 ^ x11; x13 = x6 | a6; x14 = a4 | x13;
	x15 = x14 & a2; x16 = x12 ^ x15; x17 = x12 | a6; x18 = a3 ^ x17;
	x19 = x9 & a4; x20 = x18 ^ x19; x21 = x16 & ~x19; x22 = x21 & a2;
	x23 = x20 ^ x22; x24 = x23 & a5; x25 = x16 ^ x24; x26 = x23 & a4;
	x27 = a5 | x26; x28 = x18 ^ x27; x29 = x24 | x7; x30 = x20 & a3;
	x31 = x29 ^ x30; x32 = x31 & a2; x33 = x28 ^ x32; x34 = x33 ^ x25;
	x35 = x23 ^ x34; x36 = x33 & x21; x37 = ~x36; x38 = x37 | a6;
	x39 = x35 ^ x38; x40 = x39 & ~a1; x41 = x33 ^ x40; x42 = a5 | a2;
	x43 = x29 & x42; x44 = x39 ^ x43; x45 = x32 | x11; x46 = x45 & a6;
	x47 = x44 ^ x46; x48 = x34 & a6; x49 = x22 | x48; x50 = x33 ^ x23;
	x51 = x50 & a5; x52 = x49 ^ x51; x53 = x52 & a1; x54 = x47 ^ x53;
	x55 = x28 | a1; x56 = x16 ^ x55; x57 = a1 & ~x47; x58 = x36 | x57;
	x59 = x58 & ~a5; x60 = x56 ^ x59; x61 = x17 & ~x54; x62 = a1 & ~x23;
	x63 = x62 | a5; x64 = x61 ^ x63; x65 = x64 | a4; x66 = x60 ^ x65;
	*o1 ^= x66;
	*o2 ^= x54;
	*o3 ^= x25;
	*o4 ^= x41;
}

/* 55 gates: try 23, effort 12, seed 12 */
SBOX(s2)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35, x36, x37, x38, x39, x40, x41, x42, x43, x44, x45, x46, x47,
	x48, x49, x50, x51, x52, x53, x54, x55, x56, x57, x58, x59, x60;

	x6 = a5 ^ a1; x7 = a4 ^ x6; x8 = a5 & a4; x9 = a6 & ~x8; x10 = ~x9;
	x11 = x10 | a3; x12 = x7 ^ x11; x13 = x10 & ~a4; x14 = a3 ^ x13;
	x15 = a6 ^ x14; x16 = a1 & ~a6; x17 = x16 & ~x14; x18 = x17 & a5;
	x19 = x15 ^ x18; x20 = x19 & a2; x21 = x12 ^ x20; x22 = x16 & a3;
	x23 = x7 ^ x22; x24 = x15 | x6; x25 = a1 & x24; x26 = a3 ^ x25;
	x27 = x26 & a6; x28 = x23 ^ x27; x29 = x19 ^ a4; x30 = x29 & ~a6;
	x31 = x23 ^ x16; x32 = x31 & ~a5; x33 = x30 ^ x32; x34 = x33 | a2;
	x35 = x28 ^ x34; x36 = x6 & ~x14; x37 = x29 ^ x36; x38 = x28 & a6;
	x39 = x32 ^ x38; x40 = x39 | a1; x41 = x37 ^ x40; x42 = x36 ^ x23;
	x43 = a6 & ~x36; x44 = x23 ^ x43; x45 = x44 & ~a1; x46 = x42 ^ x45;
	x47 = x46 & a2; x48 = x41 ^ x47; x49 = x19 ^ a2; x50 = x47 | x42;
	x51 = x26 ^ x50; x52 = x51 | a5; x53 = x49 ^ x52; x54 = x40 ^ a6;
	x55 = x54 & ~x9; x56 = x46 & x19; x57 = x56 & a2; x58 = x55 ^ x57;
	x59 = x58 & ~a3; x60 = x53 ^ x59;
	*o1 ^= x35;
	*o2 ^= x21;
	*o3 ^= x60;
	*o4 ^= x48;
}

/* 57 gates: try 85, effort 4, seed 11 */
SBOX(s3)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35, x36, x37, x38, x39, x40, x41, x42, x43, x44, x45, x46, x47,
	x48, x49, x50, x51, x52, x53, x54, x55, x56, x57, x58, x59, x60, x61,
	x62;

	x6 = a6 ^ a5; x7 = a5 & ~a6; x8 = a2 | x7; x9 = x8 & a3; x10 = x6 ^ x9;
	x11 = x7 & ~a2; x12 = x11 | a1; x13 = x10 ^ x12; x14 = ~a5;
	x15 = x14 & ~a3; x16 = x13 ^ x15; x17 = x16 | a6; x18 = x17 & a2;
	x19 = x16 ^ x18; x20 = x19 & ~a1; x21 = a4 ^ x20; x22 = x21 | a4;
	x23 = x13 ^ x22; x24 = a6 ^ a3; x25 = a2 ^ x24; x26 = a4 ^ a3;
	x27 = x26 & ~a5; x28 = x25 ^ x27; x29 = x28 ^ x19; x30 = x14 & ~x29;
	x31 = a6 & ~x9; x32 = x31 | a4; x33 = x30 ^ x32; x34 = x33 & a1;
	x35 = x28 ^ x34; x36 = x28 ^ a1; x37 = x18 & ~a5; x38 = x37 & ~x10;
	x39 = x38 | a3; x40 = x36 ^ x39; x41 = a3 & ~a2; x42 = x19 ^ x41;
	x43 = x40 & x24; x44 = x11 | x43; x45 = x44 | a1; x46 = x42 ^ x45;
	x47 = x46 & a4; x48 = x40 ^ x47; x49 = x40 ^ x21; x50 = x42 ^ x49;
	x51 = x50 & x45; x52 = x13 ^ x51; x53 = x52 & a2; x54 = x50 ^ x53;
	x55 = x24 & ~x23; x56 = x48 ^ x55; x57 = x33 | x16; x58 = x35 ^ x57;
	x59 = x58 & ~a1; x60 = x56 ^ x59; x61 = x60 & ~a5; x62 = x54 ^ x61;
	*o1 ^= x23;
	*o2 ^= x48;
	*o3 ^= x62;
	*o4 ^= x35;
}

/* 47 gates: try 36, effort 1, seed 8 */
SBOX(s4)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35, x36, x37, x38, x39, x40, x41, x42, x43, x44, x45, x46, x47,
	x48, x49, x50, x51, x52;

	x6 = a3 | a1; x7 = a5 & x6; x8 = a1 ^ x7; x9 = a5 & ~a1; x10 = x6 ^ x9;
	x11 = x10 & a4; x12 = x8 ^ x11; x13 = ~x11; x14 = a3 ^ x13;
	x15 = a4 & a5; x16 = x14 ^ x15; x17 = x16 & ~a2; x18 = x12 ^ x17;
	x19 = x16 ^ x7; x20 = x19 | a3; x21 = x20 & ~a4; x22 = x19 ^ x21;
	x23 = x9 ^ a4; x24 = x16 & x23; x25 = x10 & x24; x26 = x25 | a2;
	x27 = x22 ^ x26; x28 = x27 & a6; x29 = x18 ^ x28; x30 = x25 ^ x19;
	x31 = a2 | x30; x32 = x23 ^ x31; x33 = x27 ^ x16; x34 = x31 & x33;
	x35 = x34 & ~x24; x36 = x35 & a1; x37 = x32 ^ x36; x38 = a5 ^ a1;
	x39 = x38 & ~x24; x40 = x22 ^ x39; x41 = a5 ^ a3; x42 = x41 & ~x12;
	x43 = x42 | a2; x44 = x40 ^ x43; x45 = x44 | a6; x46 = x37 ^ x45;
	x47 = x29 ^ x27; x48 = a6 ^ x47; x49 = x13 | a4; x50 = x48 ^ x49;
	x51 = x46 ^ a6; x52 = x44 ^ x51;
	*o1 ^= x50;
	*o2 ^= x29;
	*o3 ^= x46;
	*o4 ^= x52;
}

/* 58 gates: try 27, effort 12, seed 12 */
SBOX(s5)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35, x36, x37, x38, x39, x40, x41, x42, x43, x44, x45, x46, x47,
	x48, x49, x50, x51, x52, x53, x54, x55, x56, x57, x58, x59, x60, x61,
	x62, x63;

	x6 = a6 ^ a2; x7 = a5 ^ x6; x8 = a5 & a2; x9 = x6 | x8; x10 = x9 & a3;
	x11 = x7 ^ x10; x12 = x11 | a6; x13 = a4 & ~x12; x14 = x13 & ~a3;
	x15 = x8 ^ x14; x16 = x15 | a1; x17 = x11 ^ x16; x18 = x7 | a2;
	x19 = x12 ^ x18; x20 = x17 ^ x9; x21 = x19 | x20; x22 = a3 ^ x21;
	x23 = x22 & a1; x24 = x19 ^ x23; x25 = x24 | a4; x26 = x17 ^ x25;
	x27 = a6 & ~a4; x28 = a3 ^ x27; x29 = a2 ^ x28; x30 = x28 ^ a4;
	x31 = a2 & x30; x32 = x31 | a5; x33 = x29 ^ x32; x34 = ~x27;
	x35 = x6 | x34; x36 = x28 ^ x35; x37 = x36 & ~a5; x38 = x20 ^ x37;
	x39 = x38 & ~a1; x40 = x33 ^ x39; x41 = x15 & a1; x42 = x22 ^ x41;
	x43 = x13 ^ x42; x44 = x26 | x10; x45 = x44 | a2; x46 = x43 ^ x45;
	x47 = x32 & ~a3; x48 = x45 ^ x19; x49 = x48 | a1; x50 = x47 ^ x49;
	x51 = x50 & ~a4; x52 = x46 ^ x51; x53 = x7 ^ a1; x54 = x42 & x35;
	x55 = x17 ^ x54; x56 = x55 & ~a4; x57 = x53 ^ x56; x58 = x50 ^ a4;
	x59 = x58 & ~x55; x60 = x59 & a5; x61 = x30 ^ x60; x62 = x61 & ~a3;
	x63 = x57 ^ x62;
	*o1 ^= x26;
	*o2 ^= x63;
	*o3 ^= x40;
	*o4 ^= x52;
}

/* 59 gates: try 7, effort 12, seed 12 */
SBOX(s6)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35, x36, x37, x38, x39, x40, x41, x42, x43, x44, x45, x46, x47,
	x48, x49, x50, x51, x52, x53, x54, x55, x56, x57, x58, x59, x60, x61,
	x62, x63, x64;

	x6 = a3 & ~a5; x7 = a6 ^ x6; x8 = a2 ^ x7; x9 = a6 & a2; x10 = a3 | x9;
	x11 = x8 & a6; x12 = x11 | a5; x13 = x10 ^ x12; x14 = x13 | a1;
	x15 = x8 ^ x14; x16 = a2 & ~x10; x17 = a5 ^ x16; x18 = x12 ^ x7;
	x19 = x18 & ~a1; x20 = x17 ^ x19; x21 = x20 & ~a4; x22 = x15 ^ x21;
	x23 = x17 ^ a3; x24 = x15 ^ x23; x25 = x6 | a6; x26 = x25 | a2;
	x27 = x24 ^ x26; x28 = x9 & a5; x29 = x28 | a4; x30 = x27 ^ x29;
	x31 = x13 | a3; x32 = x31 & ~x11; x33 = x23 ^ x32; x34 = x26 & a5;
	x35 = x34 & a4; x36 = x33 ^ x35; x37 = x36 | a1; x38 = x30 ^ x37;
	x39 = x12 ^ a1; x40 = x36 ^ x39; x41 = x20 ^ x40; x42 = x37 & a5;
	x43 = ~x42; x44 = x43 & ~a4; x45 = x41 ^ x44; x46 = x24 | x14;
	x47 = x40 ^ x46; x48 = x15 & x10; x49 = x31 ^ x48; x50 = x49 | a4;
	x51 = x47 ^ x50; x52 = x51 & a2; x53 = x45 ^ x52; x54 = x43 & ~x13;
	x55 = x54 | a4; x56 = x20 ^ x55; x57 = x24 & ~x53; x58 = x40 ^ x57;
	x59 = a4 & ~x24; x60 = x34 ^ x59; x61 = x60 & a1; x62 = x58 ^ x61;
	x63 = x62 & a6; x64 = x56 ^ x63;
	*o1 ^= x64;
	*o2 ^= x53;
	*o3 ^= x38;
	*o4 ^= x22;
}

/* 60 gates: try 25, effort 12, seed 12 */
SBOX(s7)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35, x36, x37, x38, x39, x40, x41, x42, x43, x44, x45, x46, x47,
	x48, x49, x50, x51, x52, x53, x54, x55, x56, x57, x58, x59, x60, x61,
	x62, x63, x64, x65;

	x6 = a5 ^ a1; x7 = a4 ^ x6; x8 = a4 & ~a5; x9 = a2 ^ x8; x10 = x9 | a3;
	x11 = x7 ^ x10; x12 = a6 ^ a2; x13 = x9 | x12; x14 = x11 ^ a3;
	x15 = x9 & x14; x16 = x15 & a1; x17 = x13 ^ x16; x18 = x17 & a6;
	x19 = x11 ^ x18; x20 = x17 & x6; x21 = x15 | x20; x22 = a6 ^ x21;
	x23 = x11 ^ a5; x24 = a6 | x23; x25 = x7 ^ x24; x26 = x25 | a3;
	x27 = x22 ^ x26; x28 = x13 | x6; x29 = x24 ^ x28; x30 = ~x23;
	x31 = x17 ^ x30; x32 = x31 | a1; x33 = x19 ^ x32; x34 = x33 | a3;
	x35 = x29 ^ x34; x36 = x35 & ~a2; x37 = x27 ^ x36; x38 = x23 | x21;
	x39 = a4 & x38; x40 = x19 ^ x39; x41 = x18 & a3; x42 = x31 ^ x41;
	x43 = x42 & a2; x44 = x40 ^ x43; x45 = x37 | a3; x46 = x22 ^ x45;
	x47 = x40 ^ x46; x48 = x44 ^ x23; x49 = x48 & ~a4; x50 = x47 ^ x49;
	x51 = x50 & a1; x52 = x44 ^ x51; x53 = x42 ^ x27; x54 = x24 ^ x53;
	x55 = x25 ^ x17; x56 = a1 ^ x55; x57 = x56 & ~a2; x58 = x54 ^ x57;
	x59 = x35 & ~a5; x60 = a2 ^ x59; x61 = x12 & ~x60; x62 = x61 & a3;
	x63 = x60 ^ x62; x64 = x63 & ~a4; x65 = x58 ^ x64;
	*o1 ^= x52;
	*o2 ^= x37;
	*o3 ^= x65;
	*o4 ^= x19;
}

/* 54 gates: try 16, effort 12, seed 12 */
SBOX(s8)
{
	slice x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19,
	x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31, x32, x33,
	x34, x35, x36, x37, x38, x39, x40, x41, x42, x43, x44, x45, x46, x47,
	x48, x49, x50, x51, x52, x53, x54, x55, x56, x57, x58, x59;

	x6 = a3 ^ a1; x7 = x6 & a1; x8 = a2 | x7; x9 = x8 & ~a5; x10 = x6 ^ x9;
	x11 = ~a2; x12 = a1 | x11; x13 = x12 & ~a5; x14 = a2 ^ x13;
	x15 = x14 & ~a4; x16 = x10 ^ x15; x17 = a3 | a2; x18 = x9 ^ x17;
	x19 = a5 ^ x18; x20 = x17 ^ a5; x21 = x6 & x20; x22 = x21 | a4;
	x23 = x19 ^ x22; x24 = x23 & a6; x25 = x16 ^ x24; x26 = x21 ^ x11;
	x27 = x20 ^ x26; x28 = x26 ^ a3; x29 = a1 & x28; x30 = x29 | a6;
	x31 = x27 ^ x30; x32 = x9 & ~x12; x33 = x8 & a1; x34 = x33 & ~a6;
	x35 = x32 ^ x34; x36 = x35 | a4; x37 = x31 ^ x36; x38 = x36 & ~x19;
	x39 = x38 | a6; x40 = x16 ^ x39; x41 = x17 & a5; x42 = a6 | x41;
	x43 = x42 | a4; x44 = x30 ^ x43; x45 = x44 & a1; x46 = x40 ^ x45;
	x47 = x21 | a3; x48 = x44 | x47; x49 = a6 ^ x48; x50 = x49 & a1;
	x51 = x26 ^ x50; x52 = x13 & ~x50; x53 = x9 | x52; x54 = x44 | x40;
	x55 = x30 & x54; x56 = x55 & a2; x57 = x53 ^ x56; x58 = x57 | a4;
	x59 = x51 ^ x58;
	*o1 ^= x46;
	*o2 ^= x37;
	*o3 ^= x59;
	*o4 ^= x25;
}
/* clang-format on */
