/* SPDX-License-Identifier: MIT */
/*
 * des_slice_256.c - DES in words of 256 bits: AVX2
 */
#include "recovery/des_slice_internal.h"

#ifdef __x86_64__

typedef uint64_t slice __attribute__((vector_size(32)));

#define SLICE_TARGET   __attribute__((target("avx2")))
#define SLICE_CIRCUITS "recovery/des_sbox_two.h"
#include "recovery/des_slice_body.h"

static bool usable(void)
{
	return __builtin_cpu_supports("avx2");
}

const struct des_kernel des_kernel_256 = { 256, usable, run };

#else

const struct des_kernel des_kernel_256 = { 256, NULL, NULL };

#endif
