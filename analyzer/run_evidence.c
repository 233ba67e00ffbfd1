/* SPDX-License-Identifier: MIT */
/*
 * run_evidence.c - open every evidence of a run, and find what is in it
 */
#include "analyzer/found.h"
#include "analyzer/hash_evidence.h"
#include "analyzer/kind.h"
#include "analyzer/say.h"
#include "analyzer/spot.h"
#include "analyzer/verify.h"
#include "analyzer/volume.h"

bool run_wants_keys(const struct run *run, bool keys_only)
{
	return keys_only || !run->o->no_evidence_keys;
}

/* ------------------------------------------------------------- evidence */

/* The base name, with ~2, ~3 where it was used before; to be freed. */
static char *unique_name(GHashTable *used, const char *path)
{
	char *base = g_path_get_basename(path);
	char *safe = output_escape(base);
	char *name = g_utf8_make_valid(safe, -1);

	for (unsigned i = 2; g_hash_table_contains(used, name); i++) {
		g_free(name);
		name = g_strdup_printf("%s~%u", safe, i);
	}
	g_hash_table_add(used, g_strdup(name));
	g_free(safe);
	g_free(base);
	return name;
}

/* An image of a batch is known by its label. */
static char *name_evidence(const struct run *run, GHashTable *used,
                           const char *path)
{
	if (!run->o->label || run->items->len)
		return unique_name(used, path);
	g_hash_table_add(used, g_strdup(run->o->label));
	return g_strdup(run->o->label);
}

/* Its source and its kind; false if it cannot be read at all. */
static bool open_source(struct evidence *e, const struct kind **kind,
                        struct error *why)
{
	if (source_open(&e->s, e->path, why))
		return false;
	return kind_find(kind, e, why) == OK;
}

static void refuse(struct run *run, const struct evidence *e,
                   const struct error *why, char **reason)
{
	say("%s: %s", e->path, why->what);
	run->evidence_failed++;
	*reason = say_error(why);
}

/* What is known of it before a look at what is in it. */
static const struct kind *open_evidence(struct run *run, struct evidence *e,
                                        struct case_evidence *row,
                                        char **reason)
{
	const struct kind *kind = NULL;
	struct error why;

	e->directory = g_file_test(e->path, G_FILE_TEST_IS_DIR);
	if (e->directory) {
		if (run->o->hash_evidence)
			hash_evidence_begin(run, e);
		row->format = "directory";
		return &kind_folder;
	}
	if (!open_source(e, &kind, &why)) {
		refuse(run, e, &why, reason);
		return NULL;
	}
	if (run->o->verify)
		verify_evidence(run, e);
	else if (run->o->hash_evidence)
		hash_evidence_begin(run, e);
	source_drop_lost(e->s);
	row->format = e->form && !e->s->under ? e->form : e->s->format;
	row->size = e->s->size;
	row->sha256 = e->sha256;
	if (e->s->problem) {
		say("%s: %s", e->path, e->s->problem);
		run->volume_damaged = true;
		*reason = g_strdup(e->s->problem);
	}
	return kind;
}

static enum status do_evidence(struct run *run, struct evidence *e,
                               struct error *err)
{
	char *shown = g_utf8_make_valid(e->path, -1);
	struct case_evidence row = { .name = e->name,
		                     .path = shown,
		                     .format = "unknown" };
	const struct kind *kind = NULL;
	unsigned failed = run->evidence_failed;
	char *reason = NULL;
	struct error why;
	enum status st = spot_enter(SPOT_EVIDENCE, e->name, 0, &why);
	bool entered = !st;

	run->evidence++;
	if (entered)
		kind = open_evidence(run, e, &row, &reason);
	else
		refuse(run, e, &why, &reason);
	row.reason = reason;
	st = casefile_add_evidence(run->cf, &row, err);
	e->id = row.id;
	if (!st && kind)
		st = kind->find(run, e, err);
	/* Last: a look at its volumes may have added to them. */
	if (!st && e->s)
		st = kind_add_facts(run, e, 0, &e->s->facts, err);
	if (entered)
		spot_leave();
	run->named += !e->keys_only;
	run->named_failed += !e->keys_only && run->evidence_failed != failed;
	g_free(reason);
	g_free(shown);
	return st;
}

static void free_evidence(void *p)
{
	struct evidence *e = p;

	volumes_free(e->snapshots);
	volumes_free(e->volumes);
	found_free(e->file);
	source_free(e->s);
	g_free(e->sha256);
	g_free(e->name);
	g_free(e);
}

static enum status do_list(struct run *run, char **paths, bool keys_only,
                           GHashTable *used, struct error *err)
{
	enum status st = OK;

	for (; !st && paths && *paths && !run_stopped(run); paths++) {
		struct evidence *e = g_new0(struct evidence, 1);

		e->path = *paths;
		e->name = name_evidence(run, used, *paths);
		e->keys_only = keys_only;
		g_ptr_array_add(run->items, e);
		st = do_evidence(run, e, err);
	}
	return st;
}

static void check_snapshots(struct run *run)
{
	unsigned number;

	if (!options_snapshot_over(run->o, run->snapshots_most, &number))
		return;
	run->snapshot_missing = true;
	say("no volume has a shadow copy %u; `efsleuth info` lists them",
	    number);
}

enum status run_find(struct run *run, struct error *err)
{
	GHashTable *used =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	enum status st;

	run->items = g_ptr_array_new_with_free_func(free_evidence);
	run->sites = g_ptr_array_new_with_free_func(site_free);
	st = do_list(run, run->o->args, false, used, err);
	if (!st && run->mode != RUN_INFO)
		st = do_list(run, run->o->keys_from, true, used, err);
	g_hash_table_destroy(used);
	check_snapshots(run);
	return st;
}
