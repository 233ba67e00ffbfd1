/* SPDX-License-Identifier: MIT */
/*
 * filekey.c - from a $EFS and a key ring to the file encryption key
 */
#include "recovery/filekey.h"

#include "parsers/limits.h"
#include "recovery/crypto.h"

/* One way through all entries, and what was seen on it. */
struct search {
	struct filekey *out;
	struct keyring *ring;
	bool by_thumbprint;
	bool unopenable; /* an entry of other flags names one of our keys */
	unsigned entries, rsa; /* entries in all; those that RSA can open */
	struct error damage;   /* why a list ended early */
	struct error mismatch; /* a key that was named, and did not open it */
	const struct key *locked; /* a key that was named, and is locked */
	uint64_t locked_at;
};

/* One entry on the way. */
struct place {
	enum efs_ring ring;
	unsigned entry;
	const struct efs_key *key;
	struct bytes thumbprint; /* empty if there is none */
	uint8_t hash[EFS_THUMBPRINT_SIZE];
};

/* The certificate itself is there instead of its hash, in some entries. */
static void find_thumbprint(struct place *place)
{
	const struct efs_credential *cred = &place->key->credential;
	struct error err;

	place->thumbprint = cred->thumbprint;
	if (place->thumbprint.n || !cred->certificate.n)
		return;
	if (!digest_of(DIGEST_SHA1, cred->certificate, place->hash, &err))
		place->thumbprint =
			(struct bytes){ place->hash, sizeof(place->hash),
			                cred->certificate.at };
}

/* ------------------------------------------------------------------ one try */

/* What was done beforehand is taken only once: it may not be the only try. */
static bool take_ahead(struct filekey *out, const struct key *key,
                       struct bytes wrapped)
{
	const struct filekey_ahead *ahead = &out->ahead;

	if (!ahead->done || ahead->key != key || ahead->wrapped.p != wrapped.p)
		return false;
	out->ahead.done = false;
	secret_move(&out->block, &out->ahead.block);
	return true;
}

static enum status unwrap(struct filekey *out, const struct key *key,
                          struct bytes wrapped, struct error *err)
{
	bool unpadded = out->ahead.unpadded;
	struct bytes message;

	if (take_ahead(out, key, wrapped)) {
		*err = out->ahead.err;
	} else {
		unpadded = false;
		(void)!rsa_decrypt(key->rsa, &out->block, wrapped, err);
	}
	message = secret_view(&out->block);
	if (err->status || (!unpadded && fek_unpad(&message, message, err)))
		return err->status;
	return fek_parse(&out->fek, message, err);
}

static void record(struct search *s, const struct place *place,
                   const struct key *key, bool by_thumbprint,
                   const struct error *err)
{
	struct filekey_try try = {
		.ring = place->ring,
		.entry = place->entry,
		.key = key,
		.by_thumbprint = by_thumbprint,
		.status = err->status,
		.result = err->status ? err->what : "opened",
	};

	s->out->tried++;
	if (s->out->tries->len < LIMIT_TRIES)
		g_array_append_val(s->out->tries, try);
}

/* True if this was the key: also where the cipher is not one of ours. */
static bool try_key(struct search *s, const struct place *place,
                    struct key *key, bool by_thumbprint, struct error *err)
{
	struct filekey *out = s->out;

	*err = (struct error){ 0 };
	(void)unwrap(out, key, place->key->fek, err);
	err->at =
		place->key->fek.at; /* what is inside has no place of its own */
	record(s, place, key, by_thumbprint, err);
	if (err->status && err->status != E_UNSUPPORTED) {
		secret_release(&out->block);
		out->fek = (struct fek){ 0 };
		return false;
	}
	out->ring = place->ring;
	out->entry = place->entry;
	out->key = key;
	return true;
}

/* ---------------------------------------------------------------- one entry */

/* A key that a certificate names and that does not fit: damage, or a lie. */
static bool try_certified(struct search *s, const struct place *place,
                          struct key *key, struct error *err)
{
	if (try_key(s, place, key, true, err))
		return true;
	if (!s->mismatch.status)
		s->mismatch = *err;
	return false;
}

/* First way: the key that the thumbprint names. */
static bool try_named(struct search *s, const struct place *place,
                      struct error *err)
{
	struct key *key = keyring_find(s->ring, place->thumbprint);

	if (key)
		return try_certified(s, place, key, err);
	key = keyring_find_learned(s->ring, place->thumbprint);
	if (key) /* known by what it opened, not by a certificate */
		return try_key(s, place, key, false, err);
	key = keyring_find_locked(s->ring, place->thumbprint);
	if (key && !s->locked) {
		s->locked = key;
		s->locked_at = place->key->at;
	}
	return false;
}

/* Second way: all keys of its length, but for the one that was tried. */
static bool try_all(struct search *s, const struct place *place,
                    struct error *err)
{
	const struct key *tried = keyring_find(s->ring, place->thumbprint);
	struct key *key;

