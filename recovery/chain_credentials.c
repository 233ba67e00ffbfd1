/* SPDX-License-Identifier: MIT */
/*
 * chain_credentials.c - what is known of passwords: hashes, and candidates
 */
#include "recovery/chain_internal.h"

#include "parsers/limits.h"
#include "recovery/crypto.h"

struct credential *chain_credential(const struct chain *chain, size_t i)
{
	return &g_array_index(chain->credentials, struct credential, i);
}

static struct bytes whole(const uint8_t *p, size_t n)
{
	return (struct bytes){ p, n, 0 };
}

static bool same_hash(struct bytes a, struct bytes b)
{
	return a.n == b.n && crypto_equal(a.p, b.p, a.n);
}

static bool is_known(const struct chain *chain, const struct credential *c,
                     struct bytes hash)
{
	for (guint i = 0; i < chain->credentials->len; i++) {
		const struct credential *known = chain_credential(chain, i);

		if (known->form == c->form && same_hash(known->hash, hash) &&
		    (!known->sid || !g_strcmp0(known->sid, c->sid)))
			return true;
	}
	return false;
}

static enum status drop(struct credential *c, enum status status,
                        const char *what, struct error *err)
{
	g_free(c->sid);
	g_free(c->label);
	return status ? fail(err, status, 0, what) : OK;
}

enum status chain_add_credential(struct chain *chain, struct credential c,
                                 struct bytes hash, struct error *err)
{
	if (is_known(chain, &c, hash))
		return drop(&c, OK, NULL, err);
	if (chain->credentials->len >= LIMIT_CREDENTIALS)
		return drop(&c, E_LIMIT, "hashes of passwords", err);
	c.hash = secret_pool_copy(&chain->pool, hash);
	if (!c.hash.p)
		return drop(&c, E_NOMEM, "memory for a hash", err);
	chain_add_sid(chain, c.sid);
	g_array_append_val(chain->credentials, c);
	return OK;
}

bool chain_is_sid(const char *sid)
{
	return sid && !strncmp(sid, "S-1-", 4) && strlen(sid) < TEXT_SID;
}

void chain_add_sid(struct chain *chain, const char *sid)
{
	char *copy;

	if (!chain_is_sid(sid) || g_hash_table_contains(chain->sid_set, sid) ||
	    chain->sids->len >= LIMIT_SIDS)
		return;
	copy = g_strdup(sid);
	g_ptr_array_add(chain->sids, copy);
	(void)g_hash_table_add(chain->sid_set, copy);
}

/* ---------------------------------------------------------------- candidates
 */

/* Either hash; false: not UTF-8, so no password of Windows. */
static bool plain_hash(const struct chain *chain, uint8_t *hash,
                       enum dpapi_form form, size_t i)
{
	struct bytes line = passwords_get(chain->passwords, i);
	struct error err;

	return !dpapi_password_hash(hash, form, line, &err);
}

void chain_prove(struct chain *chain, size_t i)
{
	struct secret hash = { 0 };
	struct error err;

	passwords_prove(chain->passwords, i);
	if (secret_alloc(&hash, DPAPI_SHA1_SIZE, &err))
		return;
	for (int nt = 0; nt < 2; nt++) {
		struct credential c = {
			.form = nt ? DPAPI_FORM_NT : DPAPI_FORM_SHA1,
			.label = passwords_label(chain->passwords, i),
			.password = i,
		};

		if (!plain_hash(chain, hash.p, c.form, i))
			(void)drop(&c, OK, NULL, &err);
		else if (chain_add_credential(
				 chain, c,
				 whole(hash.p,
		                       nt ? DPAPI_NT_SIZE : DPAPI_SHA1_SIZE),
				 &err))
			break; /* the limit: what opens by it did open */
	}
	secret_release(&hash);
}

/* Credentials from `first` on against candidates from `start` on. */
struct matching {
	const struct chain *chain;
	size_t first, start;
};

