/* SPDX-License-Identifier: MIT */
/*
 * console_chain.c - a key, and below it what unlocks it, for a terminal
 */
#include "reports/console_chain.h"

#include "reports/format.h"

#include <string.h>

/* Longer than any real chain; a case that is made up may hold a circle. */
#define DEPTH_MOST 8u

#define INDENT 2u /* of an owner's keys */
#define STEP   3u /* of what unlocks a key, below it: "`- " */

static bool is(const char *s, const char *expected)
{
	return !g_strcmp0(s, expected);
}

static bool is_locked(const struct case_key *k)
{
	return is(k->state, "locked");
}

/* -------------------------------------------------------------- one key */

static const char *type_in_words(const char *type)
{
	static const char *const words[][2] = {
		{ "certificate", "certificate" },
		{ "private_key", "private key" },
		{ "master_key", "master key" },
		{ "credhist", "password history" },
		{ "pfx", "PFX file" },
		{ "domain_key", "domain backup key" },
		{ "system_secret", "system secret" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (is(type, words[i][0]))
			return words[i][1];
	return type ? type : "key";
}

bool chain_is_source(const struct case_key *k)
{
	return is(k->type, "credhist") || is(k->type, "domain_key") ||
	       is(k->type, "system_secret");
}

/* It opens keys, and no file by itself. */
static bool is_inner(const struct case_key *k)
{
	return is(k->type, "master_key") || chain_is_source(k);
}

/* A file that the user named, and nothing else names, is called by its path. */
static const char *called(const struct case_key *k)
{
	return k->key_id || k->evidence ? k->key_id : k->path;
}

/* Of another key it is "rsa:...", or a {GUID}. */
static bool is_thumbprint(const char *id)
{
	return id && id[strspn(id, "0123456789abcdef")] == '\0';
}

/* A private key that has a certificate is two lines: it stands behind it. */
static bool has_certificate(const struct case_key *k)
{
	return is(k->type, "private_key") && is_thumbprint(k->key_id);
}

void chain_start(struct wrap *w, unsigned depth)
{
	unsigned column = INDENT + (depth ? (depth - 1) * STEP : 0);

	w->column = 0;
	w->indent = 0;
	(void)fprintf(w->out, "%*s%s", (int)column, "", depth ? "`- " : "");
	w->column = column + (depth ? STEP : 0);
	w->indent = w->column + 4;
}

static void put_head(struct wrap *w, const char *words, const char *id)
{
	wrap_put(w, "", words);
	if (id)
		wrap_put(w, " ", id);
}

/* What a locked key without a thumbprint would open is not known. */
static void put_opens(struct wrap *w, const struct case_key *k)
{
	bool open = is(k->state, "unlocked");
	GString *s = g_string_new(open ? "opens " : "would open ");

	if (k->opens)
		format_count(s, k->opens, "object");
	else
		g_string_append(s, "nothing here");
	if (k->opens || open || is_thumbprint(k->key_id))
		wrap_put(w, "  ", s->str);
	g_string_free(s, TRUE);
}

/* A certificate alone: it says where its private key should be. */
static void put_container(struct wrap *w, const struct case_key *k)
{
	bool alone = is(k->type, "certificate");
	char *text =
		g_strdup_printf("container %s%s", k->container,
	                        alone ? " (its key file is not here)" : "");

	wrap_put(w, ", ", text);
	g_free(text);
}

static void put_made(struct wrap *w, const struct case_key *k)
{
	char buf[TEXT_FILETIME];
	const char *made = format_time(buf, k->made);
	char *text;

	if (!made)
		return;
	text = g_strdup_printf("made %.*s", (int)strcspn(made, "T"), made);
	wrap_put(w, ", ", text);
	g_free(text);
}

/* What the next line of the tree says is not said here. */
static void put_state(struct wrap *w, const struct owned_key *own)
{
	const struct case_key *k = &own->key;
	const struct case_key *b = own->behind ? &own->behind->key : NULL;
	char *text = NULL;

	if (is_locked(k) && k->reason && !(b && is_locked(b)))
		text = g_strdup_printf("LOCKED: %s", k->reason);
	else if (is_locked(k))
		text = g_strdup("LOCKED");
	else if (is(k->state, "unlocked") && k->unlocked_by &&
	         !(b && b->key_id && strstr(k->unlocked_by, b->key_id)))
		text = g_strdup_printf("unlocked by %s", k->unlocked_by);
	else if (is(k->state, "unlocked"))
		text = g_strdup(k->unlocked_by ? "unlocked" : "not locked");
	if (text)
		wrap_put(w, ", ", text);
	g_free(text);
	if (k->reason && !is_locked(k))
		wrap_put(w, ", ", k->reason);
}

/* "disk.dd v1 " stands above the tree already. */
static const char *below_place(const struct owner *owner, const char *source)
{
	GString *place = g_string_new(owner->evidence);

	g_string_append_c(place, ' ');
	format_volume(place, owner->volume, owner->snapshot);
	if (owner->volume)
		g_string_append_c(place, ' ');
	if (g_str_has_prefix(source, place->str))
		source += place->len;
	g_string_free(place, TRUE);
	return source;
}

static void put_place(struct wrap *w, const struct owned_key *own,
                      const struct owner *at)
{
	const struct case_key *k = &own->key;

	if (k->source && (!k->path || !owner_same_place(own->owner, at)))
		wrap_line(w, k->source);
	else if (k->path && k->path != called(k))
		wrap_line(w, k->path);
}

/* ------------------------------------------------------------- the chain */

static void put_subject(struct wrap *w, const struct case_key *k)
{
	char *bits = g_strdup_printf("%u bits", k->bits);

	if (k->name)
		wrap_put(w, ", ", k->name);
	if (k->current)
		wrap_put(w, ", ", "in use for EFS");
	if (k->bits)
		wrap_put(w, ", ", bits);
	g_free(bits);
}

static void print_certificate(struct wrap *w, const struct owned_key *own)
{
	const struct case_key *k = &own->key;

	chain_start(w, 0);
	put_head(w, "certificate", k->key_id);
	put_opens(w, k);
	put_subject(w, k);
	if (k->certificate)
		wrap_line(w, below_place(own->owner, k->certificate));
	wrap_end(w);
}

/* The path of a master key is made of what is said of it anyway. */
static void print_key(struct wrap *w, const struct owned_key *own,
                      const struct owner *at, unsigned depth)
{
	const struct case_key *k = &own->key;
	bool below = depth && has_certificate(k);

	chain_start(w, depth);
	put_head(w, type_in_words(k->type), below ? k->container : called(k));
	if (!depth && (k->opens || !is_inner(k)))
		put_opens(w, k);
	if (!below)
		put_subject(w, k);
	if (!below && k->container)
		put_container(w, k);
	put_made(w, k);
	put_state(w, own);
	if (!is(k->type, "master_key") || own->owner != at)
		put_place(w, own, at);
	wrap_end(w);
}

void print_chain(struct wrap *w, const struct owned_key *own)
{
	const struct owner *at = own->owner;
	unsigned depth = 0;

	if (has_certificate(&own->key)) {
		print_certificate(w, own);
		depth++;
	}
	for (; own && depth < DEPTH_MOST; own = own->behind)
		print_key(w, own, at, depth++);
}
