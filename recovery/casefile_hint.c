/* SPDX-License-Identifier: MIT */
/*
 * casefile_hint.c - what the cases of earlier runs say of the output folder
 */
#include "recovery/casefile_hint.h"
#include "recovery/casefile_internal.h"

#include <glib.h>
#include <string.h>

enum statement {
	FIND,
	USE,
	HOLD,
	OWNER,
	GIVEN,
	GIVE,
	MOVE,
	MOVED,
	VANISHED,
	STATEMENTS,
};

/* clang-format off */
static const char tables[] =
	"PRAGMA journal_mode = OFF;"
	"PRAGMA synchronous = OFF;"
	"CREATE TABLE hint ("
	" place TEXT PRIMARY KEY,"
	" output TEXT NOT NULL,"
	" run INTEGER NOT NULL,"
	" evidence TEXT, volume TEXT, path TEXT, stream TEXT,"
	" algorithm TEXT, efs_id TEXT,"
	" mft INTEGER, size INTEGER,"
	" created INTEGER, modified INTEGER, changed INTEGER,"
	" sequence INTEGER, deleted INTEGER,"
	" status TEXT, reason TEXT, md5 TEXT, sha1 TEXT, sha256 TEXT,"
	" used INTEGER NOT NULL, held INTEGER NOT NULL);"
	"CREATE INDEX hint_path ON hint (path, mft);"
	/* Of this run: the names it gave, and what it moved away for that. */
	"CREATE TABLE given (place TEXT PRIMARY KEY) WITHOUT ROWID;"
	"CREATE TABLE moved (place TEXT PRIMARY KEY, staged TEXT)"
	" WITHOUT ROWID;";

/* What another view of a volume has is that view's.  In order, for then the
   table and its index are written from end to end. */
static const char copy[] =
	"INSERT OR REPLACE INTO hint SELECT place(s.output), s.output, ?,"
	" e.name, CASE WHEN v.snapshot THEN 'v' || v.number || '.s' ||"
	" v.snapshot WHEN v.number THEN 'v' || v.number ELSE '' END,"
	" o.path, s.name, o.algorithm, o.efs_id, o.mft, s.size, o.created,"
	" o.modified, o.changed, o.sequence, o.deleted, s.status, s.reason,"
	" s.md5, s.sha1, s.sha256, 0, 0"
	" FROM other.stream s CROSS JOIN other.object o ON o.id = s.object"
	" CROSS JOIN other.volume v ON v.id = o.volume"
	" CROSS JOIN other.evidence e ON e.id = v.evidence"
	" WHERE s.output NOTNULL AND s.same_as ISNULL ORDER BY s.output";

#define NAMES(record)                                                       \
	" path IS ?3 AND mft = ?5 AND evidence = ?1 AND volume = ?2"        \
	" AND stream IS ?4" record

static const char *const sql[STATEMENTS] = {
	[FIND] = "SELECT rowid, run, output, status, reason, md5, sha1, sha256"
		 " FROM hint WHERE NOT used AND"
		 NAMES(" AND sequence = ?6") " AND size = ?7"
		 " AND algorithm IS ?8 AND efs_id IS ?9 AND created IS ?10"
		 " AND modified IS ?11 AND changed IS ?12 AND deleted = ?13"
		 " AND status IN ('recovered_verified', 'recovered_unverified')"
		 " ORDER BY run DESC LIMIT 2",
	[USE] = "UPDATE hint SET used = 1 WHERE rowid = ?",
	[HOLD] = "UPDATE hint SET held = 1 WHERE" NAMES(""),
	[OWNER] = "SELECT" NAMES("") " FROM hint WHERE place = place(?6)",
	[GIVEN] = "SELECT 1 FROM given WHERE place = place(?)",
	[GIVE] = "INSERT OR IGNORE INTO given VALUES (place(?))",
	[MOVE] = "INSERT OR REPLACE INTO moved VALUES (place(?), ?)",
	[MOVED] = "SELECT staged FROM moved WHERE place = place(?)",
	[VANISHED] = "SELECT output FROM hint h WHERE NOT held AND NOT EXISTS"
		     " (SELECT 1 FROM given g WHERE g.place = h.place)"
		     " ORDER BY place DESC",
};
/* clang-format on */

struct case_hints {
	struct casefile cf; /* only its connection */
	sqlite3_stmt *stmt[STATEMENTS];
	int64_t runs, last_open; /* the latest that did not end in order */
};

/* -------------------------------------------------------------- life cycle */

/* What Windows, and what is made for it, takes for the same name. */
static void fold_place(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	const void *text = sqlite3_value_text(v[0]);
	char *folded;

	(void)n;
	if (!sqlite3_user_data(ctx) || !text) {
		sqlite3_result_value(ctx, v[0]);
		return;
	}
	folded = g_utf8_casefold(text, -1);
	sqlite3_result_text(ctx, folded, -1, g_free);
}

