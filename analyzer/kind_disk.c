/* SPDX-License-Identifier: MIT */
/*
 * kind_disk.c - a disk with partitions, or one volume: the bytes of an image
 */
#include "analyzer/kind.h"
#include "analyzer/run_bitlocker.h"
#include "analyzer/say.h"
#include "analyzer/site_fat.h"
#include "analyzer/site_ntfs.h"
#include "analyzer/snapshots.h"
#include "analyzer/spot.h"

#include <inttypes.h>

/* Anything can be a disk, but it is the last that we think of. */
static unsigned bid(const struct probe *probe)
{
	(void)probe;
	return 1;
}

/* Does the evidence end inside this volume? In words; NULL if not. */
static char *cut_reason(const struct volume *v)
{
	const struct source *s = v->s;
	uint64_t size = v->ntfs ? v->boot.sectors * v->boot.sector : v->size;

	if (v->offset > s->size || size <= s->size - v->offset)
		return NULL;
	return g_strdup_printf("the evidence ends %" PRIu64
	                       " bytes before the end of this volume",
	                       size - (s->size - v->offset));
}

/* Its files are all there, so this is no damage that costs any. */
static char *backup_reason(const struct volume *v)
{
	return v->backup ? g_strdup("its first boot sector is damaged: the "
	                            "backup at its end was used")
	                 : NULL;
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

static void fill_row(struct case_volume *row, const struct evidence *e,
                     const struct volume *v)
{
	*row = (struct case_volume){
		.evidence = e->id,
		.number = v->number,
		.snapshot = v->snapshot,
		.made = v->made,
		.offset = v->offset,
		.size = v->size,
		.description = v->description,
		.filesystem = v->filesystem,
		.sector = v->ntfs ? v->boot.sector : 0,
		.cluster = v->ntfs ? v->boot.cluster : 0,
		.serial = v->ntfs ? v->boot.serial : 0,
		.records = row->records,
	};
}

/* A volume without objects that we could list. */
static enum status add_closed(struct run *run, const struct evidence *e,
                              const struct volume *v, char *reason,
                              struct error *err)
{
	struct case_volume row = { 0 };
	enum status st;

	fill_row(&row, e, v);
	row.reason = reason;
	st = casefile_add_volume(run->cf, &row, err);
	if (!st)
		st = kind_add_facts(run, e, row.id, &v->facts, err);
	g_free(reason);
	return st;
}

static enum status add_open(struct run *run, const struct evidence *e,
                            const struct volume *v, struct site *site,
                            char *reason, struct error *err)
{
	enum status st;

	site->reason = reason;
	site->place.history = v->history;
	fill_row(&site->row, e, v);
	st = kind_add_site(run, e, site, err);
	if (!st)
		st = kind_add_facts(run, e, site->row.id, &v->facts, err);
	return st || v->ntfs ? st : collection_finish(run, e, site, err);
}

static bool is_bitlocker(const struct volume *v)
{
	return !g_strcmp0(v->filesystem, "BitLocker");
}

static void say_reason(const struct evidence *e, const struct volume *v,
                       const char *reason)
{
	char label[ORIGIN_LABEL];

	origin_label(label, v->number, v->snapshot);
	say("%s %s: %s", e->name, label, reason);
}

/* Does it cost files that this could not be read? A lock is no damage; nor is
   what lies on another volume, until it is asked for. */
static bool is_damage(const struct run *run, const struct volume *v,
                      const char *reason, const struct error *why)
{
	if (!reason || is_bitlocker(v))
		return false;
	return v->ntfs || site_is_fat(v) || run->mode != RUN_INFO ||
	       why->status != E_ABSENT;
}

/* `reason`: why its lock did not open, or NULL; taken over. */
static enum status add_volume(struct run *run, const struct evidence *e,
                              const struct volume *v, char *reason,
                              struct error *err)
{
	struct error why = v->err;
	struct site *site = NULL;

	run->ntfs += v->ntfs && !e->keys_only;
	if (v->ntfs && run->mode != RUN_INFO)
		site = site_ntfs(run, v, e->keys_only, &why);
	else if (site_is_fat(v)) /* `info`, too: it takes a look to know */
		site = site_fat(run, v);
	if (site)
		reason = site->reason;
	else if (why.status && !reason)
		reason = say_error(&why);
	run->volume_damaged |= is_damage(run, v, reason, &why);
	/* Not damage by itself: no file need be in what is missing. */
	reason = join_reasons(cut_reason(v), reason);
	reason = join_reasons(backup_reason(v), reason);
	if (reason)
		say_reason(e, v, reason);
	return site ? add_open(run, e, v, site, reason, err)
	            : add_closed(run, e, v, reason, err);
}

/* Nothing is in it: it was said, and the case says so, too. */
static enum status note_failure(struct run *run, const struct evidence *e,
                                const struct error *why, struct error *err)
{
	char *problem = g_strdup(e->s->problem);
	struct case_evidence row = { .id = e->id, .sha256 = e->sha256 };
	char *reason;
	enum status st;

	say("%s %s", e->name, why->what);
	run->evidence_failed++;
	reason = join_reasons(problem, g_strdup(why->what));
	row.reason = reason;
	st = casefile_update_evidence(run->cf, &row, err);
	g_free(reason);
	return st;
}

/* `info` lists all shadow copies; they cost no scan. */
static bool is_wanted(const struct run *run, const struct volume *v)
{
	return run->mode == RUN_INFO || !v->snapshot ||
	       options_snapshot(run->o, v->snapshot);
}

static enum status snapshots_enter(GPtrArray **list, struct volume *v,
                                   struct error *why)
{
	enum status st = spot_enter(SPOT_SHADOWS, NULL, 0, why);

	if (st) {
		*list = g_ptr_array_new_with_free_func(volume_free);
		return st;
	}
	st = snapshots_find(list, v, why);
	spot_leave();
	return st;
}

/* The shadow copies of a volume; empty if it cannot have any. */
static GPtrArray *find_snapshots(struct run *run, const struct evidence *e,
                                 struct volume *v)
{
	struct error why;
	GPtrArray *list;
	char *reason;

	if (!v->ntfs)
		return g_ptr_array_new_with_free_func(volume_free);
	if (snapshots_enter(&list, v, &why)) {
		reason = say_error(&why);
		say("%s v%u: its shadow copies: %s", e->name, v->number,
		    reason);
		run->volume_damaged = true;
		g_free(reason);
	}
	run->snapshots_most = MAX(run->snapshots_most, list->len);
	if (list->len && !run->o->snapshots && run->mode != RUN_INFO)
		say_info("%s v%u has %u shadow copies; --snapshots all works "
		         "on them, too",
		         e->name, v->number, list->len);
	for (guint i = 0; i < list->len; i++) {
		struct volume *copy = list->pdata[i];

		copy->history = is_wanted(run, copy);
		v->history |= copy->history;
	}
	return list;
}

/* False: the volume is not to be read, and its error says so. */
static bool enter(struct volume *v)
{
	char label[ORIGIN_LABEL];

	origin_label(label, v->number, v->snapshot);
	if (!spot_enter(SPOT_VOLUME, label, 0, &v->err))
		return true;
	v->ntfs = false;
	v->filesystem = "unreadable";
	return false;
}

static enum status add_view(struct run *run, const struct evidence *e,
                            struct volume *v, struct error *err)
{
	bool entered = enter(v);
	enum status st = add_volume(run, e, v, NULL, err);

	if (entered)
		spot_leave();
	return st;
}

/* A volume, and its shadow copies right behind it. */
static enum status add_views(struct run *run, struct evidence *e,
                             struct volume *v, struct error *err)
{
	bool entered = enter(v);
	char *locked = is_bitlocker(v) ? run_bitlocker_unlock(run, e, v) : NULL;
	GPtrArray *copies = find_snapshots(run, e, v);
	enum status st = add_volume(run, e, v, locked, err);

	if (entered)
		spot_leave();
	for (guint i = 0; !st && i < copies->len && !run_stopped(run); i++)
		if (is_wanted(run, copies->pdata[i]))
			st = add_view(run, e, copies->pdata[i], err);
	g_ptr_array_extend_and_steal(e->snapshots, copies);
	return st;
}

static enum status find(struct run *run, struct evidence *e, struct error *err)
{
	struct error why;
	enum status st = OK;

	e->snapshots = g_ptr_array_new_with_free_func(volume_free);
	if (volumes_find(&e->volumes, e->s, (uint64_t)run->o->offset * 512,
	                 &why))
		st = note_failure(run, e, &why, err);
	for (guint i = 0; !st && i < e->volumes->len; i++) {
		struct volume *v = e->volumes->pdata[i];

		if (options_volume(run->o, v->number) && !run_stopped(run))
			st = add_views(run, e, v, err);
	}
	return st;
}

const struct kind kind_disk = {
	.name = "disk",
	.bid = bid,
	.find = find,
};
