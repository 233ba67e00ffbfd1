/* SPDX-License-Identifier: MIT */
/*
 * casefile_file.c - walk the files of a case
 */
#include "recovery/casefile_internal.h"

#define FILE_COLUMNS                                                         \
	"SELECT ev.name, v.number, v.snapshot, o.id, o.volume, o.mft,"       \
	" o.sequence, o.path, o.directory, o.deleted, o.created,"            \
	" o.modified, o.accessed, o.changed, o.efs_version, o.efs_id,"       \
	" o.class, o.algorithm, o.opened_ring, o.opened_entry,"              \
	" o.opened_key, s.id, s.object, s.name, s.size, s.status, s.reason," \
	" s.output, s.same_as, s.md5, s.sha1, s.sha256"
#define FILE_PLACE                               \
	" LEFT JOIN volume v ON v.id = o.volume" \
	" LEFT JOIN evidence ev ON ev.id = v.evidence"

static enum status open_files(struct case_walk **w, struct casefile *cf,
                              const char *sql, struct error *err)
{
	enum status st = case_walk_open(w, cf, sql, err);

	return st ? st : case_lists_open(w, cf, err);
}

enum status case_file_open(struct case_walk **w, struct casefile *cf,
                           struct error *err)
{
	/* CROSS JOIN: keep this nesting, and so the order without a sort. */
	return open_files(w, cf,
	                  FILE_COLUMNS " FROM stream s CROSS JOIN object o"
	                               " ON o.id = s.object" FILE_PLACE
	                               " ORDER BY s.id",
	                  err);
}

enum status case_volume_file_open(struct case_walk **w, struct casefile *cf,
                                  int64_t volume, struct error *err)
{
	enum status st =
		open_files(w, cf,
	                   FILE_COLUMNS " FROM object o CROSS JOIN stream s"
	                                " ON s.object = o.id" FILE_PLACE
	                                " WHERE o.volume IS ?"
	                                " ORDER BY o.id, s.id",
	                   err);
	struct case_row row;

	if (st)
		return st;
	row = case_row_bind((*w)->stmt);
	case_put_known(&row, (uint64_t)volume);
	return OK;
}

/* ---------------------------------------------------------------- rows */

static void read_object(struct case_object *o, struct case_row *row)
{
	o->id = case_get_i64(row);
	o->volume = case_get_i64(row);
	o->mft = case_get_u64(row);
	o->sequence = (uint16_t)case_get_u32(row);
	o->path = case_get_text(row);
	o->directory = case_get_bool(row);
	o->deleted = case_get_bool(row);
	o->created = case_get_u64(row);
	o->modified = case_get_u64(row);
	o->accessed = case_get_u64(row);
	o->changed = case_get_u64(row);
	o->has_efs = !case_get_is_null(row);
	o->efs_version = case_get_u32(row);
	o->efs_id = case_get_text(row);
	o->efs_class = case_get_text(row);
	o->algorithm = case_get_text(row);
	o->opened = !case_get_is_null(row);
	o->opened_ring = case_get_ring(row);
	o->opened_entry = case_get_u32(row);
	o->opened_key = case_get_text(row);
}

static bool read_stream(struct case_stream *s, struct case_row *row)
{
	const char *status;

	s->id = case_get_i64(row);
	s->object = case_get_i64(row);
	s->name = case_get_text(row);
	s->size = case_get_u64(row);
	status = case_get_text(row);
	s->reason = case_get_text(row);
	s->output = case_get_text(row);
	s->same_as = case_get_text(row);
	s->md5 = case_get_text(row);
	s->sha1 = case_get_text(row);
	s->sha256 = case_get_text(row);
	return status && outcome_find(&s->outcome, status);
}

bool case_file_next(struct case_walk *w, struct case_file *file)
{
	struct case_row row;
	bool known;
	int rc;

	*file = (struct case_file){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	file->evidence = case_get_text(&row);
	file->volume = case_get_u32(&row);
	file->snapshot = case_get_u32(&row);
	read_object(&file->object, &row);
	known = read_stream(&file->stream, &row);
	rc = case_lists_lend(w->lists, file);
	if (known && rc == SQLITE_OK)
		return true;
	*file = (struct case_file){ 0 };
	if (known)
		(void)case_fail(rc, &w->err);
	else
		(void)fail(&w->err, E_CORRUPT, 0, "a status in the case");
	return false;
}