enum status case_hints_new(struct case_hints **out, bool fold,
                           struct error *err)
{
	struct case_hints *h = g_new0(struct case_hints, 1);
	static char yes;
	enum status st = case_open(
		&h->cf, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
	int rc;

	*out = NULL;
	if (!st) {
		rc = sqlite3_create_function(h->cf.db, "place", 1,
		                             SQLITE_UTF8 | SQLITE_DETERMINISTIC,
		                             fold ? &yes : NULL, fold_place,
		                             NULL, NULL);
		st = rc ? case_fail(rc, err) : case_exec(&h->cf, tables, err);
	}
	if (st) {
		case_hints_free(h);
		return st;
	}
	*out = h;
	return OK;
}

void case_hints_free(struct case_hints *hints)
{
	if (!hints)
		return;
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(hints->stmt[i]);
	sqlite3_close(hints->cf.db);
	g_free(hints);
}

bool case_hints_ended(const struct case_hints *hints)
{
	return !hints->last_open;
}

void case_hint_release(struct case_hint *hint)
{
	g_free(hint->output);
	g_free(hint->reason);
	g_free(hint->md5);
	g_free(hint->sha1);
	g_free(hint->sha256);
	*hint = (struct case_hint){ 0 };
}

/* ------------------------------------------------------------ earlier runs */

/* A case may come from a stranger: what is read are tables, not their views. */
static enum status check_tables(struct case_hints *h, struct error *err)
{
	bool found;
	enum status st = case_exec_with(
		&h->cf,
		"SELECT 1 WHERE (SELECT count(*) FROM other.sqlite_schema WHERE"
		" type = 'table' AND name IN ('tool', 'evidence', 'volume',"
		" 'object', 'stream')) = 5",
		NULL, 0, &found, err);

	return st || found ? st
	                   : fail(err, E_CORRUPT, 0,
	                          "its tables are not those of a case");
}

static enum status copy_case(struct case_hints *h, struct error *err)
{
	sqlite3_stmt *stmt = NULL;
	enum status st = OK;
	bool ended;
	int rc;

	h->runs++;
	st = case_exec_with(&h->cf,
	                    "SELECT 1 FROM other.tool WHERE ended NOTNULL AND"
	                    " NOT interrupted",
	                    NULL, 0, &ended, err);
	if (st)
		return st;
	if (!ended)
		h->last_open = h->runs;
	rc = sqlite3_prepare_v2(h->cf.db, copy, -1, &stmt, NULL);
	if (!rc)
		rc = sqlite3_bind_int64(stmt, 1, h->runs);
	if (!rc) {
		(void)sqlite3_step(stmt);
		rc = sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	return rc ? case_fail(rc, err) : OK;
}

enum status case_hints_add(struct case_hints *hints, const char *path,
                           struct error *err)
{
	enum status st = case_attach(&hints->cf, path, err);

	if (st)
		return st;
	st = check_tables(hints, err);
	if (!st)
		st = copy_case(hints, err);
	(void)sqlite3_exec(hints->cf.db, "DETACH other", NULL, NULL, NULL);
	return st;
}

/* ----------------------------------------------------------------- lookups */

static enum status begin(struct case_hints *h, struct case_row *row,
                         enum statement which, struct error *err)
{
	int rc = SQLITE_OK;

	if (!h->stmt[which])
		rc = sqlite3_prepare_v3(h->cf.db, sql[which], -1,
		                        SQLITE_PREPARE_PERSISTENT,
		                        &h->stmt[which], NULL);
	if (rc)
		return case_fail(rc, err);
	*row = case_row_bind(h->stmt[which]);
	return OK;
}

/* What names a stream: parameters 1 to 5. */
static void put_names(struct case_row *row, const struct case_hint_key *key)
{
	case_put_text(row, key->evidence);
	case_put_text(row, key->volume);
	case_put_text(row, key->path);
	case_put_text(row, key->stream);
	case_put_u64(row, key->mft);
}

static void put_facts(struct case_row *row, const struct case_hint_key *key)
{
	case_put_u64(row, key->sequence);
	case_put_u64(row, key->size);
	case_put_text(row, key->algorithm);
	case_put_text(row, key->efs_id);
	case_put_known(row, key->created);
	case_put_known(row, key->modified);
	case_put_known(row, key->changed);
	case_put_i64(row, key->deleted);
}

/* Is there a row, and does its first column hold? */
static enum status ask(struct case_row *row, bool *yes, bool *there,
                       struct error *err)
{
	bool found = !row->rc && sqlite3_step(row->stmt) == SQLITE_ROW;
	int rc;

