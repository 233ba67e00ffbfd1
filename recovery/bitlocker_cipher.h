/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_cipher.h - decrypt the sectors of a BitLocker volume
 *
 * A sector depends on nothing but itself, the keys and its place.  The place is
 * where it lies: the moved start of a volume is decrypted where it was moved
 * to.  N. Ferguson, "AES-CBC + Elephant diffuser" (2006), for the diffuser.
 */
#ifndef RECOVERY_BITLOCKER_CIPHER_H
#define RECOVERY_BITLOCKER_CIPHER_H

#include "recovery/bitlocker.h"
#include "recovery/crypto.h"

/* Keys made ready; zero is empty.  Belongs to one thread at a time. */
struct bitlocker_cipher {
	struct xts_cipher xts;
	struct block_cipher inverse; /* CBC: of the sectors */
	struct block_cipher forward; /* CBC: of their first vectors */
	struct block_cipher tweak;   /* of the diffuser */
	uint32_t sector;
};

/* `sector` is the volume's sector size.  E_UNSUPPORTED: not our method. */
MUST_USE enum status bitlocker_cipher_init(struct bitlocker_cipher *c,
                                           const struct bitlocker_keys *keys,
                                           uint32_t sector, struct error *err);
void bitlocker_cipher_release(struct bitlocker_cipher *c);

/*
 * Decrypt n bytes in place, whole sectors, that lie at `offset` of the volume,
 * which is a multiple of the sector size.
 */
MUST_USE enum status bitlocker_decrypt(struct bitlocker_cipher *c, uint8_t *buf,
                                       size_t n, uint64_t offset,
                                       struct error *err);

/*
 * The diffuser alone, decrypting: `lanes` sectors of `sector` bytes that
 * follow each other.
 */
void bitlocker_diffuse(uint8_t *buf, uint32_t sector, size_t lanes);

#endif
