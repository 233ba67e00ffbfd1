/* SPDX-License-Identifier: MIT */
/*
 * unwraps.h - wrapped file keys that were unwrapped before
 *
 * A file of a volume and the same file in its shadow copies have the same
 * wrapped file key: one RSA operation does for all of them.
 */
#ifndef RECOVERY_UNWRAPS_H
#define RECOVERY_UNWRAPS_H

#include "recovery/rsa.h"

/* Any number of threads may use it. */
struct unwraps;

struct unwraps *unwraps_new(void);
void unwraps_free(struct unwraps *unwraps);

/* What is in the padding of `wrapped` for this key, if it is known; the caller
   releases it. */
bool unwraps_find(struct unwraps *unwraps, const struct rsa_key *key,
                  struct bytes wrapped, struct secret *message);
/* Remember a copy of it, while there are less than LIMIT_UNWRAPS. */
void unwraps_keep(struct unwraps *unwraps, const struct rsa_key *key,
                  struct bytes wrapped, struct bytes message);

#endif
