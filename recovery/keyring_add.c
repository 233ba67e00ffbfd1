/* SPDX-License-Identifier: MIT */
/*
 * keyring_add.c - keys and certificates come in, and find each other
 */
#include "recovery/keyring_internal.h"

#include "recovery/crypto.h"

char *ring_hex(const char *before, const uint8_t *p)
{
	GString *s = g_string_new(before);

	for (size_t i = 0; i < EFS_THUMBPRINT_SIZE; i++)
		g_string_append_printf(s, "%02x", p[i]);
	return g_string_free(s, FALSE);
}

/* ------------------------------------------------------------------- names */

/* Where its certificate is from; in words unless they are from one place. */
static void set_certificate(struct entry *e, const struct origin *origin)
{
	char *source = origin_text(origin);

	origin_release(&e->key.certificate_origin);
	origin_copy(&e->key.certificate_origin, origin);
	g_free(e->key.certificate);
	e->key.certificate = g_strcmp0(source, e->key.source)
	                             ? g_steal_pointer(&source)
	                             : NULL;
	g_free(source);
}

static void set_der(struct key *key, GBytes *der, bool efs)
{
	if (key->der)
		g_bytes_unref(key->der);
	key->der = der ? g_bytes_ref(der) : NULL;
	key->efs = efs;
}

/* The key takes the certificate's thumbprint and subject for its own. */
static void name_after(struct entry *e, const struct key_cert *cert,
                       const struct origin *origin)
{
	g_free(e->key.id);
	g_free(e->key.name);
	e->key.id = ring_hex("", cert->thumbprint);
	e->key.name = g_strdup(cert->subject);
	e->key.bits = cert->bits;
	e->has_thumbprint = true;
	set_der(&e->key, cert->der, cert->efs || cert->recovery);
	if (e->key.type != KEY_CERTIFICATE)
		set_certificate(e, origin);
}

void ring_adopt_name(struct keyring *ring, struct entry *e)
{
	const struct entry *from;

	if (e->has_thumbprint || !e->public_id)
		return;
	from = g_hash_table_lookup(ring->named, e->public_id);
	if (!from)
		return;
	g_free(e->key.id);
	g_free(e->key.name);
	e->key.id = g_strdup(from->key.id);
	e->key.name = g_strdup(from->key.name);
	e->has_thumbprint = true;
	set_der(&e->key, from->key.der, from->key.efs);
	set_certificate(e, from->key.type == KEY_CERTIFICATE
	                           ? &from->key.origin
	                           : &from->key.certificate_origin);
	if (from->key.container)
		ring_set_container(ring, e, from->key.container);
}

void ring_set_container(struct keyring *ring, struct entry *e,
                        const char *container)
{
	if (!container || e->key.container)
		return;
	e->key.container = g_strdup(container);
	ring_list_add(ring->containers, g_utf8_casefold(container, -1), e);
}

/* ------------------------------------------------------------ private keys */

/*
 * The entry of a certificate of this public key that has no private key yet
 * becomes that of the key.
 */
static struct entry *private_new(struct keyring *ring, GBytes *id,
                                 enum key_state state,
                                 const struct origin *origin)
{
	struct entry *e = id ? g_hash_table_lookup(ring->named, id) : NULL;

	if (e && e->key.type == KEY_CERTIFICATE) {
		g_free(e->key.certificate);
		e->key.certificate = g_steal_pointer(&e->key.source);
		origin_release(&e->key.certificate_origin);
		e->key.certificate_origin = e->key.origin;
		e->key.origin = (struct origin){ 0 };
		ring_set_origin(&e->key, origin);
		e->key.type = KEY_PRIVATE;
		e->key.state = state;
		return e;
	}
	e = ring_entry_new(ring, KEY_PRIVATE, state, origin);
	if (id) {
		e->key.id = ring_hex("rsa:", g_bytes_get_data(id, NULL));
		e->public_id = g_bytes_ref(id);
		ring_adopt_name(ring, e);
	}
	return e;
}