	if (!tried)
		tried = keyring_find_learned(s->ring, place->thumbprint);
	if (keyring_gave_up(s->ring, place->thumbprint)) {
		s->out->gave_up = true;
		return false;
	}
	for (size_t i = 0;; i++) {
		key = keyring_of_size(s->ring, place->key->fek.n, i);
		if (!key)
			break;
		if (key == tried)
			continue;
		if (!keyring_guess(s->ring, place->key->fek.n)) {
			s->out->spent = true;
			return false;
		}
		if (!try_key(s, place, key, false, err))
			continue;
		keyring_learn(s->ring, place->thumbprint, key);
		return true;
	}
	keyring_give_up(s->ring, place->thumbprint);
	return false;
}

static bool try_entry(struct search *s, struct place *place, struct error *err)
{
	find_thumbprint(place);
	if (place->key->flags != EFS_FLAG_RSA) {
		if (keyring_find(s->ring, place->thumbprint))
			s->unopenable = true;
		return false;
	}
	if (!s->by_thumbprint)
		return try_all(s, place, err);
	s->rsa++;
	return try_named(s, place, err);
}

/* ---------------------------------------------------------------- beforehand
 */

static bool plan_ring(struct filekey *out, struct bytes list,
                      const struct keyring *ring)
{
	struct efs_keys it = efs_keys_open(list);
	struct efs_key key;

	while (efs_keys_next(&it, &key)) {
		struct place place = { .key = &key };

		if (key.flags != EFS_FLAG_RSA)
			continue;
		find_thumbprint(&place);
		out->ahead.key = keyring_find(ring, place.thumbprint);
		if (!out->ahead.key)
			out->ahead.key =
				keyring_find_learned(ring, place.thumbprint);
		out->ahead.wrapped = key.fek;
		if (out->ahead.key)
			return true;
	}
	return false;
}

void filekey_plan(struct filekey *out, const struct efs *efs,
                  const struct keyring *ring, struct unwraps *known)
{
	*out = (struct filekey){ .ahead.known = known };
	if (!plan_ring(out, efs->ddf, ring))
		(void)plan_ring(out, efs->drf, ring);
}

void filekey_prepare(struct filekey *out)
{
	struct filekey_ahead *ahead = &out->ahead;
	struct rsa_key *rsa = ahead->key ? ahead->key->rsa : NULL;
	struct bytes message;
	struct error ignored;

	if (!rsa)
		return;
	ahead->done = true;
	ahead->unpadded =
		ahead->known &&
		unwraps_find(ahead->known, rsa, ahead->wrapped, &ahead->block);
	if (ahead->unpadded ||
	    rsa_decrypt(rsa, &ahead->block, ahead->wrapped, &ahead->err))
		return;
	if (ahead->known &&
	    !fek_unpad(&message, secret_view(&ahead->block), &ignored))
		unwraps_keep(ahead->known, rsa, ahead->wrapped, message);
}

/* -------------------------------------------------------------- all of them */

static bool try_ring(struct search *s, enum efs_ring ring, struct bytes list,
                     struct error *err)
{
	struct efs_keys it = efs_keys_open(list);
	struct efs_key key;

	for (unsigned i = 0; efs_keys_next(&it, &key); i++) {
		struct place place = { .ring = ring, .entry = i, .key = &key };

		s->entries++;
		if (try_entry(s, &place, err))
			return true;
	}
	if (it.err.status && !s->damage.status)
		s->damage = it.err;
	return false;
}

static bool try_rings(struct search *s, const struct efs *efs,
                      struct error *err)
{
	return try_ring(s, EFS_DDF, efs->ddf, err) ||
	       try_ring(s, EFS_DRF, efs->drf, err);
}

/* Why nothing opened: what comes closest to a key first. */
static enum status explain(const struct search *s, const struct efs *efs,
                           struct error *err)
{
	if (s->mismatch.status)
		return fail(err, E_CORRUPT, s->mismatch.at,
		            "the key that the thumbprint names does not open "
		            "its entry: damaged");
	if (s->locked)
		return fail(err, E_KEY, s->locked_at,
		            s->locked->type == KEY_PFX
		                    ? "the matching key is in a locked PFX"
		                    : "the matching key is locked");
	if (s->unopenable || (s->entries && !s->rsa))
		return fail(err, E_UNSUPPORTED, efs->ddf.at,
		            "wrapped by other means than RSA (smart card)");
	if (!s->entries && s->damage.status)
		return fail(err, E_CORRUPT, s->damage.at, s->damage.what);
	return fail(err, E_ABSENT, efs->ddf.at, "no key at hand matches");
}

enum status filekey_open(struct filekey *out, const struct efs *efs,
                         struct keyring *ring, struct error *err)
{
	struct search s = { .out = out, .ring = ring, .by_thumbprint = true };
	bool opened;

	out->tries = g_array_new(FALSE, TRUE, sizeof(struct filekey_try));
	opened = try_rings(&s, efs, err);
	if (!opened) {
		s.by_thumbprint = false;
		opened = try_rings(&s, efs, err);
	}
	return opened ? err->status : explain(&s, efs, err);
}

void filekey_release(struct filekey *fk)
{
	secret_release(&fk->ahead.block);
	secret_release(&fk->block);
	g_clear_pointer(&fk->tries, g_array_unref);
	*fk = (struct filekey){ 0 };
}
