/* SPDX-License-Identifier: MIT */
/*
 * collect.c - the key material that the evidence holds
 */
#include "analyzer/collect.h"
#include "analyzer/artefact.h"
#include "analyzer/found.h"
#include "analyzer/hives.h"
#include "analyzer/keyplace.h"
#include "analyzer/say.h"
#include "analyzer/spot.h"
#include "parsers/limits.h"

#include <string.h>

/* ------------------------------------------------------------- gathering */

static void set_origin(GPtrArray *files, guint first, const char *evidence,
                       const struct case_volume *volume)
{
	for (guint i = first; i < files->len; i++) {
		struct origin *o = &((struct found *)files->pdata[i])->origin;

		o->evidence = g_strdup(evidence);
		o->volume = volume->number;
		o->snapshot = volume->snapshot;
	}
}

static GPtrArray *gather(struct run *run)
{
	GPtrArray *files = g_ptr_array_new();

	for (guint i = 0; i < run->sites->len; i++) {
		const struct site *site = run->sites->pdata[i];
		guint first = files->len;

		if (!site->place.finder->keys ||
		    !run_wants_keys(run, site->keys_only))
			continue;
		spot_push(SPOT_EVIDENCE, site->place.evidence, 0);
		spot_push(SPOT_VOLUME, site->place.volume, 0);
		site->place.finder->keys(site->place.from, files);
		spot_leave();
		spot_leave();
		set_origin(files, first, site->place.evidence, &site->row);
	}
	return files;
}

/* ------------------------------------------------------------- whose it is */

/* A name for the profile that a file is in; NULL if it is in none. */
static char *find_profile(struct origin *o)
{
	size_t profile;

	if (!keyplace_owner(o, o->path, &profile))
		return NULL;
	return g_strdup_printf("%s\n%u\n%u\n%.*s", o->evidence, o->volume,
	                       o->snapshot, (int)profile, o->path);
}

/*
 * In a profile only some folders bear their owner's SID: those tell it for the
 * others.
 */
static void find_owners(GPtrArray *files)
{
	GHashTable *sids =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	GPtrArray *profiles = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < files->len; i++) {
		struct found *f = files->pdata[i];
		char *profile = find_profile(&f->origin);

		g_ptr_array_add(profiles, profile);
		if (profile && f->origin.sid)
			g_hash_table_insert(sids, g_strdup(profile),
			                    g_strdup(f->origin.sid));
	}
	for (guint i = 0; i < files->len; i++) {
		struct found *f = files->pdata[i];

		if (profiles->pdata[i] && !f->origin.sid)
			f->origin.sid = g_strdup(
				g_hash_table_lookup(sids, profiles->pdata[i]));
	}
	g_ptr_array_free(profiles, TRUE);
	g_hash_table_unref(sids);
}

/* ------------------------------------------------------------- adding */

static const struct artefact *kind_by_place(enum key_place place)
{
	switch (place) {
	case PLACE_MASTERKEY:
		return &artefact_masterkey;
	case PLACE_CREDHIST:
		return &artefact_credhist;
	case PLACE_PRIVATE:
		return &artefact_capi_key;
	case PLACE_CERTIFICATE:
		return &artefact_cert_store;
	case PLACE_ANY:
		break;
	}
	return NULL;
}

/* Bits of evidence for a file that nothing but its content speaks for. */
#define BITS_ENOUGH 96u

/* By content; by place where the content does not say. */
static const struct artefact *kind_of(struct bytes in, const struct found *f,
                                      enum key_place place)
{
	const struct artefact *kind =
		artefact_find(in, f->unnamed ? BITS_ENOUGH : 1);

	return kind && kind->collect ? kind : kind_by_place(place);
}

/* It has to be key material by its place, but is damaged beyond recognition. */
static void add_damaged(struct run *run, const struct found *f,
                        enum key_place place, const struct error *err)
{
	static const enum key_type types[] = {
		[PLACE_MASTERKEY] = KEY_MASTER,
		[PLACE_CREDHIST] = KEY_CREDHIST,
		[PLACE_PRIVATE] = KEY_PRIVATE,
		[PLACE_CERTIFICATE] = KEY_CERTIFICATE,
	};
	char *name = g_ascii_strdown(found_name(f), -1);
	struct key *key = keyring_add_node(run->ring, types[place], KEY_LOCKED,
	                                   &f->origin);

	key->id = place == PLACE_MASTERKEY ? g_strdup_printf("{%s}", name)
	                                   : g_strdup(name);
	key->reason = g_strdup_printf("damaged: %s", err->what);
	g_free(name);
}

static enum status read_one(struct run *run, struct found *f,
                            enum key_place place, struct error *err)
{
	const struct artefact *kind;
	struct secret text;
	enum status st = found_load(f, LIMIT_KEY_FILE, &text, err);

	if (!st) {
		struct bytes in = secret_view(&text);

		in.at = f->origin.offset;
		kind = kind_of(in, f, place);
		if (kind)
			st = kind->collect(run->chain, in, &f->origin, err);
		secret_release(&text);
	}
	return st;
}

static void add_one(struct run *run, struct found *f)
{
	enum key_place place = keyplace_of(f->origin.path);
	struct error err;
	enum status st = found_enter(f, &err);

	if (!st) {
		st = read_one(run, f, place, &err);
		found_leave();
	}
	if (st && place != PLACE_ANY)
		add_damaged(run, f, place, &err);
	else if (st)
		say_detail("%s %s: %s", f->origin.evidence, f->origin.path,
		           err.what);
}

void collect_keys(struct run *run, struct run *from)
{
	GPtrArray *files = gather(from);
	GPtrArray *hives = g_ptr_array_new();

	find_owners(files);
	for (guint i = 0; i < files->len; i++) {
		struct found *f = files->pdata[i];

		if (hives_want(found_name(f)))
			g_ptr_array_add(hives, f);
		else
			add_one(run, f);
	}
	hives_read(run->chain, &run->passwords, run->people, hives);
	say_detail("%u files of the evidence were looked into for key material",
	           files->len);
	g_ptr_array_free(hives, TRUE);
	g_ptr_array_free(files, TRUE);
}
