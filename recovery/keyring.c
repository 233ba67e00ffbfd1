/* SPDX-License-Identifier: MIT */
/*
 * keyring.c - all key material of the run, joined by public key
 */
#include "recovery/keyring.h"
#include "parsers/limits.h"
#include "recovery/crypto.h"

/* A key, and what the ring knows of it beyond what it tells. */
struct entry {
	struct key key;      /* first: the two have one address */
	GBytes *public_id;   /* of its public key, or NULL */
	GBytes *file;        /* locked: SHA-256 of the file that it is in */
	GPtrArray *beside;   /* locked: thumbprints of the certificates there */
	bool has_thumbprint; /* a certificate gave the key its id and name */
};

/* All the tables borrow their entries from `keys`. */
struct keyring {
	GPtrArray *keys;      /* of struct entry, in the order they came */
	GHashTable *privates; /* public id -> unlocked private key */
	GHashTable *certs;    /* thumbprint -> public id, or NULL if not RSA */
	GHashTable *learned;  /* thumbprint -> unlocked private key */
	GHashTable *sizes;    /* bytes of the modulus -> array of those */
	GHashTable *given_up; /* thumbprint -> files that no key opened */
};

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
	g_free(e->key.unlocked_by);
	g_free(e->key.reason);
	rsa_key_free(e->key.rsa);
	g_clear_pointer(&e->public_id, g_bytes_unref);
	g_clear_pointer(&e->file, g_bytes_unref);
	g_clear_pointer(&e->beside, g_ptr_array_unref);
	g_free(e);
}

static void unref_bytes(void *p)
{
	if (p)
		g_bytes_unref(p);
}

static void unref_list(void *p)
{
	g_ptr_array_unref(p);
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
	ring->privates = table_new(NULL);
	ring->certs = table_new(unref_bytes);
	ring->learned = table_new(NULL);
	ring->given_up = table_new(NULL);
	ring->sizes = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
	                                    unref_list);
	return ring;
}

void keyring_free(struct keyring *ring)
{
	if (!ring)
		return;
	g_hash_table_unref(ring->sizes);
	g_hash_table_unref(ring->given_up);
	g_hash_table_unref(ring->learned);
	g_hash_table_unref(ring->certs);
	g_hash_table_unref(ring->privates);
	g_ptr_array_unref(ring->keys);
	g_free(ring);
}

static void set_origin(struct key *key, const struct origin *origin)
{
	origin_release(&key->origin);
	g_free(key->source);
	origin_copy(&key->origin, origin);
	key->source = origin_text(origin);
}

static struct entry *entry_new(struct keyring *ring, enum key_type type,
                               enum key_state state,
                               const struct origin *origin)
{
	struct entry *e = g_new0(struct entry, 1);

	e->key.type = type;
	e->key.state = state;
	set_origin(&e->key, origin);
	g_ptr_array_add(ring->keys, e);
	return e;
}

/* --------------------------------------------------------------- the finders
 */

static void *look_up(GHashTable *table, struct bytes name)
{
	GBytes *key = g_bytes_new_static(name.p, name.n);
	void *value = g_hash_table_lookup(table, key);

	g_bytes_unref(key);
	return value;
}

size_t keyring_count(const struct keyring *ring)
{
	return ring->keys->len;
}

struct key *keyring_get(const struct keyring *ring, size_t i)
{
	struct entry *e = g_ptr_array_index(ring->keys, i);

	return &e->key;
}

size_t keyring_usable(const struct keyring *ring)
{
	return g_hash_table_size(ring->privates);
}

struct key *keyring_find(const struct keyring *ring, struct bytes thumbprint)
{
	GBytes *id = look_up(ring->certs, thumbprint);
	struct entry *e = NULL;

	if (id)
		e = g_hash_table_lookup(ring->privates, id);
	return e ? &e->key : NULL;
}

struct key *keyring_find_learned(const struct keyring *ring,
                                 struct bytes thumbprint)
{
	struct entry *e = look_up(ring->learned, thumbprint);

	return e ? &e->key : NULL;
}

bool keyring_gave_up(const struct keyring *ring, struct bytes thumbprint)
{
	return GPOINTER_TO_UINT(look_up(ring->given_up, thumbprint)) >=
	       FILES_ENOUGH;
}

