/* SPDX-License-Identifier: MIT */
/*
 * keyring.c - all key material of the run, joined by public key
 */
#include "recovery/keyring_internal.h"

#include "parsers/limits.h"
#include "recovery/crypto.h"

/* One file may be damaged; this many are not. */
#define FILES_ENOUGH 3u

const char *key_type_name(enum key_type type)
{
	switch (type) {
	case KEY_CERTIFICATE:
		return "certificate";
	case KEY_PRIVATE:
		return "private_key";
	case KEY_PFX:
		return "pfx";
	case KEY_MASTER:
		return "master_key";
	case KEY_CREDHIST:
		return "credhist";
	case KEY_DOMAIN:
		return "domain_key";
	case KEY_SYSTEM:
		return "system_secret";
	}
	return NULL;
}

const char *key_state_name(enum key_state state)
{
	switch (state) {
	case KEY_PUBLIC:
		return "public";
	case KEY_LOCKED:
		return "locked";
	case KEY_UNLOCKED:
		return "unlocked";
	}
	return NULL;
}

/* ----------------------------------------------------------- life and death */

static void entry_free(void *p)
{
	struct entry *e = p;

	g_free(e->key.id);
	g_free(e->key.name);
	g_free(e->key.container);
	origin_release(&e->key.origin);
	g_free(e->key.source);
	g_free(e->key.certificate);
	origin_release(&e->key.certificate_origin);
	g_clear_pointer(&e->key.der, g_bytes_unref);
	g_free(e->key.unlocked_by);
	g_free(e->key.reason);
	rsa_key_free(e->key.rsa);
	ec_key_free(e->key.ec);
	g_clear_pointer(&e->public_id, g_bytes_unref);
	g_clear_pointer(&e->file, g_bytes_unref);
	g_clear_pointer(&e->beside, g_ptr_array_unref);
	g_free(e);
}

static void unref_bytes(void *p)
{
	g_bytes_unref(p);
}

static void unref_list(void *p)
{
	g_ptr_array_unref(p);
}

static void cert_free(void *p)
{
	struct ring_cert *cert = p;

	g_clear_pointer(&cert->public_id, g_bytes_unref);
	g_free(cert);
}

static GHashTable *table_new(GDestroyNotify release)
{
	return g_hash_table_new_full(g_bytes_hash, g_bytes_equal, unref_bytes,
	                             release);
}

struct keyring *keyring_new(void)
{
	struct keyring *ring = g_new0(struct keyring, 1);

	ring->keys = g_ptr_array_new_with_free_func(entry_free);
	ring->members = g_hash_table_new(g_direct_hash, g_direct_equal);
	ring->privates = table_new(NULL);
	ring->locked = table_new(NULL);
	ring->named = table_new(NULL);
	ring->certs = table_new(cert_free);
	ring->beside = table_new(unref_list);
	ring->files = table_new(unref_list);
	ring->learned = table_new(NULL);
	ring->given_up = table_new(NULL);
	ring->containers = g_hash_table_new_full(g_str_hash, g_str_equal,
	                                         g_free, unref_list);
	ring->sizes = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
	                                    unref_list);
	return ring;
}

void keyring_free(struct keyring *ring)
{
	if (!ring)
		return;
	g_hash_table_unref(ring->sizes);
	g_hash_table_unref(ring->containers);
	g_hash_table_unref(ring->given_up);
	g_hash_table_unref(ring->learned);
	g_hash_table_unref(ring->files);
	g_hash_table_unref(ring->beside);
	g_hash_table_unref(ring->certs);
	g_hash_table_unref(ring->named);
	g_hash_table_unref(ring->locked);
	g_hash_table_unref(ring->privates);
	g_hash_table_unref(ring->members);
	g_ptr_array_unref(ring->keys);
	g_free(ring);
}

void ring_set_origin(struct key *key, const struct origin *origin)
{
	origin_release(&key->origin);
	g_free(key->source);
	origin_copy(&key->origin, origin);
	key->source = origin_text(origin);
}

struct entry *ring_entry_new(struct keyring *ring, enum key_type type,
                             enum key_state state, const struct origin *origin)
{
	struct entry *e = g_new0(struct entry, 1);

	e->key.type = type;
	e->key.state = state;
	ring_set_origin(&e->key, origin);
	g_ptr_array_add(ring->keys, e);
	(void)g_hash_table_add(ring->members, e);
	return e;
}

void ring_entry_remove(struct keyring *ring, guint i)
{
	struct entry *e = g_ptr_array_index(ring->keys, i);

	for (guint k = 0; e->beside && k < e->beside->len; k++) {
		GPtrArray *list = g_hash_table_lookup(
			ring->beside, g_ptr_array_index(e->beside, k));

		if (list)
			(void)g_ptr_array_remove(list, e);
	}
	(void)g_hash_table_remove(ring->members, e);
	(void)g_ptr_array_remove_index(ring->keys, i);
}

/* --------------------------------------------------------------- the tables */

void *ring_look_up(GHashTable *table, struct bytes name)
{
	GBytes *key = g_bytes_new_static(name.p, name.n);
	void *value = g_hash_table_lookup(table, key);

	g_bytes_unref(key);
	return value;
}

void ring_list_add(GHashTable *table, void *name, struct entry *e)
{
	GPtrArray *list = g_hash_table_lookup(table, name);

	/* The table frees the name, whether it has that one already or not. */
	list = list ? g_ptr_array_ref(list) : g_ptr_array_new();
	g_ptr_array_add(list, e);
	(void)g_hash_table_insert(table, name, list);
}

