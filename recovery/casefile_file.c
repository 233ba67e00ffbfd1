/* SPDX-License-Identifier: MIT */
/*
 * casefile_file.c - walk the files of a case, each with all that hangs on it
 */
#include "recovery/casefile_internal.h"

#include <glib.h>

enum list { LINKS, ENTRIES, TRIES, CHAIN, HOLES, LISTS };

#define LINK_SQL "SELECT path FROM link WHERE object = ? ORDER BY n"
#define ENTRY_SQL                                               \
	"SELECT ring, entry, thumbprint, name, sid, container," \
	" provider, flags, wrapped_bits, reason FROM entry e"   \
	" JOIN credential c ON c.id = e.credential"             \
	" WHERE object = ? ORDER BY ring, entry"
#define TRY_SQL                                            \
	"SELECT ring, entry, key, method, result FROM try" \
	" WHERE object = ? ORDER BY n"
#define CHAIN_SQL "SELECT step FROM chain WHERE object = ? ORDER BY n"
#define HOLE_SQL  "SELECT offset, size FROM hole WHERE stream = ? ORDER BY n"

static const char *const list_sql[LISTS] = {
	[LINKS] = LINK_SQL,  [ENTRIES] = ENTRY_SQL, [TRIES] = TRY_SQL,
	[CHAIN] = CHAIN_SQL, [HOLES] = HOLE_SQL,
};

/* What the rows of one file borrow: overwritten by the next. */
struct case_lists {
	sqlite3_stmt *stmt[LISTS];
	GStringChunk *text;
	GPtrArray *links, *chain, *missing; /* of char */
	GArray *entries, *tries, *holes;
};

static struct case_lists *lists_new(void)
{
	struct case_lists *l = g_new0(struct case_lists, 1);

	l->text = g_string_chunk_new(4096);
	l->links = g_ptr_array_new();
	l->chain = g_ptr_array_new();
	l->missing = g_ptr_array_new();
	l->entries = g_array_new(FALSE, TRUE, sizeof(struct case_entry));
	l->tries = g_array_new(FALSE, TRUE, sizeof(struct case_try));
	l->holes = g_array_new(FALSE, TRUE, sizeof(struct case_hole));
	return l;
}

void case_lists_free(struct case_lists *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < LISTS; i++)
		sqlite3_finalize(l->stmt[i]);
	g_string_chunk_free(l->text);
	g_ptr_array_unref(l->links);
	g_ptr_array_unref(l->chain);
	g_ptr_array_unref(l->missing);
	g_array_unref(l->entries);
	g_array_unref(l->tries);
	g_array_unref(l->holes);
	g_free(l);
}

#define FILE_COLUMNS                                                         \
	"SELECT ev.name, v.number, v.snapshot, o.id, o.volume, o.mft,"       \
	" o.sequence, o.path, o.directory, o.deleted, o.created,"            \
	" o.modified, o.accessed, o.changed, o.efs_version, o.efs_id,"       \
	" o.class, o.algorithm, o.opened_ring, o.opened_entry,"              \
	" o.opened_key, s.id, s.object, s.name, s.size, s.status, s.reason," \
	" s.output, s.md5, s.sha256"
#define FILE_PLACE                               \
	" LEFT JOIN volume v ON v.id = o.volume" \
	" LEFT JOIN evidence ev ON ev.id = v.evidence"

