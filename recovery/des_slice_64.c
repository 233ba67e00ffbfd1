/* SPDX-License-Identifier: MIT */
/*
 * des_slice_64.c - DES in words of 64 bits: plain C
 */
#include <stdint.h>

typedef uint64_t slice;

#define SLICE_TARGET
#define SLICE_CIRCUITS "recovery/des_sbox_two.h"
#include "recovery/des_slice_body.h"

static bool usable(void)
{
	return true;
}

const struct des_kernel des_kernel_64 = { 64, usable, run };
