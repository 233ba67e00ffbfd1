/* SPDX-License-Identifier: MIT */
/*
 * dpapi_algorithm.h - hashes and ciphers by the numbers that DPAPI stores
 *
 * The numbers are CryptoAPI's ALG_ID (wincrypt.h, "ALG_ID" in the Windows API
 * reference); the sizes are those of the algorithms themselves.
 */
#ifndef PARSERS_DPAPI_ALGORITHM_H
#define PARSERS_DPAPI_ALGORITHM_H

#include <stddef.h>
#include <stdint.h>

enum {
	DPAPI_DES = 0x6601,
	DPAPI_RC2 = 0x6602,
	DPAPI_3DES = 0x6603,
	DPAPI_3DES_112 = 0x6609,
	DPAPI_AES_128 = 0x660e,
	DPAPI_AES_192 = 0x660f,
	DPAPI_AES_256 = 0x6610,
	DPAPI_AES = 0x6611,
	DPAPI_RC4 = 0x6801,
	DPAPI_MD5 = 0x8003,
	DPAPI_SHA1 = 0x8004,
	DPAPI_HMAC = 0x8009, /* here always HMAC with SHA-1 */
	DPAPI_SHA256 = 0x800c,
	DPAPI_SHA384 = 0x800d,
	DPAPI_SHA512 = 0x800e,
};

struct dpapi_algorithm {
	uint32_t id;
	const char *name; /* "SHA-512", "AES-256" */
	size_t size;      /* bytes of a digest or a key; 0: it varies */
	size_t block;     /* bytes; 1 for a stream cipher */
};

/* NULL if it is no hash, or no cipher, that is known here. */
const struct dpapi_algorithm *dpapi_hash_find(uint32_t id);
const struct dpapi_algorithm *dpapi_cipher_find(uint32_t id);

#endif
