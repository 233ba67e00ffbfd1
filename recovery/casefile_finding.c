/* SPDX-License-Identifier: MIT */
/*
 * casefile_finding.c - read what casefile_audit() found: findings, folders,
 * days
 */
#include "recovery/casefile_audit.h"
#include "recovery/casefile_internal.h"

enum status case_finding_open(struct case_walk **w, struct casefile *cf,
                              struct error *err)
{
	return case_walk_open(w, cf,
	                      "SELECT id, kind, severity, title, advice,"
	                      " subject, name, objects FROM finding"
	                      " ORDER BY CASE severity WHEN 'high' THEN 0"
	                      " WHEN 'medium' THEN 1 WHEN 'low' THEN 2"
	                      " ELSE 3 END, id",
	                      err);
}

bool case_finding_next(struct case_walk *w, struct case_finding *finding)
{
	struct case_row row;

	*finding = (struct case_finding){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	finding->id = case_get_i64(&row);
	finding->kind = case_get_text(&row);
	finding->severity = case_get_text(&row);
	finding->title = case_get_text(&row);
	finding->advice = case_get_text(&row);
	finding->subject = case_get_text(&row);
	finding->name = case_get_text(&row);
	finding->objects = case_get_u64(&row);
	return true;
}

/* Objects are added view by view, in the order of their records. */
enum status case_place_open(struct case_walk **w, struct casefile *cf,
                            int64_t finding, struct error *err)
{
	return case_walk_open_of(
		w, cf,
		"SELECT o.id, e.name, v.number, v.snapshot, o.mft, o.path,"
		" o.directory, o.deleted FROM finding_object b"
		" CROSS JOIN object o ON o.id = b.object"
		" LEFT JOIN volume v ON v.id = o.volume"
		" LEFT JOIN evidence e ON e.id = v.evidence"
		" WHERE b.finding = ? ORDER BY o.id",
		finding, err);
}

bool case_place_next(struct case_walk *w, struct case_place *place)
{
	struct case_row row;

	*place = (struct case_place){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	place->object = case_get_i64(&row);
	place->evidence = case_get_text(&row);
	place->volume = case_get_u32(&row);
	place->snapshot = case_get_u32(&row);
	place->mft = case_get_u64(&row);
	place->path = case_get_text(&row);
	place->directory = case_get_bool(&row);
	place->deleted = case_get_bool(&row);
	return true;
}

/* ---------------------------------------------------------------- folders */

enum status case_folder_open(struct case_walk **w, struct casefile *cf,
                             struct error *err)
{
	return case_walk_open(w, cf,
	                      "SELECT f.id, f.parent, e.name, v.number,"
	                      " v.snapshot, f.path, f.depth, f.objects"
	                      " FROM folder f JOIN volume v ON v.id = f.volume"
	                      " JOIN evidence e ON e.id = v.evidence"
	                      " ORDER BY f.id",
	                      err);
}

bool case_folder_next(struct case_walk *w, struct case_folder *folder)
{
	struct case_row row;

	*folder = (struct case_folder){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	folder->id = case_get_i64(&row);
	folder->parent = case_get_i64(&row);
	folder->evidence = case_get_text(&row);
	folder->volume = case_get_u32(&row);
	folder->snapshot = case_get_u32(&row);
	folder->path = case_get_text(&row);
	folder->depth = case_get_u32(&row);
	folder->objects = case_get_u64(&row);
	return true;
}

enum status case_share_open(struct case_walk **w, struct casefile *cf,
                            int64_t folder, struct error *err)
{
	return case_walk_open_of(w, cf,
	                         "SELECT person, objects FROM share"
	                         " WHERE folder = ? ORDER BY person",
	                         folder, err);
}

bool case_share_next(struct case_walk *w, struct case_share *share)
{
	struct case_row row;

	*share = (struct case_share){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	share->person = case_get_i64(&row);
	share->objects = case_get_u64(&row);
	return true;
}

/* ------------------------------------------------------------------- days */

#define DAY(column)                                           \
	"SELECT strftime('%Y-%m-%d', o." column " / 10000000" \
	" - 11644473600, 'unixepoch') AS day, "
#define LIVE_WITH(column)                                      \
	" FROM object o LEFT JOIN volume v ON v.id = o.volume" \
	" WHERE ifnull(v.snapshot, 0) = 0 AND NOT o.deleted"   \
	" AND o." column " NOTNULL"

enum status case_day_open(struct case_walk **w, struct casefile *cf,
                          struct error *err)
{
	return case_walk_open(w, cf,
	                      "SELECT day, sum(c), sum(m) FROM (" DAY("created") "1 AS c, 0 AS m" LIVE_WITH(
				      "created") " UNION ALL " DAY("modified") "0, 1" LIVE_WITH("modified") ") WHERE day NOTNULL GROUP BY day ORDER BY day",
	                      err);
}

bool case_day_next(struct case_walk *w, struct case_day *day)
{
	struct case_row row;

	*day = (struct case_day){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	day->day = case_get_text(&row);
	day->created = case_get_u64(&row);
	day->modified = case_get_u64(&row);
	return true;
}
