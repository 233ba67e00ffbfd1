/* SPDX-License-Identifier: MIT */
/*
 * crypto_bitlocker.h - the cryptography of BitLocker: stretching, CCM, XTS
 */
#ifndef RECOVERY_CRYPTO_BITLOCKER_H
#define RECOVERY_CRYPTO_BITLOCKER_H

#include "parsers/bytes.h"
#include "parsers/status.h"
#include "recovery/secret.h"

#define BITLOCKER_HASH_SIZE 32
#define BITLOCKER_SALT_SIZE 16

/*
 * J. Metz, "BitLocker Drive Encryption (BDE) format": Stretch key.  A million
 * rounds of SHA-256 over the last result, the hash, the salt and the number
 * of the round.  Keeps nothing; safe from any thread.
 */
void crypto_bitlocker_stretch(uint8_t out[BITLOCKER_HASH_SIZE],
                              const uint8_t hash[BITLOCKER_HASH_SIZE],
                              const uint8_t salt[BITLOCKER_SALT_SIZE]);

/*
 * AES-256-CCM, RFC 3610: `key` is 32 bytes, `nonce` 12, `tag` 16.  E_KEY: the
 * tag says that it is another key, or that the data are damaged.  The caller
 * releases `plain`.
 */
MUST_USE enum status crypto_ccm_open(struct secret *plain, struct bytes key,
                                     struct bytes nonce, struct bytes tag,
                                     struct bytes data, struct error *err);

/*
 * AES-XTS (IEEE 1619), to decrypt; zero is empty.  Belongs to one thread at a
 * time.
 */
struct xts_cipher {
	void *ctx;
};

/* The key is 32 bytes (AES-128) or 64 (AES-256). */
MUST_USE enum status xts_init(struct xts_cipher *xts, struct bytes key,
                              struct error *err);
/*
 * Decrypt n bytes in place: data units of `unit` bytes each, of which n is a
 * multiple; the first one has the number `first`.
 */
MUST_USE enum status xts_decrypt(struct xts_cipher *xts, uint8_t *buf, size_t n,
                                 uint32_t unit, uint64_t first,
                                 struct error *err);
void xts_release(struct xts_cipher *xts);

#endif