void keyring_give_up(struct keyring *ring, struct bytes thumbprint)
{
	guint files = GPOINTER_TO_UINT(look_up(ring->given_up, thumbprint));

	if (!thumbprint.n || files >= FILES_ENOUGH ||
	    g_hash_table_size(ring->given_up) >= LIMIT_GIVEN_UP)
		return;
	g_hash_table_insert(ring->given_up,
	                    g_bytes_new(thumbprint.p, thumbprint.n),
	                    GUINT_TO_POINTER(files + 1));
}

static bool is_beside(const struct entry *e, struct bytes thumbprint)
{
	struct bytes other = { 0 };

	for (guint i = 0; e->beside && i < e->beside->len; i++) {
		other.p = g_bytes_get_data(g_ptr_array_index(e->beside, i),
		                           &other.n);
		if (bytes_equal(other, thumbprint))
			return true;
	}
	return false;
}

struct key *keyring_find_locked(const struct keyring *ring,
                                struct bytes thumbprint)
{
	if (keyring_find(ring, thumbprint))
		return NULL;
	for (guint i = 0; i < ring->keys->len; i++) {
		struct entry *e = g_ptr_array_index(ring->keys, i);

		if (is_beside(e, thumbprint))
			return &e->key;
	}
	return NULL;
}

struct key *keyring_of_size(const struct keyring *ring, size_t size, size_t i)
{
	GPtrArray *list;
	struct entry *e;

	list = g_hash_table_lookup(ring->sizes, GSIZE_TO_POINTER(size));
	if (!list || i >= list->len)
		return NULL;
	e = g_ptr_array_index(list, i);
	return &e->key;
}

/* The entry whose address is that of its key. */
static struct entry *entry_of(const struct keyring *ring, const struct key *key)
{
	for (guint i = 0; i < ring->keys->len; i++) {
		struct entry *e = g_ptr_array_index(ring->keys, i);

		if (&e->key == key)
			return e;
	}
	return NULL;
}

void keyring_learn(struct keyring *ring, struct bytes thumbprint,
                   struct key *key)
{
	struct entry *e = entry_of(ring, key);

	if (e && thumbprint.n && !keyring_find(ring, thumbprint) &&
	    g_hash_table_size(ring->learned) < LIMIT_LEARNED)
		g_hash_table_insert(ring->learned,
		                    g_bytes_new(thumbprint.p, thumbprint.n), e);
}

/* ------------------------------------------------------------------- adding */

static char *hex(const char *before, const uint8_t *p)
{
	GString *s = g_string_new(before);

	for (size_t i = 0; i < EFS_THUMBPRINT_SIZE; i++)
		g_string_append_printf(s, "%02x", p[i]);
	return g_string_free(s, FALSE);
}

/* The key takes the certificate's thumbprint and subject for its own. */
static void name_after(struct entry *e, const struct key_cert *cert)
{
	g_free(e->key.id);
	g_free(e->key.name);
	e->key.id = hex("", cert->thumbprint);
	e->key.name = g_strdup(cert->subject);
	e->key.bits = cert->bits;
	e->has_thumbprint = true;
}

/* The certificate of this public key that came first and has no private key. */
static struct entry *find_certificate(const struct keyring *ring, GBytes *id)
{
	for (guint i = 0; i < ring->keys->len; i++) {
		struct entry *e = g_ptr_array_index(ring->keys, i);

		if (e->key.type == KEY_CERTIFICATE && e->public_id &&
		    g_bytes_equal(e->public_id, id))
			return e;
	}
	return NULL;
}

static void list_by_size(struct keyring *ring, struct entry *e)
{
	void *size = GSIZE_TO_POINTER(rsa_key_size(e->key.rsa));
	GPtrArray *list = g_hash_table_lookup(ring->sizes, size);

	if (!list) {
		list = g_ptr_array_new();
		g_hash_table_insert(ring->sizes, size, list);
	}
	g_ptr_array_add(list, e);
}