static enum status open_files(struct case_walk **w, struct casefile *cf,
                              const char *sql, struct error *err)
{
	enum status st = case_walk_open(w, cf, sql, err);
	int rc = SQLITE_OK;

	if (st)
		return st;
	(*w)->lists = lists_new();
	for (size_t i = 0; i < LISTS && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v2(cf->db, list_sql[i], -1,
		                        &(*w)->lists->stmt[i], NULL);
	if (rc == SQLITE_OK)
		return OK;
	(void)case_fail(rc, &(*w)->err);
	st = case_walk_close(*w, err);
	*w = NULL;
	return st;
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

/* --------------------------------------------------------------- lists */

static const char *keep_text(struct case_lists *l, struct case_row *row)
{
	const char *s = case_get_text(row);

	return s ? g_string_chunk_insert(l->text, s) : NULL;
}

static void read_text(struct case_lists *l, GPtrArray *to, struct case_row *row)
{
	const char *s = case_get_text(row);

	g_ptr_array_add(to, g_string_chunk_insert(l->text, s ? s : ""));
}

static void read_entry(struct case_lists *l, struct case_row *row)
{
	struct case_entry e = { .ring = case_get_ring(row) };

	e.entry = case_get_u32(row);
	e.thumbprint = keep_text(l, row);
	e.name = keep_text(l, row);
	e.sid = keep_text(l, row);
	e.container = keep_text(l, row);
	e.provider = keep_text(l, row);
	e.flags = case_get_u32(row);
	e.wrapped_bits = case_get_u32(row);
	e.reason = keep_text(l, row);
	g_array_append_val(l->entries, e);
}

static void read_try(struct case_lists *l, struct case_row *row)
{
	struct case_try t = { .ring = case_get_ring(row) };

	t.entry = case_get_u32(row);
	t.key = keep_text(l, row);
	t.by_thumbprint = !g_strcmp0(case_get_text(row), "thumbprint");
	t.result = keep_text(l, row);
	g_array_append_val(l->tries, t);
}

static void read_hole(struct case_lists *l, struct case_row *row)
{
	struct case_hole h = { .offset = case_get_u64(row) };

	h.size = case_get_u64(row);
	g_array_append_val(l->holes, h);
}

static void read_item(struct case_lists *l, enum list which,
                      struct case_row *row)
{
	switch (which) {
	case LINKS:
		read_text(l, l->links, row);
		break;
	case ENTRIES:
		read_entry(l, row);
		break;
	case TRIES:
		read_try(l, row);
		break;
	case CHAIN:
		read_text(l, l->chain, row);
		break;
	case HOLES:
		read_hole(l, row);
		break;
	case LISTS:
		break;
	}
}

static int read_list(struct case_lists *l, enum list which, int64_t of)
{
	sqlite3_stmt *stmt = l->stmt[which];
	int rc = sqlite3_bind_int64(stmt, 1, of);
	struct case_row row;

	if (rc != SQLITE_OK)
		return rc;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		row = case_row_read(stmt);
		read_item(l, which, &row);
	}
	return sqlite3_reset(stmt);
}

static int read_lists(struct case_lists *l, const struct case_file *f)
{
	int rc = SQLITE_OK;

	g_string_chunk_clear(l->text);
	g_ptr_array_set_size(l->links, 0);
	g_ptr_array_set_size(l->chain, 0);
	g_ptr_array_set_size(l->missing, 0);
	g_array_set_size(l->entries, 0);
	g_array_set_size(l->tries, 0);
	g_array_set_size(l->holes, 0);
	for (unsigned i = 0; i < LISTS && rc == SQLITE_OK; i++)
		rc = read_list(l, (enum list)i,
		               i == HOLES ? f->stream.id : f->object.id);
	return rc;
}

/* Each of the ring's thumbprints once, in the order of the ring. */
static void find_missing(struct case_lists *l)
{
	for (guint i = 0; i < l->entries->len; i++) {
		const struct case_entry *e =
			&g_array_index(l->entries, struct case_entry, i);
		char *thumbprint;

		if (!e->thumbprint)
			continue;
		thumbprint = g_string_chunk_insert(l->text, e->thumbprint);
		if (!g_ptr_array_find_with_equal_func(l->missing, thumbprint,
		                                      g_str_equal, NULL))
			g_ptr_array_add(l->missing, thumbprint);
	}
}

static void lend_lists(struct case_lists *l, struct case_file *f)
{
	enum outcome outcome = f->stream.outcome;

	if (outcome == OUTCOME_NO_KEY || outcome == OUTCOME_KEY_LOCKED)
		find_missing(l);
	f->object.links = (const char *const *)l->links->pdata;
	f->object.n_links = l->links->len;
	f->object.entries = (const void *)l->entries->data;
	f->object.n_entries = l->entries->len;
	f->object.tries = (const void *)l->tries->data;
	f->object.n_tries = l->tries->len;
	f->object.chain = (const char *const *)l->chain->pdata;
	f->object.n_chain = l->chain->len;
	f->stream.holes = (const void *)l->holes->data;
	f->stream.n_holes = l->holes->len;
	f->missing = (const char *const *)l->missing->pdata;
	f->n_missing = l->missing->len;
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
	s->md5 = case_get_text(row);
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
	rc = read_lists(w->lists, file);
	if (known && rc == SQLITE_OK) {
		lend_lists(w->lists, file);
		return true;
	}
	*file = (struct case_file){ 0 };
	if (known)
		(void)case_fail(rc, &w->err);
	else
		(void)fail(&w->err, E_CORRUPT, 0, "a status in the case");
	return false;
}
