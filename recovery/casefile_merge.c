/* SPDX-License-Identifier: MIT */
/*
 * casefile_merge.c - put the facts of one case into another
 *
 * Every row keeps its place in the order of its table: its id moves by as much
 * as the other case had rows.  What follows from the facts is left out; it is
 * computed anew from all of them.
 */
#include "recovery/casefile_audit.h"
#include "recovery/casefile_internal.h"

#include <glib.h>

/* How far the ids of each table move. */
#define MOVES(table) "(SELECT ifnull(max(id), 0) FROM main." table ") AS " table

/* A key may be from evidence of another part. */
#define NEW_EVIDENCE                                            \
	"ifnull((SELECT n.new FROM temp.renamed n WHERE n.old " \
	"= k.evidence), k.evidence)"

/* "disk.dd v1 /Users/..." begins with the name. */
#define IN_WORDS(column)                                                \
	"ifnull((SELECT n.new || substr(" column ", length(n.old) + 1)" \
	" FROM temp.renamed n WHERE n.old <> n.new AND substr(" column  \
	", 1, length(n.old) + 1) = n.old || ' '), " column ")"

/* Evidence comes first: the ids of `move` are those before it. */
static const char *const steps[] = {
	"INSERT INTO tool SELECT id + m.tool, version, command, started,"
	" ended, interrupted FROM other.tool, move m ORDER BY id",
	"INSERT INTO evidence SELECT id + m.evidence, (SELECT n.new FROM"
	" temp.renamed n WHERE n.old = name), path, format, size, sha256,"
	" reason FROM other.evidence, move m ORDER BY id",
	"INSERT INTO bad SELECT b.evidence + m.evidence, offset, size"
	" FROM other.bad b, move m",
	"INSERT INTO volume SELECT id + m.volume, v.evidence + m.evidence,"
	" number, snapshot, offset, size, description, filesystem, sector,"
	" cluster, serial, made, records, objects, reason"
	" FROM other.volume v, move m ORDER BY id",
	"INSERT INTO fact SELECT id + m.fact, f.evidence + m.evidence,"
	" f.volume + m.volume, name, value FROM other.fact f, move m"
	" ORDER BY id",
	"INSERT INTO key SELECT id + m.key, type, key_id, sid, user, name,"
	" " IN_WORDS(
		"source") ", " NEW_EVIDENCE ", k.volume, snapshot, path,"
			  " offset, made, container, " IN_WORDS(
				  "certificate") ", bits, current,"
						 " state, " IN_WORDS(
							 "unlocked_by") ", "
									"reason"
									", "
									"opens,"
									" behin"
									"d + "
									"m.key "
									"FROM "
									"other."
									"key "
									"k, "
									"move "
									"m "
									"ORDER "
									"BY id",
	"INSERT INTO crack SELECT c.key + m.key, position, line"
	" FROM other.crack c, move m",
	"INSERT OR IGNORE INTO certificate SELECT NULL, thumbprint, subject,"
	" issuer, serial, not_before, not_after, kind, bits, self_signed, efs,"
	" recovery, " IN_WORDS("source") " FROM other.certificate ORDER BY id",
	"INSERT OR IGNORE INTO account SELECT NULL, a.evidence + m.evidence,"
	" sid, name, local, " IN_WORDS("source") " FROM other.account a, move m"
						 " ORDER BY id",
	"INSERT INTO policy SELECT id + m.policy, p.evidence + m.evidence,"
	" p.volume, snapshot, " IN_WORDS(
		"source") ", reason"
			  " FROM other.policy p, move m ORDER BY id",
	"INSERT INTO agent SELECT a.policy + m.policy, n, thumbprint, sid,"
	" reason FROM other.agent a, move m",
	"INSERT INTO object SELECT id + m.object, o.volume + m.volume, mft,"
	" sequence, path, directory, deleted, created, modified, accessed,"
	" changed, efs_version, efs_id, class, algorithm, opened_ring,"
	" opened_entry, opened_key, owners FROM other.object o, move m"
	" ORDER BY id",
	"INSERT INTO link SELECT l.object + m.object, n, path"
	" FROM other.link l, move m",
	"INSERT INTO credential SELECT id + m.credential, thumbprint, name,"
	" sid, container, provider FROM other.credential, move m ORDER BY id",
	"INSERT INTO entry SELECT e.object + m.object, ring, entry,"
	" e.credential + m.credential, flags, wrapped_bits, reason"
	" FROM other.entry e, move m",
	"INSERT INTO try SELECT t.object + m.object, n, ring, entry,"
	" t.key, method, result FROM other.try t, move m",
	"INSERT INTO chain SELECT c.object + m.object, n, step"
	" FROM other.chain c, move m",
	"INSERT INTO stream SELECT id + m.stream, s.object + m.object, name,"
	" size, status, reason, m.folder || output, same_as, md5, sha1, sha256"
	" FROM other.stream s, move m ORDER BY id",
	"INSERT INTO hole SELECT h.stream + m.stream, n, offset, size"
	" FROM other.hole h, move m",
	/* A secret is one of kind and id, whichever case misses it. */
	"INSERT INTO wanted SELECT NULL, kind, secret, what"
	" FROM other.wanted o WHERE NOT EXISTS (SELECT 1 FROM main.wanted w"
	" WHERE w.kind IS o.kind AND w.secret IS o.secret) ORDER BY id",
	"INSERT OR IGNORE INTO wanted_by SELECT w.id, b.object + m.object"
	" FROM other.wanted_by b JOIN other.wanted o ON o.id = b.wanted"
	" JOIN main.wanted w ON w.kind IS o.kind AND w.secret IS o.secret,"
	" move m",
	"DROP TABLE temp.move",
	"DROP TABLE temp.renamed",
	NULL,
};

