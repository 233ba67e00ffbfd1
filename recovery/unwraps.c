/* SPDX-License-Identifier: MIT */
/*
 * unwraps.c - wrapped file keys that were unwrapped before
 */
#include "recovery/unwraps.h"
#include "parsers/limits.h"
#include "recovery/crypto.h"
#include "recovery/secret_pool.h"

#include <string.h>

/* What is known: of which key, and of which wrapped bytes by their digest. */
struct known {
	const struct rsa_key *key;
	uint8_t digest[32];
	struct bytes message; /* in the pool */
};

struct unwraps {
	GHashTable *table; /* struct known, as a set */
	struct secret_pool pool;
	GMutex lock; /* of both */
};

static guint hash(gconstpointer p)
{
	const struct known *k = p;
	guint h;

	memcpy(&h, k->digest, sizeof(h));
	return h;
}

static gboolean equal(gconstpointer a, gconstpointer b)
{
	const struct known *x = a, *y = b;

	return x->key == y->key &&
	       !memcmp(x->digest, y->digest, sizeof(x->digest));
}

struct unwraps *unwraps_new(void)
{
	struct unwraps *u = g_new0(struct unwraps, 1);

	g_mutex_init(&u->lock);
	u->table = g_hash_table_new_full(hash, equal, g_free, NULL);
	return u;
}

void unwraps_free(struct unwraps *u)
{
	if (!u)
		return;
	g_hash_table_unref(u->table);
	secret_pool_release(&u->pool);
	g_mutex_clear(&u->lock);
	g_free(u);
}

static bool name(struct known *k, const struct rsa_key *key,
                 struct bytes wrapped)
{
	struct error ignored;

	*k = (struct known){ .key = key };
	return !digest_of(DIGEST_SHA256, wrapped, k->digest, &ignored);
}

bool unwraps_find(struct unwraps *u, const struct rsa_key *key,
                  struct bytes wrapped, struct secret *message)
{
	const struct known *k;
	struct known wanted;
	struct error ignored;

	*message = (struct secret){ 0 };
	if (!name(&wanted, key, wrapped))
		return false;
	g_mutex_lock(&u->lock);
	k = g_hash_table_lookup(u->table, &wanted);
	if (k && !secret_alloc(message, k->message.n, &ignored))
		memcpy(message->p, k->message.p, message->n);
	g_mutex_unlock(&u->lock);
	return message->p;
}

void unwraps_keep(struct unwraps *u, const struct rsa_key *key,
                  struct bytes wrapped, struct bytes message)
{
	struct known k;

	if (!message.n || !name(&k, key, wrapped))
		return;
	g_mutex_lock(&u->lock);
	if (g_hash_table_size(u->table) < LIMIT_UNWRAPS &&
	    !g_hash_table_contains(u->table, &k)) {
		k.message = secret_pool_copy(&u->pool, message);
		if (k.message.n)
			(void)g_hash_table_add(u->table,
			                       g_memdup2(&k, sizeof(k)));
	}
	g_mutex_unlock(&u->lock);
}
