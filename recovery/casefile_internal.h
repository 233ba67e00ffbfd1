/* SPDX-License-Identifier: MIT */
/*
 * casefile_internal.h - what the parts of the case share: rows in and out
 *
 * Only files named casefile* include this one, and only they know SQLite.
 */
#ifndef RECOVERY_CASEFILE_INTERNAL_H
#define RECOVERY_CASEFILE_INTERNAL_H

#include "recovery/casefile.h"

#include <sqlite3.h>

/* "EFSC", so that file(1) and we know a case from any other database. */
#define CASE_APPLICATION_ID 0x45465343

/* Facts of one transaction, and its microseconds: many enough to be fast, few
   enough to lose. */
#define CASE_BATCH 5000
#define CASE_MOST  500000

enum case_statement {
	CASE_ADD_EVIDENCE,
	CASE_UPDATE_EVIDENCE,
	CASE_ADD_BAD,
	CASE_ADD_FACT,
	CASE_ADD_VOLUME,
	CASE_UPDATE_VOLUME,
	CASE_ADD_KEY,
	CASE_LINK_KEY,
	CASE_ADD_CRACK,
	CASE_ADD_CERTIFICATE,
	CASE_ADD_ACCOUNT,
	CASE_ADD_POLICY,
	CASE_ADD_AGENT,
	CASE_FIND_WANTED,
	CASE_ADD_WANTED,
	CASE_ADD_WANTED_BY,
	CASE_ADD_OBJECT,
	CASE_ADD_LINK,
	CASE_FIND_CREDENTIAL,
	CASE_ADD_CREDENTIAL,
	CASE_ADD_ENTRY,
	CASE_ADD_TRY,
	CASE_ADD_CHAIN,
	CASE_ADD_STREAM,
	CASE_ADD_HOLE,
	CASE_SET_TOOL,
	CASE_STATEMENTS,
};

struct casefile {
	sqlite3 *db;
	sqlite3_stmt *add[CASE_STATEMENTS]; /* prepared when first used */
	unsigned pending;                   /* adds since the last commit */
	int64_t committed;                  /* when that was, monotonic */
	char *tool[4];                      /* what casefile_tool handed out */
};

extern const char *const case_schema[]; /* NULL-terminated */

/* Open a database, with what every connection needs; on error, too, the caller
   closes it. */
MUST_USE enum status case_open(struct casefile *cf, const char *path, int flags,
                               struct error *err);
/*
 * Attach another case as `other`, once its schema was looked at, and what a
 * killed run left half done was undone.  It may come from a stranger, and hold
 * views and triggers of theirs.  Errors as of casefile_open.
 */
MUST_USE enum status case_attach(struct casefile *cf, const char *path,
                                 struct error *err);

/* Set `err` from a result code of SQLite. */
enum status case_fail(int rc, struct error *err);
MUST_USE enum status case_exec(struct casefile *cf, const char *sql,
                               struct error *err);

/*
 * The columns of a row or the parameters of a statement, left to right: each
 * call takes the next one.  Numbers are 64 bits; SQLite's are signed, so a
 * larger uint64_t is stored as the negative number of the same bits.
 */
struct case_row {
	sqlite3_stmt *stmt;
	int next;
	int rc; /* of the first bind that failed */
};

struct case_row case_row_bind(sqlite3_stmt *stmt);
void case_put_text(struct case_row *row, const char *s); /* NULL: unknown */
void case_put_u64(struct case_row *row, uint64_t v);
void case_put_known(struct case_row *row, uint64_t v); /* 0: unknown */
void case_put_i64(struct case_row *row, int64_t v);
void case_put_null(struct case_row *row);

struct case_row case_row_read(sqlite3_stmt *stmt);
const char *case_get_text(struct case_row *row);
uint64_t case_get_u64(struct case_row *row);
uint32_t case_get_u32(struct case_row *row);
int64_t case_get_i64(struct case_row *row);
bool case_get_bool(struct case_row *row);
bool case_get_is_null(struct case_row *row); /* does not move on */
enum efs_ring case_get_ring(struct case_row *row);

/* Begin a row, preparing its statement and the transaction where needed. */
MUST_USE enum status case_add_begin(struct casefile *cf, struct case_row *row,
                                    enum case_statement which,
                                    struct error *err);
MUST_USE enum status case_add_end(struct case_row *row, struct error *err);
/* After a whole fact, never in the middle of one. */
MUST_USE enum status case_add_done(struct casefile *cf, struct error *err);
/* The id of the row that the bound parameters find; 0: there is none. */
MUST_USE enum status case_find_id(struct case_row *row, int64_t *id,
                                  struct error *err);

/* A walk: one statement, and what its rows borrow. */
struct case_lists; /* of a file row: see casefile_lists.c */
struct case_texts; /* of a key row: see casefile_key.c */

struct case_walk {
	sqlite3_stmt *stmt;
	struct case_lists *lists;
	struct case_texts *texts;
	struct error err;
};

MUST_USE enum status case_walk_open(struct case_walk **w, struct casefile *cf,
                                    const char *sql, struct error *err);
/* The same with one parameter, an id. */
MUST_USE enum status case_walk_open_of(struct case_walk **w,
                                       struct casefile *cf, const char *sql,
                                       int64_t id, struct error *err);
/* One statement with n texts; `found`, if not NULL, says whether it has a row.
 */
MUST_USE enum status case_exec_with(struct casefile *cf, const char *sql,
                                    const char *const *texts, size_t n,
                                    bool *found, struct error *err);
/* Attach the case at `path` as "other", and do a step in one transaction: all
   of it, or nothing.  Errors as of casefile_merge. */
MUST_USE enum status case_copy_from(struct casefile *cf, const char *path,
                                    enum status (*step)(struct casefile *cf,
                                                        const void *ctx,
                                                        struct error *err),
                                    const void *ctx, struct error *err);
/* The table temp.move of such a step: what is added to the ids of each. */
MUST_USE enum status case_make_move(struct casefile *cf, const char *folder,
                                    struct error *err);
/* The next row, or false at the end and on failure. */
MUST_USE bool case_walk_step(struct case_walk *w);
/* A walk over files: it is closed where this fails. */
MUST_USE enum status case_lists_open(struct case_walk **w, struct casefile *cf,
                                     struct error *err);
/* Lend the file what hangs on it, until the next is read; an SQLite code. */
MUST_USE int case_lists_lend(struct case_lists *lists, struct case_file *file);
void case_lists_free(struct case_lists *lists);

/* What a row of a change is made of, and reading it. */
#define CASE_CHANGE_COLUMNS                                                  \
	"SELECT r.object, ev.name, v.number, o.mft, o.path, u.snapshot,"     \
	" v.snapshot, u.made, v.made, r.ring, c.thumbprint, c.name, c.sid,"  \
	" r.added FROM ring_change r CROSS JOIN credential c"                \
	" ON c.id = r.credential JOIN object o ON o.id = r.object"           \
	" JOIN volume v ON v.id = o.volume JOIN object p ON p.id = r.before" \
	" JOIN volume u ON u.id = p.volume"                                  \
	" JOIN evidence ev ON ev.id = v.evidence"
#define CASE_CHANGE_ORDER                                                    \
	" ORDER BY v.evidence, v.number, o.mft, o.sequence, v.snapshot = 0," \
	" ifnull(v.made, 0), v.snapshot, r.added, r.ring, c.thumbprint,"     \
	" c.name, c.sid"
void case_change_read(struct case_change *change, struct case_row *row);
void case_texts_free(struct case_texts *texts);

#endif
