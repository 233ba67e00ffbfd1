/* SPDX-License-Identifier: MIT */
/*
 * unlock_system.c - master keys of the machine, by DPAPI_SYSTEM
 */
#include "recovery/chain_internal.h"

/* Master keys that have not seen all of the secrets. */
struct sweep {
	const struct chain *chain;
	GPtrArray *masters;
};

/* Of one secret: its user key, which opens more, and its machine key. */
enum { USER_KEY, MACHINE_KEY, KEYS };

static bool is_service(const struct master *m)
{
	return m->sid &&
	       (m->mk.flags & DPAPI_FLAG_SYSTEM ||
	        !strcmp(m->sid, "S-1-5-19") || !strcmp(m->sid, "S-1-5-20"));
}

/* The secret as it is, for the system; hashed with the SID, for services. */
static bool try_secret(struct master *m, struct bytes secret)
{
	return master_try(m, secret, &m->found.key) ||
	       (is_service(m) &&
	        master_try_hash(m, secret, m->sid, &m->found.key));
}

static bool sweep_one(void *ctx, size_t at)
{
	const struct sweep *s = ctx;
	struct master *m = g_ptr_array_index(s->masters, at);

	for (guint i = m->systems * KEYS; i < s->chain->systems->len * KEYS;
	     i++) {
		const struct system *system = &g_array_index(
			s->chain->systems, struct system, i / KEYS);

		m->found.credential = i;
		if (try_secret(m, i % KEYS == USER_KEY ? system->user
		                                       : system->machine))
			break;
	}
	return false;
}

static bool take(struct chain *chain, struct master *m)
{
	guint i = m->found.credential;
	const struct system *system;

	m->systems = chain->systems->len;
	if (!m->found.key.p)
		return false;
	system = &g_array_index(chain->systems, struct system, i / KEYS);
	master_opened(chain, m, secret_view(&m->found.key),
	              g_strdup(i % KEYS == USER_KEY
	                               ? "DPAPI_SYSTEM user key"
	                               : "DPAPI_SYSTEM machine key"),
	              system->key);
	secret_release(&m->found.key);
	return true;
}

static bool open_system(struct chain *chain, struct run *run)
{
	struct sweep s = { .chain = chain, .masters = g_ptr_array_new() };
	bool opened = false;

	for (guint i = 0; i < chain->masters->len; i++) {
		struct master *m = g_ptr_array_index(chain->masters, i);

		if (master_is_locked(m) && !m->err.status &&
		    m->systems < chain->systems->len)
			g_ptr_array_add(s.masters, m);
	}
	if (run_each(run, s.masters->len, sweep_one, &s))
		for (guint i = 0; i < s.masters->len; i++)
			opened |= take(chain, g_ptr_array_index(s.masters, i));
	g_ptr_array_unref(s.masters);
	return opened;
}

const struct unlocker unlock_system = {
	.name = "system",
	.about = "by the two keys of DPAPI_SYSTEM",
	.opens = KEY_MASTER,
	.open = open_system,
};
