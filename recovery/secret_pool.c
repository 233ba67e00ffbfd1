/* SPDX-License-Identifier: MIT */
/*
 * secret_pool.c - many small secrets that live as long as each other
 */
#include "recovery/secret_pool.h"

#include <assert.h>

#define CHUNK 65536u
#define MOST  4096u

static void release_chunk(void *p)
{
	secret_release(p);
}

uint8_t *secret_pool_take(struct secret_pool *pool, size_t n)
{
	struct secret chunk;
	struct error err;
	uint8_t *p;

	assert(n && n <= MOST);
	if (!pool->chunks) {
		pool->chunks = g_array_new(FALSE, TRUE, sizeof(chunk));
		g_array_set_clear_func(pool->chunks, release_chunk);
		pool->used = CHUNK;
	}
	if (n > CHUNK - pool->used) {
		if (secret_alloc(&chunk, CHUNK, &err))
			return NULL;
		g_array_append_val(pool->chunks, chunk);
		pool->used = 0;
	}
	p = g_array_index(pool->chunks, struct secret, pool->chunks->len - 1).p;
	p += pool->used;
	pool->used += n;
	return p;
}

struct bytes secret_pool_copy(struct secret_pool *pool, struct bytes from)
{
	uint8_t *p = secret_pool_take(pool, from.n);

	if (!p)
		return (struct bytes){ 0 };
	memcpy(p, from.p, from.n);
	return (struct bytes){ p, from.n, 0 };
}

void secret_pool_release(struct secret_pool *pool)
{
	g_clear_pointer(&pool->chunks, g_array_unref);
	*pool = (struct secret_pool){ 0 };
}
