/* SPDX-License-Identifier: MIT */
/*
 * casefile_audit.c - what follows from the facts of a case: people, folders,
 * findings
 *
 * All of it is SQL over the tables of the facts, so memory does not grow with
 * the number of objects.
 */
#include "recovery/casefile_audit.h"
#include "recovery/casefile_internal.h"

#include <glib.h>
#include <string.h>

/* Folders that lie deeper are counted as the one at this depth above them. */
#define DEEPEST 64

/* ----------------------------------------------------------------- people */

/*
 * An owner without a thumbprint is told apart by name and SID.  What an owner
 * is called is said by each file, and one of them may lie: the name and the SID
 * that most entries give.
 */
#define PEOPLE                                                            \
	"INSERT INTO person (ring, thumbprint, name, sid, bits, objects," \
	" opened, alone) SELECT w.ring, w.thumbprint, ifnull(n.name,"     \
	" w.name) AS called, ifnull(s.sid, w.sid) AS owner, w.bits,"      \
	" w.objects, w.opened, 0 FROM"                                    \
	" (SELECT ring, thumbprint, min(name) AS name, min(sid) AS sid,"  \
	" nullif(max(wrapped_bits), 0) AS bits,"                          \
	" count(DISTINCT object) AS objects,"                             \
	" count(DISTINCT CASE WHEN opened THEN object END) AS opened"     \
	" FROM ring GROUP BY ring, thumbprint,"                           \
	" CASE WHEN thumbprint IS NULL THEN name END,"                    \
	" CASE WHEN thumbprint IS NULL THEN sid END) w"                   \
	" LEFT JOIN called_name n ON n.thumbprint = w.thumbprint"         \
	" LEFT JOIN called_sid s ON s.thumbprint = w.thumbprint"          \
	" ORDER BY w.ring, w.objects DESC, called, w.thumbprint, owner"

#define CREDENTIALS                                            \
	"INSERT INTO person_of SELECT e.ring, c.id, p.id FROM" \
	" (SELECT DISTINCT ring, credential FROM entry) e"     \
	" CROSS JOIN credential c ON c.id = e.credential"      \
	" CROSS JOIN person p ON p.ring = e.ring"

/* Nobody else can open these: of objects whose ring is known in whole. */
#define SOLE                                                              \
	"CREATE TEMP TABLE sole AS SELECT object, min(person) AS person"  \
	" FROM (SELECT e.object, p.id AS person,"                         \
	" ifnull(p.thumbprint, p.id) AS key FROM object o CROSS JOIN"     \
	" entry e ON e.object = o.id CROSS JOIN person_of m"              \
	" ON m.ring = e.ring AND m.credential = e.credential"             \
	" CROSS JOIN person p ON p.id = m.person WHERE o.owners NOTNULL)" \
	" GROUP BY object HAVING count(DISTINCT key) = 1"

#define NOW                                                            \
	"CREATE TEMP TABLE now AS SELECT max((strftime('%s', started)" \
	" + 11644473600) * 10000000) AS time FROM tool"

#define LIVE_POLICY "SELECT 1 FROM policy WHERE snapshot IS NULL"

static const char *const people[] = {
	PEOPLE,
	CREDENTIALS " AND p.thumbprint = c.thumbprint",
	CREDENTIALS " AND p.thumbprint IS NULL AND p.name IS c.name"
		    " AND p.sid IS c.sid WHERE c.thumbprint IS NULL",
	"UPDATE person SET sid = (SELECT k.sid FROM key k WHERE k.key_id ="
	" person.thumbprint AND k.sid NOTNULL ORDER BY k.id LIMIT 1)"
	" WHERE sid IS NULL",
	"UPDATE person SET account = (SELECT a.name FROM account a WHERE"
	" a.sid = person.sid AND a.name NOTNULL ORDER BY a.id LIMIT 1),"
	" certificate = (SELECT c.id FROM certificate c"
	" WHERE c.thumbprint = person.thumbprint)",
	"UPDATE person SET bits = ifnull((SELECT c.bits FROM certificate c"
	" WHERE c.id = person.certificate), bits)",
	SOLE,
	"CREATE INDEX temp.sole_person ON sole (person)",
	"UPDATE person SET alone ="
	" (SELECT count(*) FROM sole WHERE person = person.id)",
	"UPDATE person SET policy = CASE"
	" WHEN EXISTS (SELECT 1 FROM agent a JOIN policy p ON p.id = a.policy"
	" WHERE p.snapshot IS NULL AND a.thumbprint = person.thumbprint)"
	" THEN 'current' WHEN certificate NOTNULL OR EXISTS (SELECT 1"
	" FROM agent a WHERE a.thumbprint = person.thumbprint)"
	" THEN 'stale' ELSE 'unknown' END"
	" WHERE ring = 'drf' AND EXISTS (" LIVE_POLICY ")",
	NOW,
	NULL,
};

/* ---------------------------------------------------------------- folders */

