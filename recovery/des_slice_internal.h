/* SPDX-License-Identifier: MIT */
/*
 * des_slice_internal.h - what a width of words offers to des_slice.c
 */
#ifndef RECOVERY_DES_SLICE_INTERNAL_H
#define RECOVERY_DES_SLICE_INTERNAL_H

#include "recovery/des_slice.h"

#define DES_ROUND_BITS 48 /* key bits of a round: six for each S-box */

/* A run over whole batches, of 64 words each. */
struct des_pass {
	const uint64_t *masks;  /* of the first round; all ones or all zeros */
	ptrdiff_t step;         /* from a round's masks to the next round's */
	size_t stages;          /* of 16 rounds */
	uint64_t before, after; /* whitening, as it lies in memory */
};

struct des_kernel {
	unsigned bits;        /* of a word */
	bool (*usable)(void); /* here and now; NULL: never */
	/* `batches` times 64 words, without alignment; dst may be src. */
	void (*run)(const struct des_pass *p, uint8_t *dst, const uint8_t *src,
	            size_t batches);
};

extern const struct des_kernel des_kernel_64, des_kernel_128, des_kernel_256,
	des_kernel_512;

#endif