/* Takes the key over.  The entry of its certificate becomes its own. */
static void add_private(struct keyring *ring, struct key_private *private,
                        const struct origin *origin)
{
	GBytes *id = g_bytes_new(private->id, sizeof(private->id));
	struct entry *e;

	if (g_hash_table_contains(ring->privates, id)) {
		g_bytes_unref(id);
		return;
	}
	e = find_certificate(ring, id);
	if (e) {
		g_free(e->key.certificate);
		e->key.certificate = g_strdup(e->key.source);
		set_origin(&e->key, origin);
		e->key.type = KEY_PRIVATE;
		e->key.state = KEY_UNLOCKED;
	} else {
		e = entry_new(ring, KEY_PRIVATE, KEY_UNLOCKED, origin);
		e->key.id = hex("rsa:", private->id);
		e->public_id = g_bytes_ref(id);
	}
	e->key.rsa = g_steal_pointer(&private->rsa);
	e->key.bits = rsa_key_bits(e->key.rsa);
	e->key.unlocked_by = g_steal_pointer(&private->unlocked_by);
	list_by_size(ring, e);
	g_hash_table_remove_all(ring->given_up);
	g_hash_table_insert(ring->privates, id, e);
}

static void add_cert(struct keyring *ring, const struct key_cert *cert,
                     const struct origin *origin)
{
	GBytes *thumbprint;
	struct entry *e = NULL;
	GBytes *id = NULL;

	thumbprint = g_bytes_new(cert->thumbprint, sizeof(cert->thumbprint));
	if (g_hash_table_contains(ring->certs, thumbprint)) {
		g_bytes_unref(thumbprint);
		return;
	}
	if (cert->bits) {
		id = g_bytes_new(cert->id, sizeof(cert->id));
		e = g_hash_table_lookup(ring->privates, id);
	}
	/* A second certificate of the key is listed by itself. */
	if (!e || e->has_thumbprint) {
		e = entry_new(ring, KEY_CERTIFICATE, KEY_PUBLIC, origin);
		e->public_id = id ? g_bytes_ref(id) : NULL;
	}
	name_after(e, cert);
	g_hash_table_insert(ring->certs, thumbprint, id);
}

static void add_locked(struct keyring *ring, const struct key_locked *locked,
                       const struct key_file *kf, GBytes *file,
                       const struct origin *origin)
{
	bool pfx = !strcmp(locked->type, "pfx");
	struct entry *e;

	e = entry_new(ring, pfx ? KEY_PFX : KEY_PRIVATE, KEY_LOCKED, origin);
	e->key.reason = g_strdup(locked->reason);
	e->file = g_bytes_ref(file);
	e->beside = g_ptr_array_new_with_free_func(unref_bytes);
	for (guint i = 0; i < kf->certs->len; i++) {
		const struct key_cert *cert =
			&g_array_index(kf->certs, struct key_cert, i);

		g_ptr_array_add(e->beside,
		                g_bytes_new(cert->thumbprint,
		                            sizeof(cert->thumbprint)));
	}
}

/* What was locked in this very file before is listed anew, or is open now. */
static void forget_locked(struct keyring *ring, GBytes *file)
{
	for (guint i = ring->keys->len; i--;) {
		struct entry *e = g_ptr_array_index(ring->keys, i);

		if (e->file && g_bytes_equal(e->file, file))
			g_ptr_array_remove_index(ring->keys, i);
	}
}

static void add_all(struct keyring *ring, struct key_file *kf, GBytes *file,
                    const struct origin *origin)
{
	for (guint i = 0; i < kf->privates->len; i++)
		add_private(ring,
		            &g_array_index(kf->privates, struct key_private, i),
		            origin);
	for (guint i = 0; i < kf->certs->len; i++)
		add_cert(ring, &g_array_index(kf->certs, struct key_cert, i),
		         origin);
	for (guint i = 0; i < kf->locked->len; i++)
		add_locked(ring,
		           &g_array_index(kf->locked, struct key_locked, i), kf,
		           file, origin);
}

enum status keyring_add(struct keyring *ring, struct bytes in,
                        const struct origin *origin,
                        const struct passwords *passwords, struct error *err)
{
	uint8_t digest[DIGEST_MAX];
	struct key_file kf;
	enum status status;
	GBytes *file;

	status = key_file_read(&kf, in, passwords, err);
	if (!kf.format)
		return status;
	if (digest_of(DIGEST_SHA256, in, digest, err)) {
		key_file_release(&kf);
		return err->status;
	}
	file = g_bytes_new(digest, sizeof(digest));
	forget_locked(ring, file);
	add_all(ring, &kf, file, origin);
	g_bytes_unref(file);
	key_file_release(&kf);
	return status;
}
