/* SPDX-License-Identifier: MIT */
/*
 * slow_cipher.h - EFS units one by one, by OpenSSL: what the fast paths must
 * give
 */
#ifndef TESTS_RECOVERY_SLOW_CIPHER_H
#define TESTS_RECOVERY_SLOW_CIPHER_H

#include "parsers/fek.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Every unit of 512 bytes is CBC with an IV of its own, set for it; DESX is
 * done block by block.  n is a multiple of the cipher's block.
 */
void slow_units(const struct fek *fek, bool encrypt, uint8_t *dst,
                const uint8_t *src, size_t n, uint64_t offset);
/* ECB with one key of DES (8 bytes) or 3DES (24). */
void slow_des(struct bytes key, bool encrypt, uint8_t *dst, const uint8_t *src,
              size_t n);

#endif
