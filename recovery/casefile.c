/* SPDX-License-Identifier: MIT */
/*
 * casefile.c - create, open and close a case; rows to and from SQLite
 */
#include "recovery/casefile_internal.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>

enum status case_fail(int rc, struct error *err)
{
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		return fail(err, E_NOMEM, 0, "memory for the case");
	case SQLITE_FULL:
		return fail(err, E_IO, 0,
		            "the disk is full: the case could not be written");
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return fail(err, E_CORRUPT, 0, "the case file is damaged");
	case SQLITE_READONLY:
		return fail(err, E_IO, 0, "the case is open for reading only");
	case SQLITE_CONSTRAINT:
		return fail(err, E_CORRUPT, 0,
		            "a fact contradicts what the case already holds");
	case SQLITE_CANTOPEN:
		return fail(err, E_IO, 0, "the case could not be opened");
	case SQLITE_BUSY:
		return fail(err, E_IO, 0,
		            "the case is in use by another program");
	default:
		return fail(err, E_IO, 0,
		            "the case could not be read or written");
	}
}

enum status case_exec(struct casefile *cf, const char *sql, struct error *err)
{
	int rc = sqlite3_exec(cf->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? OK : case_fail(rc, err);
}

/* ---------------------------------------------------------------- rows */

struct case_row case_row_bind(sqlite3_stmt *stmt)
{
	return (struct case_row){ .stmt = stmt, .next = 1 };
}

static void put_done(struct case_row *row, int rc)
{
	row->next++;
	if (!row->rc)
		row->rc = rc;
}

/* Names from the host may be any bytes: what is not UTF-8 becomes %XX. */
static char *escape_bytes(const char *s)
{
	GString *out = g_string_new(NULL);
	const char *end;

	while (!g_utf8_validate(s, -1, &end)) {
		g_string_append_len(out, s, end - s);
		g_string_append_printf(out, "%%%02X", (unsigned char)*end);
		s = end + 1;
	}
	g_string_append(out, s);
	return g_string_free(out, FALSE);
}

void case_put_text(struct case_row *row, const char *s)
{
	char *escaped;

	if (!s || g_utf8_validate(s, -1, NULL)) {
		put_done(row, sqlite3_bind_text(row->stmt, row->next, s, -1,
		                                SQLITE_STATIC));
		return;
	}
	escaped = escape_bytes(s);
	put_done(row, sqlite3_bind_text(row->stmt, row->next, escaped, -1,
	                                SQLITE_TRANSIENT));
	g_free(escaped);
}

void case_put_u64(struct case_row *row, uint64_t v)
{
	case_put_i64(row, (int64_t)v);
}

void case_put_known(struct case_row *row, uint64_t v)
{
	if (v)
		case_put_u64(row, v);
	else
		case_put_null(row);
}

void case_put_i64(struct case_row *row, int64_t v)
{
	put_done(row, sqlite3_bind_int64(row->stmt, row->next, v));
}

void case_put_null(struct case_row *row)
{
	put_done(row, sqlite3_bind_null(row->stmt, row->next));
}

struct case_row case_row_read(sqlite3_stmt *stmt)
{
	return (struct case_row){ .stmt = stmt };
}

/* A case may come from a stranger: the reports rely on valid UTF-8. */
const char *case_get_text(struct case_row *row)
{
	const void *s = sqlite3_column_text(row->stmt, row->next++);

	return !s || g_utf8_validate(s, -1, NULL) ? s : "(not text)";
}

uint64_t case_get_u64(struct case_row *row)
{
	return (uint64_t)case_get_i64(row);
}

uint32_t case_get_u32(struct case_row *row)
{
	return (uint32_t)case_get_i64(row);
}

int64_t case_get_i64(struct case_row *row)
{
	return sqlite3_column_int64(row->stmt, row->next++);
}

bool case_get_bool(struct case_row *row)
{
	return case_get_i64(row) != 0;
}

bool case_get_is_null(struct case_row *row)
{
	return sqlite3_column_type(row->stmt, row->next) == SQLITE_NULL;
}

enum efs_ring case_get_ring(struct case_row *row)
{
	return g_strcmp0(case_get_text(row), "drf") ? EFS_DDF : EFS_DRF;
}

/* ---------------------------------------------------------- life cycle */

/*
 * sum() fails on overflow and knows no unsigned numbers; sizes come from
 * hostile evidence.  This one is unsigned, and stops at the largest number.
 */
static void sum_bytes_step(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	uint64_t *sum = sqlite3_aggregate_context(ctx, sizeof(*sum));
	uint64_t add = (uint64_t)sqlite3_value_int64(v[0]);

	(void)n;
	if (!sum)
		sqlite3_result_error_nomem(ctx);
	else
		*sum = add > UINT64_MAX - *sum ? UINT64_MAX : *sum + add;
}

static void sum_bytes_final(sqlite3_context *ctx)
{
	const uint64_t *sum = sqlite3_aggregate_context(ctx, 0);

	sqlite3_result_int64(ctx, sum ? (int64_t)*sum : 0);
}

/* Nobody asks how much memory SQLite takes; to count it, threads would wait for
   each other at every piece of it. */
static gpointer configure(gpointer unused)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	return unused;
}