static size_t match_one(const struct chain *chain, size_t first, size_t i)
{
	uint8_t sha1[DPAPI_SHA1_SIZE], nt[DPAPI_NT_SIZE];
	size_t found = SIZE_MAX;

	if (!passwords_get(chain->passwords, i).n ||
	    !plain_hash(chain, sha1, DPAPI_FORM_SHA1, i) ||
	    !plain_hash(chain, nt, DPAPI_FORM_NT, i))
		return found;
	for (size_t k = first; k < chain->credentials->len; k++) {
		const struct credential *c = chain_credential(chain, k);
		struct bytes hash = c->form == DPAPI_FORM_NT
		                            ? whole(nt, sizeof(nt))
		                            : whole(sha1, sizeof(sha1));

		if (c->password == PASSWORDS_NONE && same_hash(c->hash, hash)) {
			found = k;
			break;
		}
	}
	crypto_wipe(sha1, sizeof(sha1));
	crypto_wipe(nt, sizeof(nt));
	return found;
}

static bool matches(void *ctx, size_t i)
{
	const struct matching *m = ctx;

	return match_one(m->chain, m->first, m->start + i) != SIZE_MAX;
}

/* The password itself says more than its hash. */
static void take_password(struct chain *chain, size_t first, size_t i)
{
	for (;;) {
		size_t k = match_one(chain, first, i);
		struct credential *c;

		if (k == SIZE_MAX)
			break;
		c = chain_credential(chain, k);
		c->password = i;
		g_free(c->label);
		c->label = passwords_label(chain->passwords, i);
	}
	chain_prove(chain, i);
}

/* A hash without its password, that is not the blank one's. */
static bool any_hash(const struct chain *chain, size_t first)
{
	for (size_t k = first; k < chain->credentials->len; k++) {
		const struct credential *c = chain_credential(chain, k);

		if (c->password == PASSWORDS_NONE && (c->given || c->behind))
			return true;
	}
	return false;
}

/* Is there anything that a password would open or, of old ones, name? */
static bool any_lock(const struct chain *chain)
{
	if (chain->histories->len)
		return true;
	for (guint i = 0; i < chain->keyfiles->len; i++) {
		const struct keyfile *f = g_ptr_array_index(chain->keyfiles, i);

		if (!f->done)
			return true;
	}
	for (guint i = 0; i < chain->masters->len; i++) {
		const struct master *m = g_ptr_array_index(chain->masters, i);

		if (master_is_locked(m) && !master_is_system(m))
			return true;
	}
	return false;
}

void chain_match(struct chain *chain, struct run *run)
{
	size_t n = passwords_count(chain->passwords);
	struct matching m = { .chain = chain, .first = chain->matched };
	size_t i;

	if (n != chain->matched_candidates)
		m.first = 0;
	if (!any_lock(chain) || !any_hash(chain, m.first))
		return;
	while (m.start < n) {
		i = run_trial(run, n - m.start, matches, &m);
		if (i == TRIAL_NONE)
			break;
		take_password(chain, m.first, m.start + i);
		m.start += i + 1;
	}
	chain->matched = chain->credentials->len;
	chain->matched_candidates = n;
}

/* ----------------------------------------------------------- the slow hashes
 */

static char *strong_name(const char *sid, size_t credential)
{
	return g_strdup_printf("%s %zu", sid, credential);
}

struct bytes chain_form(const struct chain *chain, size_t credential,
                        enum dpapi_form form, const char *sid)
{
	const struct credential *c = chain_credential(chain, credential);
	struct bytes none = { 0 };
	const uint8_t *hash;
	char *name;

	if (form != DPAPI_FORM_NT_1607)
		return c->form == form ? c->hash : none;
	if (c->form != DPAPI_FORM_NT)
		return none;
	name = strong_name(sid, credential);
	hash = g_hash_table_lookup(chain->strong, name);
	g_free(name);
	return hash ? whole(hash, DPAPI_NT_SIZE) : none;
}

struct strong_job {
	struct bytes nt;
	const char *sid;
	uint8_t *to;
	char *name;
	bool good;
};

