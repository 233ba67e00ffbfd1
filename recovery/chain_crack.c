/* SPDX-License-Identifier: MIT */
/*
 * chain_crack.c - locks as hashcat and john take them
 *
 * $DPAPImk$ is the format of john's DPAPImk and of hashcat's modes 15300,
 * 15310, 15900 and 15910; $pfxng$ is that of john's pfxng.
 */
#include "recovery/chain_internal.h"

#include "parsers/dpapi_algorithm.h"

/* hashcat's own limits, see its module_15900.c. */
#define SID_LEAST   10u
#define SID_MOST    60u
#define ROUNDS_MOST 999999u

/* The two suites that they know: version, names, and size in bytes. */
static const struct suite {
	unsigned version;
	uint32_t hash, also, cipher;
	const char *cipher_name, *hash_name;
	size_t size;
} suites[] = {
	{ 1, DPAPI_HMAC, DPAPI_SHA1, DPAPI_3DES, "des3", "sha1", 104 },
	{ 2, DPAPI_SHA512, DPAPI_SHA512, DPAPI_AES_256, "aes256", "sha512",
	  144 },
};

static const struct suite *suite_of(const struct dpapi_locked_key *part)
{
	for (size_t i = 0; i < G_N_ELEMENTS(suites); i++) {
		const struct suite *s = &suites[i];

		if ((part->hash == s->hash || part->hash == s->also) &&
		    part->cipher == s->cipher && part->ciphertext.n == s->size)
			return s;
	}
	return NULL;
}

static void append_hex(GString *s, struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		g_string_append_printf(s, "%02x", b.p[i]);
}

/* `form`: 1 local, 2 domain, 3 domain since Windows 10 1607. */
static void add_line(GPtrArray *lines, const struct master *m, unsigned form,
                     const char *sid)
{
	const struct dpapi_locked_key *part = &m->mk.password;
	const struct suite *suite = suite_of(part);
	GString *s;

	if (!suite || strlen(sid) < SID_LEAST || strlen(sid) > SID_MOST ||
	    part->rounds > ROUNDS_MOST)
		return;
	s = g_string_new("$DPAPImk$");
	g_string_append_printf(s, "%u*%u*%s*%s*%s*%u*", suite->version, form,
	                       sid, suite->cipher_name, suite->hash_name,
	                       part->rounds);
	append_hex(s, part->salt);
	g_string_append_printf(s, "*%zu*", 2 * part->ciphertext.n);
	append_hex(s, part->ciphertext);
	g_ptr_array_add(lines, g_string_free(s, FALSE));
}

/* The file does not tell which of the two domain forms it is. */
static void add_master(GPtrArray *lines, const struct master *m,
                       const char *sid)
{
	if (m->mk.flags & DPAPI_FLAG_SHA1) {
		add_line(lines, m, 1, sid);
		return;
	}
	add_line(lines, m, 3, sid);
	add_line(lines, m, 2, sid);
}

static void crack_master(const struct chain *chain, GPtrArray *lines,
                         const struct key *key)
{
	const struct master *m = g_hash_table_lookup(chain->by_key, key);

	if (!m || !m->data || m->err.status || m->mk.flags & DPAPI_FLAG_SYSTEM)
		return;
	if (m->sid)
		add_master(lines, m, m->sid);
	for (guint i = 0; !m->sid && i < chain->sids->len; i++)
		add_master(lines, m, g_ptr_array_index(chain->sids, i));
}

static bool same_origin(const struct origin *a, const struct origin *b)
{
	return !g_strcmp0(a->evidence, b->evidence) &&
	       !g_strcmp0(a->path, b->path) && a->volume == b->volume &&
	       a->snapshot == b->snapshot && a->offset == b->offset;
}

static void crack_pfx(const struct chain *chain, GPtrArray *lines,
                      const struct key *key)
{
	for (guint i = 0; i < chain->keyfiles->len; i++) {
		const struct keyfile *f = g_ptr_array_index(chain->keyfiles, i);
		struct bytes in = { 0 };
		char *line;

		if (!same_origin(&f->origin, &key->origin))
			continue;
		in.p = g_bytes_get_data(f->data, &in.n);
		line = pfx_crack_line(in);
		if (line)
			g_ptr_array_add(lines, line);
		return;
	}
}

GPtrArray *chain_crack_lines(const struct chain *chain, const struct key *key)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	if (key->state != KEY_LOCKED)
		return lines;
	if (key->type == KEY_MASTER)
		crack_master(chain, lines, key);
	if (key->type == KEY_PFX || key->type == KEY_DOMAIN)
		crack_pfx(chain, lines, key);
	return lines;
}
