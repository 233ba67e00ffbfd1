/* SPDX-License-Identifier: MIT */
/*
 * unlock_masterkey.c - master keys, by the hashes of passwords that are known
 */
#include "recovery/chain_internal.h"

#include "parsers/limits.h"

/* Locks that have not seen all credentials; `end` is how many there are. */
struct sweep {
	struct chain *chain;
	GPtrArray *masters;
	guint end;
	bool others; /* for the users that it is not from */
};

static bool is_for(const struct credential *c, const char *sid)
{
	return !c->sid || !strcmp(c->sid, sid);
}

static bool try_one(const struct sweep *s, struct master *m, guint i,
                    enum dpapi_form form, const char *sid)
{
	struct bytes hash;

	if (!is_for(chain_credential(s->chain, i), sid))
		return false;
	hash = chain_form(s->chain, i, form, sid);
	if (!hash.p || !master_try_hash(m, hash, sid, &m->found.key))
		return false;
	m->found.credential = i;
	m->found.sid = sid;
	return true;
}

/* The likeliest form of all credentials, then the next form. */
static bool try_user(const struct sweep *s, struct master *m, guint first,
                     const char *sid)
{
	const enum dpapi_form *forms = chain_forms(m);

	for (size_t k = 0; k < CHAIN_FORMS; k++)
		for (guint i = first; i < s->end; i++)
			if (try_one(s, m, i, forms[k], sid))
				return true;
	return false;
}

static bool sweep_one(void *ctx, size_t at)
{
	const struct sweep *s = ctx;
	struct master *m = g_ptr_array_index(s->masters, at);

	if (m->sid) {
		(void)try_user(s, m, m->credentials, m->sid);
		return false;
	}
	for (guint i = 0; i < s->chain->sids->len; i++)
		if (try_user(s, m, m->credentials,
		             g_ptr_array_index(s->chain->sids, i)))
			break;
	return false;
}

/* What the threads found becomes true, in the order of the locks. */
static bool take(struct chain *chain, GPtrArray *masters)
{
	bool opened = false;

	for (guint i = 0; i < masters->len; i++) {
		struct master *m = g_ptr_array_index(masters, i);
		const struct credential *c;

		if (!m->found.key.p)
			continue;
		c = chain_credential(chain, m->found.credential);
		master_opened(chain, m, secret_view(&m->found.key),
		              g_strdup(c->label), c->behind);
		secret_release(&m->found.key);
		if (!m->key->origin.sid)
			m->key->origin.sid = g_strdup(m->found.sid);
		opened = true;
	}
	return opened;
}

static void add_users(const struct chain *chain, GHashTable *sids,
                      const struct master *m)
{
	if (m->sid)
		(void)g_hash_table_add(sids, m->key->origin.sid);
	for (guint i = 0; !m->sid && i < chain->sids->len; i++)
		(void)g_hash_table_add(sids, g_ptr_array_index(chain->sids, i));
}

static bool open_known(struct chain *chain, struct run *run)
{
	struct sweep s = { .chain = chain, .end = chain->credentials->len };
	GHashTable *sids = g_hash_table_new(g_str_hash, g_str_equal);
	bool opened = false;

	s.masters = g_ptr_array_new();
	for (guint i = 0; i < chain->masters->len; i++) {
		struct master *m = g_ptr_array_index(chain->masters, i);

		if (!master_is_locked(m) || m->err.status ||
		    master_is_system(m) || m->credentials >= s.end)
			continue;
		g_ptr_array_add(s.masters, m);
		add_users(chain, sids, m);
	}
	chain_strengthen(chain, run, sids);
	if (run_each(run, s.masters->len, sweep_one, &s))
		for (guint i = 0; i < s.masters->len; i++) {
			struct master *m = g_ptr_array_index(s.masters, i);

			m->credentials = s.end;
		}
	opened = take(chain, s.masters);
	g_ptr_array_unref(s.masters);
	g_hash_table_unref(sids);
	return opened;
}

const struct unlocker unlock_masterkey = {
	.name = "masterkey",
	.about = "by the blank password, given hashes, and what opened more",
	.opens = KEY_MASTER,
	.open = open_known,
};

/* ------------------------------------------------- of somebody else's folder
 */

/* Worth a guess: it is somebody's, so the folder may be wrong. */
static bool is_somebodys(const struct credential *c)
{
	return c->given || c->behind || c->password != PASSWORDS_NONE;
}

/* One credential, for all users but the one of the folder. */
static bool guess_users(const struct sweep *s, struct master *m, guint i)
{
	const enum dpapi_form *forms = chain_forms(m);
	GPtrArray *sids = s->chain->sids;

	for (size_t k = 0; k < (size_t)sids->len * CHAIN_FORMS; k++) {
		const char *sid = g_ptr_array_index(sids, k / CHAIN_FORMS);

		if (strcmp(sid, m->sid) != 0 &&
		    try_one(s, m, i, forms[k % CHAIN_FORMS], sid))
			return true;
	}
	return false;
}

static bool guess_one(void *ctx, size_t at)
{
	const struct sweep *s = ctx;
	struct master *m = g_ptr_array_index(s->masters, at);

	for (guint i = m->guesses; i < s->end; i++)
		if (is_somebodys(chain_credential(s->chain, i)) &&
		    guess_users(s, m, i))
			break;
	return false;
}

static guint count_somebodys(const struct chain *chain, guint first)
{
	guint n = 0;

	for (guint i = first; i < chain->credentials->len; i++)
		n += is_somebodys(chain_credential(chain, i));
	return n;
}

/* As many as the limit allows, in the order of the evidence. */
static void list_guesses(const struct chain *chain, struct sweep *s)
{
	uint64_t work = 0;

	for (guint i = 0; i < chain->masters->len; i++) {
		struct master *m = g_ptr_array_index(chain->masters, i);

		if (!master_is_locked(m) || m->err.status || !m->sid ||
		    master_is_system(m) || master_is_spare(chain, m) ||
		    m->guesses >= s->end)
			continue;
		work += (uint64_t)count_somebodys(chain, m->guesses) *
		        chain->sids->len;
		if (work > LIMIT_DPAPI_GUESSES)
			break;
		g_ptr_array_add(s->masters, m);
	}
}

static bool open_guess(struct chain *chain, struct run *run)
{
	struct sweep s = { .chain = chain, .end = chain->credentials->len };
	GHashTable *sids = g_hash_table_new(g_str_hash, g_str_equal);
	bool opened = false;

	s.masters = g_ptr_array_new();
	list_guesses(chain, &s);
	for (guint i = 0; s.masters->len && i < chain->sids->len; i++)
		(void)g_hash_table_add(sids, g_ptr_array_index(chain->sids, i));
	chain_strengthen(chain, run, sids);
	if (run_each(run, s.masters->len, guess_one, &s))
		for (guint i = 0; i < s.masters->len; i++) {
			struct master *m = g_ptr_array_index(s.masters, i);

			m->guesses = s.end;
		}
	opened = take(chain, s.masters);
	g_ptr_array_unref(s.masters);
	g_hash_table_unref(sids);
	return opened;
}

const struct unlocker unlock_masterkey_guess = {
	.name = "masterkey_guess",
	.about = "in the folder of a user it is not from",
	.opens = KEY_MASTER,
	.slow = true,
	.open = open_guess,
};
