/* SPDX-License-Identifier: MIT */
/*
 * unlock_domain.c - master keys, by the backup key of their domain
 */
#include "recovery/chain_internal.h"

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

static bool offer(struct chain *chain, struct master *m)
{
	while (m->domains < chain->domains->len)
		if (try_domain(chain, m,
		               &g_array_index(chain->domains, struct domain,
		                              m->domains++)))
			return true;
	return false;
}

static bool open_domain(struct chain *chain, struct run *run)
{
	bool opened = false;

	(void)run;
	for (guint i = 0; i < chain->masters->len; i++) {
		struct master *m = g_ptr_array_index(chain->masters, i);

		if (master_is_locked(m) && m->mk.domain.all.n &&
		    !m->mk.domain.err.status)
			opened |= offer(chain, m);
	}
	return opened;
}

const struct unlocker unlock_domain = {
	.name = "domain",
	.about = "by the backup key of a domain",
	.opens = KEY_MASTER,
	.open = open_domain,
};
