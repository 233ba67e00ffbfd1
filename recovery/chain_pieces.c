/* SPDX-License-Identifier: MIT */
/*
 * chain_pieces.c - what stays closed in one chain, for another one
 */
#include "recovery/chain_pieces.h"

#include "recovery/chain_internal.h"

/* ------------------------------------------------------------- handing on */

struct giver {
	const struct chain *chain;
	void (*take)(void *ctx, const struct piece *piece);
	void *ctx;
};

static struct piece_key piece_key(const struct key *key, bool hopeless)
{
	const struct piece_key k = {
		.reason = key->state == KEY_LOCKED ? key->reason : NULL,
		.hopeless = hopeless,
		.current = key->current,
	};

	return k;
}

static struct bytes view(GBytes *data)
{
	struct bytes b = { 0 };

	b.p = g_bytes_get_data(data, &b.n);
	return b;
}

/* What the user named is given to every chain. */
static void give(const struct giver *to, enum key_type type, GBytes *data,
                 const struct origin *origin, const char *container,
                 const GArray *keys)
{
	const struct piece piece = {
		.type = type,
		.data = view(data),
		.origin = *origin,
		.container = container,
		.keys = (const struct piece_key *)(void *)keys->data,
		.n_keys = keys->len,
	};

	if (origin->evidence)
		to->take(to->ctx, &piece);
}

static void give_certificates(const struct giver *to, GArray *keys)
{
	const struct keyring *ring = to->chain->ring;

	for (size_t i = 0; i < keyring_count(ring); i++) {
		const struct key *key = keyring_get(ring, i);
		struct piece_key k = piece_key(key, false);

		if (!key->der)
			continue;
		k.reason = NULL;
		g_array_set_size(keys, 0);
		g_array_append_val(keys, k);
		give(to, KEY_CERTIFICATE, key->der,
		     key->type == KEY_CERTIFICATE ? &key->origin
		                                  : &key->certificate_origin,
		     key->container, keys);
	}
}

static void give_masters(const struct giver *to, GArray *keys)
{
	const GPtrArray *masters = to->chain->masters;

	for (guint i = 0; i < masters->len; i++) {
		const struct master *m = g_ptr_array_index(masters, i);
		struct piece_key k = piece_key(m->key, m->err.status != OK);

		if (!master_is_locked(m) || !m->needed)
			continue;
		g_array_set_size(keys, 0);
		g_array_append_val(keys, k);
		give(to, KEY_MASTER, m->data, &m->key->origin, NULL, keys);
	}
}

/* A file may hold two; they share its bytes. */
static void give_privates(const struct giver *to, GArray *keys)
{
	const GPtrArray *privates = to->chain->privates;
	guint next;

	for (guint i = 0; i < privates->len; i = next) {
		const struct private_lock *first =
			g_ptr_array_index(privates, i);
		bool locked = false;

		g_array_set_size(keys, 0);
		for (next = i; next < privates->len; next++) {
			const struct private_lock *l =
				g_ptr_array_index(privates, next);
			struct piece_key k = piece_key(l->key, l->failed);

			if (l->data != first->data)
				break;
			locked |= l->key->state == KEY_LOCKED;
			g_array_append_val(keys, k);
		}
		if (locked)
			give(to, KEY_PRIVATE, first->data, &first->key->origin,
			     NULL, keys);
	}
}

static void give_keyfiles(const struct giver *to, GArray *keys)
{
	const struct chain *chain = to->chain;

	for (guint i = 0; i < chain->keyfiles->len; i++) {
		const struct keyfile *f = g_ptr_array_index(chain->keyfiles, i);
		const struct key *key;

		if (f->done || f->domain)
			continue;
		g_array_set_size(keys, 0);
		while ((key = keyring_locked_in(chain->ring, view(f->data),
		                                keys->len))) {
			struct piece_key k = piece_key(key, false);

			g_array_append_val(keys, k);
		}
		give(to, KEY_PFX, f->data, &f->origin, NULL, keys);
	}
}

void chain_each_piece(const struct chain *chain,
                      void (*take)(void *ctx, const struct piece *piece),
                      void *ctx)
{
	const struct giver to = { .chain = chain, .take = take, .ctx = ctx };
	GArray *keys = g_array_new(FALSE, FALSE, sizeof(struct piece_key));

	/* Certificates first: they give the keys their names. */
	give_certificates(&to, keys);
	give_masters(&to, keys);
	give_privates(&to, keys);
	give_keyfiles(&to, keys);
	g_array_unref(keys);
}

