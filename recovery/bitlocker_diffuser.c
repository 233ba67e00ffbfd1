/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_diffuser.c - the Elephant diffuser, decrypting
 *
 * N. Ferguson, "AES-CBC + Elephant diffuser: a disk encryption algorithm for
 * Windows Vista" (2006), section 5.  Every word needs its neighbours, so
 * one sector is a chain of a thousand steps; but the sectors of a buffer have
 * nothing to do with each other, so LANES of them take each step together.
 */
#include "recovery/bitlocker_cipher.h"

#include "parsers/limits.h"
#include "recovery/shift.h"

#define LANES    8
#define CYCLES_A 5
#define CYCLES_B 3
#define MOST     (LIMIT_SECTOR_SIZE / 4)

/* One word of each lane: the compiler's own vectors, whatever the machine. */
typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));

/* The words reach round the ends of a sector, which is kept REACH times more.
 */
#define REACH 5

struct words {
	lanes d[REACH + MOST + REACH];
};

static uint32_t get_le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static void put_le32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

/* d += a ^ (b <<< r), in every lane. */
VECTOR_SHIFTS_BEGIN
static inline void step(lanes *d, lanes *a, lanes *b, unsigned r)
{
	*d += *a ^ (*b << r | *b >> ((32 - r) & 31));
}
VECTOR_SHIFTS_END

/* Section 5.3, decryption: d[i] += d[i + 2] ^ (d[i + 5] <<< Rb[i % 4]) */
static void part_b(lanes *d, lanes *end)
{
	for (; d < end; d += 4) {
		step(d, d + 2, d + 5, 0);
		step(d + 1, d + 3, d + 6, 10);
		step(d + 2, d + 4, d + 7, 0);
		step(d + 3, d + 5, d + 8, 25);
	}
}

static void diffuse_b(lanes *d, size_t n)
{
	part_b(d, d + n - 8);
	memcpy(d + n, d, REACH * sizeof(*d));
	part_b(d + n - 8, d + n);
}

/* Section 5.2, decryption: d[i] += d[i - 2] ^ (d[i - 5] <<< Ra[i % 4]) */
static void diffuse_a(lanes *d, size_t n)
{
	lanes *end = d + n;

	memcpy(d - REACH, end - REACH, REACH * sizeof(*d));
	for (; d < end; d += 4) {
		step(d, d - 2, d - 5, 9);
		step(d + 1, d - 1, d - 4, 0);
		step(d + 2, d, d - 3, 13);
		step(d + 3, d + 1, d - 2, 0);
	}
}

static void diffuse(uint8_t *buf, uint32_t sector, size_t count)
{
	size_t n = sector / 4;
	struct words w;
	lanes *d = w.d + REACH;

	if (count < LANES)
		memset(d, 0, n * sizeof(*d));
	for (size_t l = 0; l < count; l++)
		for (size_t i = 0; i < n; i++)
			d[i][l] = get_le32(buf + l * sector + 4 * i);
	for (unsigned i = 0; i < CYCLES_B; i++)
		diffuse_b(d, n);
	for (unsigned i = 0; i < CYCLES_A; i++)
		diffuse_a(d, n);
	for (size_t l = 0; l < count; l++)
		for (size_t i = 0; i < n; i++)
			put_le32(buf + l * sector + 4 * i, d[i][l]);
}

void bitlocker_diffuse(uint8_t *buf, uint32_t sector, size_t count)
{
	for (size_t at = 0; at < count; at += LANES)
		diffuse(buf + at * sector, sector, MIN(LANES, count - at));
}
