/* SPDX-License-Identifier: MIT */
/*
 * cipher.h - file encryption keys and the encryption of data units
 *
 * Everything is libgcrypt, except what libgcrypt has not: the key expansion
 * and the inverted whitening of the Windows 2000 DESX.
 */
#ifndef GENERATOR_CIPHER_H
#define GENERATOR_CIPHER_H

#include "tests/generator/util.h"

enum { UNIT = 512, FEK_MAX = 32 };

struct algorithm {
	const char *name;   /* in specifications */
	const char *report; /* in manifests */
	uint32_t id;        /* ALG_ID in the key structure */
	uint32_t entropy;
	uint8_t key_len, block;
	int gcry, mode;
};

struct fek {
	const struct algorithm *alg;
	uint8_t key[FEK_MAX];
};

struct cipher; /* one key, ready to use */

const struct algorithm *algorithm_find(const char *name);

/* A key from a seed; "hex:..." gives it literally. */
void fek_make(struct fek *fek, const struct algorithm *alg, const char *seed);

/* The structure that is wrapped for each user: [MS-EFSR] 2.2.2.1.5. */
void fek_structure(struct buf *out, const struct fek *fek);

struct cipher *cipher_new(const struct fek *fek);
void cipher_free(struct cipher *c);

/* Whole units at `off` of their stream, in place. */
void cipher_encrypt(struct cipher *c, uint64_t off, uint8_t *p, size_t n);
void cipher_decrypt(struct cipher *c, uint64_t off, uint8_t *p, size_t n);

/* DES key, input and output whitening of a DESX key, 24 bytes. */
void desx_expand(uint8_t out[24], const uint8_t key[16]);

/* The first initialisation vector bytes of the unit at `off`. */
void unit_iv(uint8_t iv[16], const struct algorithm *alg, uint64_t off);

#endif
