/* SPDX-License-Identifier: MIT */
/*
 * des_slice.c - the key schedule of DES as masks (FIPS 46-3), and the widths
 */
#include "recovery/des_slice.h"
#include "recovery/des_slice_internal.h"

#include <assert.h>
#include <string.h>

#define ROUNDS    16
#define KEY_HALF  28
#define BATCH_MAX (64 * 64) /* bytes: 64 words of 512 bits */

/* The widest first; the last one is always usable. */
static const struct des_kernel *const kernels[] = {
	&des_kernel_512,
	&des_kernel_256,
	&des_kernel_128,
	&des_kernel_64,
};

#define KERNELS (sizeof(kernels) / sizeof(kernels[0]))

/* Bits are counted from 1, the highest of the first byte, as in FIPS 46-3. */
static const uint8_t choice_1[2 * KEY_HALF] = {
	57, 49, 41, 33, 25, 17, 9,  1,  58, 50, 42, 34, 26, 18,
	10, 2,  59, 51, 43, 35, 27, 19, 11, 3,  60, 52, 44, 36,
	63, 55, 47, 39, 31, 23, 15, 7,  62, 54, 46, 38, 30, 22,
	14, 6,  61, 53, 45, 37, 29, 21, 13, 5,  28, 20, 12, 4,
};

static const uint8_t choice_2[DES_ROUND_BITS] = {
	14, 17, 11, 24, 1,  5,  3,  28, 15, 6,  21, 10, 23, 19, 12, 4,
	26, 8,  16, 7,  27, 20, 13, 2,  41, 52, 31, 37, 47, 55, 30, 40,
	51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
};

/* How far both halves have turned by each round. */
static const uint8_t turned[ROUNDS] = { 1,  2,  4,  6,  8,  10, 12, 14,
	                                15, 17, 19, 21, 23, 25, 27, 28 };

/* All ones if bit i (of choice 1 and a turn) of the key is set. */
static uint64_t mask_of(const uint8_t key[DES_BLOCK], unsigned i, unsigned turn)
{
	unsigned half = i < KEY_HALF ? 0 : KEY_HALF;
	unsigned bit = choice_1[half + (i - half + turn) % KEY_HALF] - 1u;
	unsigned set = (unsigned)key[bit / 8] >> (7 - bit % 8) & 1;

	/* No branch, for the bit is secret. */
	return set * UINT64_MAX;
}

/* The masks of one key, its rounds forwards or backwards. */
static void schedule(uint64_t *to, const uint8_t key[DES_BLOCK], bool backwards)
{
	for (size_t r = 0; r < ROUNDS; r++) {
		unsigned turn = turned[backwards ? ROUNDS - 1 - r : r];

		for (size_t i = 0; i < DES_ROUND_BITS; i++)
			*to++ = mask_of(key, choice_2[i] - 1u, turn);
	}
}

static const struct des_kernel *widest(void)
{
	size_t i = 0;

	while (!kernels[i]->usable || !kernels[i]->usable())
		i++;
	return kernels[i];
}

enum status des_slice_init(struct des_slice *d, struct bytes key,
                           struct bytes words, struct error *err)
{
	size_t stages = key.n / DES_BLOCK, masks;
	enum status st;

	*d = (struct des_slice){ 0 };
	if (key.n != 8 && key.n != 24)
		return fail(err, E_CORRUPT, key.at, "length of a cipher key");
	if (words.n && words.n != 16)
		return fail(err, E_CORRUPT, words.at, "length of whitening");
	masks = stages * ROUNDS * DES_ROUND_BITS * sizeof(uint64_t);
	st = secret_alloc(&d->masks, 16 + masks, err);
	if (st)
		return st;
	if (words.n)
		memcpy(d->masks.p, words.p, 16);
	for (size_t i = 0; i < stages; i++)
		schedule((uint64_t *)(void *)(d->masks.p + 16) +
		                 i * ROUNDS * DES_ROUND_BITS,
		         key.p + i * DES_BLOCK, i == 1);
	d->rounds = stages * ROUNDS;
	d->kernel = widest();
	return OK;
}

void des_slice_release(struct des_slice *d)
{
	secret_release(&d->masks);
	*d = (struct des_slice){ 0 };
}

bool des_slice_force(struct des_slice *d, unsigned bits)
{
	for (size_t i = 0; i < KERNELS; i++)
		if (kernels[i]->bits == bits && kernels[i]->usable &&
		    kernels[i]->usable()) {
			d->kernel = kernels[i];
			return true;
		}
	return false;
}

/* Decrypting is the same rounds in the reverse order. */
static struct des_pass pass_of(const struct des_slice *d, bool encrypt)
{
	const uint8_t *p = secret_view(&d->masks).p;
	struct des_pass pass = {
		.masks = (const uint64_t *)(const void *)(p + 16),
		.step = DES_ROUND_BITS,
		.stages = d->rounds / ROUNDS,
	};

	memcpy(&pass.before, p + (encrypt ? 0 : 8), 8);
	memcpy(&pass.after, p + (encrypt ? 8 : 0), 8);
	if (!encrypt) {
		pass.masks += (d->rounds - 1) * DES_ROUND_BITS;
		pass.step = -pass.step;
	}
	return pass;
}

/*
 * The last blocks are padded to a batch: that takes as long as it, and still
 * less than a few of them would one by one.
 */
void des_slice_run(const struct des_slice *d, bool encrypt, uint8_t *dst,
                   const uint8_t *src, size_t n)
{
	struct des_pass pass = pass_of(d, encrypt);
	size_t batch = (size_t)d->kernel->bits * 8, whole = n / batch * batch;
	uint8_t last[BATCH_MAX];

	assert(n % DES_BLOCK == 0);
	d->kernel->run(&pass, dst, src, n / batch);
	if (n > whole) {
		memset(last, 0, batch);
		memcpy(last, src + whole, n - whole);
		d->kernel->run(&pass, last, last, 1);
		memcpy(dst + whole, last, n - whole);
	}
}
