/* SPDX-License-Identifier: MIT */
/*
 * dpapi_algorithm.c - hashes and ciphers by the numbers that DPAPI stores
 *
 * ALG_ID of wincrypt.h.  Digests and blocks: FIPS 180-4, RFC 1321; keys and
 * blocks: FIPS 197, FIPS 46-3, RFC 2268.
 */
#include "parsers/dpapi_algorithm.h"

static const struct dpapi_algorithm hashes[] = {
	{ DPAPI_MD5, "MD5", 16, 64 },
	{ DPAPI_SHA1, "SHA-1", 20, 64 },
	{ DPAPI_HMAC, "HMAC-SHA-1", 20, 64 },
	{ DPAPI_SHA256, "SHA-256", 32, 64 },
	{ DPAPI_SHA384, "SHA-384", 48, 128 },
	{ DPAPI_SHA512, "SHA-512", 64, 128 },
};

static const struct dpapi_algorithm ciphers[] = {
	{ DPAPI_DES, "DES", 8, 8 },
	{ DPAPI_RC2, "RC2", 0, 8 },
	{ DPAPI_3DES, "3DES", 24, 8 },
	{ DPAPI_3DES_112, "3DES-112", 16, 8 },
	{ DPAPI_AES_128, "AES-128", 16, 16 },
	{ DPAPI_AES_192, "AES-192", 24, 16 },
	{ DPAPI_AES_256, "AES-256", 32, 16 },
	{ DPAPI_AES, "AES", 0, 16 },
	{ DPAPI_RC4, "RC4", 0, 1 },
};

static const struct dpapi_algorithm *find(const struct dpapi_algorithm *table,
                                          size_t n, uint32_t id)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].id == id)
			return &table[i];
	return NULL;
}

const struct dpapi_algorithm *dpapi_hash_find(uint32_t id)
{
	return find(hashes, sizeof(hashes) / sizeof(*hashes), id);
}

const struct dpapi_algorithm *dpapi_cipher_find(uint32_t id)
{
	return find(ciphers, sizeof(ciphers) / sizeof(*ciphers), id);
}
