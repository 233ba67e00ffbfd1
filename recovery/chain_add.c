/* SPDX-License-Identifier: MIT */
/*
 * chain_add.c - what is found comes in: master keys, secrets, hashes
 */
#include "recovery/chain_internal.h"

#include "parsers/limits.h"
#include "recovery/crypto.h"

/* ------------------------------------------------------------------- shared */

static struct bytes view(GBytes *data, uint64_t at)
{
	struct bytes b = { .at = at };

	b.p = g_bytes_get_data(data, &b.n);
	return b;
}

/* The same bytes of the same user were added before: in a shadow copy, say. */
bool chain_is_known(struct chain *chain, const char *kind, struct bytes in,
                    const struct origin *origin)
{
	const char *sid = origin->sid ? origin->sid : "";
	const struct bytes parts[] = {
		{ (const uint8_t *)kind, strlen(kind) + 1, 0 },
		{ (const uint8_t *)sid, strlen(sid) + 1, 0 },
		in,
	};
	uint8_t digest[DIGEST_MAX] = { 0 };
	struct error err;
	GBytes *name;

	chain_add_sid(chain, origin->sid);
	if (digest_of_parts(DIGEST_SHA256, parts, G_N_ELEMENTS(parts), digest,
	                    &err))
		return false;
	name = g_bytes_new(digest, digest_size(DIGEST_SHA256));
	return !g_hash_table_add(chain->known, name);
}

enum status chain_room(const GPtrArray *list, struct bytes in,
                       struct error *err)
{
	if (in.n > LIMIT_KEY_FILE)
		return fail(err, E_LIMIT, in.at, "size of key material");
	if (list->len >= LIMIT_LOCKS)
		return fail(err, E_LIMIT, in.at, "pieces of key material");
	return OK;
}

void key_set_reason(struct key *key, const char *reason)
{
	char *copy = g_strdup(reason);

	g_free(key->reason);
	key->reason = copy;
}

/* A try of all locks of DPAPI has an end, too. */
static enum status spend(struct chain *chain, uint32_t rounds,
                         struct error *err)
{
	uint64_t more = rounds - MIN(rounds, LIMIT_DPAPI_USUAL);

	if (chain->rounds + more > LIMIT_DPAPI_WORK)
		return fail(err, E_LIMIT, 0,
		            "its iterations, with those of all other keys");
	chain->rounds += more;
	return OK;
}

/* -------------------------------------------------------------- master keys */

static void index_master(struct chain *chain, struct master *m)
{
	GBytes *guid = g_bytes_new(m->mk.guid, sizeof(m->mk.guid));
	GPtrArray *list = g_hash_table_lookup(chain->by_guid, guid);

	list = list ? g_ptr_array_ref(list) : g_ptr_array_new();
	g_ptr_array_add(list, m);
	(void)g_hash_table_insert(chain->by_guid, guid, list);
	g_ptr_array_add(chain->masters, m);
	(void)g_hash_table_insert(chain->by_key, m->key, m);
}

static struct master *master_new(struct chain *chain, enum key_state state,
                                 const uint8_t guid[DPAPI_GUID_SIZE],
                                 const struct origin *origin)
{
	struct master *m = g_new0(struct master, 1);

	m->key = keyring_add_node(chain->ring, KEY_MASTER, state, origin);
	m->key->id = chain_guid_text((struct bytes){ guid, 16, 0 });
	if (chain_is_sid(origin->sid))
		m->sid = m->key->origin.sid;
	return m;
}

/* Why its password part cannot be tried, as far as can be told before. */
static void check_master(struct chain *chain, struct master *m,
                         const struct error *parsed)
{
	const struct dpapi_locked_key *part = &m->mk.password;

	if (m->mk.version == 1)
		(void)fail(&m->err, E_UNSUPPORTED, 0,
		           "of Windows 2000 (version 1), which is not known");
	else if (part->err.status)
		m->err = part->err;
	else if (!part->all.n && parsed->status)
		m->err = *parsed;
	else if (!part->all.n)
		(void)fail(&m->err, E_ABSENT, 0, "has no password part");
	else
		(void)!spend(chain, part->rounds, &m->err);
}

enum status chain_add_masterkey(struct chain *chain, struct bytes in,
                                const struct origin *origin, struct error *err)
{
	struct error parsed = { 0 };
	struct dpapi_masterkey mk;
	struct master *m;

	if (chain_room(chain->masters, in, err))
		return err->status;
	if (dpapi_masterkey_parse(&mk, in, &parsed) && !mk.version)
		return fail(err, E_ABSENT, in.at, parsed.what);
	if (chain_is_known(chain, "master", in, origin))
		return OK;
	m = master_new(chain, KEY_LOCKED, mk.guid, origin);
	m->data = g_bytes_new(in.p, in.n);
	if (!dpapi_masterkey_parse(&m->mk, view(m->data, in.at), &parsed))
		parsed.status = OK;
	check_master(chain, m, &parsed);
	index_master(chain, m);
	return OK;
}

enum status chain_add_open_masterkey(struct chain *chain,
                                     const uint8_t guid[16], struct bytes key,
                                     const struct origin *origin,
                                     struct error *err)
{
	struct secret hash = { 0 };
	struct bytes kept;
	struct master *m;