/* ------------------------------------------------------------- taking over */

static void tell(struct key *key, const struct piece_key *k)
{
	if (key->state == KEY_LOCKED && k->reason)
		key_set_reason(key, k->reason);
	key->current |= k->current;
}

/* Is the lock one of that piece? */
static bool is_of(GBytes *data, const struct key *key,
                  const struct piece *piece)
{
	struct bytes own = data ? view(data) : (struct bytes){ 0 };

	return own.n == piece->data.n && own.n &&
	       !memcmp(own.p, piece->data.p, own.n) &&
	       !g_strcmp0(key->origin.sid, piece->origin.sid);
}

static enum status add_certificate(struct chain *chain,
                                   const struct piece *piece, struct error *err)
{
	struct key *key =
		keyring_add_certificate(chain->ring, piece->data,
	                                piece->container, &piece->origin, err);

	if (!key)
		return err->status;
	if (piece->n_keys)
		tell(key, piece->keys);
	return OK;
}

static enum status add_master(struct chain *chain, const struct piece *piece,
                              struct error *err)
{
	guint i = chain->masters->len;
	struct master *m;

	if (chain_add_masterkey(chain, piece->data, &piece->origin, err))
		return err->status;
	if (i == chain->masters->len) /* it was here */
		i = 0;
	for (; i < chain->masters->len && piece->n_keys; i++) {
		m = g_ptr_array_index(chain->masters, i);
		if (!is_of(m->data, m->key, piece))
			continue;
		tell(m->key, piece->keys);
		if (piece->keys->hopeless && !m->err.status)
			(void)fail(&m->err, E_UNSUPPORTED, 0,
			           "no password opens it");
		break;
	}
	return OK;
}

static enum status add_private(struct chain *chain, const struct piece *piece,
                               struct error *err)
{
	guint i = chain->privates->len;

	if (chain_add_private(chain, piece->data, &piece->origin, err))
		return err->status;
	if (i == chain->privates->len)
		i = 0;
	for (size_t k = 0; i < chain->privates->len && k < piece->n_keys; i++) {
		struct private_lock *l = g_ptr_array_index(chain->privates, i);

		if (!is_of(l->data, l->key, piece))
			continue;
		tell(l->key, &piece->keys[k]);
		l->failed |= piece->keys[k++].hopeless;
	}
	return OK;
}

/* Of one that was opened in part all is locked here: what is open is in the
   ring from elsewhere. */
static enum status add_keyfile(struct chain *chain, const struct piece *piece,
                               struct error *err)
{
	struct key *key = keyring_locked_in(chain->ring, piece->data, 0);

	if (!key &&
	    chain_add_closed_keyfile(chain, piece->data, &piece->origin, err))
		return err->status;
	for (size_t i = 0; piece->n_keys; i++) {
		key = keyring_locked_in(chain->ring, piece->data, i);
		if (!key)
			break;
		tell(key, &piece->keys[MIN(i, piece->n_keys - 1)]);
	}
	return OK;
}

enum status chain_add_piece(struct chain *chain, const struct piece *piece,
                            struct error *err)
{
	switch (piece->type) {
	case KEY_CERTIFICATE:
		return add_certificate(chain, piece, err);
	case KEY_MASTER:
		return add_master(chain, piece, err);
	case KEY_PRIVATE:
		return add_private(chain, piece, err);
	case KEY_PFX:
		return add_keyfile(chain, piece, err);
	case KEY_CREDHIST:
	case KEY_DOMAIN:
	case KEY_SYSTEM:
		break;
	}
	return fail(err, E_UNSUPPORTED, 0, "no such piece");
}

/* The master key that it names may have come with a piece. */
static void join(struct chain *chain, struct private_lock *l)
{
	const struct key *behind = l->key->behind;

	if (l->key->state != KEY_LOCKED || l->err.status || l->failed)
		return;
	(void)private_offer_own(chain, l);
	if (l->key->state == KEY_LOCKED && !behind && l->key->behind)
		chain_explain_private(chain, l);
}

void chain_join_pieces(struct chain *chain)
{
	g_hash_table_remove_all(chain->closed);
	for (guint i = 0; i < chain->privates->len; i++)
		join(chain, g_ptr_array_index(chain->privates, i));
}
