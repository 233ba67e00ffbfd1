/* SPDX-License-Identifier: MIT */
/*
 * des_slice_128.c - DES in words of 128 bits: SSE2, NEON and the like
 */
#include <stdint.h>

typedef uint64_t slice __attribute__((vector_size(16)));

/* SSE2 is part of x86-64; elsewhere the compiler knows what there is. */
#define SLICE_TARGET
#define SLICE_CIRCUITS "recovery/des_sbox_two.h"
#include "recovery/des_slice_body.h"

static bool usable(void)
{
	return true;
}

const struct des_kernel des_kernel_128 = { 128, usable, run };