static const char make_move[] = "CREATE TEMP TABLE move AS SELECT " MOVES(
	"too"
	"l") ", " MOVES("evid"
                        "enc"
                        "e") ", " MOVES("volume") ", " MOVES("fact") ", " MOVES("key") ","
										       " " MOVES("policy") ", " MOVES("object") ", " MOVES(
											       "cr"
											       "ed"
											       "en"
											       "ti"
											       "a"
											       "l") ", " MOVES("stream") ", ?1 AS folder";

static const char make_renamed[] =
	"CREATE TEMP TABLE renamed (old TEXT PRIMARY KEY, new TEXT UNIQUE)";

/* The names that this case has, and those that the other's get. */
static const char is_used[] =
	"SELECT 1 FROM main.evidence WHERE name = ?1 UNION ALL"
	" SELECT 1 FROM temp.renamed WHERE new = ?1";

/* ~2, ~3 where a name was used before, as for evidence of one run. */
static enum status rename_one(struct casefile *cf, const char *name,
                              struct error *err)
{
	char *new = g_strdup(name);
	bool found = true;
	enum status st = OK;

	for (unsigned i = 2; !st; i++) {
		const char *const used[] = { new };

		st = case_exec_with(cf, is_used, used, 1, &found, err);
		if (st || !found)
			break;
		g_free(new);
		new = g_strdup_printf("%s~%u", name, i);
	}
	if (!st) {
		const char *const row[] = { name, new };

		st = case_exec_with(cf,
		                    "INSERT INTO temp.renamed VALUES (?, ?)",
		                    row, 2, &found, err);
	}
	g_free(new);
	return st;
}

static enum status rename_all(struct casefile *cf, struct error *err)
{
	struct case_walk *w;
	enum status st = case_exec(cf, make_renamed, err);

	if (!st)
		st = case_walk_open(
			&w, cf, "SELECT name FROM other.evidence ORDER BY id",
			err);
	if (st)
		return st;
	while (!st && case_walk_step(w)) {
		struct case_row row = case_row_read(w->stmt);

		st = rename_one(cf, case_get_text(&row), err);
	}
	if (!st)
		return case_walk_close(w, err);
	(void)!case_walk_close(w, &(struct error){ 0 });
	return st;
}

/* What is to be copied, and from which step on. */
struct copy {
	const char *folder;
	size_t first;
};

enum status case_make_move(struct casefile *cf, const char *folder,
                           struct error *err)
{
	const char *const texts[] = { folder ? folder : "" };
	bool found;

	return case_exec_with(cf, make_move, texts, 1, &found, err);
}

static enum status copy(struct casefile *cf, const void *ctx, struct error *err)
{
	const struct copy *c = ctx;
	enum status st = rename_all(cf, err);

	if (!st)
		st = case_make_move(cf, c->folder, err);
	for (size_t i = c->first; steps[i] && !st; i++)
		st = case_exec(cf, steps[i], err);
	return st;
}

/*
 * A case may come from a stranger: nothing but our own tables and views is
 * read, so no trigger or view of theirs is ever run.
 */
static enum status check_tables(struct casefile *cf, struct error *err)
{
	static const char foreign[] =
		"SELECT 1 FROM other.sqlite_schema o WHERE o.name NOT LIKE"
		" 'sqlite_stat%' AND NOT EXISTS (SELECT 1 FROM"
		" main.sqlite_schema m WHERE m.type = o.type"
		" AND m.name = o.name AND m.tbl_name = o.tbl_name"
		" AND m.sql IS o.sql)";
	bool found;
	enum status st = case_exec_with(cf, foreign, NULL, 0, &found, err);

	return st || !found ? st
	                    : fail(err, E_CORRUPT, 0,
	                           "its tables are not those of a case");
}

enum status case_copy_from(struct casefile *cf, const char *path,
                           enum status (*step)(struct casefile *cf,
                                               const void *ctx,
                                               struct error *err),
                           const void *ctx, struct error *err)
{
	enum status st = casefile_commit(cf, err);

	if (!st)
		st = case_attach(cf, path, err);
	if (st)
		return st;
	st = check_tables(cf, err);
	if (!st)
		st = case_exec(cf, "BEGIN", err);
	if (!st)
		st = step(cf, ctx, err);
	if (!st)
		st = casefile_commit(cf, err);
	if (st)
		(void)sqlite3_exec(cf->db, "ROLLBACK", NULL, NULL, NULL);
	(void)sqlite3_exec(cf->db, "DETACH other", NULL, NULL, NULL);
	return st;
}

enum status casefile_merge(struct casefile *cf, const char *path,
                           const char *folder, struct error *err)
{
	const struct copy all = { .folder = folder };

	return case_copy_from(cf, path, copy, &all, err);
}

enum status casefile_merge_part(struct casefile *cf, const char *path,
                                const char *folder, struct error *err)
{
	/* The first step is that of the runs. */
	const struct copy part = { .folder = folder, .first = 1 };

	return case_copy_from(cf, path, copy, &part, err);
}
