/* SPDX-License-Identifier: MIT */
/*
 * casefile_fact.c - what the evidence says of itself, and what of it is bad
 */
#include "recovery/casefile_internal.h"

enum status casefile_add_bad(struct casefile *cf, const struct case_bad *bad,
                             struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_BAD, err);

	if (st)
		return st;
	case_put_i64(&row, bad->evidence);
	case_put_u64(&row, bad->offset);
	case_put_u64(&row, bad->size);
	st = case_add_end(&row, err);
	return st ? st : case_add_done(cf, err);
}

enum status casefile_add_fact(struct casefile *cf, const struct case_fact *fact,
                              struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_FACT, err);

	if (st)
		return st;
	case_put_known(&row, (uint64_t)fact->evidence);
	case_put_known(&row, (uint64_t)fact->volume);
	case_put_text(&row, fact->name);
	case_put_text(&row, fact->value);
	st = case_add_end(&row, err);
	return st ? st : case_add_done(cf, err);
}

/* -------------------------------------------------------------- reading */

enum status case_fact_open(struct case_walk **w, struct casefile *cf,
                           int64_t evidence, int64_t volume, struct error *err)
{
	const char *sql = volume ? "SELECT evidence, volume, name, value FROM"
	                           " fact WHERE volume = ? ORDER BY id"
	                         : "SELECT evidence, volume, name, value FROM"
	                           " fact WHERE volume IS NULL AND evidence = ?"
	                           " ORDER BY id";

	return case_walk_open_of(w, cf, sql, volume ? volume : evidence, err);
}

bool case_fact_next(struct case_walk *w, struct case_fact *fact)
{
	struct case_row row;

	*fact = (struct case_fact){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	fact->evidence = case_get_i64(&row);
	fact->volume = case_get_i64(&row);
	fact->name = case_get_text(&row);
	fact->value = case_get_text(&row);
	return true;
}

/* Offsets are unsigned: what SQLite takes for negative comes last. */
enum status case_bad_open(struct case_walk **w, struct casefile *cf,
                          int64_t evidence, struct error *err)
{
	return case_walk_open_of(
		w, cf,
		"SELECT b.evidence, e.name, b.offset, b.size FROM bad b"
		" JOIN evidence e ON e.id = b.evidence"
		" WHERE b.evidence = ?1 OR ?1 = 0"
		" ORDER BY b.evidence, b.offset < 0, b.offset",
		evidence, err);
}

bool case_bad_next(struct case_walk *w, struct case_bad *bad)
{
	struct case_row row;

	*bad = (struct case_bad){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	bad->evidence = case_get_i64(&row);
	bad->evidence_name = case_get_text(&row);
	bad->offset = case_get_u64(&row);
	bad->size = case_get_u64(&row);
	return true;
}
