/* SPDX-License-Identifier: MIT */
/*
 * chain_closed.c - what is missing to open an entry
 */
#include "recovery/chain_internal.h"

#include "parsers/limits.h"

const char *need_kind_name(enum need_kind kind)
{
	switch (kind) {
	case NEED_PRIVATE_KEY:
		return "private_key";
	case NEED_KEY_FILE:
		return "key_file";
	case NEED_MASTER_KEY:
		return "master_key";
	case NEED_PASSWORD:
		return "password";
	case NEED_DOMAIN_KEY:
		return "domain_key";
	case NEED_SYSTEM:
		return "system_secret";
	case NEED_FILE_PASSWORD:
		return "file_password";
	}
	return NULL;
}

static void release_need(void *p)
{
	struct need *need = p;

	g_free(need->id);
	g_free(need->what);
}

static struct closed_link *link_new(void)
{
	struct closed_link *link = g_new0(struct closed_link, 1);

	link->locked = g_ptr_array_new();
	link->needs = g_array_new(FALSE, TRUE, sizeof(struct need));
	g_array_set_clear_func(link->needs, release_need);
	return link;
}

void closed_link_free(void *p)
{
	struct closed_link *link = p;

	g_ptr_array_unref(link->locked);
	g_array_unref(link->needs);
	g_free(link->reason);
	g_free(link);
}

/* Takes `what` over; the same need is listed once. */
static void add_need(struct closed_link *link, enum need_kind kind,
                     const char *id, char *what)
{
	struct need need = { .kind = kind, .what = what };

	for (guint i = 0; i < link->needs->len; i++) {
		const struct need *known =
			&g_array_index(link->needs, struct need, i);

		if (known->kind == kind && !g_strcmp0(known->id, id)) {
			g_free(what);
			return;
		}
	}
	need.id = g_strdup(id);
	g_array_append_val(link->needs, need);
}

/* -------------------------------------------------------------- master keys */

static void need_password(struct closed_link *link, const struct master *m)
{
	char *date = chain_date_text(m->key->origin.made);
	GString *s = g_string_new("the password of ");

	chain_append_owner(s, m->sid, m->key->origin.user);
	if (date)
		g_string_append_printf(s, ", as of %s or later", date);
	g_string_append_printf(s, ", for master key %s", m->key->id);
	add_need(link, NEED_PASSWORD, m->sid, g_string_free(s, FALSE));
	g_free(date);
}

static void need_domain(struct closed_link *link, const struct master *m)
{
	const struct dpapi_domain_key *part = &m->mk.domain;
	char *guid;

	if (!part->all.n || part->err.status || part->version == 1)
		return;
	guid = chain_guid_text(part->guid);
	add_need(link, NEED_DOMAIN_KEY, guid,
	         g_strdup_printf("the domain's backup key %s (of any of its "
	                         "domain controllers)",
	                         guid));
	g_free(guid);
}

static void add_master(struct closed_link *link, const struct master *m)
{
	g_ptr_array_add(link->locked, m->key);
	if (master_is_system(m))
		add_need(
			link, NEED_SYSTEM, "DPAPI_SYSTEM",
			g_strdup("the secret DPAPI_SYSTEM, of the hives SYSTEM "
		                 "and SECURITY of its machine"));
	else if (!m->err.status)
		need_password(link, m);
	need_domain(link, m);
}

static void add_private(const struct chain *chain, struct closed_link *link,
                        const struct private_lock *l)
{
	const struct master *first = NULL;
	GPtrArray *own;
	char *guid;

	if (l->err.status || l->failed)
		return;
	own = masters_by_guid(chain, l->blob.masterkey);
	for (guint i = 0; own && i < own->len; i++) {
		const struct master *m = g_ptr_array_index(own, i);

		add_master(link, m);
		first = first ? first : m;
	}
	if (first && first->key->reason) {
		char *text = chain_master_text(first);

		g_free(link->reason);
		link->reason =
			g_strdup_printf("%s: %s", text, first->key->reason);
		g_free(text);
	}
	if (own)
		return;
	guid = chain_guid_text(l->blob.masterkey);
	add_need(link, NEED_MASTER_KEY, guid,
	         g_strdup_printf("the master key file %s, of the folder "
	                         "Protect of its user",
	                         guid));
	g_free(guid);
}

/* --------------------------------------------------------------- what it is */

static void add_file(struct closed_link *link, const struct key *key)
{
	add_need(link, NEED_FILE_PASSWORD, key->source,
	         g_strdup_printf("the password of %s", key->source));
	g_free(link->reason);
	link->reason = g_strdup_printf("%s: %s", key->source, key->reason);
}

static void explain_locked(const struct chain *chain, struct closed_link *link,
                           struct key *key)
{
	const struct private_lock *l = g_hash_table_lookup(chain->by_key, key);

	g_ptr_array_add(link->locked, key);
	link->reason = g_strdup(key->reason);
	if (l)
		add_private(chain, link, l);
	else
		add_file(link, key);
}

static void explain_container(struct closed_link *link, const char *container)
{
	add_need(link, NEED_KEY_FILE, container,
	         g_strdup_printf("the key file of container %s, of the folder "
	                         "Crypto of its user",
	                         container));
	link->reason = g_strdup_printf("its certificate is here, but not the "
	                               "key file of container %s",
	                               container);
}

static void explain_absent(struct closed_link *link, struct bytes thumbprint)
{
	char hex[TEXT_SHA1];
	struct text t = text_open(hex, sizeof(hex));

	text_hex(&t, thumbprint);
	add_need(link, NEED_PRIVATE_KEY, hex,
	         g_strdup_printf("the private key of certificate %s", hex));
	link->reason = g_strdup_printf("nothing of the key of certificate %s "
	                               "is in the evidence",
	                               hex);
}

/* The container's key that is still locked: its public half may be gone. */
static struct key *find_container(const struct chain *chain,
                                  const char *container)
{
	struct key *key;

	for (size_t i = 0; container; i++) {
		key = keyring_find_container(chain->ring, container, i);
		if (!key ||
		    (key->type == KEY_PRIVATE && key->state == KEY_LOCKED))
			return key;
	}
	return NULL;
}

static struct closed_link *explain(const struct chain *chain,
                                   struct bytes thumbprint,
                                   const char *container)
{
	struct closed_link *link = link_new();
	struct key *cert = keyring_find_certificate(chain->ring, thumbprint);
	struct key *key = keyring_find_locked(chain->ring, thumbprint);

	if (cert && cert->container)
		container = cert->container;
	if (!key)
		key = find_container(chain, container);
	if (key)
		explain_locked(chain, link, key);
	else if (cert && container)
		explain_container(link, container);
	else
		explain_absent(link, thumbprint);
	return link;
}

const struct closed_link *chain_closed(struct chain *chain,
                                       struct bytes thumbprint,
                                       const char *container)
{
	GByteArray *buf = g_byte_array_new();
	struct closed_link *link;
	GBytes *name;

	(void)g_byte_array_append(buf, thumbprint.p, (guint)thumbprint.n);
	if (container)
		(void)g_byte_array_append(buf, (const guint8 *)container,
		                          (guint)strlen(container));
	name = g_byte_array_free_to_bytes(buf);
	link = g_hash_table_lookup(chain->closed, name);
	if (link) {
		g_bytes_unref(name);
		return link;
	}
	if (g_hash_table_size(chain->closed) >= LIMIT_CLOSED)
		g_hash_table_remove_all(chain->closed);
	link = explain(chain, thumbprint, container);
	(void)g_hash_table_insert(chain->closed, name, link);
	return link;
}
