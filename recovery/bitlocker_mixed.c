/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_mixed.c - sectors of which some are encrypted and some are not yet
 */
#include "recovery/bitlocker_mixed.h"

enum verdict { UNDECIDED, PLAIN, ENCRYPTED };

/*
 * Pearson's chi-squared test of byte values.  With 255 degrees of freedom it is
 * 255 for random bytes, with a standard deviation of 22.6: ten of those away is
 * no accident.
 */
#define VALUES     256u
#define IMPROBABLE 490u

bool bitlocker_looks_random(const uint8_t *p, size_t n)
{
	uint32_t count[VALUES] = { 0 };
	uint64_t squares = 0;

	for (size_t i = 0; i < n; i++)
		count[p[i]]++;
	for (size_t i = 0; i < VALUES; i++)
		squares += (uint64_t)count[i] * count[i];
	/* chi2 = 256/n * squares - n, without the division. */
	return VALUES * squares < (uint64_t)n * (n + IMPROBABLE);
}

static enum verdict judge(const uint8_t *raw, const uint8_t *open, size_t n)
{
	if (!bitlocker_looks_random(raw, n))
		return PLAIN;
	return bitlocker_looks_random(open, n) ? UNDECIDED : ENCRYPTED;
}

/* The nearest that is decided; the one before where two are equally near. */
static enum verdict ask_neighbours(const uint8_t *verdicts, size_t n, size_t i)
{
	for (size_t d = 0; d < n; d++) {
		if (d <= i && verdicts[i - d] != UNDECIDED)
			return verdicts[i - d];
		if (i + d < n && verdicts[i + d] != UNDECIDED)
			return verdicts[i + d];
	}
	return ENCRYPTED;
}

enum status bitlocker_decrypt_mixed(struct bitlocker_cipher *c, uint8_t *buf,
                                    uint8_t *work, size_t n, uint64_t offset,
                                    struct error *err)
{
	uint8_t verdicts[BITLOCKER_GROUP / 512];
	size_t sectors = n / c->sector;

	g_assert(n <= BITLOCKER_GROUP);
	memcpy(work, buf, n);
	if (bitlocker_decrypt(c, work, n, offset, err))
		return err->status;
	for (size_t i = 0; i < sectors; i++)
		verdicts[i] = (uint8_t)judge(buf + i * c->sector,
		                             work + i * c->sector, c->sector);
	for (size_t i = 0; i < sectors; i++)
		if (ask_neighbours(verdicts, sectors, i) == ENCRYPTED)
			memcpy(buf + i * c->sector, work + i * c->sector,
			       c->sector);
	return OK;
}