static void set_up_sqlite(void)
{
	static GOnce once = G_ONCE_INIT;

	(void)g_once(&once, configure, NULL);
}

/* SQLite takes some names for itself, such as ":memory:"; never with "./". */
static char *plain_name(const char *path)
{
	bool plain = !*path || *path == '/';

	return plain ? g_strdup(path) : g_strconcat("./", path, NULL);
}

static int open_database(sqlite3 **db, const char *path, int flags)
{
	char *name = plain_name(path);
	int rc;

	set_up_sqlite();
	/* a case belongs to one thread at a time */
	rc = sqlite3_open_v2(name, db, flags | SQLITE_OPEN_NOMUTEX, NULL);

	g_free(name);
	return rc;
}

/* What every connection needs, whether it writes or reads. */
static enum status set_up(struct casefile *cf, struct error *err)
{
	int rc = sqlite3_create_function(
		cf->db, "sum_bytes", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
		NULL, NULL, sum_bytes_step, sum_bytes_final);

	if (rc != SQLITE_OK)
		return case_fail(rc, err);
	(void)sqlite3_busy_timeout(cf->db, 10000);
	return case_exec(cf,
	                 "PRAGMA cache_size = -4096;"
	                 "PRAGMA temp_store = FILE;"
	                 "PRAGMA trusted_schema = OFF;"
	                 "PRAGMA foreign_keys = ON;",
	                 err);
}

enum status case_open(struct casefile *cf, const char *path, int flags,
                      struct error *err)
{
	int rc = open_database(&cf->db, path, flags);

	return rc == SQLITE_OK ? set_up(cf, err) : case_fail(rc, err);
}

/* The rollback journal keeps what was committed whole if we are killed. */
static enum status create_schema(struct casefile *cf, struct error *err)
{
	char marks[96];
	enum status st;

	(void)g_snprintf(marks, sizeof(marks),
	                 "PRAGMA application_id = %d;"
	                 "PRAGMA user_version = %d;",
	                 CASE_APPLICATION_ID, CASE_SCHEMA);
	st = case_exec(cf,
	               "PRAGMA journal_mode = DELETE;"
	               "PRAGMA synchronous = FULL; BEGIN;",
	               err);
	for (size_t i = 0; case_schema[i] && !st; i++)
		st = case_exec(cf, case_schema[i], err);
	if (!st)
		st = case_exec(cf, marks, err);
	if (!st)
		st = case_exec(cf, "COMMIT;", err);
	return st;
}

/* SQLite cannot be told to create a new file only; C11's "x" can. */
static enum status create_file(const char *path, struct error *err)
{
	FILE *f = fopen(path, "wbx");

	if (f)
		return fclose(f) ? fail(err, E_IO, 0, "the case file") : OK;
	if (errno == EEXIST)
		return fail(err, E_IO, 0, "the case file exists already");
	return fail(err, E_IO, 0, "the case file could not be created");
}

/* SQLite leaves the journal of what it could not undo. */
static void remove_file(const char *path)
{
	char *journal = g_strconcat(path, "-journal", NULL);

	(void)remove(path);
	(void)remove(journal);
	g_free(journal);
}

