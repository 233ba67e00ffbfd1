/* SPDX-License-Identifier: MIT */
/*
 * kind_disk.c - a disk with partitions, or one volume: the bytes of an image
 */
#include "analyzer/kind.h"
#include "analyzer/say.h"
#include "analyzer/site_ntfs.h"

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
	fill_row(&site->row, e, v);
	st = kind_add_site(run, e, site, err);
	return st ? st : kind_add_facts(run, e, site->row.id, &v->facts, err);
}

static enum status add_volume(struct run *run, const struct evidence *e,
                              const struct volume *v, struct error *err)
{
	struct error why = v->err;
	struct site *site = NULL;
	char *reason = NULL;

	run->ntfs += v->ntfs && !e->keys_only;
	if (v->ntfs && run->mode != RUN_INFO)
		site = site_ntfs(run, v, e->keys_only, &why);
	if (site)
		reason = site->reason;
	else if (why.status)
		reason = say_error(&why);
	run->volume_damaged |= reason != NULL;
	/* Not damage by itself: no file need be in what is missing. */
	reason = join_reasons(cut_reason(v), reason);
	if (reason)
		say("%s v%u: %s", e->name, v->number, reason);
	return site ? add_open(run, e, v, site, reason, err)
	            : add_closed(run, e, v, reason, err);
}

static enum status find(struct run *run, struct evidence *e, struct error *err)
{
	struct error why;
	enum status st = OK;

	if (volumes_find(&e->volumes, e->s, (uint64_t)run->o->offset * 512,
	                 &why)) {
		say("%s %s", e->name, why.what);
		run->evidence_failed++;
	}
	for (guint i = 0; !st && i < e->volumes->len; i++) {
		const struct volume *v = e->volumes->pdata[i];

		if (options_volume(run->o, v->number) && !run_stopped(run))
			st = add_volume(run, e, v, err);
	}
	return st;
}

const struct kind kind_disk = {
	.name = "disk",
	.bid = bid,
	.find = find,
};
