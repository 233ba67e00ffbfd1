/* SPDX-License-Identifier: MIT */
/*
 * cipher.h - EFS data encryption: independent CBC units of 512 bytes
 *
 * Each unit has an initialisation vector made of its byte offset within its
 * own stream (no published text: observed on Windows 10), no padding and
 * no check value.  So a unit depends on nothing but itself, the key and its
 * place, and a buffer of many units is decrypted as one.
 */
#ifndef RECOVERY_CIPHER_H
#define RECOVERY_CIPHER_H

#include "parsers/fek.h"
#include "recovery/crypto.h"
#include "recovery/des_slice.h"

#define EFS_UNIT 512
/* Bytes that are worked on at a time: they stay in the first-level caches. */
#define CIPHER_WORK ((size_t)16 * 1024)

/* A file key made ready; zero is empty. Belongs to one thread at a time. */
struct cipher {
	struct block_cipher forward; /* AES, ECB: for the check */
	struct block_cipher inverse; /* AES, CBC: makes plaintext */
	uint8_t last[16];            /* the ciphertext that inverse saw last */
	struct des_slice des;        /* DES, 3DES, DESX: both directions */
	bool des_encrypts;           /* when it makes plaintext */
	size_t block;
};

/* E_UNSUPPORTED for an algorithm that is not ours. */
MUST_USE enum status cipher_init(struct cipher *c, const struct fek *fek,
                                 struct error *err);
void cipher_release(struct cipher *c);
/* Bytes of a block of an algorithm that is ours. */
size_t cipher_block_of(uint32_t algorithm);

/*
 * Decrypt n bytes, a multiple of the cipher's block, that begin at the stream
 * offset `offset`, a multiple of EFS_UNIT.  dst and src do not overlap.
 */
MUST_USE enum status cipher_decrypt(struct cipher *c, uint8_t *dst,
                                    const uint8_t *src, size_t n,
                                    uint64_t offset, struct error *err);

/*
 * Encrypt the plaintext again and compare it with the ciphertext.  As every
 * block is chained to the ciphertext before it, and that is the one on disk
 * when all earlier blocks agree, the blocks need no order: one pass over the
 * buffer.  Returns OK, or E_CORRUPT with the place of the first difference
 * (`at` is a stream offset).  `work` is scratch: n bytes, but at most
 * CIPHER_WORK.
 */
MUST_USE enum status cipher_check(struct cipher *c, const uint8_t *plain,
                                  const uint8_t *src, uint8_t *work, size_t n,
                                  uint64_t offset, struct error *err);

#endif
