/* SPDX-License-Identifier: MIT */
/*
 * casefile_change.c - walk what changed in key rings between shadow copies
 *
 * The view `ring_change` finds it: see casefile_schema.c.
 */
#include "recovery/casefile_internal.h"

enum status case_change_open(struct case_walk **w, struct casefile *cf,
                             struct error *err)
{
	return case_walk_open(w, cf, CASE_CHANGE_COLUMNS CASE_CHANGE_ORDER,
	                      err);
}

void case_change_read(struct case_change *change, struct case_row *row)
{
	*change = (struct case_change){ .object = case_get_i64(row) };
	change->evidence = case_get_text(row);
	change->volume = case_get_u32(row);
	change->mft = case_get_u64(row);
	change->path = case_get_text(row);
	change->before = case_get_u32(row);
	change->after = case_get_u32(row);
	change->from = case_get_u64(row);
	change->to = case_get_u64(row);
	change->ring = case_get_ring(row);
	change->thumbprint = case_get_text(row);
	change->name = case_get_text(row);
	change->sid = case_get_text(row);
	change->added = case_get_bool(row);
}

bool case_change_next(struct case_walk *w, struct case_change *change)
{
	struct case_row row;

	*change = (struct case_change){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	case_change_read(change, &row);
	return true;
}
