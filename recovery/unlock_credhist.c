/* SPDX-License-Identifier: MIT */
/*
 * unlock_credhist.c - old passwords: each entry, by the next newer password
 *
 * Any password of a user, however old, opens the entries that are older still,
 * so everything that is known is tried on every entry.
 */
#include "recovery/chain_internal.h"

#include "recovery/crypto.h"

#define OLD_SIZE (DPAPI_SHA1_SIZE + DPAPI_NT_SIZE)

static const enum dpapi_form forms[CHAIN_FORMS] = {
	DPAPI_FORM_SHA1,
	DPAPI_FORM_NT_1607,
	DPAPI_FORM_NT,
};

/* ------------------------------------------------------------------ one try */

/* `key` receives both old hashes, one after the other. */
static bool try_hash(struct history_entry *e, struct bytes hash,
                     struct secret *key)
{
	uint8_t prekey[DPAPI_SHA1_SIZE];
	struct dpapi_old_password old;
	enum status status = E_NOMEM;
	struct error err;

	if (e->err.status)
		return false;
	if (!dpapi_prekey(prekey, hash, e->sid, &err))
		status = dpapi_open_credhist(
			&old, &e->entry,
			(struct bytes){ prekey, sizeof(prekey), 0 }, &err);
	if (status && status != E_KEY && status != E_NOMEM)
		e->err = err;
	if (!status && !secret_alloc(key, OLD_SIZE, &err)) {
		memcpy(key->p, old.sha1, sizeof(old.sha1));
		memcpy(key->p + sizeof(old.sha1), old.nt, sizeof(old.nt));
	}
	crypto_wipe(&old, sizeof(old));
	crypto_wipe(prekey, sizeof(prekey));
	return key->p;
}

/* ------------------------------------------------------------ what it gives */

static void add_old(struct chain *chain, const struct history *h,
                    const struct history_entry *e, enum dpapi_form form,
                    struct bytes hash)
{
	char *guid = chain_guid_text(e->entry.guid);
	struct credential c = {
		.form = form,
		.sid = g_strdup(e->sid),
		.label = g_strdup_printf("CREDHIST entry %s of %s", guid,
		                         e->sid),
		.behind = h->key,
		.password = PASSWORDS_NONE,
	};
	struct error err;

	g_free(guid);
	if (chain_add_credential(chain, c, hash, &err))
		key_set_reason(h->key, err.what);
}

/* `by`: what opened it; the first entry of a file names it. */
static void entry_opened(struct chain *chain, struct history *h,
                         struct history_entry *e, const char *by,
                         struct key *behind)
{
	struct bytes both = secret_view(&e->found.key);
	struct cursor c = cursor_open(both);

	e->open = true;
	if (h->key->state != KEY_UNLOCKED) {
		h->key->state = KEY_UNLOCKED;
		g_clear_pointer(&h->key->reason, g_free);
		h->key->unlocked_by = g_strdup(by);
		h->key->behind = behind;
	}
	add_old(chain, h, e, DPAPI_FORM_SHA1, cursor_take(&c, DPAPI_SHA1_SIZE));
	add_old(chain, h, e, DPAPI_FORM_NT, cursor_take(&c, DPAPI_NT_SIZE));
	secret_release(&e->found.key);
}

/* -------------------------------------------------------- what is known */

static bool offer(struct chain *chain, struct history *h,
                  struct history_entry *e)
{
	while (e->credentials < chain->credentials->len) {
		guint i = e->credentials++;
		const struct credential *c = chain_credential(chain, i);

		if (c->sid && strcmp(c->sid, e->sid) != 0)
			continue;
		for (size_t k = 0; k < CHAIN_FORMS; k++) {
			struct bytes hash =
				chain_form(chain, i, forms[k], e->sid);

			if (!hash.p || !try_hash(e, hash, &e->found.key))
				continue;
			entry_opened(chain, h, e, c->label, c->behind);
			return true;
		}
	}
	return false;
}

static bool offer_all(struct chain *chain, struct run *run, struct history *h)
{
	bool opened = false;

	for (guint i = 0; i < h->entries->len && !run->stopped; i++) {
		struct history_entry *e =
			&g_array_index(h->entries, struct history_entry, i);

		if (!e->open && !e->err.status)
			opened |= offer(chain, h, e);
	}
	return opened;
}

