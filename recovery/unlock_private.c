/* SPDX-License-Identifier: MIT */
/*
 * unlock_private.c - private keys of CryptoAPI and CNG, by master keys
 */
#include "recovery/chain_internal.h"

#include "parsers/limits.h"
#include "recovery/crypto.h"

static void refuse(struct private_lock *l, const char *what)
{
	l->failed = true;
	key_set_reason(l->key, what);
}

/* The three ways to write a key; a provider sticks to one of them. */
static enum status parse(struct key_blob *blob, const struct private_lock *l,
                         struct bytes plain, struct error *err)
{
	enum status status = l->cng ? key_blob_parse_bcrypt(blob, plain, err)
	                            : key_blob_parse_capi(blob, plain, err);

	if (status == E_ABSENT)
		status = l->cng ? key_blob_parse_capi(blob, plain, err)
		                : key_blob_parse_bcrypt(blob, plain, err);
	if (status == E_ABSENT)
		status = key_blob_parse_wincrypt(blob, plain, err);
	return status;
}

static bool take_rsa(struct chain *chain, struct private_lock *l,
                     const struct key_blob *blob)
{
	uint8_t id[RSA_ID_SIZE];
	struct rsa_key *rsa;
	struct error err;

	if (rsa_key_from_blob(&rsa, blob, &err)) {
		refuse(l, err.what);
		return false;
	}
	rsa_key_public_id(id, rsa);
	if (l->has_id && memcmp(id, l->id, sizeof(id)) != 0) {
		rsa_key_free(rsa);
		refuse(l, "what was opened is not the private key of the "
		          "public key beside it");
		return false;
	}
	keyring_open(chain->ring, l->key, rsa);
	return true;
}

static bool take_ec(struct private_lock *l, const struct key_blob *blob)
{
	struct ec_key *ec;
	struct error err;

	if (ec_key_from_blob(&ec, blob, &err)) {
		refuse(l, err.what);
		return false;
	}
	l->key->ec = ec;
	l->key->bits = ec_key_bits(ec);
	l->key->state = KEY_UNLOCKED;
	key_set_reason(l->key, "an elliptic key; EFS with elliptic keys is not "
	                       "supported");
	return true;
}

static void take(struct chain *chain, struct private_lock *l,
                 const struct master *m, struct bytes plain)
{
	struct key_blob blob;
	struct error err;
	char *name = g_strconcat("master key ", m->key->id, NULL);

	l->failed = false;
	if (parse(&blob, l, plain, &err))
		refuse(l, "what was opened is no key that is known");
	else if (blob.kind == KEY_BLOB_ECC ? take_ec(l, &blob)
	                                   : take_rsa(chain, l, &blob))
		l->key->unlocked_by = g_steal_pointer(&name);
	l->key->behind = m->key;
	g_free(name);
}

/* Then the others are not even looked at: that would take as long. */
static bool is_over(const struct chain *chain, struct private_lock *l)
{
	if (chain->tries < LIMIT_MASTER_TRIES)
		return false;
	refuse(l, "over the limit of master keys that are tried on private "
	          "keys");
	return true;
}

static bool try_master(struct chain *chain, struct private_lock *l,
                       const struct master *m)
{
	struct bytes none = { 0 };
	struct secret plain = { 0 };
	struct error err;
	enum status status;

	chain->tries++;
	status = dpapi_open_blob(&plain, &l->blob, m->hash,
	                         l->cng ? dpapi_entropy_cng_key : none, none,
	                         &err);
	if (status == E_UNSUPPORTED)
		refuse(l, err.what);
	if (status)
		return false;
	take(chain, l, m, secret_view(&plain));
	secret_release(&plain);
	return true;
}

/* True if it opened; `open`: there was one that is open. */
static bool try_own(struct chain *chain, struct private_lock *l, bool *open)
{
	GPtrArray *own = masters_by_guid(chain, l->blob.masterkey);

	*open = false;
	for (guint i = 0; own && i < own->len; i++) {
		struct master *m = g_ptr_array_index(own, i);

		m->needed = true;
		l->key->behind = m->key;
		if (master_is_locked(m))
			continue;
		*open = true;
		if (is_over(chain, l))
			break;
		if (try_master(chain, l, m))
			return true;
	}
	return false;
}

/* The blob may name a master key that is here by another name. */
static bool try_others(struct chain *chain, struct private_lock *l)
{
	guint end = MIN(chain->open->len, LIMIT_MASTER_GUESSES);

	while (l->masters < end && !is_over(chain, l))
		if (try_master(chain, l,
		               g_ptr_array_index(chain->open, l->masters++)))
			return true;
	return false;
}

bool private_offer_own(struct chain *chain, struct private_lock *l)
{
	bool open;

	if (!try_own(chain, l, &open) && open && !l->failed)
		refuse(l, "its master key is open, but does not open it: "
		          "damaged, or protected by one more password");
	return open;
}

static void offer(struct chain *chain, struct private_lock *l)
{
	l->seen = true;
	if (!private_offer_own(chain, l))
		(void)try_others(chain, l);
	l->masters = chain->open->len;
}

static bool open_private(struct chain *chain, struct run *run)
{
	bool opened = false;

	for (guint i = 0; i < chain->privates->len && !run->stopped; i++) {
		struct private_lock *l = g_ptr_array_index(chain->privates, i);

		if (l->key->state == KEY_LOCKED && !l->err.status &&
		    !(l->seen && l->masters >= chain->open->len)) {
			offer(chain, l);
			opened |= l->key->state == KEY_UNLOCKED;
		}
	}
	return opened;
}

const struct unlocker unlock_private = {
	.name = "private",
	.about = "by open master keys",
	.opens = KEY_PRIVATE,
	.open = open_private,
};
