/* SPDX-License-Identifier: MIT */
/*
 * unlock_keyfile.c - PFX, PEM and PVK files, by candidates
 */
#include "recovery/chain_internal.h"

static void prove_all(struct chain *chain, const struct key_file *kf)
{
	for (guint i = 0; i < kf->opened->len; i++)
		chain_prove(chain, g_array_index(kf->opened, size_t, i));
}

static void add_domain(struct chain *chain, struct key *key)
{
	struct domain domain = { .key = key };

	if (g_hash_table_add(chain->domain_keys, key))
		g_array_append_val(chain->domains, domain);
}

static void domain_opened(struct chain *chain, struct keyfile *f,
                          struct key_file *kf)
{
	struct key_private *first =
		&g_array_index(kf->privates, struct key_private, 0);

	f->domain->rsa = g_steal_pointer(&first->rsa);
	f->domain->bits = rsa_key_bits(f->domain->rsa);
	f->domain->state = KEY_UNLOCKED;
	f->domain->unlocked_by = g_steal_pointer(&first->unlocked_by);
	g_clear_pointer(&f->domain->reason, g_free);
	add_domain(chain, f->domain);
	f->done = true;
}

/* The keys of the file are in the ring now; each may be a domain's as well. */
static void add_domains(struct chain *chain, GArray *ids)
{
	for (guint i = 0; i < ids->len; i += RSA_ID_SIZE) {
		struct key *key = keyring_find_public(
			chain->ring, &g_array_index(ids, uint8_t, i));

		if (key)
			add_domain(chain, key);
	}
}

void keyfile_take(struct chain *chain, struct keyfile *f, struct key_file *kf)
{
	struct bytes in = { 0 };
	struct error err;
	GArray *ids;

	prove_all(chain, kf);
	if (f->domain) {
		if (kf->privates->len)
			domain_opened(chain, f, kf);
		return;
	}
	ids = g_array_new(FALSE, FALSE, 1);
	for (guint i = 0; i < kf->privates->len; i++)
		g_array_append_vals(
			ids,
			g_array_index(kf->privates, struct key_private, i).id,
			RSA_ID_SIZE);
	in.p = g_bytes_get_data(f->data, &in.n);
	if (!keyring_add_file(chain->ring, kf, in, &f->origin, &err))
		add_domains(chain, ids);
	f->done = !kf->locked->len;
	g_array_unref(ids);
}

static void explain(const struct keyfile *f, const struct key_file *kf)
{
	if (f->domain && kf->locked->len)
		key_set_reason(
			f->domain,
			g_array_index(kf->locked, struct key_locked, 0).reason);
}

/* One more try; true if it opened more than before. */
static bool try_again(struct chain *chain, struct keyfile *f,
                      const struct key_tries *tries)
{
	struct bytes in = { 0 };
	struct key_file kf;
	struct error err;
	bool opened = false;

	in.p = g_bytes_get_data(f->data, &in.n);
	if (key_file_try(&kf, in, tries, &err) && !kf.format)
		return false;
	opened = kf.opened->len;
	if (opened || !tries->proven_only)
		keyfile_take(chain, f, &kf);
	explain(f, &kf);
	key_file_release(&kf);
	return opened;
}

static size_t count_proven(const struct passwords *pw)
{
	return pw->proven ? pw->proven->len : 0;
}

static bool open_known(struct chain *chain, struct run *run)
{
	const struct key_tries tries = {
		.passwords = chain->passwords,
		.proven_only = true,
	};
	bool opened = false;

	for (guint i = 0; i < chain->keyfiles->len && !run->stopped; i++) {
		struct keyfile *f = g_ptr_array_index(chain->keyfiles, i);
		size_t proven = count_proven(chain->passwords);

		if (f->done || f->proven >= proven)
			continue;
		f->proven = proven;
		opened |= try_again(chain, f, &tries);
	}
	return opened;
}

const struct unlocker unlock_keyfile = {
	.name = "keyfile",
	.about = "PFX and key files, by what opened something else",
	.opens = KEY_PFX,
	.open = open_known,
};

static bool open_listed(struct chain *chain, struct run *run)
{
	const struct key_tries tries = {
		.passwords = chain->passwords,
		.trial = &run->trial,
	};
	size_t n = passwords_count(chain->passwords);

	for (guint i = 0; i < chain->keyfiles->len; i++) {
		struct keyfile *f = g_ptr_array_index(chain->keyfiles, i);

		if (f->done || f->candidates >= n)
			continue;
		(void)try_again(chain, f, &tries);
		if (!run->stopped)
			f->candidates = n;
		return true;
	}
	return false;
}

const struct unlocker unlock_keyfile_password = {
	.name = "keyfile_password",
	.about = "PFX and key files, by the list of candidates",
	.opens = KEY_PFX,
	.slow = true,
	.open = open_listed,
};
