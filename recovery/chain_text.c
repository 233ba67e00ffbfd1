/* SPDX-License-Identifier: MIT */
/*
 * chain_text.c - why something is closed, in words
 */
#include "recovery/chain_internal.h"

#include "parsers/dpapi_algorithm.h"

#define FILETIME_UNIX INT64_C(11644473600) /* seconds from 1601 to 1970 */
#define FILETIME_HZ   10000000u

char *chain_guid_text(struct bytes guid)
{
	char buf[TEXT_GUID];
	struct text t = text_open(buf, sizeof(buf));

	text_guid(&t, guid);
	return g_strdup(buf);
}

char *chain_date_text(uint64_t filetime)
{
	char buf[TEXT_FILETIME];
	struct text t = text_open(buf, sizeof(buf));
	char *end;

	if (!filetime)
		return NULL;
	text_filetime(&t, filetime);
	end = strchr(buf, 'T');
	return g_strndup(buf, end ? (gsize)(end - buf) : strlen(buf));
}

void chain_append_count(GString *s, uint64_t n)
{
	char digits[32];
	int len = g_snprintf(digits, sizeof(digits), "%" G_GUINT64_FORMAT, n);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			g_string_append_c(s, ',');
		g_string_append_c(s, digits[i]);
	}
}

void chain_append_owner(GString *s, const char *sid, const char *user)
{
	g_string_append(s, sid ? sid : "an unknown user");
	if (user)
		g_string_append_printf(s, " (%s)", user);
}

/* -------------------------------------------------------------- master keys */

char *chain_master_text(const struct master *m)
{
	GString *s = g_string_new("master key ");
	char *date = chain_date_text(m->key->origin.made);

	g_string_append(s, m->key->id);
	g_string_append(s, " of ");
	chain_append_owner(s, m->sid, m->key->origin.user);
	if (date)
		g_string_append_printf(s, ", made %s", date);
	g_free(date);
	return g_string_free(s, FALSE);
}

static guint64 count_hashes(const struct chain *chain, const struct master *m)
{
	guint64 n = 0;

	for (guint i = 0; i < chain->credentials->len; i++) {
		const struct credential *c = chain_credential(chain, i);

		n += c->password == PASSWORDS_NONE && (c->given || c->behind) &&
		     (!c->sid || !m->sid || !strcmp(c->sid, m->sid));
	}
	return n;
}

static void append_tried(GString *s, size_t candidates, guint64 hashes)
{
	if (!candidates && !hashes) {
		g_string_append(s, "the blank password does not open it");
		return;
	}
	g_string_append(s, "neither the blank password nor ");
	if (candidates) {
		g_string_append(s, "any of ");
		chain_append_count(s, candidates);
		g_string_append(s,
		                candidates == 1 ? " candidate" : " candidates");
	}
	if (candidates && hashes)
		g_string_append(s, " nor ");
	if (hashes) {
		chain_append_count(s, hashes);
		g_string_append(s, hashes == 1 ? " hash" : " hashes");
	}
	g_string_append(s, " opens it");
}

/* Its domain could open it as well. */
static void append_domain(GString *s, const struct chain *chain,
                          const struct master *m)
{
	const struct dpapi_domain_key *part = &m->mk.domain;
	char *guid;

	if (!part->all.n)
		return;
	guid = chain_guid_text(part->guid);
	if (part->err.status)
		g_string_append_printf(s, "; its domain part: %s",
		                       part->err.what);
	else if (part->version == 1)
		g_string_append(s, "; its domain part is of version 1 "
		                   "(wrapped by the server), which is not "
		                   "supported");
	else if (m->domains < chain->domains->len)
		g_string_append_printf(s,
		                       "; not all keys here were tried as the "
		                       "domain key %s, there are too many",
		                       guid);
	else if (chain->domains->len)
		g_string_append_printf(s,
		                       "; nor is any key here the domain "
		                       "key %s",
		                       guid);
	else
		g_string_append_printf(s, "; the domain key %s would open it",
		                       guid);
	g_free(guid);
}

static void append_algorithms(GString *s, const struct master *m)
{
	const struct dpapi_locked_key *part = &m->mk.password;
	const struct dpapi_algorithm *hash = dpapi_hash_find(part->hash);
	const struct dpapi_algorithm *cipher = dpapi_cipher_find(part->cipher);

	g_string_append(s, m->err.what);
	if (m->err.status != E_UNSUPPORTED || m->mk.version == 1)
		return;
	g_string_append_printf(s, " (hash 0x%04x %s, cipher 0x%04x %s)",
	                       part->hash, hash ? hash->name : "?",
	                       part->cipher, cipher ? cipher->name : "?");
}