/*
 * With a slash behind it, a path sorts before all that is below it, and those
 * before all else.
 */
static const char *const folders[] = {
	"CREATE TEMP TABLE above (volume, path, UNIQUE (volume, path))",
	"INSERT OR IGNORE INTO above SELECT volume, folder_of(path)"
	" FROM object WHERE volume NOTNULL AND path NOTNULL",
	NULL,
};
static const char *const folder_rows[] = {
	"INSERT INTO folder SELECT NULL, volume, NULL, path,"
	" CASE path WHEN '/' THEN 0 ELSE"
	" length(path) - length(replace(path, '/', '')) END, 0"
	" FROM above ORDER BY volume, CASE path WHEN '/' THEN '' ELSE path END"
	" || '/'",
	"UPDATE folder SET parent = (SELECT f.id FROM folder f WHERE"
	" f.volume = folder.volume AND f.path = folder_of(folder.path))"
	" WHERE path <> '/'",
	"CREATE TEMP TABLE place AS SELECT o.id AS object, f.id AS folder"
	" FROM object o CROSS JOIN folder f ON f.volume = o.volume"
	" AND f.path = folder_of(o.path)",
	"CREATE INDEX temp.place_folder ON place (folder)",
	"CREATE UNIQUE INDEX temp.place_object ON place (object)",
	"UPDATE folder SET objects ="
	" (SELECT count(*) FROM place p WHERE p.folder = folder.id)",
	"INSERT INTO share SELECT p.folder, m.person, count(DISTINCT p.object)"
	" FROM place p CROSS JOIN entry e ON e.object = p.object"
	" CROSS JOIN person_of m ON m.ring = e.ring"
	" AND m.credential = e.credential GROUP BY 1, 2",
	NULL,
};

#define UP_SHARE                                                      \
	"INSERT INTO share SELECT f.parent, s.person, sum(s.objects)" \
	" FROM folder f CROSS JOIN share s ON s.folder = f.id"        \
	" WHERE f.depth = %u GROUP BY 1, 2 ON CONFLICT DO UPDATE"     \
	" SET objects = objects + excluded.objects"
#define UP_COUNT                                                       \
	"UPDATE folder SET objects = objects + (SELECT sum(c.objects)" \
	" FROM folder c WHERE c.parent = folder.id) WHERE id IN"       \
	" (SELECT parent FROM folder WHERE depth = %u)"

/* The path of what a path lies in, at most DEEPEST names long. */
static void folder_of(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	const char *path = (const char *)sqlite3_value_text(v[0]);
	const char *end = path ? strrchr(path, '/') : NULL, *p = path;

	(void)n;
	for (unsigned depth = 0; end && p < end; p++)
		if (*p == '/' && depth++ == DEEPEST)
			break;
	if (!end || p == path)
		sqlite3_result_text(ctx, "/", 1, SQLITE_STATIC);
	else
		sqlite3_result_text(ctx, path, (int)(p - path),
		                    SQLITE_TRANSIENT);
}

/* --------------------------------------------------------------- findings */

struct finding {
	const char *kind, *severity, *title, *advice, *sql;
};

static const struct finding findings[] = {
#define FINDING(kind, severity, title, advice, sql) \
	{ kind, severity, title, advice, sql },
#include "recovery/findings.def"
#undef FINDING
};

/*
 * Objects as they are now, whose ring is known in whole: what is said of rings
 * is said of these.
 */
static const char live[] =
	"CREATE TEMP TABLE live AS SELECT o.id, o.volume, v.evidence,"
	" o.directory, o.owners FROM object o JOIN volume v"
	" ON v.id = o.volume WHERE v.snapshot = 0 AND NOT o.deleted"
	" AND o.owners NOTNULL AND o.class IN ('user', 'pfile')";

static const char *const before_findings[] = {
	live,
	"CREATE UNIQUE INDEX temp.live_id ON live (id)",
	"CREATE INDEX temp.live_evidence ON live (evidence)",
	"CREATE TEMP TABLE hit (object, subject)",
	NULL,
};

/* What a finding's subject is called. */
static const char *const after_findings[] = {
	"UPDATE finding SET name = ifnull("
	"(SELECT p.name FROM person p WHERE p.thumbprint = finding.subject"
	" ORDER BY p.id LIMIT 1), ifnull("
	"(SELECT c.subject FROM certificate c"
	" WHERE c.thumbprint = finding.subject), ifnull("
	"(SELECT a.name FROM account a WHERE a.sid = finding.subject"
	" ORDER BY a.id LIMIT 1),"
	"(SELECT p.name FROM person p WHERE p.sid = finding.subject"
	" ORDER BY p.id LIMIT 1))))",
	NULL,
};

#define ADD_FINDING                                                          \
	"INSERT INTO finding SELECT NULL, ?1, ?2, ?3, ?4, subject, NULL,"    \
	" count(DISTINCT object) FROM hit GROUP BY subject ORDER BY 8 DESC," \
	" subject"
