/* SPDX-License-Identifier: MIT */
/*
 * noise.h - numbers that look random, and are the same on every run
 */
#ifndef TESTS_RECOVERY_NOISE_H
#define TESTS_RECOVERY_NOISE_H

#include <stdint.h>

#include "parsers/wrap.h"

/* Knuth's MMIX, modulo 2^64; the high bits are the better ones. */
WRAPS static inline uint64_t noise_next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *seed;
}

#endif
