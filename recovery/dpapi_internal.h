/* SPDX-License-Identifier: MIT */
/*
 * dpapi_internal.h - what the files dpapi*.c share
 */
#ifndef RECOVERY_DPAPI_INTERNAL_H
#define RECOVERY_DPAPI_INTERNAL_H

#include "recovery/crypto.h"
#include "recovery/dpapi.h"

/* A hash and a cipher that we have. */
struct dpapi_suite {
	enum digest_kind hash;
	enum block_kind cipher;
	size_t digest, key, block; /* bytes */
};

/* E_UNSUPPORTED: not ours; `what` names it. */
MUST_USE enum status dpapi_suite_find(struct dpapi_suite *suite, uint32_t hash,
                                      uint32_t cipher, uint64_t at,
                                      struct error *err);

/* What a pre-key and a salt lock: parts of a master key, CREDHIST entries. */
struct dpapi_sealed {
	uint32_t hash, cipher, rounds;
	struct bytes salt, ciphertext;
};

#define DPAPI_SEALED_MAX 256 /* bytes; real ones have 40 to 144 */

/*
 * Decrypt it; whether the pre-key was right shows in what `plain` holds then:
 * as many bytes as the ciphertext.  The caller wipes it.
 */
MUST_USE enum status dpapi_unseal(uint8_t plain[DPAPI_SEALED_MAX],
                                  struct dpapi_suite *suite,
                                  const struct dpapi_sealed *sealed,
                                  struct bytes prekey, struct error *err);

/*
 * The keyed hash of a blob, *observed*: of a salt, then of `parts`.  With SHA-1
 * it is no HMAC, for the parts go behind the inner digest.
 */
MUST_USE enum status dpapi_session(uint8_t out[DIGEST_MAX],
                                   enum digest_kind hash,
                                   struct bytes masterkey_hash,
                                   struct bytes salt, const struct bytes *parts,
                                   size_t n, struct error *err);
/* CryptDeriveKey(): the key of a cipher from a hash; suite->key bytes. */
MUST_USE enum status dpapi_cipher_key(uint8_t key[DIGEST_MAX],
                                      const struct dpapi_suite *suite,
                                      const uint8_t *session,
                                      struct error *err);

#endif
