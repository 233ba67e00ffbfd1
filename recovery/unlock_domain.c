/* SPDX-License-Identifier: MIT */
/*
 * unlock_domain.c - master keys, by the backup key of their domain
 */
#include "recovery/chain_internal.h"

#include "parsers/limits.h"

/* Now it is known which one it is. */
static void name_domain(struct domain *d, const struct dpapi_domain_key *part)
{
	if (d->has_guid || part->guid.n != sizeof(d->guid))
		return;
	memcpy(d->guid, part->guid.p, sizeof(d->guid));
	d->has_guid = true;
	if (d->key->type != KEY_DOMAIN)
		return;
	g_free(d->key->id);
	d->key->id = chain_guid_text(part->guid);
}

static bool try_domain(struct chain *chain, struct master *m, struct domain *d)
{
	const struct dpapi_domain_key *part = &m->mk.domain;
	struct secret key = { 0 };
	char sid[TEXT_SID] = "";
	struct error err;
	char *guid;

	if (dpapi_open_domain(&key, sid, part, d->key->rsa, &err))
		return false;
	name_domain(d, part);
	guid = chain_guid_text(part->guid);
	master_opened(chain, m, secret_view(&key),
	              g_strconcat("domain key ", guid, NULL), d->key);
	g_free(guid);
	secret_release(&key);
	chain_add_sid(chain, sid);
	if (!m->key->origin.sid && *sid)
		m->key->origin.sid = g_strdup(sid);
	return true;
}

static bool is_lock(const struct master *m)
{
	return master_is_locked(m) && m->mk.domain.all.n &&
	       !m->mk.domain.err.status;
}

/* One key on all that have not met it. */
static bool offer(struct chain *chain, const GPtrArray *locks, guint i)
{
	struct domain *d = &g_array_index(chain->domains, struct domain, i);
	bool opened = false;

	for (guint k = 0; k < locks->len; k++) {
		struct master *m = locks->pdata[k];

		if (m->domains > i || !master_is_locked(m) ||
		    chain->domain_work >= LIMIT_DOMAIN_WORK)
			continue;
		m->domains = i + 1;
		chain->domain_work += rsa_work(rsa_key_size(d->key->rsa));
		opened |= try_domain(chain, m, d);
	}
	return opened;
}

/* Key by key, so that what was given, which is first, meets all master keys
   before the tries are used up. */
static bool open_domain(struct chain *chain, struct run *run)
{
	GPtrArray *locks = g_ptr_array_new();
	guint first = chain->domains->len;
	bool opened = false;

	for (guint i = 0; i < chain->masters->len; i++) {
		struct master *m = g_ptr_array_index(chain->masters, i);

		if (!is_lock(m))
			continue;
		first = MIN(first, m->domains);
		g_ptr_array_add(locks, m);
	}
	for (guint i = first; i < chain->domains->len && !run->stopped &&
	                      chain->domain_work < LIMIT_DOMAIN_WORK;
	     i++)
		opened |= offer(chain, locks, i);
	g_ptr_array_free(locks, TRUE);
	return opened;
}

const struct unlocker unlock_domain = {
	.name = "domain",
	.about = "by the backup key of a domain",
	.opens = KEY_MASTER,
	.open = open_domain,
};
