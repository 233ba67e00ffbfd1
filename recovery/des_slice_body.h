/* SPDX-License-Identifier: MIT */
/*
 * des_slice_body.h - DES in words of any width
 *
 * Included once by each des_slice_BITS.c, behind its definitions of:
 *
 *	slice            the type of a word
 *	SLICE_TARGET     the attribute of functions that use it
 *	SLICE_CIRCUITS   the file of the S-boxes, and LUT if that needs one
 *
 * It defines `run` (des_slice_internal.h).  A batch is 64 words of blocks as
 * they lie in memory; it is turned so that word i holds bit i of every block,
 * and turned back.  Which lane a block is in does not matter.
 *
 * What is on the stack is text, before and after: no key, and no more than the
 * caller's own buffers hold.
 */
#include "recovery/des_slice_internal.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline)) SLICE_TARGET
#define UNROLL _Pragma("GCC unroll 8")
#define HALF   32 /* words of a half of every block */
#define ROUNDS 16

/* The outputs are XORed to what they point to. */
#define SBOX(name)                                                         \
	INLINE void name(slice a1, slice a2, slice a3, slice a4, slice a5, \
	                 slice a6, slice *o1, slice *o2, slice *o3, slice *o4)
#include SLICE_CIRCUITS

/*
 * E, an S-box and P, of FIPS 46-3: S-box i takes bits 4i-1 to 4i+4 of r (from
 * 0, and around), its outputs go to four bits of l.
 */
#define BOX(name, i, e1, e2, e3, e4, e5, e6, p1, p2, p3, p4)           \
	name(r[e1] ^ k[6 * (i)], r[e2] ^ k[6 * (i) + 1],               \
	     r[e3] ^ k[6 * (i) + 2], r[e4] ^ k[6 * (i) + 3],           \
	     r[e5] ^ k[6 * (i) + 4], r[e6] ^ k[6 * (i) + 5], l + (p1), \
	     l + (p2), l + (p3), l + (p4))

INLINE void feistel(slice *l, const slice *r, const uint64_t *k)
{
	BOX(s1, 0, 31, 0, 1, 2, 3, 4, 8, 16, 22, 30);
	BOX(s2, 1, 3, 4, 5, 6, 7, 8, 12, 27, 1, 17);
	BOX(s3, 2, 7, 8, 9, 10, 11, 12, 23, 15, 29, 5);
	BOX(s4, 3, 11, 12, 13, 14, 15, 16, 25, 19, 9, 0);
	BOX(s5, 4, 15, 16, 17, 18, 19, 20, 7, 13, 24, 2);
	BOX(s6, 5, 19, 20, 21, 22, 23, 24, 3, 28, 10, 18);
	BOX(s7, 6, 23, 24, 25, 26, 27, 28, 31, 11, 21, 6);
	BOX(s8, 7, 27, 28, 29, 30, 31, 0, 4, 26, 14, 20);
}

/* The final and the initial permutation between two stages cancel out. */
SLICE_TARGET static void rounds(slice *l, slice *r, const struct des_pass *p)
{
	const uint64_t *k = p->masks;

	for (size_t i = 0; i < p->stages; i++) {
		slice *t;

		for (size_t j = 0; j < ROUNDS; j++, k += p->step) {
			feistel(l, r, k);
			t = l;
			l = r;
			r = t;
		}
		t = l;
		l = r;
		r = t;
	}
}

/* Exchange the high halves of a's fields, 2n bits each, and b's low ones. */
INLINE void exchange(slice *a, slice *b, unsigned n, uint64_t low)
{
	slice t = ((*a >> n) ^ *b) & low;

	*b ^= t;
	*a ^= t << n;
}

/*
 * Half of the turn, over eight words whose numbers differ in three bits, of
 * which n is the lowest.  The other half is over the words whose numbers
 * differ in the other three, before or after it.
 */