void ring_open(struct keyring *ring, struct entry *e)
{
	e->key.state = KEY_UNLOCKED;
	e->key.bits = rsa_key_bits(e->key.rsa);
	if (g_hash_table_contains(ring->privates, e->public_id))
		return; /* open from elsewhere already */
	ring_list_add(ring->sizes, GSIZE_TO_POINTER(rsa_key_size(e->key.rsa)),
	              e);
	g_hash_table_remove_all(ring->given_up);
	(void)g_hash_table_insert(ring->privates, g_bytes_ref(e->public_id), e);
}

/* Takes the key over. */
static void add_private(struct keyring *ring, struct key_private *private,
                        const struct origin *origin)
{
	GBytes *id = g_bytes_new(private->id, sizeof(private->id));
	struct entry *e;

	if (!g_hash_table_contains(ring->privates, id)) {
		e = private_new(ring, id, KEY_UNLOCKED, origin);
		e->key.rsa = g_steal_pointer(&private->rsa);
		e->key.unlocked_by = g_steal_pointer(&private->unlocked_by);
		ring_open(ring, e);
	}
	g_bytes_unref(id);
}

struct key *keyring_add_locked(struct keyring *ring, const uint8_t *id,
                               unsigned bits, const char *container,
                               const struct origin *origin)
{
	GBytes *public_id = id ? g_bytes_new(id, RSA_ID_SIZE) : NULL;
	struct entry *e = private_new(ring, public_id, KEY_LOCKED, origin);

	e->key.bits = bits;
	ring_set_container(ring, e, container);
	if (public_id && !g_hash_table_contains(ring->locked, public_id))
		(void)g_hash_table_insert(ring->locked, g_bytes_ref(public_id),
		                          e);
	if (public_id)
		g_bytes_unref(public_id);
	return &e->key;
}

void keyring_open(struct keyring *ring, struct key *key, struct rsa_key *rsa)
{
	struct entry *e = ring_entry(ring, key);
	uint8_t id[RSA_ID_SIZE];

	key->rsa = rsa;
	g_clear_pointer(&key->reason, g_free);
	if (!e->public_id) {
		rsa_key_public_id(id, rsa);
		e->public_id = g_bytes_new(id, sizeof(id));
		g_free(key->id);
		key->id = ring_hex("rsa:", id);
		ring_adopt_name(ring, e);
	}
	ring_open(ring, e);
}

struct key *keyring_add_node(struct keyring *ring, enum key_type type,
                             enum key_state state, const struct origin *origin)
{
	return &ring_entry_new(ring, type, state, origin)->key;
}

/* ------------------------------------------------------------ certificates */

/* The key of that public key that has no certificate, or NULL. */
static struct entry *nameless(GHashTable *keys, GBytes *id)
{
	struct entry *e = id ? g_hash_table_lookup(keys, id) : NULL;

	return e && !e->has_thumbprint ? e : NULL;
}

static struct entry *add_cert(struct keyring *ring, const struct key_cert *cert,
                              const struct origin *origin)
{
	GBytes *thumbprint =
		g_bytes_new(cert->thumbprint, sizeof(cert->thumbprint));
	struct ring_cert *known = g_hash_table_lookup(ring->certs, thumbprint);
	struct entry *open, *locked;

	if (known) {
		g_bytes_unref(thumbprint);
		return known->entry;
	}
	known = g_new0(struct ring_cert, 1);
	if (cert->bits)
		known->public_id = g_bytes_new(cert->id, sizeof(cert->id));
	open = nameless(ring->privates, known->public_id);
	locked = nameless(ring->locked, known->public_id);
	if (open)
		name_after(open, cert, origin);
	if (locked)
		name_after(locked, cert, origin);
	known->entry = open ? open : locked;
	/* A second certificate of the key is listed by itself. */
	if (!known->entry) {
		known->entry = ring_entry_new(ring, KEY_CERTIFICATE, KEY_PUBLIC,
		                              origin);
		name_after(known->entry, cert, origin);
		if (known->public_id)
			known->entry->public_id = g_bytes_ref(known->public_id);
	}
	if (known->public_id &&
	    !g_hash_table_contains(ring->named, known->public_id))
		(void)g_hash_table_insert(ring->named,
		                          g_bytes_ref(known->public_id),
		                          known->entry);
	(void)g_hash_table_insert(ring->certs, thumbprint, known);
	return known->entry;
}

