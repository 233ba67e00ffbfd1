/* SPDX-License-Identifier: MIT */
/*
 * mutate_front.c - one more patch, one less, or another
 */
#include "parsers/wrap.h"
#include "tests/fuzz/patch.h"

#include <stdint.h>
#include <string.h>

/* Longer inputs leave nothing of what they patch. */
#define MOST 400u

/* libFuzzer's: the first is called by it, the second is there for the first. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

static uint32_t state;

/* A linear congruence, modulo 2^32. */
WRAPS static uint32_t next(void)
{
	return state = state * 1664525u + 1013904223u;
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)((uint64_t)next() * n >> 32);
}

/* Numbers at the ends of what fits, or any. */
static void number(uint8_t *to, unsigned width)
{
	static const uint64_t edges[] = {
		0,
		1,
		0x7f,
		0x80,
		0xff,
		0x7fff,
		0x8000,
		0xffff,
		0x10000,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		INT64_MAX,
		UINT64_MAX,
		0x200,
		0x1000,
		UINT64_MAX - 1,
	};
	unsigned which = below(24);
	uint64_t v = which < sizeof(edges) / sizeof(*edges)
	                     ? edges[which]
	                     : (uint64_t)below(UINT32_MAX) << below(32);

	for (unsigned i = 0; i < width; i++)
		to[i] = (uint8_t)(v >> (8 * i));
}

/* Near to what is there. */
static void step(uint8_t *to, unsigned width)
{
	int64_t v = below(2) ? 1 : 1 << below(16);

	if (below(2))
		v = -v;
	for (unsigned i = 0; i < width; i++)
		to[i] = (uint8_t)((uint64_t)v >> (8 * i));
}

/* Fields lie where their size divides their place. */
static void place(uint8_t *to, uint32_t unit)
{
	uint32_t at = below(1 << 24) / unit * unit;

	for (unsigned i = 0; i < 3; i++)
		to[i] = (uint8_t)(at >> (8 * i));
}

static size_t patch(uint8_t *to)
{
	unsigned width = 1u << below(4);

	place(to, width);
	switch (below(8)) {
	case 0:
		to[3] = 4 | PATCH_OTHER;
		place(to, PATCH_COPY);
		place(to + PATCH_HEAD, PATCH_COPY);
		to[7] = (uint8_t)(below(2) ? below(4) : 0x3fu << below(3));
		return PATCH_HEAD + 4;
	case 1:
		/* Seldom: behind it there is nothing left to patch. */
		to[3] = below(4) ? 1 : 0;
		to[4] = (uint8_t)below(256);
		return PATCH_HEAD + to[3];
	case 2:
	case 3:
	case 4:
		to[3] = (uint8_t)(width | PATCH_ADD);
		step(to + PATCH_HEAD, width);
		break;
	default:
		to[3] = (uint8_t)width;
		number(to + PATCH_HEAD, width);
		break;
	}
	return PATCH_HEAD + width;
}

/* Where patch number `which` begins; `size` if there are not so many. */
static size_t find(const uint8_t *data, size_t size, uint32_t which)
{
	size_t at = 1;

	for (; which && at + PATCH_HEAD <= size; which--)
		at += PATCH_HEAD + (data[at + 3] & PATCH_MOST);
	return at < size ? at : size;
}

static size_t drop(uint8_t *data, size_t size)
{
	uint32_t which = below(1 + (uint32_t)size / 8);
	size_t from = find(data, size, which);
	size_t to = find(data, size, which + 1);

	memmove(data + from, data + to, size - to);
	return size - (to - from);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
                               unsigned seed)
{
	uint8_t one[PATCH_HEAD + PATCH_MOST];
	size_t n;

	state = seed;
	most = most < MOST ? most : MOST;
	if (!size)
		data[size++] = 0;
	switch (below(8)) {
	case 0:
		data[0] = (uint8_t)(below(16) | (below(16) ? 0 : PATCH_RAW));
		return size;
	case 1:
		return drop(data, size);
	case 2:
		if (size > 1 && size < most)
			return 1 +
			       LLVMFuzzerMutate(data + 1, size - 1, most - 1);
		break;
	default:
		break;
	}
	n = patch(one);
	if (size + n > most)
		return drop(data, size);
	memcpy(data + size, one, n);
	return size + n;
}
