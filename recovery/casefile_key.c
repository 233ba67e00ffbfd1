/* SPDX-License-Identifier: MIT */
/*
 * casefile_key.c - the keys of a case, and the secrets that it has not
 */
#include "recovery/casefile_internal.h"

#include <glib.h>

/* --------------------------------------------------------------- adding */

static void put_source(struct case_row *row, const struct case_key *key)
{
	case_put_text(row, key->source);
	case_put_text(row, key->evidence);
	case_put_known(row, key->volume);
	case_put_known(row, key->snapshot);
	case_put_text(row, key->path);
	case_put_known(row, key->offset);
	case_put_known(row, key->made);
}

static enum status add_key_row(struct casefile *cf, struct case_key *key,
                               struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_KEY, err);

	key->id = 0;
	if (st)
		return st;
	case_put_text(&row, key->type);
	case_put_text(&row, key->key_id);
	case_put_text(&row, key->sid);
	case_put_text(&row, key->user);
	case_put_text(&row, key->name);
	put_source(&row, key);
	case_put_text(&row, key->container);
	case_put_text(&row, key->certificate);
	case_put_known(&row, key->bits);
	case_put_i64(&row, key->current);
	case_put_text(&row, key->state);
	case_put_text(&row, key->unlocked_by);
	case_put_text(&row, key->reason);
	case_put_u64(&row, key->opens);
	st = case_add_end(&row, err);
	if (!st)
		key->id = sqlite3_last_insert_rowid(cf->db);
	return st;
}

static enum status add_crack(struct casefile *cf, int64_t key, size_t position,
                             const char *line, struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_CRACK, err);

	if (st)
		return st;
	case_put_i64(&row, key);
	case_put_u64(&row, position);
	case_put_text(&row, line);
	return case_add_end(&row, err);
}

enum status casefile_add_key(struct casefile *cf, struct case_key *key,
                             struct error *err)
{
	enum status st = add_key_row(cf, key, err);

	for (size_t i = 0; i < key->n_crack && !st; i++)
		st = add_crack(cf, key->id, i, key->crack[i], err);
	return st ? st : case_add_done(cf, err);
}

enum status casefile_link_key(struct casefile *cf, int64_t id, int64_t behind,
                              struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_LINK_KEY, err);

	if (st)
		return st;
	case_put_known(&row, (uint64_t)behind);
	case_put_i64(&row, id);
	st = case_add_end(&row, err);
	if (!st && !sqlite3_changes(cf->db))
		return fail(err, E_ABSENT, 0, "no such key in the case");
	return st ? st : case_add_done(cf, err);
}

/* The same few secrets stand before many objects: keep each once. */
static enum status wanted_id(struct casefile *cf, int64_t *id,
                             const struct case_need *need, struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_FIND_WANTED, err);

	if (st)
		return st;
	case_put_text(&row, need->kind);
	case_put_text(&row, need->id);
	st = case_find_id(&row, id, err);
	if (st || *id)
		return st;

	st = case_add_begin(cf, &row, CASE_ADD_WANTED, err);
	if (st)
		return st;
	case_put_text(&row, need->kind);
	case_put_text(&row, need->id);
	case_put_text(&row, need->what);
	st = case_add_end(&row, err);
	*id = sqlite3_last_insert_rowid(cf->db);
	return st;
}

enum status casefile_add_need(struct casefile *cf, int64_t object,
                              const struct case_need *need, struct error *err)
{
	struct case_row row;
	int64_t wanted;
	enum status st = wanted_id(cf, &wanted, need, err);

	if (!st)
		st = case_add_begin(cf, &row, CASE_ADD_WANTED_BY, err);
	if (st)
		return st;
	case_put_i64(&row, wanted);
	case_put_i64(&row, object);
	st = case_add_end(&row, err);
	return st ? st : case_add_done(cf, err);
}

/* -------------------------------------------------------------- reading */

/* The lines of one key: overwritten by those of the next. */
struct case_texts {
	sqlite3_stmt *stmt;
	GPtrArray *texts;
};

void case_texts_free(struct case_texts *texts)
{
	if (!texts)
		return;
	sqlite3_finalize(texts->stmt);
	g_ptr_array_unref(texts->texts);
	g_free(texts);
}

