/* SPDX-License-Identifier: MIT */
/*
 * world.c - what the tests of the key chain share: a chain, and what goes in
 */
#include "tests/recovery/world.h"

#include <string.h>

void world_open(struct world *w, const char *candidates)
{
	*w = (struct world){ .ring = keyring_new() };
	material_passwords(&w->passwords, candidates);
	w->chain = chain_new(w->ring, &w->passwords);
}

void world_close(struct world *w)
{
	chain_free(w->chain);
	keyring_free(w->ring);
	passwords_release(&w->passwords);
}

enum status world_add_bytes(struct world *w, enum world_piece piece,
                            struct bytes in, const char *name, const char *sid)
{
	static enum status (*const add[])(struct chain *, struct bytes,
	                                  const struct origin *,
	                                  struct error *) = {
		[PIECE_MASTERKEY] = chain_add_masterkey,
		[PIECE_CREDHIST] = chain_add_credhist,
		[PIECE_PRIVATE] = chain_add_private,
		[PIECE_CERTIFICATE] = chain_add_certificate,
		[PIECE_KEYFILE] = chain_add_keyfile,
		[PIECE_DOMAIN] = chain_add_domain_key,
	};
	struct origin origin = { .evidence = g_strdup(w->evidence),
		                 .path = g_path_get_basename(name),
		                 .sid = g_strdup(sid) };
	struct error err = { 0 };
	enum status status = add[piece](w->chain, in, &origin, &err);

	if (status)
		assert_int_equal(err.status, status);
	origin_release(&origin);
	return status;
}

enum status world_add(struct world *w, enum world_piece piece, const char *name,
                      const char *sid)
{
	const char *corpus = "corpus:";
	size_t n = strlen(corpus);
	struct bytes in = strncmp(name, corpus, n) ? material(name)
	                                           : material_corpus(name + n);
	enum status status = world_add_bytes(w, piece, in, name, sid);

	material_free(in); /* what was given is copied */
	return status;
}

void world_hash(struct world *w, enum dpapi_form form, const char *hex,
                const char *sid, const char *label)
{
	uint8_t hash[64];
	struct bytes b = { hash, unhex(hash, sizeof(hash), hex), 0 };
	struct error err;

	assert_int_equal(chain_add_hash(w->chain, form, b, sid, label, &err),
	                 OK);
}

void world_masterkey(struct world *w, const char *guid, const char *key)
{
	const struct origin origin = { 0 };
	uint8_t id[16], bytes[64];
	struct bytes b = { bytes, unhex(bytes, sizeof(bytes), key), 0 };
	struct error err;

	assert_int_equal(unhex(id, sizeof(id), guid), 16);
	assert_int_equal(
		chain_add_open_masterkey(w->chain, id, b, &origin, &err), OK);
}

void world_system(struct world *w, const char *machine, const char *user)
{
	const struct origin origin = { 0 };
	uint8_t keys[2][DPAPI_SHA1_SIZE];
	struct error err;

	assert_int_equal(unhex(keys[0], sizeof(keys[0]), machine), 20);
	assert_int_equal(unhex(keys[1], sizeof(keys[1]), user), 20);
	assert_int_equal(chain_add_system(w->chain, keys[0], keys[1],
	                                  "boot key", &origin, &err),
	                 OK);
}

void world_unlock(struct world *w)
{
	const struct trial trial = { .jobs = w->jobs };
	struct error err;

	assert_int_equal(chain_unlock(w->chain, &trial, &err), OK);
}

size_t world_count(const struct world *w, enum key_type type)
{
	size_t n = 0;

	for (size_t i = 0; i < keyring_count(w->ring); i++)
		n += keyring_get(w->ring, i)->type == type;
	return n;
}

struct key *world_key(const struct world *w, enum key_type type, size_t n)
{
	struct key *key = NULL;
	size_t seen = 0;

	for (size_t i = 0; i < keyring_count(w->ring) && !key; i++)
		if (keyring_get(w->ring, i)->type == type && seen++ == n)
			key = keyring_get(w->ring, i);
	assert_non_null(key);
	return key;
}

void assert_links(const struct key *key, const char *expect)
{
	GPtrArray *links = g_ptr_array_new_with_free_func(g_free);
	GString *s = g_string_new(NULL);

	chain_links(key, links);
	for (guint i = 0; i < links->len; i++)
		g_string_append_printf(s, "%s%s", i ? " > " : "",
		                       (char *)g_ptr_array_index(links, i));
	assert_string_equal(s->str, expect);
	(void)g_string_free(s, TRUE);
	g_ptr_array_unref(links);
}

void assert_needs(const struct closed_link *link, const char *expect)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < link->needs->len; i++) {
		const struct need *need =
			&g_array_index(link->needs, struct need, i);

		g_string_append_printf(s, "%s%s %s", i ? ", " : "",
		                       need_kind_name(need->kind), need->id);
		assert_non_null(need->what);
	}
	assert_string_equal(s->str, expect);
	(void)g_string_free(s, TRUE);
}