	if (key.n != DPAPI_KEY_SIZE && key.n != DPAPI_SHA1_SIZE)
		return fail(err, E_ABSENT, 0,
		            "a master key has 64 bytes, or 20 of its SHA-1");
	if (chain_room(chain->masters, key, err) ||
	    secret_alloc(&hash, DPAPI_SHA1_SIZE, err))
		return err->status;
	if (key.n == DPAPI_SHA1_SIZE)
		memcpy(hash.p, key.p, key.n);
	else if (dpapi_masterkey_hash(hash.p, key, err))
		goto out;
	kept = secret_pool_copy(&chain->pool, secret_view(&hash));
	if (!kept.p) {
		(void)fail(err, E_NOMEM, 0, "memory for a master key");
		goto out;
	}
	m = master_new(chain, KEY_UNLOCKED, guid, origin);
	memcpy(m->mk.guid, guid, sizeof(m->mk.guid));
	m->hash = kept;
	index_master(chain, m);
	g_ptr_array_add(chain->open, m);
	*err = (struct error){ 0 };
out:
	secret_release(&hash);
	return err->status;
}

/* ------------------------------------------------------------ old passwords */

static void add_entry(struct chain *chain, struct history *h,
                      const struct credhist_entry *entry)
{
	struct history_entry e = { .entry = *entry, .err = entry->err };
	struct text t = text_open(e.sid, sizeof(e.sid));

	if (!e.err.status && !text_sid(&t, entry->sid))
		(void)fail(&e.err, E_CORRUPT, entry->all.at,
		           "SID of a CREDHIST entry");
	if (!e.err.status)
		(void)!spend(chain, entry->rounds, &e.err);
	chain_add_sid(chain, e.sid);
	g_array_append_val(h->entries, e);
}

enum status chain_add_credhist(struct chain *chain, struct bytes in,
                               const struct origin *origin, struct error *err)
{
	struct credhist it = credhist_open(in);
	struct credhist_entry entry;
	struct history *h;

	if (chain_room(chain->histories, in, err))
		return err->status;
	if (!it.version)
		return fail(err, E_ABSENT, in.at, "CREDHIST file");
	if (chain_is_known(chain, "credhist", in, origin))
		return OK;
	h = g_new0(struct history, 1);
	h->key =
		keyring_add_node(chain->ring, KEY_CREDHIST, KEY_LOCKED, origin);
	h->data = g_bytes_new(in.p, in.n);
	h->entries = g_array_new(FALSE, TRUE, sizeof(struct history_entry));
	g_array_set_clear_func(h->entries, history_entry_release);
	it = credhist_open(view(h->data, in.at));
	h->key->id = chain_guid_text(it.guid);
	while (credhist_next(&it, &entry))
		add_entry(chain, h, &entry);
	if (it.err.status)
		h->damage = g_strdup(it.err.what);
	g_ptr_array_add(chain->histories, h);
	return OK;
}

/* ----------------------------------------------------- secrets of the machine
 */

enum status chain_add_system(struct chain *chain,
                             const uint8_t machine[DPAPI_SHA1_SIZE],
                             const uint8_t user[DPAPI_SHA1_SIZE],
                             const char *unlocked_by,
                             const struct origin *origin, struct error *err)
{
	const struct bytes of_machine = { machine, DPAPI_SHA1_SIZE, 0 };
	const struct bytes of_user = { user, DPAPI_SHA1_SIZE, 0 };
	struct system s = { 0 };

	for (guint i = 0; i < chain->systems->len; i++) {
		const struct system *known =
			&g_array_index(chain->systems, struct system, i);

		if (crypto_equal(known->machine.p, machine, of_machine.n) &&
		    crypto_equal(known->user.p, user, of_user.n))
			return OK;
	}
	if (chain->systems->len >= LIMIT_LOCKS)
		return fail(err, E_LIMIT, 0, "secrets of machines");
	s.machine = secret_pool_copy(&chain->pool, of_machine);
	s.user = secret_pool_copy(&chain->pool, of_user);
	if (!s.machine.p || !s.user.p)
		return fail(err, E_NOMEM, 0, "memory for DPAPI_SYSTEM");
	s.key = keyring_add_node(chain->ring, KEY_SYSTEM, KEY_UNLOCKED, origin);
	s.key->id = g_strdup("DPAPI_SYSTEM");
	s.key->unlocked_by = g_strdup(unlocked_by);
	g_array_append_val(chain->systems, s);
	return OK;
}

void chain_add_system_locked(struct chain *chain, const char *id,
                             const char *reason, const struct origin *origin)
{
	struct key *key =
		keyring_add_node(chain->ring, KEY_SYSTEM, KEY_LOCKED, origin);

	key->id = g_strdup(id);
	key_set_reason(key, reason);
}

/* ----------------------------------------------------- hashes, and the rest */

enum status chain_add_hash(struct chain *chain, enum dpapi_form form,
                           struct bytes hash, const char *sid,
                           const char *label, struct error *err)
{
	size_t n = form == DPAPI_FORM_SHA1 ? DPAPI_SHA1_SIZE : DPAPI_NT_SIZE;
	struct credential c = {
		.form = form,
		.password = PASSWORDS_NONE,
		.given = true,
	};

	if (form == DPAPI_FORM_NT_1607 || hash.n != n)
		return fail(err, E_ABSENT, 0, "length of a hash");
	c.sid = g_strdup(sid);
	c.label = g_strdup(label);
	return chain_add_credential(chain, c, hash, err);
}

void chain_add_current(struct chain *chain, struct bytes thumbprint,
                       const struct origin *origin)
{
	char hex[TEXT_SHA1];
	struct text t = text_open(hex, sizeof(hex));

	chain_add_sid(chain, origin->sid);
	if (thumbprint.n != EFS_THUMBPRINT_SIZE ||
	    chain->current->len >= LIMIT_LOCKS)
		return;
	text_hex(&t, thumbprint);
	g_ptr_array_add(chain->current, g_strdup(hex));
}
