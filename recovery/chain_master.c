/* SPDX-License-Identifier: MIT */
/*
 * chain_master.c - what all ways to open a master key share
 */
#include "recovery/chain_internal.h"

#include "recovery/crypto.h"

bool master_is_locked(const struct master *m)
{
	return !m->hash.p;
}

/* Accounts that have no password: the system itself, and its services. */
bool master_is_system(const struct master *m)
{
	return m->mk.flags & DPAPI_FLAG_SYSTEM && m->sid &&
	       (!strcmp(m->sid, "S-1-5-18") || !strcmp(m->sid, "S-1-5-19") ||
	        !strcmp(m->sid, "S-1-5-20"));
}

const enum dpapi_form *chain_forms(const struct master *m)
{
	static const enum dpapi_form local[CHAIN_FORMS] = { DPAPI_FORM_SHA1,
		                                            DPAPI_FORM_NT_1607,
		                                            DPAPI_FORM_NT };
	static const enum dpapi_form domain[CHAIN_FORMS] = { DPAPI_FORM_NT_1607,
		                                             DPAPI_FORM_NT,
		                                             DPAPI_FORM_SHA1 };

	return m->mk.flags & DPAPI_FLAG_SHA1 ? local : domain;
}

GPtrArray *masters_by_guid(const struct chain *chain, struct bytes guid)
{
	GBytes *name = g_bytes_new_static(guid.p, guid.n);
	GPtrArray *list = g_hash_table_lookup(chain->by_guid, name);

	g_bytes_unref(name);
	return list;
}

bool master_is_spare(const struct chain *chain, const struct master *m)
{
	GPtrArray *list = masters_by_guid(
		chain, (struct bytes){ m->mk.guid, sizeof(m->mk.guid), 0 });

	for (guint i = 0; list && i < list->len; i++)
		if (!master_is_locked(g_ptr_array_index(list, i)))
			return true;
	return false;
}

/*
 * What is unknown or damaged stays so: nothing else is tried.  The first one to
 * try is alone with it (the blank password), so no two threads find that out.
 */
bool master_try(struct master *m, struct bytes prekey, struct secret *key)
{
	struct error err;
	enum status status;

	if (m->err.status)
		return false;
	status = dpapi_open_part(key, &m->mk.password, prekey, &err);
	if (status && status != E_KEY && status != E_NOMEM)
		m->err = err;
	return !status;
}

bool master_try_hash(struct master *m, struct bytes hash, const char *sid,
                     struct secret *key)
{
	uint8_t prekey[DPAPI_SHA1_SIZE];
	struct error err;
	bool opened;

	*key = (struct secret){ 0 };
	opened =
		!dpapi_prekey(prekey, hash, sid, &err) &&
		master_try(m, (struct bytes){ prekey, sizeof(prekey), 0 }, key);
	crypto_wipe(prekey, sizeof(prekey));
	return opened;
}

void master_opened(struct chain *chain, struct master *m, struct bytes key,
                   char *unlocked_by, struct key *behind)
{
	uint8_t *hash = secret_pool_take(&chain->pool, DPAPI_SHA1_SIZE);
	struct error err;

	if (!hash || dpapi_masterkey_hash(hash, key, &err)) {
		g_free(unlocked_by);
		(void)fail(&m->err, E_NOMEM, 0, "no memory for its key");
		return;
	}
	m->hash = (struct bytes){ hash, DPAPI_SHA1_SIZE, 0 };
	m->key->state = KEY_UNLOCKED;
	g_free(m->key->unlocked_by);
	m->key->unlocked_by = unlocked_by;
	m->key->behind = behind;
	g_clear_pointer(&m->key->reason, g_free);
	g_ptr_array_add(chain->open, m);
}
