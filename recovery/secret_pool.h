/* SPDX-License-Identifier: MIT */
/*
 * secret_pool.h - many small secrets that live as long as each other
 *
 * A struct secret has pages of its own; hundreds of thousands of hashes share
 * some.  Zero is empty.
 */
#ifndef RECOVERY_SECRET_POOL_H
#define RECOVERY_SECRET_POOL_H

#include "recovery/secret.h"

#include <glib.h>

struct secret_pool {
	GArray *chunks; /* of struct secret */
	size_t used;    /* bytes of the last one */
};

/*
 * Room for n bytes (1 to 4096), zeroed; it never moves.  NULL: no memory.  Not
 * for several threads at a time.
 */
uint8_t *secret_pool_take(struct secret_pool *pool, size_t n);
/* A copy of that many bytes in it; empty if there is no memory. */
struct bytes secret_pool_copy(struct secret_pool *pool, struct bytes from);
void secret_pool_release(struct secret_pool *pool);

#endif