#define ADD_FINDING_OBJECTS                                         \
	"INSERT INTO finding_object SELECT DISTINCT f.id, h.object" \
	" FROM hit h CROSS JOIN finding f ON f.kind = ?1"           \
	" AND f.subject IS h.subject WHERE h.object NOTNULL"

/* -------------------------------------------------------------- computing */

static const char *const clear[] = {
	"DELETE FROM finding_object",
	"DELETE FROM finding",
	"DELETE FROM share",
	"DELETE FROM folder",
	"DELETE FROM person_of",
	"DELETE FROM person",
	NULL,
};
static const char *const drop[] = {
	"DROP TABLE IF EXISTS temp.now",   "DROP TABLE IF EXISTS temp.sole",
	"DROP TABLE IF EXISTS temp.above", "DROP TABLE IF EXISTS temp.place",
	"DROP TABLE IF EXISTS temp.live",  "DROP TABLE IF EXISTS temp.hit",
	"DROP TABLE IF EXISTS temp.gone",  NULL,
};

static enum status exec_all(struct casefile *cf, const char *const *sql,
                            struct error *err)
{
	enum status st = OK;

	for (; *sql && !st; sql++)
		st = case_exec(cf, *sql, err);
	return st;
}

static enum status add_folders(struct casefile *cf, struct error *err)
{
	enum status st = exec_all(cf, folders, err);

	/* until all that are above are there: DEEPEST times at most */
	for (int added = 1; added > 0 && !st; added = sqlite3_changes(cf->db))
		st = case_exec(cf,
		               "INSERT OR IGNORE INTO above SELECT volume,"
		               " folder_of(path) FROM above",
		               err);
	if (!st)
		st = exec_all(cf, folder_rows, err);
	for (unsigned depth = DEEPEST; depth > 0 && !st; depth--) {
		char sql[512];

		(void)g_snprintf(sql, sizeof(sql), UP_SHARE, depth);
		st = case_exec(cf, sql, err);
		(void)g_snprintf(sql, sizeof(sql), UP_COUNT, depth);
		if (!st)
			st = case_exec(cf, sql, err);
	}
	return st;
}

static enum status add_finding(struct casefile *cf, const struct finding *f,
                               struct error *err)
{
	const char *const texts[] = { f->kind, f->severity, f->title,
		                      f->advice };
	char *sql = g_strconcat("INSERT INTO hit ", f->sql, NULL);
	enum status st = case_exec(cf, sql, err);

	g_free(sql);
	if (!st)
		st = case_exec_with(cf, ADD_FINDING, texts, 4, NULL, err);
	if (!st)
		st = case_exec_with(cf, ADD_FINDING_OBJECTS, texts, 1, NULL,
		                    err);
	return st ? st : case_exec(cf, "DELETE FROM hit", err);
}

static enum status add_findings(struct casefile *cf, struct error *err)
{
	enum status st = exec_all(cf, before_findings, err);

	for (size_t i = 0; i < G_N_ELEMENTS(findings) && !st; i++)
		st = add_finding(cf, &findings[i], err);
	return st ? st : exec_all(cf, after_findings, err);
}

/* Those whose keys are taken to be lost. */
static enum status add_gone(struct casefile *cf, const char *const *without,
                            size_t n, struct error *err)
{
	enum status st =
		case_exec(cf, "CREATE TEMP TABLE gone (id UNIQUE)", err);

	for (size_t i = 0; i < n && !st; i++)
		st = case_exec_with(cf, "INSERT OR IGNORE INTO gone VALUES (?)",
		                    &without[i], 1, NULL, err);
	return st;
}

static enum status compute(struct casefile *cf, const char *const *without,
                           size_t n, struct error *err)
{
	enum status st = exec_all(cf, clear, err);

	if (!st)
		st = exec_all(cf, drop, err);
	if (!st)
		st = add_gone(cf, without, n, err);
	if (!st)
		st = exec_all(cf, people, err);
	if (!st)
		st = add_folders(cf, err);
	if (!st)
		st = add_findings(cf, err);
	return st ? st : exec_all(cf, drop, err);
}

enum status casefile_audit(struct casefile *cf, const char *const *without,
                           size_t n_without, struct error *err)
{
	int rc = sqlite3_create_function(cf->db, "folder_of", 1,
	                                 SQLITE_UTF8 | SQLITE_DETERMINISTIC,
	                                 NULL, folder_of, NULL, NULL);
	enum status st =
		rc == SQLITE_OK ? casefile_commit(cf, err) : case_fail(rc, err);

	if (!st)
		st = case_exec(cf, "BEGIN", err);
	if (!st)
		st = compute(cf, without, n_without, err);
	if (!st)
		return casefile_commit(cf, err);
	/* What was there before stays. */
	(void)sqlite3_exec(cf->db, "ROLLBACK", NULL, NULL, NULL);
	return st;
}
