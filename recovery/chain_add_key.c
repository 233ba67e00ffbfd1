/* SPDX-License-Identifier: MIT */
/*
 * chain_add_key.c - private keys, certificates and key files come in
 */
#include "recovery/chain_internal.h"

#include "parsers/cert_store.h"
#include "parsers/limits.h"

static char *utf16_text(struct bytes b)
{
	size_t cap = TEXT_UTF16(b.n);
	char *buf = g_malloc(cap);
	struct text t = text_open(buf, cap);

	text_utf16(&t, b);
	return buf;
}

/* A container's name is of a few dozen characters. */
#define CONTAINER_MOST 4096

static char *container_text(struct bytes utf16)
{
	return utf16.n && utf16.n <= CONTAINER_MOST ? utf16_text(utf16) : NULL;
}

/* ------------------------------------------------------------ private keys */

/* One key of a file: where it is in the copy that the lock keeps. */
struct found_key {
	struct bytes public_key, private_key;
	char *container; /* borrowed */
	bool cng;
};

/* The public half, readable without any key; false if it is not RSA. */
static bool read_public(struct private_lock *l, const struct found_key *found,
                        unsigned *bits)
{
	struct key_blob blob;
	struct error err;
	enum status status;

	if (found->cng)
		status = key_blob_parse_bcrypt(&blob, found->public_key, &err);
	else
		status = key_blob_parse_capi(&blob, found->public_key, &err);
	*bits = status ? 0 : blob.bits;
	l->has_id = !status && !rsa_blob_id(l->id, &blob, &err);
	return l->has_id;
}

static void add_one(struct chain *chain, GBytes *data,
                    const struct found_key *found, const struct error *damage,
                    const struct origin *origin)
{
	struct private_lock *l = g_new0(struct private_lock, 1);
	unsigned bits;

	(void)read_public(l, found, &bits);
	l->cng = found->cng;
	l->data = g_bytes_ref(data);
	l->key = keyring_add_locked(chain->ring, l->has_id ? l->id : NULL, bits,
	                            found->container, origin);
	if (dpapi_blob_parse(&l->blob, found->private_key, &l->err) &&
	    damage->status)
		l->err = *damage;
	g_ptr_array_add(chain->privates, l);
	(void)g_hash_table_insert(chain->by_key, l->key, l);
}

static void add_pair(struct chain *chain, GBytes *data,
                     const struct capi_key_pair *pair, char *container,
                     const struct error *damage, const struct origin *origin)
{
	const struct found_key found = {
		.public_key = pair->public_key,
		.private_key = pair->private_key,
		.container = container,
	};

	if (pair->private_key.n || pair->public_key.n)
		add_one(chain, data, &found, damage, origin);
}

static char *ascii_text(struct bytes b)
{
	if (!b.n || b.n > CONTAINER_MOST)
		return NULL;
	return g_utf8_make_valid((const char *)b.p, (gssize)b.n);
}

static enum status add_capi(struct chain *chain, GBytes *data, struct bytes in,
                            const struct origin *origin, struct error *err)
{
	struct error damage = { 0 };
	struct capi_key key;
	char *name;

	if (capi_key_parse(&key, in, &damage) && !key.version)
		return fail(err, E_ABSENT, in.at, damage.what);
	if (chain_is_known(chain, "private", in, origin))
		return OK;
	name = ascii_text(key.name);
	add_pair(chain, data, &key.exchange, name, &damage, origin);
	add_pair(chain, data, &key.signature, name, &damage, origin);
	if (!key.exchange.private_key.n && !key.exchange.public_key.n &&
	    !key.signature.private_key.n && !key.signature.public_key.n &&
	    damage.status)
		add_one(chain, data, &(struct found_key){ .container = name },
		        &damage, origin);
	g_free(name);
	return OK;
}

static enum status add_cng(struct chain *chain, GBytes *data, struct bytes in,
                           const struct origin *origin, struct error *err)
{
	struct found_key found = { .cng = true };
	struct error damage = { 0 };
	struct cng_key key;

	if (cng_key_parse(&key, in, &damage) && !key.version)
		return fail(err, E_ABSENT, in.at, damage.what);
	if (chain_is_known(chain, "private", in, origin))
		return OK;
	found.container = container_text(key.name);
	found.private_key = key.private_key;
	found.public_key = cng_property_find(key.public_properties,
	                                     CNG_PROPERTY_PUBLIC_KEY);
	/* What is symmetric (a browser's key) is no private key. */
	if (key.type != CNG_KEY_SYMMETRIC)
		add_one(chain, data, &found, &damage, origin);
	g_free(found.container);
	return OK;
}

