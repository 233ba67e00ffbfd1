/* SPDX-License-Identifier: MIT */
/*
 * ec.h - elliptic private keys, as the key files of CNG hold them
 *
 * No file can be opened by one yet: how EFS wraps a file key with them is not
 * public.  So they are opened, checked and kept for those who know.
 */
#ifndef RECOVERY_EC_H
#define RECOVERY_EC_H

#include "parsers/key_blob.h"
#include "recovery/secret.h"

/* A private key; heap, opaque; usable by one thread at a time. */
struct ec_key;

/*
 * Of a private key blob of the elliptic kind.  E_UNSUPPORTED: a curve that is
 * not named, or not P-256, P-384 or P-521.  E_CORRUPT: the point is not that
 * of the private number.
 */
MUST_USE enum status ec_key_from_blob(struct ec_key **key,
                                      const struct key_blob *blob,
                                      struct error *err);
void ec_key_free(struct ec_key *key);
unsigned ec_key_bits(const struct ec_key *key);
/* As of rsa_key_pem. */
MUST_USE enum status ec_key_pem(struct secret *pem, const struct ec_key *key,
                                struct bytes certificate, struct error *err);

#endif
