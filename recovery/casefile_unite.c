/* SPDX-License-Identifier: MIT */
/*
 * casefile_unite.c - the keys that the parts of one run saw become one ring
 */
#include "recovery/casefile_audit.h"
#include "recovery/casefile_internal.h"

#include <glib.h>

/* clang-format off */

/* What only the case of the keys knows. */
static const char *const add_keys[] = {
	"INSERT INTO key SELECT id + m.key, type, key_id, sid, user, name,"
	" source, k.evidence, k.volume, snapshot, path, offset, made, container,"
	" certificate, bits, current, state, unlocked_by, reason, opens,"
	" behind + m.key FROM other.key k, move m ORDER BY id",
	"INSERT INTO crack SELECT c.key + m.key, position, line"
	" FROM other.crack c, move m",
	"INSERT OR IGNORE INTO certificate SELECT NULL, thumbprint, subject,"
	" issuer, serial, not_before, not_after, kind, bits, self_signed, efs,"
	" recovery, source FROM other.certificate ORDER BY id",
	"INSERT INTO evidence SELECT NULL, name, path, format, size, sha256,"
	" reason FROM other.evidence o WHERE NOT EXISTS (SELECT 1 FROM"
	" main.evidence e WHERE e.name = o.name) ORDER BY id",
	NULL,
};

/*
 * `first` stands for all of its kind: one that is open, if there is any, and
 * that the case of the keys knows.
 * A part that has only the key, and not what opened it, could not count its
 * files for that: `lifted` are those, for all keys behind it.
 */
static const char *const unite[] = {
	"CREATE TEMP TABLE same AS SELECT k.id, first_value(k.id) OVER"
	" (PARTITION BY type, key_id, source, k.evidence, k.volume, snapshot,"
	" path, offset"
	" ORDER BY state <> 'unlocked', k.id <= m.key, k.id) AS first"
	" FROM main.key k, move m",
	"CREATE UNIQUE INDEX temp.same_id ON same (id)",
	"CREATE TEMP TABLE lifted AS WITH RECURSIVE up (key, opens, depth) AS ("
	"SELECT b.first, d.opens, 1 FROM temp.same s"
	" JOIN main.key d ON d.id = s.id JOIN main.key c ON c.id = s.first"
	" JOIN temp.same b ON b.id = c.behind"
	" WHERE s.id <> s.first AND d.behind IS NULL AND d.opens > 0"
	" UNION ALL SELECT b.first, up.opens, depth + 1 FROM up"
	" JOIN main.key c ON c.id = up.key JOIN temp.same b ON b.id = c.behind"
	" WHERE depth < 100)"
	" SELECT key, sum(opens) AS opens FROM up GROUP BY key",
	"CREATE TEMP TABLE counted AS SELECT s.first AS key, sum(k.opens) AS"
	" opens FROM temp.same s JOIN main.key k ON k.id = s.id GROUP BY 1",
	"UPDATE main.key SET opens = (SELECT c.opens FROM temp.counted c"
	" WHERE c.key = id) + ifnull((SELECT l.opens FROM temp.lifted l"
	" WHERE l.key = id), 0), behind = (SELECT s.first FROM temp.same s"
	" WHERE s.id = behind)"
	" WHERE id IN (SELECT first FROM temp.same)",
	"DELETE FROM main.crack WHERE key IN"
	" (SELECT id FROM temp.same WHERE id <> first)",
	"DELETE FROM main.key WHERE id IN"
	" (SELECT id FROM temp.same WHERE id <> first)",
	"DROP TABLE temp.counted",
	"DROP TABLE temp.lifted",
	"DROP TABLE temp.same",
	"DROP TABLE temp.move",
	NULL,
};
/* clang-format on */

static enum status run_steps(struct casefile *cf, const char *const *steps,
                             struct error *err)
{
	enum status st = OK;

	for (; *steps && !st; steps++)
		st = case_exec(cf, *steps, err);
	return st;
}

static enum status with_keys(struct casefile *cf, const void *ctx,
                             struct error *err)
{
	enum status st = case_make_move(cf, NULL, err);

	(void)ctx;
	if (!st)
		st = run_steps(cf, add_keys, err);
	return st ? st : run_steps(cf, unite, err);
}

static enum status alone(struct casefile *cf, struct error *err)
{
	enum status st = casefile_commit(cf, err);

	if (!st)
		st = case_exec(cf, "BEGIN", err);
	if (!st)
		st = case_make_move(cf, NULL, err);
	if (!st)
		st = run_steps(cf, unite, err);
	if (!st)
		return casefile_commit(cf, err);
	(void)sqlite3_exec(cf->db, "ROLLBACK", NULL, NULL, NULL);
	return st;
}

enum status casefile_unite(struct casefile *cf, const char *keys,
                           struct error *err)
{
	return keys ? case_copy_from(cf, keys, with_keys, NULL, err)
	            : alone(cf, err);
}