static bool strengthen_one(void *ctx, size_t i)
{
	GArray *jobs = ctx;
	struct strong_job *job = &g_array_index(jobs, struct strong_job, i);
	struct error err;

	job->good = !dpapi_strengthen(job->to, job->nt.p, job->sid, &err);
	return false;
}

static void add_jobs(struct chain *chain, GArray *jobs, const char *sid)
{
	for (guint i = 0; i < chain->credentials->len; i++) {
		const struct credential *c = chain_credential(chain, i);
		struct strong_job job = { .nt = c->hash, .sid = sid };

		if (c->form != DPAPI_FORM_NT ||
		    (c->sid && strcmp(c->sid, sid) != 0))
			continue;
		job.name = strong_name(sid, i);
		if (!g_hash_table_contains(chain->strong, job.name))
			job.to = secret_pool_take(&chain->pool, DPAPI_NT_SIZE);
		if (job.to)
			g_array_append_val(jobs, job);
		else
			g_free(job.name);
	}
}

void chain_strengthen(struct chain *chain, struct run *run, GHashTable *sids)
{
	GArray *jobs = g_array_new(FALSE, TRUE, sizeof(struct strong_job));
	GHashTableIter it;
	void *sid;

	g_hash_table_iter_init(&it, sids);
	while (g_hash_table_iter_next(&it, &sid, NULL))
		add_jobs(chain, jobs, sid);
	(void)run_each(run, jobs->len, strengthen_one, jobs);
	for (guint i = 0; i < jobs->len; i++) {
		struct strong_job *job =
			&g_array_index(jobs, struct strong_job, i);

		if (job->good)
			(void)g_hash_table_insert(chain->strong, job->name,
			                          job->to);
		else
			g_free(job->name);
	}
	g_array_unref(jobs);
}

struct strong_list *chain_strong_list(struct chain *chain, const char *sid)
{
	size_t n = passwords_count(chain->passwords);
	struct strong_list *list;
	struct error err;

	list = g_hash_table_lookup(chain->strong_lists, sid);
	if (list && list->n == n)
		return list;
	if (!n || n > LIMIT_STRENGTHENED)
		return NULL;
	if (chain->strong_size + n > 4 * (size_t)LIMIT_STRENGTHENED) {
		g_hash_table_remove_all(chain->strong_lists);
		chain->strong_size = 0;
	}
	list = g_new0(struct strong_list, 1);
	list->n = n;
	if (secret_alloc(&list->hashes, n * DPAPI_NT_SIZE, &err)) {
		g_free(list);
		return NULL;
	}
	list->done = g_malloc0(n);
	chain->strong_size += n;
	(void)g_hash_table_replace(chain->strong_lists, g_strdup(sid), list);
	return list;
}

/* Each candidate has a place of its own, so threads do not meet. */
static bool strong_hash(uint8_t *hash, size_t i, const char *sid,
                        struct strong_list *list)
{
	uint8_t nt[DPAPI_NT_SIZE];
	struct error err;
	bool good;

	if (list && list->done[i]) {
		memcpy(hash, list->hashes.p + i * sizeof(nt), sizeof(nt));
		return true;
	}
	memcpy(nt, hash, sizeof(nt));
	good = !dpapi_strengthen(hash, nt, sid, &err);
	crypto_wipe(nt, sizeof(nt));
	if (good && list) {
		memcpy(list->hashes.p + i * sizeof(nt), hash, sizeof(nt));
		list->done[i] = 1;
	}
	return good;
}

bool chain_candidate_hash(struct chain *chain, uint8_t *hash, size_t *n,
                          enum dpapi_form form, size_t candidate,
                          const char *sid, struct strong_list *list)
{
	enum dpapi_form plain =
		form == DPAPI_FORM_SHA1 ? DPAPI_FORM_SHA1 : DPAPI_FORM_NT;

	*n = form == DPAPI_FORM_SHA1 ? DPAPI_SHA1_SIZE : DPAPI_NT_SIZE;
	if (!passwords_get(chain->passwords, candidate).n ||
	    !plain_hash(chain, hash, plain, candidate))
		return false;
	return form != DPAPI_FORM_NT_1607 ||
	       strong_hash(hash, candidate, sid, list);
}
