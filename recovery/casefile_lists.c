/* SPDX-License-Identifier: MIT */
/*
 * casefile_lists.c - what hangs on a file row: ring, tries, holes, changes ...
 */
#include "recovery/casefile_internal.h"

#include <glib.h>

enum list { LINKS, ENTRIES, TRIES, CHAIN, CHANGES, HOLES, LISTS };

/* Files come in the order of these tables, so most are read from one end to the
   other beside them; the first column is what the rows hang on. */
#define LINK_SQL \
	"SELECT object, path FROM link WHERE object >= ? ORDER BY object, n"
#define ENTRY_SQL                                                      \
	"SELECT object, ring, entry, thumbprint, name, sid,"           \
	" container, provider, flags, wrapped_bits, reason"            \
	" FROM entry e CROSS JOIN credential c ON c.id = e.credential" \
	" WHERE object >= ? ORDER BY object, ring, entry"
#define TRY_SQL                                                    \
	"SELECT object, ring, entry, key, method, result FROM try" \
	" WHERE object >= ? ORDER BY object, n"
#define CHAIN_SQL \
	"SELECT object, step FROM chain WHERE object >= ? ORDER BY object, n"
#define CHANGE_SQL CASE_CHANGE_COLUMNS " WHERE r.object = ?" CASE_CHANGE_ORDER
#define HOLE_SQL                                \
	"SELECT stream, offset, size FROM hole" \
	" WHERE stream >= ? ORDER BY stream, n"

static const char *const list_sql[LISTS] = {
	[LINKS] = LINK_SQL,  [ENTRIES] = ENTRY_SQL,  [TRIES] = TRY_SQL,
	[CHAIN] = CHAIN_SQL, [CHANGES] = CHANGE_SQL, [HOLES] = HOLE_SQL,
};

/* Where the reading of a table is. */
struct list_cursor {
	sqlite3_stmt *stmt; /* NULL: there is nothing of it */
	int64_t last;       /* what was asked for last; 0: nothing yet */
	bool row;           /* it stands on one */
};

/* What the rows of one file borrow: overwritten by those of the next object. */
struct case_lists {
	struct list_cursor cursors[LISTS];
	int64_t object; /* that all but the holes are of; 0: none */
	GStringChunk *text;
	GPtrArray *links, *chain, *missing; /* of char */
	GArray *entries, *tries, *changes, *holes;
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
	l->changes = g_array_new(FALSE, TRUE, sizeof(struct case_change));
	l->holes = g_array_new(FALSE, TRUE, sizeof(struct case_hole));
	return l;
}

void case_lists_free(struct case_lists *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < LISTS; i++)
		sqlite3_finalize(l->cursors[i].stmt);
	g_string_chunk_free(l->text);
	g_ptr_array_unref(l->links);
	g_ptr_array_unref(l->chain);
	g_ptr_array_unref(l->missing);
	g_array_unref(l->entries);
	g_array_unref(l->tries);
	g_array_unref(l->changes);
	g_array_unref(l->holes);
	g_free(l);
}

/* Without shadow copies nothing can have changed, and nothing is looked for. */
static int has_snapshots(struct casefile *cf, bool *has)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(cf->db,
	                            "SELECT 1 FROM volume WHERE snapshot > 0",
	                            -1, &stmt, NULL);

	*has = rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return rc;
}

enum status case_lists_open(struct case_walk **w, struct casefile *cf,
                            struct error *err)
{
	bool changes;
	int rc = has_snapshots(cf, &changes);
	enum status st;

	(*w)->lists = lists_new();
	for (unsigned i = 0; i < LISTS && rc == SQLITE_OK; i++)
		if (i != CHANGES || changes)
			rc = sqlite3_prepare_v2(cf->db, list_sql[i], -1,
			                        &(*w)->lists->cursors[i].stmt,
			                        NULL);
	if (rc == SQLITE_OK)
		return OK;
	(void)case_fail(rc, &(*w)->err);
	st = case_walk_close(*w, err);
	*w = NULL;
	return st;
}

/* --------------------------------------------------------------- lists */

static const char *keep(struct case_lists *l, const char *s)
{
	return s ? g_string_chunk_insert(l->text, s) : NULL;
}

