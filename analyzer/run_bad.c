/* SPDX-License-Identifier: MIT */
/*
 * run_bad.c - what of the evidence could not be read, into the case
 *
 * Offsets are those of the contents, outside of all containers: a sector that
 * failed below them is known there, too.
 */
#include "analyzer/run.h"
#include "analyzer/say.h"
#include "analyzer/volume.h"
#include "parsers/limits.h"

/* Behind BitLocker bytes have the offsets of the evidence; in a shadow copy
   they lie elsewhere, and were noted there where a read failed. */
static void gather(const struct evidence *e)
{
	for (guint i = 0; e->volumes && i < e->volumes->len; i++) {
		const struct volume *v = e->volumes->pdata[i];
		const GArray *bad = v->layer ? v->layer->bad : NULL;

		for (guint j = 0; bad && !v->snapshot && j < bad->len; j++) {
			const struct bad_range *r =
				&g_array_index(bad, struct bad_range, j);

			source_mark_bad(e->s, r->at, r->n);
		}
	}
}

/* What an image that was cut short lacks of its last volume. */
static uint64_t missing_tail(const struct evidence *e)
{
	uint64_t end = e->s->size;

	for (guint i = 0; e->volumes && i < e->volumes->len; i++) {
		const struct volume *v = e->volumes->pdata[i];
		uint64_t size =
			v->ntfs ? v->boot.sectors * v->boot.sector : v->size;

		if (size <= INT64_MAX - v->offset)
			end = MAX(end, v->offset + size);
	}
	return end - e->s->size;
}

static enum status record(struct run *run, const struct evidence *e,
                          uint64_t at, uint64_t n, struct error *err)
{
	const struct case_bad row = {
		.evidence = e->id,
		.offset = at,
		.size = n,
	};

	return n ? casefile_add_bad(run->cf, &row, err) : OK;
}

static enum status record_all(struct run *run, const struct evidence *e,
                              struct error *err)
{
	const GArray *bad = e->s->bad;
	enum status st = OK;

	gather(e);
	run->volume_damaged |= bad->len != 0;
	if (bad->len >= LIMIT_BAD_RANGES)
		say("%s: over %u ranges could not be read; the rest is not "
		    "listed",
		    e->name, LIMIT_BAD_RANGES);
	for (guint i = 0; !st && i < bad->len; i++) {
		const struct bad_range *r =
			&g_array_index(bad, struct bad_range, i);

		st = record(run, e, r->at, r->n, err);
	}
	return st ? st : record(run, e, e->s->size, missing_tail(e), err);
}

enum status run_record_bad(struct run *run, struct error *err)
{
	enum status st = OK;

	for (guint i = 0; !st && run->items && i < run->items->len; i++) {
		const struct evidence *e = run->items->pdata[i];

		if (e->s)
			st = record_all(run, e, err);
	}
	return st;
}