static void explain_master(const struct chain *chain, struct master *m)
{
	GString *s = g_string_new(NULL);
	char *text;

	if (m->err.status)
		append_algorithms(s, m);
	else if (master_is_spare(chain, m))
		g_string_append(s, "not opened itself, but the master key of "
		                   "this GUID is open from elsewhere");
	else if (master_is_system(m))
		g_string_append(s,
		                chain->systems->len
		                        ? "DPAPI_SYSTEM does not open it: of "
		                          "another machine or time"
		                        : "needs DPAPI_SYSTEM of the hives "
		                          "SYSTEM and SECURITY");
	else if (!m->sid && !chain->sids->len)
		g_string_append(s, "no password can be tried without a SID");
	else
		append_tried(s, m->candidates, count_hashes(chain, m));
	append_domain(s, chain, m);
	text = g_string_free(s, FALSE);
	key_set_reason(m->key, text);
	g_free(text);
}

/* ------------------------------------------------------------- private keys */

/* Is there a file of this master key, too damaged to be a lock? */
static bool is_damaged(const struct chain *chain, const char *guid)
{
	for (size_t i = 0; i < keyring_count(chain->ring); i++) {
		const struct key *key = keyring_get(chain->ring, i);

		if (key->type == KEY_MASTER && !g_strcmp0(key->id, guid))
			return true;
	}
	return false;
}

static char *why_private(const struct chain *chain,
                         const struct private_lock *l)
{
	char *guid, *text;
	GString *s;
	GPtrArray *own;

	if (l->err.status == E_ABSENT)
		return g_strdup("its private part is not locked by DPAPI: in a "
		                "TPM or a smart card, or damaged");
	if (l->err.status)
		return g_strdup_printf("damaged key file: %s", l->err.what);
	guid = chain_guid_text(l->blob.masterkey);
	own = masters_by_guid(chain, l->blob.masterkey);
	if (own) {
		const struct master *m = g_ptr_array_index(own, 0);

		s = g_string_new(NULL);
		g_string_append_printf(s, "needs master key %s of ", guid);
		chain_append_owner(s, m->sid, m->key->origin.user);
		g_string_append(s, ", which is locked");
		text = g_string_free(s, FALSE);
	} else {
		text = g_strdup_printf("needs master key %s, %s", guid,
		                       is_damaged(chain, guid)
		                               ? "whose file is damaged"
		                               : "which is not in the "
		                                 "evidence");
	}
	g_free(guid);
	return text;
}

void chain_explain_private(const struct chain *chain, struct private_lock *l)
{
	char *text;

	if (l->failed)
		return;
	text = why_private(chain, l);
	key_set_reason(l->key, text);
	g_free(text);
}

/* ------------------------------------------------------------ old passwords */

static void explain_history(const struct chain *chain, struct history *h)
{
	guint open = 0;
	guint bad = 0;
	const char *rest = h->entries->len ? h->damage : NULL;

	for (guint i = 0; i < h->entries->len; i++) {
		const struct history_entry *e =
			&g_array_index(h->entries, struct history_entry, i);

		open += e->open;
		bad += e->err.status != OK;
		if (e->err.status && !rest)
			rest = e->err.what;
	}
	if (bad == h->entries->len && !h->damage)
		rest = NULL; /* it is the reason */
	g_free(h->key->name);
	h->key->name = g_strdup_printf(
		"%u of %u old passwords open%s%s", open, h->entries->len,
		rest ? "; of the rest: " : "", rest ? rest : "");
	if (open)
		return;
	if (h->damage && !h->entries->len)
		key_set_reason(h->key, h->damage);
	else if (!h->entries->len)
		key_set_reason(h->key, "holds no old password");
	else if (bad == h->entries->len)
		key_set_reason(h->key, g_array_index(h->entries,
		                                     struct history_entry, 0)
		                               .err.what);
	else
		key_set_reason(h->key,
		               passwords_count(chain->passwords)
		                       ? "no candidate or hash opens any "
		                         "of its old passwords"
		                       : "the blank password opens none "
		                         "of its old passwords");
}

void chain_explain(struct chain *chain)
{
	for (guint i = 0; i < chain->masters->len; i++) {
		struct master *m = g_ptr_array_index(chain->masters, i);

		if (master_is_locked(m))
			explain_master(chain, m);
	}
	for (guint i = 0; i < chain->privates->len; i++) {
		struct private_lock *l = g_ptr_array_index(chain->privates, i);

		if (l->key->state == KEY_LOCKED)
			chain_explain_private(chain, l);
	}
	for (guint i = 0; i < chain->histories->len; i++)
		explain_history(chain, g_ptr_array_index(chain->histories, i));
}