static const char *keep_text(struct case_lists *l, struct case_row *row)
{
	return keep(l, case_get_text(row));
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

static void read_change(struct case_lists *l, struct case_row *row)
{
	struct case_change c;

	case_change_read(&c, row);
	c.evidence = keep(l, c.evidence);
	c.path = keep(l, c.path);
	c.thumbprint = keep(l, c.thumbprint);
	c.name = keep(l, c.name);
	c.sid = keep(l, c.sid);
	g_array_append_val(l->changes, c);
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
	case CHANGES:
	case LISTS:
		break;
	}
}

/* All rows of one statement that is asked anew. */
static int read_changes(struct case_lists *l, int64_t of)
{
	sqlite3_stmt *stmt = l->cursors[CHANGES].stmt;
	int rc = stmt ? sqlite3_bind_int64(stmt, 1, of) : SQLITE_OK;

	if (!stmt || rc != SQLITE_OK)
		return rc;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		struct case_row row = case_row_read(stmt);

		read_change(l, &row);
	}
	return sqlite3_reset(stmt);
}

static int step(struct list_cursor *c)
{
	int rc = sqlite3_step(c->stmt);

	c->row = rc == SQLITE_ROW;
	return c->row || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Stand on the first row of `of` or behind it; only the way back is long. */
static int seek(struct list_cursor *c, int64_t of)
{
	bool back = !c->last || of < c->last;
	int rc = SQLITE_OK;

	c->last = of;
	if (back) {
		(void)sqlite3_reset(c->stmt);
		rc = sqlite3_bind_int64(c->stmt, 1, of);
		if (rc == SQLITE_OK)
			rc = step(c);
	}
	while (rc == SQLITE_OK && c->row &&
	       sqlite3_column_int64(c->stmt, 0) < of)
		rc = step(c);
	return rc;
}

static int read_list(struct case_lists *l, enum list which, int64_t of)
{
	struct list_cursor *c = &l->cursors[which];
	int rc = seek(c, of);

	while (rc == SQLITE_OK && c->row &&
	       sqlite3_column_int64(c->stmt, 0) == of) {
		struct case_row row = case_row_read(c->stmt);

		row.next++;
		read_item(l, which, &row);
		rc = step(c);
	}
	return rc;
}

static void empty(struct case_lists *l)
{
	g_string_chunk_clear(l->text);
	g_ptr_array_set_size(l->links, 0);
	g_ptr_array_set_size(l->chain, 0);
	g_ptr_array_set_size(l->missing, 0);
	g_array_set_size(l->entries, 0);
	g_array_set_size(l->tries, 0);
	g_array_set_size(l->changes, 0);
}

static int read_object(struct case_lists *l, int64_t object)
{
	int rc = SQLITE_OK;

	if (object == l->object)
		return rc;
	empty(l);
	l->object = object;
	for (unsigned i = 0; i < CHANGES && rc == SQLITE_OK; i++)
		rc = read_list(l, (enum list)i, object);
	return rc == SQLITE_OK ? read_changes(l, object) : rc;
}

/* Each of the ring's thumbprints once, in the order of the ring. */
static void find_missing(struct case_lists *l)
{
	if (l->missing->len)
		return; /* another stream of the object has asked */
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

static void lend(struct case_lists *l, struct case_file *f)
{
	enum outcome outcome = f->stream.outcome;
	bool closed =
		outcome == OUTCOME_NO_KEY || outcome == OUTCOME_KEY_LOCKED;

	if (closed)
		find_missing(l);
	f->object.links = (const char *const *)l->links->pdata;
	f->object.n_links = l->links->len;
	f->object.entries = (const void *)l->entries->data;
	f->object.n_entries = l->entries->len;
	f->object.tries = (const void *)l->tries->data;
	f->object.n_tries = l->tries->len;
	f->object.chain = (const char *const *)l->chain->pdata;
	f->object.n_chain = l->chain->len;
	f->changes = (const void *)l->changes->data;
	f->n_changes = l->changes->len;
	f->stream.holes = (const void *)l->holes->data;
	f->stream.n_holes = l->holes->len;
	if (!closed)
		return;
	f->missing = (const char *const *)l->missing->pdata;
	f->n_missing = l->missing->len;
}

int case_lists_lend(struct case_lists *lists, struct case_file *file)
{
	int rc = read_object(lists, file->object.id);

	g_array_set_size(lists->holes, 0);
	if (rc == SQLITE_OK)
		rc = read_list(lists, HOLES, file->stream.id);
	if (rc == SQLITE_OK)
		lend(lists, file);
	return rc;
}
