/* SPDX-License-Identifier: MIT */
/*
 * map.c - which ranges of the evidence could not be read, for ddrescue's tools
 *
 * A mapfile as in the manual of GNU ddrescue 1.27, "Mapfile structure": lines
 * of comment, one of status, then blocks that follow each other from the start
 * to the end of the evidence.  Its numbers are not over 2^63 - 1.
 */
#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"

#include <inttypes.h>

struct map {
	FILE *out;
	uint64_t at;   /* where the next block begins */
	uint64_t from; /* a bad block that is not written yet, up to `at` */
	uint64_t size; /* of the evidence */
};

static void write_block(struct map *map, uint64_t from, uint64_t to,
                        char status)
{
	if (from < to)
		(void)fprintf(map->out,
		              "0x%08" PRIX64 "  0x%08" PRIX64 "  %c\n", from,
		              to - from, status);
}

/* Ranges that touch or overlap are one block. */
static void add_bad(void *ctx, const struct case_bad *bad)
{
	struct map *map = ctx;
	uint64_t room = bad->offset < map->size ? map->size - bad->offset : 0;
	uint64_t end = bad->offset + (bad->size < room ? bad->size : room);

	if (!room || end <= map->at)
		return;
	if (bad->offset > map->at) {
		write_block(map, map->from, map->at, '-');
		write_block(map, map->at, bad->offset, '+');
		map->from = bad->offset;
	}
	map->at = end;
}

static void write_head(FILE *out, const struct case_evidence *e)
{
	GString *name = g_string_new(NULL);

	format_percent(name, e->name, "");
	(void)fprintf(out,
	              "# Mapfile. Created by efsleuth\n"
	              "# Evidence: %s\n"
	              "# -: could not be read; +: was read, or not asked for\n"
	              "# current_pos  current_status  current_pass\n"
	              "0x00000000     +               1\n"
	              "#      pos        size  status\n",
	              name->str);
	g_string_free(name, TRUE);
}

static enum status write_evidence(struct casefile *cf, FILE *out,
                                  const struct case_evidence *e,
                                  struct error *err)
{
	struct map map = { .out = out, .size = MIN(e->size, INT64_MAX) };
	enum status st;

	write_head(out, e);
	st = each_bad(cf, e->id, add_bad, &map, err);
	write_block(&map, map.from, map.at, '-');
	write_block(&map, map.at, map.size, '+');
	return st;
}

static enum status write_map(struct casefile *cf, FILE *out, struct error *err)
{
	struct case_evidence e;
	struct case_walk *w;
	enum status st = case_evidence_open(&w, cf, err);
	enum status closed;

	if (st)
		return st;
	while (!st && case_evidence_next(w, &e))
		st = write_evidence(cf, out, &e, err);
	closed = case_walk_close(w, err);
	if (!st)
		st = closed;
	return st ? st : report_flush(out, err);
}

const struct report report_map = {
	.name = "map",
	.about = "ranges that could not be read (mapfile of ddrescue)",
	.write = write_map,
};
