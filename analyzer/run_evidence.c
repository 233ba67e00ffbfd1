/* SPDX-License-Identifier: MIT */
/*
 * run_evidence.c - every evidence of a run, every volume of it, every object
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

static enum status work_records(struct place *place, const struct scan *scan,
                                struct error *err)
{
	char *what = g_strdup_printf("%s %s", place->evidence, place->volume);
	enum status st = OK;

	progress_phase(what, scan->bytes, true);
	for (guint i = 0; !st && i < scan->records->len; i++) {
		if (run_stopped(place->run))
			break;
		st = work_object(
			place, g_array_index(scan->records, uint64_t, i), err);
	}
	g_free(what);
	return st;
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

/* `*reason` receives what could not be read; the caller frees it. */
static enum status walk_volume(struct place *place, struct ntfs *fs,
                               struct case_volume *row, char **reason,
                               struct error *err)
{
	struct run *run = place->run;
	const struct scan_options how = { .deleted = run->o->deleted,
		                          .progress = scan_progress,
		                          .ctx = run };
	uint64_t before = run->objects;
	struct scan scan;
	enum status st;

	progress_phase("scanning $MFT", fs->records, false);
	place->fs = fs;
	st = scan_volume(&scan, fs, &how, err);
	place->dirs = scan.dirs;
	run->read_errors += scan.unreadable;
	if (!st)
		st = work_records(place, &scan, err);
	else if (st == E_ABSENT)
		st = OK; /* stopped */
	row->records = scan.scanned;
	row->objects = run->objects - before;
	*reason = scan_reason(&scan, fs);
	scan_release(&scan);
	return st;
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

/* Only a failure of the case itself is an error; the rest is in the case. */
static enum status do_volume(struct place *place, struct source *s,
                             const struct volume *v, struct case_volume *row,
                             struct error *err)
{
	struct ntfs fs;
	struct error why = v->err;
	char *reason = NULL;
	enum status st = OK;

	if (v->ntfs)
		place->run->ntfs++;
	if (v->ntfs && place->run->mode != RUN_INFO &&
	    !ntfs_open(&fs, s, v, &why)) {
		place->run->walked++;
		st = walk_volume(place, &fs, row, &reason, err);
		ntfs_release(&fs);
	} else if (why.status) {
		reason = say_error(&why);
	}
	if (reason)
		place->run->volume_damaged = true;
	/* Not damage by itself: no file need be in what is missing. */
	reason = join_reasons(cut_reason(s, v), reason);
	if (reason)
		say("%s %s: %s", place->evidence, place->volume, reason);
	row->reason = reason;
	if (!st)
		st = casefile_update_volume(place->run->cf, row, err);
	g_free(reason);
	return st;
}

static enum status add_volume(struct run *run, const char *evidence, int64_t id,
                              struct source *s, const struct volume *v,
                              struct error *err)
{
	struct place place = { .run = run, .evidence = evidence };
	struct case_volume row = {
		.evidence = id,
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

	(void)g_snprintf(place.volume, sizeof(place.volume), "v%u", v->number);
	place.volume_id = row.id;
	return st ? st : do_volume(&place, s, v, &row, err);
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

static enum status do_volumes(struct run *run, const char *name, int64_t id,
                              struct source *s, struct error *err)
{
	GArray *volumes;
	struct error why;
	enum status st = OK;

	if (volumes_find(&volumes, s, (uint64_t)run->o->offset * 512, &why)) {
		say("%s %s", name, why.what);
		run->evidence_failed++;
	}
	for (guint i = 0; !st && i < volumes->len; i++) {
		const struct volume *v =
			&g_array_index(volumes, struct volume, i);

		if (options_volume(run->o, v->number) && !run_stopped(run))
			st = add_volume(run, name, id, s, v, err);
	}
	volumes_free(volumes);
	return st;
}

static enum status do_evidence(struct run *run, const char *path,
                               const char *name, struct error *err)
{
	char *shown = g_utf8_make_valid(path, -1);
	struct case_evidence row = { .name = name,
		                     .path = shown,
		                     .format = "unknown" };
	struct source *s = NULL;
	struct error why;
	char *reason = NULL;
	enum status st;

	run->evidence++;
	if (source_open(&s, path, &why)) {
		say("%s: %s", path, why.what);
		run->evidence_failed++;
		reason = say_error(&why);
	} else {
		row.format = s->format;
		row.size = s->size;
	}
	row.reason = reason;
	st = casefile_add_evidence(run->cf, &row, err);
	if (!st && s)
		st = do_volumes(run, name, row.id, s, err);
	source_free(s);
	g_free(reason);
	g_free(shown);
	return st;
}

enum status run_evidence(struct run *run, struct error *err)
{
	GHashTable *used =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	enum status st = OK;

	for (char **p = run->o->args; !st && *p && !run_stopped(run); p++) {
		char *name = unique_name(used, *p);

		st = do_evidence(run, *p, name, err);
		g_free(name);
	}
	g_hash_table_destroy(used);
	return st;
}
