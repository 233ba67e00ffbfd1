/* SPDX-License-Identifier: MIT */
/*
 * chain.c - open all that opens, to a fixed point
 */
#include "recovery/chain_internal.h"

#include "recovery/crypto.h"

static const struct unlocker *const unlockers[] = {
#define UNLOCKER(name) &unlock_##name,
#include "recovery/unlockers.def"
#undef UNLOCKER
};

/* A run over so few locks is over before anybody looks. */
#define QUIET_BELOW 64

/* ----------------------------------------------------------- life and death */

static void release_credential(void *p)
{
	struct credential *c = p;

	g_free(c->sid);
	g_free(c->label);
	*c = (struct credential){ 0 };
}

static void free_master(void *p)
{
	struct master *m = p;

	secret_release(&m->found.key);
	g_clear_pointer(&m->data, g_bytes_unref);
	g_free(m);
}

void history_entry_release(void *p)
{
	struct history_entry *e = p;

	secret_release(&e->found.key);
}

static void free_history(void *p)
{
	struct history *h = p;

	g_array_unref(h->entries);
	g_bytes_unref(h->data);
	g_free(h->damage);
	g_free(h);
}

static void free_private(void *p)
{
	struct private_lock *l = p;

	g_bytes_unref(l->data);
	g_free(l);
}

static void free_keyfile(void *p)
{
	struct keyfile *f = p;

	origin_release(&f->origin);
	g_bytes_unref(f->data);
	g_free(f);
}

static void free_strong(void *p)
{
	struct strong_list *list = p;

	secret_release(&list->hashes);
	g_free(list->done);
	g_free(list);
}

static void unref_bytes(void *p)
{
	g_bytes_unref(p);
}

static void unref_list(void *p)
{
	g_ptr_array_unref(p);
}

/* Both hashes of the blank password, which is tried on everything. */
static void add_blank(struct chain *chain)
{
	static const enum dpapi_form forms[] = { DPAPI_FORM_SHA1,
		                                 DPAPI_FORM_NT };
	uint8_t hash[DPAPI_SHA1_SIZE];
	struct error err;

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		struct credential c = {
			.form = forms[i],
			.label = g_strdup("blank password"),
			.password = PASSWORDS_NONE,
		};
		struct bytes b = { hash, sizeof(hash), 0 };

		if (forms[i] == DPAPI_FORM_NT)
			b.n = DPAPI_NT_SIZE;
		if (dpapi_password_hash(hash, forms[i], (struct bytes){ 0 },
		                        &err) ||
		    chain_add_credential(chain, c, b, &err))
			continue; /* no memory: what follows says so */
	}
}

static GPtrArray *list_new(GDestroyNotify release)
{
	return g_ptr_array_new_with_free_func(release);
}

struct chain *chain_new(struct keyring *ring, struct passwords *passwords)
{
	struct chain *chain = g_new0(struct chain, 1);

	chain->ring = ring;
	chain->passwords = passwords;
	chain->known = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
	                                     unref_bytes, NULL);
	chain->credentials =
		g_array_new(FALSE, TRUE, sizeof(struct credential));
	g_array_set_clear_func(chain->credentials, release_credential);
	chain->masters = list_new(free_master);
	chain->by_guid = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
	                                       unref_bytes, unref_list);
	chain->by_key = g_hash_table_new(g_direct_hash, g_direct_equal);
	chain->open = list_new(NULL);
	chain->histories = list_new(free_history);
	chain->privates = list_new(free_private);
	chain->domains = g_array_new(FALSE, TRUE, sizeof(struct domain));
	chain->domain_keys = g_hash_table_new(NULL, NULL);
	chain->systems = g_array_new(FALSE, TRUE, sizeof(struct system));
	chain->keyfiles = list_new(free_keyfile);
	chain->sids = list_new(g_free);
	chain->sid_set = g_hash_table_new(g_str_hash, g_str_equal);
	chain->current = list_new(g_free);
	chain->strong =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	chain->strong_lists = g_hash_table_new_full(g_str_hash, g_str_equal,
	                                            g_free, free_strong);
	chain->closed = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
	                                      unref_bytes, closed_link_free);
	add_blank(chain);
	return chain;
}

