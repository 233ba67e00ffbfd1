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
#include "recovery/shift.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline)) SLICE_TARGET
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
VECTOR_SHIFTS_BEGIN
INLINE void exchange(slice *a, slice *b, unsigned n, uint64_t low)
{
	slice t = ((*a >> n) ^ *b) & low;

	*b ^= t;
	*a ^= t << n;
}
VECTOR_SHIFTS_END

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

/* One for all batches of a run: it is large, and may be zeroed at first. */
struct state {
	slice half[2][HALF];
	slice w[8][8]; /* by byte and bit, half way through a turn */
};

/* Eight words into registers, and back; `gap` is what they lie apart. */
INLINE void fetch(slice a[8], const uint8_t *from, size_t gap)
{
#pragma GCC unroll 8
	for (size_t i = 0; i < 8; i++)
		memcpy(&a[i], from + i * gap * sizeof(slice), sizeof(slice));
}

INLINE void put(uint8_t *to, size_t gap, const slice a[8])
{
#pragma GCC unroll 8
	for (size_t i = 0; i < 8; i++)
		memcpy(to + i * gap * sizeof(slice), &a[i], sizeof(slice));
}

INLINE void whiten(slice a[8], uint64_t word)
{
#pragma GCC unroll 8
	for (size_t i = 0; i < 8; i++)
		a[i] ^= word;
}

SLICE_TARGET static void load(struct state *s, const uint8_t *src,
                              uint64_t before)
{
	slice a[8];

	for (size_t i = 0; i < 8; i++) {
		fetch(a, src + i * sizeof(slice), 8);
		whiten(a, before);
		turn_bytes(a);
		put((uint8_t *)&s->w[0][i], 8, a);
	}
	for (size_t i = 0; i < 8; i++) {
		fetch(a, (const uint8_t *)s->w[i], 1);
		turn_bits(a);
#pragma GCC unroll 8
		for (size_t b = 0; b < 8; b++)
			*place(s->half, i, b) = a[b];
	}
}

/* After an odd number of stages the halves have changed places. */
SLICE_TARGET static void store(uint8_t *dst, struct state *s, uint64_t after)
{
	slice a[8];

	for (size_t i = 0; i < 8; i++) {
#pragma GCC unroll 8
		for (size_t b = 0; b < 8; b++)
			a[b] = *place(s->half, i, b ^ 1);
		turn_bits(a);
		put((uint8_t *)s->w[i], 1, a);
	}
	for (size_t i = 0; i < 8; i++) {
		fetch(a, (const uint8_t *)&s->w[0][i], 8);
		turn_bytes(a);
		whiten(a, after);
		put(dst + i * sizeof(slice), 8, a);
	}
}

SLICE_TARGET static void run(const struct des_pass *p, uint8_t *dst,
                             const uint8_t *src, size_t batches)
{
	size_t n = sizeof(slice) * 2 * HALF;
	struct state s;

	for (size_t i = 0; i < batches; i++) {
		load(&s, src + i * n, p->before);
		rounds(s.half[0], s.half[1], p);
		store(dst + i * n, &s, p->after);
	}
}
