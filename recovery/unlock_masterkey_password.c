/* SPDX-License-Identifier: MIT */
/*
 * unlock_masterkey_password.c - one master key, by the list of candidates
 */
#include "recovery/chain_internal.h"

#include "recovery/crypto.h"

/* Each form for each user for each candidate, in this order. */
struct list_trial {
	struct chain *chain;
	struct master *m;
	const enum dpapi_form *forms;
	GPtrArray *sids;          /* of char * */
	struct strong_list *list; /* NULL: not kept */
	size_t first, n;          /* the candidates */
};

static size_t candidate_at(const struct list_trial *t, size_t i)
{
	return t->first + i % t->n;
}

static bool is_proven(const struct chain *chain, size_t candidate)
{
	size_t i;

	for (size_t k = 0;; k++) {
		i = passwords_proven(chain->passwords, k);
		if (i == candidate || i == PASSWORDS_NONE)
			return i == candidate;
	}
}

static bool open_at(const struct list_trial *t, size_t i, struct secret *key)
{
	size_t candidate = candidate_at(t, i);
	const char *sid = g_ptr_array_index(t->sids, i / t->n % t->sids->len);
	uint8_t hash[DPAPI_SHA1_SIZE];
	bool opened = false;
	size_t n;

	/* Known ones were tried with the other credentials. */
	if (!is_proven(t->chain, candidate) &&
	    chain_candidate_hash(t->chain, hash, &n,
	                         t->forms[i / t->n / t->sids->len], candidate,
	                         sid, t->list))
		opened = master_try_hash(t->m, (struct bytes){ hash, n, 0 },
		                         sid, key);
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

static void try_list(struct list_trial *t, struct run *run)
{
	struct chain *chain = t->chain;
	struct secret key = { 0 };
	size_t candidate;
	size_t i = run_trial(run, (size_t)CHAIN_FORMS * t->sids->len * t->n,
	                     opens, t);

	if (i == TRIAL_NONE || !open_at(t, i, &key))
		return;
	candidate = candidate_at(t, i);
	master_opened(chain, t->m, secret_view(&key),
	              passwords_label(chain->passwords, candidate), NULL);
	secret_release(&key);
	if (!t->m->key->origin.sid)
		t->m->key->origin.sid = g_strdup(
			g_ptr_array_index(t->sids, i / t->n % t->sids->len));
	chain_prove(chain, candidate);
}

/* What a private key waits for comes first, what has no password last. */
static unsigned rank(const struct master *m)
{
	return (m->needed ? 0u : 2u) +
	       (m->mk.flags & DPAPI_FLAG_SYSTEM ? 1u : 0u);
}

static struct master *next_lock(const struct chain *chain, size_t n)
{
	struct master *best = NULL;

	for (guint i = 0; i < chain->masters->len; i++) {
		struct master *m = g_ptr_array_index(chain->masters, i);

		if (!master_is_locked(m) || m->err.status ||
		    m->candidates >= n || master_is_system(m) ||
		    master_is_spare(chain, m) || (!m->sid && !chain->sids->len))
			continue;
		if (!best || rank(m) < rank(best))
			best = m;
	}
	return best;
}

static bool open_listed(struct chain *chain, struct run *run)
{
	size_t n = passwords_count(chain->passwords);
	struct master *m = next_lock(chain, n);
	struct list_trial t = { .chain = chain, .m = m };

	if (!m)
		return false;
	t.forms = chain_forms(m);
	t.first = m->candidates;
	t.n = n - t.first;
	t.sids = g_ptr_array_new();
	if (m->sid)
		g_ptr_array_add(t.sids, m->key->origin.sid);
	for (guint i = 0; !m->sid && i < chain->sids->len; i++)
		g_ptr_array_add(t.sids, g_ptr_array_index(chain->sids, i));
	if (t.sids->len == 1)
		t.list = chain_strong_list(chain, g_ptr_array_index(t.sids, 0));
	try_list(&t, run);
	if (!run->stopped)
		m->candidates = n;
	g_ptr_array_unref(t.sids);
	return true;
}

const struct unlocker unlock_masterkey_password = {
	.name = "masterkey_password",
	.about = "by the list of candidates",
	.opens = KEY_MASTER,
	.slow = true,
	.open = open_listed,
};