struct key *keyring_add_certificate(struct keyring *ring, struct bytes der,
                                    const char *container,
                                    const struct origin *origin,
                                    struct error *err)
{
	struct key_cert cert;
	struct entry *e;

	if (certificate_read(&cert, der, err))
		return NULL;
	e = add_cert(ring, &cert, origin);
	ring_set_container(ring, e, container);
	certificate_release(&cert);
	return &e->key;
}

/* --------------------------------------------------------------- key files */

static void add_locked(struct keyring *ring, const struct key_locked *locked,
                       const struct key_file *kf, GBytes *file,
                       const struct origin *origin)
{
	bool pfx = !strcmp(locked->type, "pfx");
	struct entry *e;

	e = ring_entry_new(ring, pfx ? KEY_PFX : KEY_PRIVATE, KEY_LOCKED,
	                   origin);
	e->key.reason = g_strdup(locked->reason);
	e->file = g_bytes_ref(file);
	ring_list_add(ring->files, g_bytes_ref(file), e);
	e->beside =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	for (guint i = 0; i < kf->certs->len; i++) {
		const struct key_cert *cert =
			&g_array_index(kf->certs, struct key_cert, i);
		GBytes *thumbprint =
			g_bytes_new(cert->thumbprint, sizeof(cert->thumbprint));

		g_ptr_array_add(e->beside, g_bytes_ref(thumbprint));
		ring_list_add(ring->beside, thumbprint, e);
	}
}

/* What was locked in this very file before is listed anew, or is open now. */
static void forget_locked(struct keyring *ring, GBytes *file)
{
	if (!g_hash_table_remove(ring->files, file))
		return;
	for (guint i = ring->keys->len; i > 0; i--) {
		struct entry *e = g_ptr_array_index(ring->keys, i - 1);

		if (e->file && g_bytes_equal(e->file, file))
			ring_entry_remove(ring, i - 1);
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
		(void)add_cert(ring,
		               &g_array_index(kf->certs, struct key_cert, i),
		               origin);
	for (guint i = 0; i < kf->locked->len; i++)
		add_locked(ring,
		           &g_array_index(kf->locked, struct key_locked, i), kf,
		           file, origin);
}

enum status keyring_add_file(struct keyring *ring, struct key_file *kf,
                             struct bytes in, const struct origin *origin,
                             struct error *err)
{
	uint8_t digest[DIGEST_MAX];
	GBytes *file;

	if (digest_of(DIGEST_SHA256, in, digest, err))
		return err->status;
	file = g_bytes_new(digest, digest_size(DIGEST_SHA256));
	forget_locked(ring, file);
	add_all(ring, kf, file, origin);
	g_bytes_unref(file);
	return OK;
}

/* ------------------------------------------------ keys that others unlocked */

static bool same_place(const struct origin *a, const struct origin *b)
{
	return !g_strcmp0(a->evidence, b->evidence) && a->volume == b->volume &&
	       a->snapshot == b->snapshot && !g_strcmp0(a->path, b->path) &&
	       a->offset == b->offset;
}

static void add_unlocked(struct keyring *ring, struct key_private *private,
                         const struct origin *origin, const char *container,
                         const char *unlocked_by)
{
	GBytes *id = g_bytes_new(private->id, sizeof(private->id));
	struct entry *e = g_hash_table_lookup(ring->locked, id);

	if (!g_hash_table_contains(ring->privates, id)) {
		if (!e || !same_place(&e->key.origin, origin))
			e = private_new(ring, id, KEY_UNLOCKED, origin);
		ring_set_container(ring, e, container);
		g_clear_pointer(&e->key.reason, g_free);
		e->key.rsa = g_steal_pointer(&private->rsa);
		e->key.unlocked_by = g_strdup(unlocked_by);
		ring_open(ring, e);
	}
	g_bytes_unref(id);
}

void keyring_add_unlocked(struct keyring *ring, struct key_file *kf,
                          const struct origin *origin, const char *container,
                          const char *unlocked_by)
{
	for (guint i = 0; i < kf->privates->len; i++)
		add_unlocked(
			ring,
			&g_array_index(kf->privates, struct key_private, i),
			origin, container, unlocked_by);
}