#define KEYS                                                              \
	"SELECT k.id, k.type, k.key_id, k.sid, k.user, k.name, k.source," \
	" k.evidence, k.volume, k.snapshot, k.path, k.offset, k.made,"    \
	" k.container, k.certificate, k.bits, k.current, k.state,"        \
	" k.unlocked_by, k.reason, k.opens, k.behind, b.key_id"           \
	" FROM key k LEFT JOIN key b ON b.id = k.behind ORDER BY "

static enum status open_keys(struct case_walk **w, struct casefile *cf,
                             const char *sql, struct error *err)
{
	enum status st = case_walk_open(w, cf, sql, err);
	int rc;

	if (st)
		return st;
	(*w)->texts = g_new0(struct case_texts, 1);
	(*w)->texts->texts = g_ptr_array_new_with_free_func(g_free);
	rc = sqlite3_prepare_v2(cf->db,
	                        "SELECT line FROM crack WHERE key = ?"
	                        " ORDER BY position",
	                        -1, &(*w)->texts->stmt, NULL);
	if (rc == SQLITE_OK)
		return OK;
	(void)case_fail(rc, &(*w)->err);
	st = case_walk_close(*w, err);
	*w = NULL;
	return st;
}

enum status case_key_open(struct case_walk **w, struct casefile *cf,
                          struct error *err)
{
	return open_keys(w, cf, KEYS "k.id", err);
}

enum status case_key_by_use_open(struct case_walk **w, struct casefile *cf,
                                 struct error *err)
{
	return open_keys(w, cf, KEYS "k.opens DESC, k.id", err);
}

static int read_texts(struct case_texts *texts, int64_t key)
{
	int rc = sqlite3_bind_int64(texts->stmt, 1, key);
	struct case_row row;
	const char *s;

	g_ptr_array_set_size(texts->texts, 0);
	if (rc != SQLITE_OK)
		return rc;
	while (sqlite3_step(texts->stmt) == SQLITE_ROW) {
		row = case_row_read(texts->stmt);
		s = case_get_text(&row);
		g_ptr_array_add(texts->texts, g_strdup(s ? s : ""));
	}
	return sqlite3_reset(texts->stmt);
}

static void read_source(struct case_key *key, struct case_row *row)
{
	key->source = case_get_text(row);
	key->evidence = case_get_text(row);
	key->volume = case_get_u32(row);
	key->snapshot = case_get_u32(row);
	key->path = case_get_text(row);
	key->offset = case_get_u64(row);
	key->made = case_get_u64(row);
}

static void read_key(struct case_key *key, struct case_row *row)
{
	key->id = case_get_i64(row);
	key->type = case_get_text(row);
	key->key_id = case_get_text(row);
	key->sid = case_get_text(row);
	key->user = case_get_text(row);
	key->name = case_get_text(row);
	read_source(key, row);
	key->container = case_get_text(row);
	key->certificate = case_get_text(row);
	key->bits = case_get_u32(row);
	key->current = case_get_bool(row);
	key->state = case_get_text(row);
	key->unlocked_by = case_get_text(row);
	key->reason = case_get_text(row);
	key->opens = case_get_u64(row);
	key->behind = case_get_i64(row);
	key->behind_id = case_get_text(row);
}

bool case_key_next(struct case_walk *w, struct case_key *key)
{
	struct case_row row;
	int rc;

	*key = (struct case_key){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	read_key(key, &row);
	rc = read_texts(w->texts, key->id);
	if (rc == SQLITE_OK) {
		key->crack = (const char *const *)w->texts->texts->pdata;
		key->n_crack = w->texts->texts->len;
		return true;
	}
	*key = (struct case_key){ 0 };
	(void)case_fail(rc, &w->err);
	return false;
}

enum status case_need_open(struct case_walk **w, struct casefile *cf,
                           struct error *err)
{
	return case_walk_open(w, cf,
	                      "SELECT kind, id, what, objects FROM need"
	                      " ORDER BY objects DESC, kind, id",
	                      err);
}

bool case_need_next(struct case_walk *w, struct case_need *need)
{
	struct case_row row;

	*need = (struct case_need){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	need->kind = case_get_text(&row);
	need->id = case_get_text(&row);
	need->what = case_get_text(&row);
	need->objects = case_get_u64(&row);
	return true;
}
