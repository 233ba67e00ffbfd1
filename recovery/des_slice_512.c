/* SPDX-License-Identifier: MIT */
/*
 * des_slice_512.c - DES in words of 512 bits: AVX-512, with its instruction
 * for any function of three inputs
 */
#include "recovery/des_slice_internal.h"

#ifdef __x86_64__

#include <immintrin.h>

typedef uint64_t slice __attribute__((vector_size(64)));

#define LUT(a, b, c, f)                                               \
	((slice)_mm512_ternarylogic_epi64((__m512i)(a), (__m512i)(b), \
	                                  (__m512i)(c), (f)))

#define SLICE_TARGET   __attribute__((target("avx512f")))
#define SLICE_CIRCUITS "recovery/des_sbox_three.h"
#include "recovery/des_slice_body.h"

static bool usable(void)
{
	return __builtin_cpu_supports("avx512f");
}

const struct des_kernel des_kernel_512 = { 512, usable, run };

#else

const struct des_kernel des_kernel_512 = { 512, NULL, NULL };

#endif