	*yes = found && sqlite3_column_int64(row->stmt, 0);
	if (there)
		*there = found;
	rc = sqlite3_reset(row->stmt);
	if (row->rc)
		rc = row->rc;
	return rc ? case_fail(rc, err) : OK;
}

static char *copy_text(struct case_row *row)
{
	return g_strdup(case_get_text(row));
}

static int64_t read_hint(const struct case_hints *h, struct case_hint *hint,
                         int64_t *run)
{
	struct case_row row = case_row_read(h->stmt[FIND]);
	int64_t id = case_get_i64(&row);

	*run = case_get_i64(&row);
	hint->ended = *run > h->last_open;
	hint->output = copy_text(&row);
	(void)outcome_find(&hint->outcome, case_get_text(&row));
	hint->reason = copy_text(&row);
	hint->md5 = copy_text(&row);
	hint->sha1 = copy_text(&row);
	hint->sha256 = copy_text(&row);
	return id;
}

/* The id of the newest row, 0 if two of one run tell of different files. */
static enum status newest(struct case_hints *h, struct case_row *row,
                          struct case_hint *hint, int64_t *id,
                          struct error *err)
{
	int rc = row->rc;
	int64_t run;

	if (!rc && sqlite3_step(row->stmt) == SQLITE_ROW) {
		*id = read_hint(h, hint, &run);
		if (sqlite3_step(row->stmt) == SQLITE_ROW &&
		    sqlite3_column_int64(row->stmt, 1) == run)
			*id = 0;
	}
	if (!rc)
		rc = sqlite3_reset(row->stmt);
	return rc ? case_fail(rc, err) : OK;
}

enum status case_hints_find(struct case_hints *hints,
                            const struct case_hint_key *key,
                            struct case_hint *hint, struct error *err)
{
	struct case_row row;
	int64_t id = 0;
	enum status st = begin(hints, &row, FIND, err);

	*hint = (struct case_hint){ 0 };
	if (st)
		return st;
	put_names(&row, key);
	put_facts(&row, key);
	st = newest(hints, &row, hint, &id, err);
	if (st || !id) {
		case_hint_release(hint);
		return st;
	}
	st = begin(hints, &row, USE, err);
	if (st)
		return st;
	case_put_i64(&row, id);
	return case_add_end(&row, err);
}

enum status case_hints_hold(struct case_hints *hints,
                            const struct case_hint_key *key, struct error *err)
{
	struct case_row row;
	enum status st = begin(hints, &row, HOLD, err);

	if (st)
		return st;
	put_names(&row, key);
	return case_add_end(&row, err);
}

/* ------------------------------------------------------------------- names */

enum status case_hints_owner(struct case_hints *hints, const char *output,
                             const struct case_hint_key *key,
                             enum case_owner *owner, struct error *err)
{
	struct case_row row;
	bool yes, there;
	enum status st = begin(hints, &row, GIVEN, err);

	*owner = CASE_OWNER_NOW;
	if (st)
		return st;
	case_put_text(&row, output);
	st = ask(&row, &yes, NULL, err);
	if (st || yes)
		return st;
	st = begin(hints, &row, OWNER, err);
	if (st)
		return st;
	put_names(&row, key);
	case_put_text(&row, output);
	st = ask(&row, &yes, &there, err);
	*owner = yes     ? CASE_OWNER_SAME
	         : there ? CASE_OWNER_OTHER
	                 : CASE_OWNER_NONE;
	return st;
}

enum status case_hints_give(struct case_hints *hints, const char *output,
                            struct error *err)
{
	struct case_row row;
	enum status st = begin(hints, &row, GIVE, err);

	if (st)
		return st;
	case_put_text(&row, output);
	return case_add_end(&row, err);
}

enum status case_hints_move(struct case_hints *hints, const char *output,
                            const char *staged, struct error *err)
{
	struct case_row row;
	enum status st = begin(hints, &row, MOVE, err);

	if (st)
		return st;
	case_put_text(&row, output);
	case_put_text(&row, staged);
	return case_add_end(&row, err);
}

enum status case_hints_moved(struct case_hints *hints, const char *output,
                             char **staged, struct error *err)
{
	struct case_row row, read;
	enum status st = begin(hints, &row, MOVED, err);

	*staged = NULL;
	if (st)
		return st;
	case_put_text(&row, output);
	if (!row.rc && sqlite3_step(row.stmt) == SQLITE_ROW) {
		read = case_row_read(row.stmt);
		*staged = copy_text(&read);
	}
	if (!row.rc)
		row.rc = sqlite3_reset(row.stmt);
	return row.rc ? case_fail(row.rc, err) : OK;
}

enum status case_hints_vanished(struct case_hints *hints,
                                enum status (*each)(void *ctx,
                                                    const char *output,
                                                    struct error *err),
                                void *ctx, struct error *err)
{
	struct case_row row = { 0 }, read;
	enum status st = begin(hints, &row, VANISHED, err);

	while (!st && sqlite3_step(row.stmt) == SQLITE_ROW) {
		read = case_row_read(row.stmt);
		st = each(ctx, case_get_text(&read), err);
	}
	if (st)
		(void)sqlite3_reset(hints->stmt[VANISHED]);
	else if (sqlite3_reset(row.stmt))
		st = case_fail(sqlite3_errcode(hints->cf.db), err);
	return st;
}