INLINE void turn_eight(slice a[8], unsigned n, uint64_t low4, uint64_t low2,
                       uint64_t low1)
{
	exchange(&a[0], &a[4], 4 * n, low4);
	exchange(&a[1], &a[5], 4 * n, low4);
	exchange(&a[2], &a[6], 4 * n, low4);
	exchange(&a[3], &a[7], 4 * n, low4);
	exchange(&a[0], &a[2], 2 * n, low2);
	exchange(&a[1], &a[3], 2 * n, low2);
	exchange(&a[4], &a[6], 2 * n, low2);
	exchange(&a[5], &a[7], 2 * n, low2);
	exchange(&a[0], &a[1], n, low1);
	exchange(&a[2], &a[3], n, low1);
	exchange(&a[4], &a[5], n, low1);
	exchange(&a[6], &a[7], n, low1);
}

/* Bytes change places. */
INLINE void turn_bytes(slice a[8])
{
	turn_eight(a, 8, UINT64_C(0x00000000ffffffff),
	           UINT64_C(0x0000ffff0000ffff), UINT64_C(0x00ff00ff00ff00ff));
}

/* Bits change places within bytes. */
INLINE void turn_bits(slice a[8])
{
	turn_eight(a, 1, UINT64_C(0x0f0f0f0f0f0f0f0f),
	           UINT64_C(0x3333333333333333), UINT64_C(0x5555555555555555));
}

/*
 * The initial permutation: bit b of byte i of a block, the lowest being bit 0,
 * goes to the right half if b is odd, and there to place 7 - i of the row of
 * eight 3 - b / 2.
 */
INLINE slice *place(slice half[2][HALF], size_t i, size_t b)
{
	size_t column = 7 - i;

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		column = i;
	return &half[b & 1][8 * (3 - b / 2) + column];
}

SLICE_TARGET static void load(slice half[2][HALF], const uint8_t *src,
                              uint64_t before)
{
	slice w[8][8], a[8];

	for (size_t i = 0; i < 8; i++) {
		UNROLL for (size_t j = 0; j < 8; j++)
		{
			memcpy(&a[j], src + (8 * j + i) * sizeof(slice),
			       sizeof(slice));
			a[j] ^= before;
		}
		turn_bytes(a);
		UNROLL for (size_t j = 0; j < 8; j++) w[j][i] = a[j];
	}
	for (size_t i = 0; i < 8; i++) {
		UNROLL for (size_t j = 0; j < 8; j++) a[j] = w[i][j];
		turn_bits(a);
		UNROLL for (size_t j = 0; j < 8; j++) * place(half, i, j) =
			a[j];
	}
}

/* After an odd number of stages the halves have changed places. */
SLICE_TARGET static void store(uint8_t *dst, slice half[2][HALF],
                               uint64_t after)
{
	slice w[8][8], a[8];

	for (size_t i = 0; i < 8; i++) {
		UNROLL for (size_t j = 0; j < 8; j++) a[j] =
			*place(half, i, j ^ 1);
		turn_bits(a);
		UNROLL for (size_t j = 0; j < 8; j++) w[i][j] = a[j];
	}
	for (size_t i = 0; i < 8; i++) {
		UNROLL for (size_t j = 0; j < 8; j++) a[j] = w[j][i];
		turn_bytes(a);
		UNROLL for (size_t j = 0; j < 8; j++)
		{
			a[j] ^= after;
			memcpy(dst + (8 * j + i) * sizeof(slice), &a[j],
			       sizeof(slice));
		}
	}
}

SLICE_TARGET static void run_batch(const struct des_pass *p, uint8_t *dst,
                                   const uint8_t *src)
{
	slice half[2][HALF];

	load(half, src, p->before);
	rounds(half[0], half[1], p);
	store(dst, half, p->after);
}

static void run(const struct des_pass *p, uint8_t *dst, const uint8_t *src,
                size_t batches)
{
	size_t n = 2 * HALF * sizeof(slice);

	for (size_t i = 0; i < batches; i++)
		run_batch(p, dst + i * n, src + i * n);
}