enum status casefile_new(struct casefile **out, const char *path,
                         struct error *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	struct casefile *cf;
	enum status st;

	*out = NULL;
	st = path ? create_file(path, err) : OK;
	if (st)
		return st;
	cf = g_new0(struct casefile, 1);
	cf->committed = g_get_monotonic_time();
	st = case_open(cf, path ? path : "", flags, err);
	if (!st)
		st = create_schema(cf, err);
	if (st) {
		casefile_free(cf);
		if (path)
			remove_file(path);
		return st;
	}
	*out = cf;
	return OK;
}

enum status casefile_hurry(struct casefile *cf, struct error *err)
{
	return case_exec(cf, "PRAGMA synchronous = OFF;", err);
}

static int64_t read_number(struct casefile *cf, const char *sql, int *rc)
{
	sqlite3_stmt *stmt = NULL;
	int64_t v = 0;

	if (!*rc)
		*rc = sqlite3_prepare_v2(cf->db, sql, -1, &stmt, NULL);
	if (!*rc && sqlite3_step(stmt) == SQLITE_ROW)
		v = sqlite3_column_int64(stmt, 0);
	else if (!*rc)
		*rc = sqlite3_reset(stmt);
	sqlite3_finalize(stmt);
	return v;
}

static enum status check_schema(struct casefile *cf, struct error *err)
{
	int rc = SQLITE_OK;
	int64_t id = read_number(cf, "PRAGMA application_id", &rc);
	int64_t version = read_number(cf, "PRAGMA user_version", &rc);

	if (rc)
		return case_fail(rc, err);
	if (id != CASE_APPLICATION_ID)
		return fail(err, E_CORRUPT, 0,
		            "not a case file of this program");
	if (version != CASE_SCHEMA)
		return fail(err, E_UNSUPPORTED, 0,
		            "the case is of another version of this program");
	return OK;
}

/*
 * Writable where possible: a run that was killed leaves a journal, and only
 * who may write can undo the half of a transaction that it names.
 */
enum status casefile_open(struct casefile **out, const char *path,
                          struct error *err)
{
	struct casefile *cf = g_new0(struct casefile, 1);
	enum status st;
	int rc;

	*out = NULL;
	rc = open_database(&cf->db, path, SQLITE_OPEN_READWRITE);
	if (rc != SQLITE_OK) {
		sqlite3_close(cf->db);
		rc = open_database(&cf->db, path, SQLITE_OPEN_READONLY);
	}
	st = rc == SQLITE_OK ? set_up(cf, err) : case_fail(rc, err);
	if (!st)
		st = check_schema(cf, err);
	if (!st)
		st = case_exec(cf, "PRAGMA query_only = ON;", err);
	if (st) {
		casefile_free(cf);
		return st;
	}
	*out = cf;
	return OK;
}

enum status casefile_check(const char *path, struct error *err)
{
	struct casefile *cf;
	enum status st = casefile_open(&cf, path, err);
	bool whole = false;

	if (st)
		return st;
	st = case_exec_with(cf,
	                    "SELECT 1 FROM pragma_quick_check(1)"
	                    " WHERE quick_check = 'ok'",
	                    NULL, 0, &whole, err);
	casefile_free(cf);
	if (!st && !whole)
		st = fail(err, E_CORRUPT, 0, "the case is damaged");
	return st;
}

enum status case_attach(struct casefile *cf, const char *path,
                        struct error *err)
{
	char *name = plain_name(path);
	const char *const texts[] = { name };
	struct casefile *other;
	enum status st = casefile_open(&other, path, err);
	bool found;

	if (!st) {
		casefile_free(other);
		st = case_exec_with(cf, "ATTACH ? AS other", texts, 1, &found,
		                    err);
	}
	g_free(name);
	return st;
}

void casefile_free(struct casefile *cf)
{
	if (!cf)
		return;
	for (size_t i = 0; i < CASE_STATEMENTS; i++)
		sqlite3_finalize(cf->add[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(cf->tool); i++)
		g_free(cf->tool[i]);
	sqlite3_close(cf->db);
	g_free(cf);
}

enum status casefile_commit(struct casefile *cf, struct error *err)
{
	enum status st = OK;

	cf->pending = 0;
	if (!sqlite3_get_autocommit(cf->db))
		st = case_exec(cf, "COMMIT", err);
	cf->committed = g_get_monotonic_time();
	return st;
}