static void strengthen(struct chain *chain, struct run *run)
{
	GHashTable *sids = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < chain->histories->len; i++) {
		struct history *h = g_ptr_array_index(chain->histories, i);

		for (guint k = 0; k < h->entries->len; k++) {
			struct history_entry *e = &g_array_index(
				h->entries, struct history_entry, k);

			if (!e->open && !e->err.status)
				(void)g_hash_table_add(sids, e->sid);
		}
	}
	chain_strengthen(chain, run, sids);
	g_hash_table_unref(sids);
}

static bool open_known(struct chain *chain, struct run *run)
{
	bool opened = false;

	strengthen(chain, run);
	for (guint i = 0; i < chain->histories->len; i++)
		opened |= offer_all(chain, run,
		                    g_ptr_array_index(chain->histories, i));
	return opened;
}

const struct unlocker unlock_credhist = {
	.name = "credhist",
	.about = "old passwords, by newer ones",
	.opens = KEY_CREDHIST,
	.open = open_known,
};

/* ---------------------------------------------------------- the candidates */

struct list_trial {
	struct chain *chain;
	struct history_entry *entry;
	struct strong_list *list;
	size_t first, n;
};

static bool open_at(const struct list_trial *t, size_t i, struct secret *key)
{
	uint8_t hash[DPAPI_SHA1_SIZE];
	bool opened;
	size_t n;

	opened = chain_candidate_hash(t->chain, hash, &n, forms[i / t->n],
	                              t->first + i % t->n, t->entry->sid,
	                              t->list) &&
	         try_hash(t->entry, (struct bytes){ hash, n, 0 }, key);
	crypto_wipe(hash, sizeof(hash));
	return opened;
}

static bool opens(void *ctx, size_t i)
{
	struct secret key = { 0 };
	bool opened = open_at(ctx, i, &key);

	secret_release(&key);
	return opened;
}

static void try_list(struct chain *chain, struct run *run, struct history *h,
                     struct history_entry *e)
{
	size_t n = passwords_count(chain->passwords);
	struct list_trial t = {
		.chain = chain,
		.entry = e,
		.list = chain_strong_list(chain, e->sid),
		.first = e->candidates,
		.n = n - e->candidates,
	};
	size_t i = run_trial(run, CHAIN_FORMS * t.n, opens, &t);
	size_t candidate;
	char *label;

	if (!run->stopped)
		e->candidates = n;
	if (i == TRIAL_NONE || !open_at(&t, i, &e->found.key))
		return;
	candidate = t.first + i % t.n;
	label = passwords_label(chain->passwords, candidate);
	entry_opened(chain, h, e, label, NULL);
	g_free(label);
	chain_prove(chain, candidate);
}

static bool try_next(struct chain *chain, struct run *run, struct history *h)
{
	for (guint i = 0; i < h->entries->len; i++) {
		struct history_entry *e =
			&g_array_index(h->entries, struct history_entry, i);

		if (e->open || e->err.status ||
		    e->candidates >= passwords_count(chain->passwords))
			continue;
		try_list(chain, run, h, e);
		return true;
	}
	return false;
}

/* Old passwords open master keys: where none is locked, they open nothing. */
static bool is_of_use(const struct chain *chain)
{
	for (guint i = 0; i < chain->masters->len; i++) {
		const struct master *m = g_ptr_array_index(chain->masters, i);

		if (master_is_locked(m) && !m->err.status &&
		    !master_is_system(m) && !master_is_spare(chain, m))
			return true;
	}
	return false;
}

static bool open_listed(struct chain *chain, struct run *run)
{
	if (!is_of_use(chain))
		return false;
	for (guint i = 0; i < chain->histories->len; i++)
		if (try_next(chain, run,
		             g_ptr_array_index(chain->histories, i)))
			return true;
	return false;
}

const struct unlocker unlock_credhist_password = {
	.name = "credhist_password",
	.about = "old passwords, by the list of candidates",
	.opens = KEY_CREDHIST,
	.slow = true,
	.open = open_listed,
};