struct entry *ring_entry(const struct keyring *ring, const struct key *key)
{
	return g_hash_table_lookup(ring->members, key);
}

static struct key *nth(GPtrArray *list, size_t i)
{
	struct entry *e;

	if (!list || i >= list->len)
		return NULL;
	e = g_ptr_array_index(list, i);
	return &e->key;
}

/* --------------------------------------------------------------- the finders
 */

size_t keyring_count(const struct keyring *ring)
{
	return ring->keys->len;
}

struct key *keyring_get(const struct keyring *ring, size_t i)
{
	return nth(ring->keys, i);
}

size_t keyring_usable(const struct keyring *ring)
{
	return g_hash_table_size(ring->privates);
}

/* The one that `table` has for the public key of this certificate. */
static struct entry *by_thumbprint(const struct keyring *ring,
                                   GHashTable *table, struct bytes thumbprint)
{
	const struct ring_cert *cert = ring_look_up(ring->certs, thumbprint);

	if (!cert || !cert->public_id)
		return NULL;
	return g_hash_table_lookup(table, cert->public_id);
}

struct key *keyring_find(const struct keyring *ring, struct bytes thumbprint)
{
	struct entry *e = by_thumbprint(ring, ring->privates, thumbprint);

	return e ? &e->key : NULL;
}

struct key *keyring_find_certificate(const struct keyring *ring,
                                     struct bytes thumbprint)
{
	const struct ring_cert *cert = ring_look_up(ring->certs, thumbprint);

	return cert ? &cert->entry->key : NULL;
}

struct key *keyring_find_locked(const struct keyring *ring,
                                struct bytes thumbprint)
{
	struct entry *e;

	if (keyring_find(ring, thumbprint))
		return NULL;
	e = by_thumbprint(ring, ring->locked, thumbprint);
	if (e)
		return &e->key;
	return nth(ring_look_up(ring->beside, thumbprint), 0);
}

struct key *keyring_locked_in(const struct keyring *ring, struct bytes file,
                              size_t i)
{
	uint8_t digest[DIGEST_MAX];
	struct bytes name = { digest, digest_size(DIGEST_SHA256), 0 };
	struct error err;

	if (digest_of(DIGEST_SHA256, file, digest, &err))
		return NULL;
	return nth(ring_look_up(ring->files, name), i);
}

struct key *keyring_find_public(const struct keyring *ring, const uint8_t *id)
{
	struct entry *e = ring_look_up(ring->privates,
	                               (struct bytes){ id, RSA_ID_SIZE, 0 });

	return e ? &e->key : NULL;
}

struct key *keyring_find_container(const struct keyring *ring,
                                   const char *container, size_t i)
{
	char *folded = g_utf8_casefold(container, -1);
	struct key *key;

	key = nth(g_hash_table_lookup(ring->containers, folded), i);
	g_free(folded);
	return key;
}

struct key *keyring_of_size(const struct keyring *ring, size_t size, size_t i)
{
	return nth(g_hash_table_lookup(ring->sizes, GSIZE_TO_POINTER(size)), i);
}

/* ------------------------------------------------------- what files taught */

struct key *keyring_find_learned(const struct keyring *ring,
                                 struct bytes thumbprint)
{
	struct entry *e = ring_look_up(ring->learned, thumbprint);

	return e ? &e->key : NULL;
}

void keyring_learn(struct keyring *ring, struct bytes thumbprint,
                   struct key *key)
{
	struct entry *e = ring_entry(ring, key);

	if (e && thumbprint.n && !keyring_find(ring, thumbprint) &&
	    g_hash_table_size(ring->learned) < LIMIT_LEARNED)
		g_hash_table_insert(ring->learned,
		                    g_bytes_new(thumbprint.p, thumbprint.n), e);
}

bool keyring_gave_up(const struct keyring *ring, struct bytes thumbprint)
{
	return GPOINTER_TO_UINT(ring_look_up(ring->given_up, thumbprint)) >=
	       FILES_ENOUGH;
}

void keyring_give_up(struct keyring *ring, struct bytes thumbprint)
{
	guint files =
		GPOINTER_TO_UINT(ring_look_up(ring->given_up, thumbprint));

	if (!thumbprint.n || files >= FILES_ENOUGH ||
	    g_hash_table_size(ring->given_up) >= LIMIT_GIVEN_UP)
		return;
	g_hash_table_insert(ring->given_up,
	                    g_bytes_new(thumbprint.p, thumbprint.n),
	                    GUINT_TO_POINTER(files + 1));
}

bool keyring_guess(struct keyring *ring, size_t size)
{
	if (ring->guesses >= LIMIT_GUESSES)
		return false;
	ring->guesses += rsa_work(size);
	return true;
}

/* ---------------------------------------------------------------- exporting */

enum status key_export(struct secret *pem, const struct key *key,
                       struct error *err)
{
	struct bytes der = { 0 };

	*pem = (struct secret){ 0 };
	if (key->der)
		der.p = g_bytes_get_data(key->der, &der.n);
	if (key->rsa)
		return rsa_key_pem(pem, key->rsa, der, err);
	if (key->ec)
		return ec_key_pem(pem, key->ec, der, err);
	return fail(err, E_ABSENT, 0, "the key is not open");
}