void chain_free(struct chain *chain)
{
	if (!chain)
		return;
	g_hash_table_unref(chain->closed);
	g_hash_table_unref(chain->strong_lists);
	g_hash_table_unref(chain->strong);
	g_ptr_array_unref(chain->current);
	g_hash_table_unref(chain->sid_set);
	g_ptr_array_unref(chain->sids);
	g_ptr_array_unref(chain->keyfiles);
	g_array_unref(chain->systems);
	g_array_unref(chain->domains);
	g_hash_table_unref(chain->domain_keys);
	g_ptr_array_unref(chain->privates);
	g_ptr_array_unref(chain->histories);
	g_ptr_array_unref(chain->open);
	g_hash_table_unref(chain->by_key);
	g_hash_table_unref(chain->by_guid);
	g_ptr_array_unref(chain->masters);
	g_array_unref(chain->credentials);
	g_hash_table_unref(chain->known);
	secret_pool_release(&chain->pool);
	g_free(chain);
}

/* -------------------------------------------------------------- on all cores
 */

static bool listen(void *ctx, uint64_t done, uint64_t total)
{
	struct run *run = ctx;

	if (!run->stopped && run->user->progress)
		run->stopped =
			!run->user->progress(run->user->ctx, done, total);
	return !run->stopped;
}

size_t run_trial(struct run *run, size_t n, bool (*opens)(void *ctx, size_t i),
                 void *ctx)
{
	struct trial trial = run->trial;

	if (run->stopped)
		return TRIAL_NONE;
	if (n < QUIET_BELOW)
		trial.progress = NULL;
	return trial_run(&trial, n, opens, ctx);
}

bool run_each(struct run *run, size_t n, bool (*work)(void *ctx, size_t i),
              void *ctx)
{
	(void)run_trial(run, n, work, ctx);
	return !run->stopped;
}

/* ---------------------------------------------------------- the fixed point */

static bool offer_cheap(struct chain *chain, struct run *run)
{
	bool opened = false;

	chain_match(chain, run);
	for (size_t i = 0; i < G_N_ELEMENTS(unlockers) && !run->stopped; i++)
		if (!unlockers[i]->slow)
			opened |= unlockers[i]->open(chain, run);
	return opened;
}

static bool offer_slow(struct chain *chain, struct run *run)
{
	for (size_t i = 0; i < G_N_ELEMENTS(unlockers) && !run->stopped; i++)
		if (unlockers[i]->slow && unlockers[i]->open(chain, run))
			return true;
	return false;
}

/* The keys that a registry calls the ones in use. */
static void mark_current(struct chain *chain)
{
	GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < chain->current->len; i++)
		(void)g_hash_table_add(set,
		                       g_ptr_array_index(chain->current, i));
	for (size_t i = 0; i < keyring_count(chain->ring); i++) {
		struct key *key = keyring_get(chain->ring, i);

		if (key->id && g_hash_table_contains(set, key->id))
			key->current = true;
	}
	g_hash_table_unref(set);
}

enum status chain_unlock(struct chain *chain, const struct trial *trial,
                         struct error *err)
{
	struct run run = { .trial = *trial, .user = trial };

	run.trial.progress = trial->progress ? listen : NULL;
	run.trial.ctx = &run;
	g_hash_table_remove_all(chain->closed);
	while (!run.stopped)
		if (!offer_cheap(chain, &run) && !offer_slow(chain, &run))
			break;
	mark_current(chain);
	chain_explain(chain);
	chain->unlocked = true;
	if (run.stopped)
		return fail(err, E_ABSENT, 0, "unlocking was stopped");
	return OK;
}

/* ---------------------------------------------------------------- the links */

void chain_links(const struct key *key, GPtrArray *out)
{
	guint first = out->len;
	const char *type = "private key";
	const struct key *k = key;
	char *own;

	do {
		if (k->unlocked_by)
			g_ptr_array_insert(out, (gint)first,
			                   g_strdup(k->unlocked_by));
		k = k->behind;
	} while (k);
	if (key->type == KEY_CREDHIST || key->type == KEY_SYSTEM ||
	    key->type == KEY_PFX)
		return;
	if (key->type == KEY_MASTER)
		type = "master key";
	if (key->type == KEY_DOMAIN)
		type = "domain key";
	if (key->type == KEY_CERTIFICATE)
		type = "certificate";
	own = g_strdup_printf("%s %s", type, key->id ? key->id : "?");
	g_ptr_array_add(out, own);
}
