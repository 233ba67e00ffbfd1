/* SPDX-License-Identifier: MIT */
/*
 * run_evidence.c - open every evidence of a run, and find what is in it
 */
#include "analyzer/progress.h"
#include "analyzer/run.h"
#include "analyzer/say.h"

#include <inttypes.h>

/* ------------------------------------------------------------- a volume */

static bool scan_progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)total;
	progress_set(done);
	return !run_stopped(ctx);
}

/* What the scan could not read, in words; NULL if it read all. */
static char *scan_reason(const struct scan *scan, const struct ntfs *fs)
{
	GString *s = g_string_new(NULL);

	if (fs->mirror)
		g_string_append(s, "the first record of $MFT is damaged: its "
		                   "copy in $MFTMirr was used; ");
	if (scan->unreadable)
		g_string_append_printf(s,
		                       "%" PRIu64 " of %" PRIu64
		                       " MFT records could not be read; ",
		                       scan->unreadable, fs->records);
	if (scan->damaged)
		g_string_append_printf(s,
		                       "%" PRIu64 " of %" PRIu64
		                       " MFT records are damaged; ",
		                       scan->damaged, fs->records);
	if (!s->len) {
		g_string_free(s, TRUE);
		return NULL;
	}
	g_string_truncate(s, s->len - 2);
	return g_string_free(s, FALSE);
}

/* Does the evidence end inside this volume? In words; NULL if not. */
static char *cut_reason(const struct source *s, const struct volume *v)
{
	uint64_t size = v->ntfs ? v->boot.sectors * v->boot.sector : v->size;

	if (v->offset > s->size || size <= s->size - v->offset)
		return NULL;
	return g_strdup_printf("the evidence ends %" PRIu64
	                       " bytes before the end of this volume",
	                       size - (s->size - v->offset));
}

static char *join_reasons(char *first, char *second)
{
	char *both;

	if (!first || !second)
		return first ? first : second;
	both = g_strdup_printf("%s; %s", first, second);
	g_free(first);
	g_free(second);
	return both;
}

bool run_wants_keys(const struct run *run, bool keys_only)
{
	return keys_only || !run->o->no_evidence_keys;
}

static void free_site(void *p)
{
	struct site *site = p;

	scan_release(&site->scan);
	ntfs_release(&site->fs);
	g_free(site->reason);
	g_free(site);
}

static void scan_site(struct site *site, struct run *run)
{
	const struct scan_options how = { .deleted = run->o->deleted,
		                          .keys = run_wants_keys(
						  run, site->keys_only),
		                          .progress = scan_progress,
		                          .ctx = run };
	struct error stopped;

	progress_phase("scanning $MFT", site->fs.records, PROGRESS_PARTS);
	(void)!scan_volume(&site->scan, &site->fs, &how, &stopped);
	site->place.fs = &site->fs;
	site->place.dirs = site->scan.dirs;
	run->read_errors += site->scan.unreadable;
}

/* NULL if the file system cannot be opened: `why` says it. */
static struct site *open_site(struct run *run, const struct evidence *e,
                              const struct volume *v, struct error *why)
{
	struct site *site = g_new0(struct site, 1);

	if (ntfs_open(&site->fs, e->s, v, why)) {
		g_free(site);
		return NULL;
	}
	site->keys_only = e->keys_only;
	site->place.run = run;
	site->place.evidence = e->name;
	(void)g_snprintf(site->place.volume, sizeof(site->place.volume), "v%u",
	                 v->number);
	scan_site(site, run);
	run->walked += !e->keys_only;
	g_ptr_array_add(run->sites, site);
	return site;
}

/* Only a failure of the case itself is an error; the rest is in the case. */
static enum status do_volume(struct run *run, const struct evidence *e,
                             const struct volume *v, struct case_volume *row,
                             struct error *err)
{
	struct error why = v->err;
	struct site *site = NULL;
	char *reason = NULL;
	enum status st;

