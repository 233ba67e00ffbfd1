/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_mixed.h - sectors of which some are encrypted and some are not yet
 *
 * While Windows converts a volume that encrypts on write, a map says which
 * sectors are encrypted.  Its format is not public, and the samples of such
 * volumes have it blanked.  But ciphertext is as good as random, and most data
 * is not: so each sector says itself what it is.  What is not random as it
 * lies is plain; what is not random once decrypted was encrypted.  What is
 * random both ways (compressed, or encrypted by EFS) goes with the nearest
 * sector of its group that has said so, or else counts as encrypted.
 */
#ifndef RECOVERY_BITLOCKER_MIXED_H
#define RECOVERY_BITLOCKER_MIXED_H

#include "recovery/bitlocker_cipher.h"

/* Bytes in which neighbours are asked; its own choice, nothing is known [?]. */
#define BITLOCKER_GROUP 65536

/*
 * Decrypt in place what of a group is encrypted: whole sectors, n bytes, at
 * most BITLOCKER_GROUP, at `offset` of the volume.  `work` is n bytes of
 * scratch.
 */
MUST_USE enum status bitlocker_decrypt_mixed(struct bitlocker_cipher *c,
                                             uint8_t *buf, uint8_t *work,
                                             size_t n, uint64_t offset,
                                             struct error *err);

/*
 * Can these n bytes (512 or more) be random?  Of random ones less than one in
 * 10^15 is refused.
 */
bool bitlocker_looks_random(const uint8_t *p, size_t n);

#endif
