/* SPDX-License-Identifier: MIT */
/*
 * des_slice.h - DES and 3DES in ECB mode, hundreds of blocks at a time
 *
 * Bit 1 of many blocks is one word, bit 2 the next: a circuit of AND, OR and
 * XOR then does for all of them what a table does for one block (E. Biham, "A
 * Fast New DES Implementation in Software", 1997).  The words are 64 to 512
 * bits wide, as the processor at run time has them.
 *
 * CBC decryption and the check of a known plaintext need no more than ECB, as
 * all of the ciphertext is there; cipher.c has the chaining.
 */
#ifndef RECOVERY_DES_SLICE_H
#define RECOVERY_DES_SLICE_H

#include "recovery/secret.h"

#define DES_BLOCK 8

struct des_kernel;

/* One key; zero is empty. Any number of threads may run it at once. */
struct des_slice {
	const struct des_kernel *kernel;
	struct secret masks; /* key bits in the order of use, and two words */
	size_t rounds;       /* 16 or 48 */
};

/*
 * A key of 8 bytes (DES) or 24 (3DES: encrypt, decrypt, encrypt); parity bits
 * are ignored.  `words` is empty, or 16 bytes of whitening: what goes in is
 * XORed with the first 8, what comes out with the others (the reverse when
 * decrypting).  E_CORRUPT: another length.
 */
MUST_USE enum status des_slice_init(struct des_slice *d, struct bytes key,
                                    struct bytes words, struct error *err);
void des_slice_release(struct des_slice *d);

/* n is a multiple of DES_BLOCK; dst may be src. */
void des_slice_run(const struct des_slice *d, bool encrypt, uint8_t *dst,
                   const uint8_t *src, size_t n);

/*
 * For tests and measurements: use the words of so many bits (64, 128, 256,
 * 512).  False, and no change: this machine has none.
 */
MUST_USE bool des_slice_force(struct des_slice *d, unsigned bits);

#endif