	run->ntfs += v->ntfs && !e->keys_only;
	if (v->ntfs && run->mode != RUN_INFO)
		site = open_site(run, e, v, &why);
	if (site)
		reason = scan_reason(&site->scan, &site->fs);
	else if (why.status)
		reason = say_error(&why);
	run->volume_damaged |= reason != NULL;
	/* Not damage by itself: no file need be in what is missing. */
	reason = join_reasons(cut_reason(e->s, v), reason);
	if (reason)
		say("%s v%u: %s", e->name, v->number, reason);
	row->reason = reason;
	if (!site) {
		st = casefile_update_volume(run->cf, row, err);
		g_free(reason);
		return st;
	}
	row->records = site->scan.scanned;
	site->row = *row;
	site->reason = reason;
	site->place.volume_id = row->id;
	return casefile_update_volume(run->cf, row, err);
}

static enum status add_volume(struct run *run, const struct evidence *e,
                              const struct volume *v, struct error *err)
{
	struct case_volume row = {
		.evidence = e->id,
		.number = v->number,
		.offset = v->offset,
		.size = v->size,
		.description = v->description,
		.filesystem = v->filesystem,
		.sector = v->ntfs ? v->boot.sector : 0,
		.cluster = v->ntfs ? v->boot.cluster : 0,
		.serial = v->ntfs ? v->boot.serial : 0,
	};
	enum status st = casefile_add_volume(run->cf, &row, err);

	return st ? st : do_volume(run, e, v, &row, err);
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

static enum status do_volumes(struct run *run, struct evidence *e,
                              struct error *err)
{
	struct error why;
	enum status st = OK;

	if (volumes_find(&e->volumes, e->s, (uint64_t)run->o->offset * 512,
	                 &why)) {
		say("%s %s", e->name, why.what);
		run->evidence_failed++;
	}
	for (guint i = 0; !st && i < e->volumes->len; i++) {
		const struct volume *v =
			&g_array_index(e->volumes, struct volume, i);

		if (options_volume(run->o, v->number) && !run_stopped(run))
			st = add_volume(run, e, v, err);
	}
	return st;
}

static void open_evidence(struct run *run, struct evidence *e,
                          struct case_evidence *row, char **reason)
{
	struct error why;

	e->directory = g_file_test(e->path, G_FILE_TEST_IS_DIR);
	if (e->directory) {
		row->format = "directory";
		return;
	}
	if (source_open(&e->s, e->path, &why)) {
		say("%s: %s", e->path, why.what);
		run->evidence_failed++;
		*reason = say_error(&why);
		return;
	}
	row->format = e->s->format;
	row->size = e->s->size;
}

static enum status do_evidence(struct run *run, struct evidence *e,
                               struct error *err)
{
	char *shown = g_utf8_make_valid(e->path, -1);
	struct case_evidence row = { .name = e->name,
		                     .path = shown,
		                     .format = "unknown" };
	char *reason = NULL;
	enum status st;

	run->evidence++;
	open_evidence(run, e, &row, &reason);
	row.reason = reason;
	st = casefile_add_evidence(run->cf, &row, err);
	e->id = row.id;
	if (!st && e->s)
		st = do_volumes(run, e, err);
	g_free(reason);
	g_free(shown);
	return st;
}

static void free_evidence(void *p)
{
	struct evidence *e = p;

	volumes_free(e->volumes);
	source_free(e->s);
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
		e->name = unique_name(used, *paths);
		e->keys_only = keys_only;
		g_ptr_array_add(run->items, e);
		st = do_evidence(run, e, err);
	}
	return st;
}

enum status run_find(struct run *run, struct error *err)
{
	GHashTable *used =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	enum status st;

	run->items = g_ptr_array_new_with_free_func(free_evidence);
	run->sites = g_ptr_array_new_with_free_func(free_site);
	st = do_list(run, run->o->args, false, used, err);
	if (!st && run->mode != RUN_INFO)
		st = do_list(run, run->o->keys_from, true, used, err);
	g_hash_table_destroy(used);
	return st;
}