enum status chain_add_private(struct chain *chain, struct bytes in,
                              const struct origin *origin, struct error *err)
{
	struct bytes copy = { .at = in.at };
	GBytes *data;
	struct error other;

	if (chain_room(chain->privates, in, err))
		return err->status;
	data = g_bytes_new(in.p, in.n);
	copy.p = g_bytes_get_data(data, &copy.n);
	*err = (struct error){ 0 };
	if (add_capi(chain, data, copy, origin, err) &&
	    !add_cng(chain, data, copy, origin, &other))
		*err = (struct error){ 0 };
	g_bytes_unref(data);
	return err->status;
}

/* ------------------------------------------------------------ certificates */

enum status chain_add_certificate(struct chain *chain, struct bytes in,
                                  const struct origin *origin,
                                  struct error *err)
{
	struct cert_entry entry;
	struct error damage = { 0 };
	struct error bad;
	struct key *key;
	char *container;

	if (chain_room(chain->masters, in, err))
		return err->status;
	if (cert_entry_parse(&entry, in, &damage) && !entry.properties)
		return fail(err, E_ABSENT, in.at, "stored certificate");
	if (chain_is_known(chain, "certificate", in, origin))
		return OK;
	/* A file of My\Keys has the place of a key, and no certificate. */
	if (!entry.certificate.n && !damage.status)
		return OK;
	container = container_text(entry.key.container);
	if (!keyring_add_certificate(chain->ring, entry.certificate, container,
	                             origin, &bad)) {
		key = keyring_add_node(chain->ring, KEY_CERTIFICATE, KEY_LOCKED,
		                       origin);
		key_set_reason(key, damage.status ? damage.what : bad.what);
	}
	g_free(container);
	return OK;
}

/* --------------------------------------------------------------- key files */

static enum status read_file(struct chain *chain, struct key_file *kf,
                             struct bytes in, bool closed, struct error *err)
{
	const struct key_tries tries = {
		.passwords = chain->passwords,
		.proven_only = true,
		.none = closed,
	};
	struct error bad;
	enum status st = chain_room(chain->keyfiles, in, err);

	*kf = (struct key_file){ 0 };
	if (st)
		return st;
	if (!key_file_try(kf, in, &tries, &bad) || kf->format)
		return OK;
	return fail(err, bad.status == E_LIMIT ? E_LIMIT : E_ABSENT, in.at,
	            bad.what);
}

static struct keyfile *keyfile_new(struct chain *chain, struct bytes in,
                                   const struct origin *origin)
{
	struct keyfile *f = g_new0(struct keyfile, 1);

	f->data = g_bytes_new(in.p, in.n);
	origin_copy(&f->origin, origin);
	g_ptr_array_add(chain->keyfiles, f);
	return f;
}

static enum status add_keyfile(struct chain *chain, struct bytes in,
                               const struct origin *origin, bool closed,
                               struct error *err)
{
	struct key_file kf;

	if (read_file(chain, &kf, in, closed, err))
		return err->status;
	if (chain_is_known(chain, "keyfile", in, origin)) {
		key_file_release(&kf);
		return OK;
	}
	keyfile_take(chain, keyfile_new(chain, in, origin), &kf);
	key_file_release(&kf);
	return OK;
}

enum status chain_add_keyfile(struct chain *chain, struct bytes in,
                              const struct origin *origin, struct error *err)
{
	return add_keyfile(chain, in, origin, false, err);
}

enum status chain_add_closed_keyfile(struct chain *chain, struct bytes in,
                                     const struct origin *origin,
                                     struct error *err)
{
	return add_keyfile(chain, in, origin, true, err);
}

enum status chain_add_domain_key(struct chain *chain, struct bytes in,
                                 const struct origin *origin, struct error *err)
{
	struct key_file kf;
	struct keyfile *f;

	if (read_file(chain, &kf, in, false, err))
		return err->status;
	if (chain_is_known(chain, "domain", in, origin)) {
		key_file_release(&kf);
		return OK;
	}
	f = keyfile_new(chain, in, origin);
	f->domain =
		keyring_add_node(chain->ring, KEY_DOMAIN, KEY_LOCKED, origin);
	if (!kf.privates->len)
		key_set_reason(
			f->domain,
			kf.locked->len
				? g_array_index(kf.locked, struct key_locked, 0)
					  .reason
				: "no private key in it");
	keyfile_take(chain, f, &kf);
	f->done |= !kf.locked->len;
	key_file_release(&kf);
	return OK;
}
