/* SPDX-License-Identifier: MIT */
/*
 * casefile_walk.c - read a case: walks of one row after the other, and totals
 */
#include "recovery/casefile_internal.h"

#include <glib.h>

enum status case_walk_open(struct case_walk **out, struct casefile *cf,
                           const char *sql, struct error *err)
{
	struct case_walk *w = g_new0(struct case_walk, 1);
	int rc = sqlite3_prepare_v2(cf->db, sql, -1, &w->stmt, NULL);

	*out = rc == SQLITE_OK ? w : NULL;
	if (rc == SQLITE_OK)
		return OK;
	g_free(w);
	return case_fail(rc, err);
}

enum status case_walk_open_of(struct case_walk **w, struct casefile *cf,
                              const char *sql, int64_t id, struct error *err)
{
	enum status st = case_walk_open(w, cf, sql, err);
	struct case_row row;

	if (!*w)
		return st;
	row = case_row_bind((*w)->stmt);
	case_put_i64(&row, id);
	return OK;
}

bool case_walk_step(struct case_walk *w)
{
	int rc;

	if (!w || w->err.status)
		return false;
	rc = sqlite3_step(w->stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		(void)case_fail(rc, &w->err);
	return rc == SQLITE_ROW;
}

enum status case_walk_close(struct case_walk *w, struct error *err)
{
	enum status st;

	if (!w)
		return OK;
	st = w->err.status;
	if (st)
		*err = w->err;
	sqlite3_finalize(w->stmt);
	case_lists_free(w->lists);
	case_texts_free(w->texts);
	g_free(w);
	return st;
}

enum status case_exec_with(struct casefile *cf, const char *sql,
                           const char *const *texts, size_t n, bool *found,
                           struct error *err)
{
	struct case_walk *w;
	enum status st = case_walk_open(&w, cf, sql, err);
	struct case_row row;
	bool any;

	if (!w)
		return st;
	row = case_row_bind(w->stmt);
	for (size_t i = 0; i < n; i++)
		case_put_text(&row, texts[i]);
	any = case_walk_step(w);
	if (found)
		*found = any;
	return case_walk_close(w, err);
}

/* ------------------------------------------------------------ the run */

enum status case_tool_open(struct case_walk **w, struct casefile *cf,
                           struct error *err)
{
	return case_walk_open(w, cf,
	                      "SELECT version, command, started, ended,"
	                      " interrupted FROM tool ORDER BY id",
	                      err);
}

bool case_tool_next(struct case_walk *w, struct case_tool *tool)
{
	struct case_row row;

	*tool = (struct case_tool){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	tool->version = case_get_text(&row);
	tool->command = case_get_text(&row);
	tool->started = case_get_text(&row);
	tool->ended = case_get_text(&row);
	tool->interrupted = case_get_bool(&row);
	return true;
}

/* The case keeps it: the walk that lends it ends here. */
static void keep_tool(struct casefile *cf, struct case_tool *tool)
{
	const char **const texts[] = { &tool->version, &tool->command,
		                       &tool->started, &tool->ended };

	for (size_t i = 0; i < G_N_ELEMENTS(cf->tool); i++) {
		g_free(cf->tool[i]);
		cf->tool[i] = g_strdup(*texts[i]);
		*texts[i] = cf->tool[i];
	}
}

enum status casefile_tool(struct casefile *cf, struct case_tool *tool,
                          struct error *err)
{
	struct case_walk *w;
	enum status st = case_tool_open(&w, cf, err);
	bool found;

	*tool = (struct case_tool){ 0 };
	if (st)
		return st;
	found = case_tool_next(w, tool);
	if (found)
		keep_tool(cf, tool);
	st = case_walk_close(w, err);
	if (st)
		return st;
	return found ? OK
	             : fail(err, E_ABSENT, 0, "the case names no program run");
}

enum status case_evidence_open(struct case_walk **w, struct casefile *cf,
                               struct error *err)
{
	return case_walk_open(w, cf,
	                      "SELECT id, name, path, format, size, sha256,"
	                      " reason FROM evidence ORDER BY id",
	                      err);
}

bool case_evidence_next(struct case_walk *w, struct case_evidence *evidence)
{
	struct case_row row;

	*evidence = (struct case_evidence){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	evidence->id = case_get_i64(&row);
	evidence->name = case_get_text(&row);
	evidence->path = case_get_text(&row);
	evidence->format = case_get_text(&row);
	evidence->size = case_get_u64(&row);
	evidence->sha256 = case_get_text(&row);
	evidence->reason = case_get_text(&row);
	return true;
}

enum status case_volume_open(struct case_walk **w, struct casefile *cf,
                             struct error *err)
{
	return case_walk_open(
		w, cf,
		"SELECT v.id, v.evidence, e.name, number, snapshot, offset,"
		" v.size, description, filesystem, sector, cluster, serial,"
		" made, records, objects, v.reason FROM volume v"
		" JOIN evidence e ON e.id = v.evidence ORDER BY v.id",
		err);
}

bool case_volume_next(struct case_walk *w, struct case_volume *volume)
{
	struct case_row row;

	*volume = (struct case_volume){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	volume->id = case_get_i64(&row);
	volume->evidence = case_get_i64(&row);
	volume->evidence_name = case_get_text(&row);
	volume->number = case_get_u32(&row);
	volume->snapshot = case_get_u32(&row);
	volume->offset = case_get_u64(&row);
	volume->size = case_get_u64(&row);
	volume->description = case_get_text(&row);
	volume->filesystem = case_get_text(&row);
	volume->sector = case_get_u32(&row);
	volume->cluster = case_get_u32(&row);
	volume->serial = case_get_u64(&row);
	volume->made = case_get_u64(&row);
	volume->records = case_get_u64(&row);
	volume->objects = case_get_u64(&row);
	volume->reason = case_get_text(&row);
	return true;
}

/* --------------------------------------------------------------- people */

enum status case_person_open(struct case_walk **w, struct casefile *cf,
                             struct error *err)
{
	return case_walk_open(w, cf,
	                      "SELECT p.id, ring, p.thumbprint, name, sid,"
	                      " account, objects, opened, alone, subject,"
	                      " issuer, not_before, not_after, p.bits,"
	                      " self_signed, policy FROM person p"
	                      " LEFT JOIN certificate c ON c.id = p.certificate"
	                      " ORDER BY ring, objects DESC, name,"
	                      " p.thumbprint, sid, p.id",
	                      err);
}

bool case_person_next(struct case_walk *w, struct case_person *person)
{
	struct case_row row;

	*person = (struct case_person){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	person->id = case_get_i64(&row);
	person->ring = case_get_ring(&row);
	person->thumbprint = case_get_text(&row);
	person->name = case_get_text(&row);
	person->sid = case_get_text(&row);
	person->account = case_get_text(&row);
	person->objects = case_get_u64(&row);
	person->opened = case_get_u64(&row);
	person->alone = case_get_u64(&row);
	person->subject = case_get_text(&row);
	person->issuer = case_get_text(&row);
	person->not_before = case_get_u64(&row);
	person->not_after = case_get_u64(&row);
	person->bits = case_get_u32(&row);
	person->self_signed = case_get_bool(&row);
	person->policy = case_get_text(&row);
	return true;
}

/* -------------------------------------------------------------- counts */

/* A file that names one person twice counts once. */
#define COUNT_PEOPLE(ring)                                                    \
	"SELECT p.thumbprint, ifnull(n.name, min(p.name)), count(*),"         \
	" sum_bytes(s.size) FROM"                                             \
	" (SELECT e.object, c.thumbprint, min(c.name) AS name FROM entry e"   \
	" JOIN credential c ON c.id = e.credential WHERE e.ring = '" ring "'" \
	" GROUP BY e.object, c.thumbprint) p"                                 \
	" JOIN stream s ON s.object = p.object"                               \
	" LEFT JOIN called_name n ON n.thumbprint = p.thumbprint"             \
	" GROUP BY p.thumbprint ORDER BY 3 DESC, 1"
#define COUNT_FIELD(field)                                                  \
	"SELECT " field ", NULL, count(*), sum_bytes(s.size) FROM stream s" \
	" JOIN object o ON o.id = s.object GROUP BY 1 ORDER BY 3 DESC, 1"

enum status case_count_open(struct case_walk **w, struct casefile *cf,
                            enum case_field field, struct error *err)
{
	static const char *const sql[] = {
		[CASE_BY_STATUS] = COUNT_FIELD("s.status"),
		[CASE_BY_ALGORITHM] = COUNT_FIELD("o.algorithm"),
		[CASE_BY_CLASS] = COUNT_FIELD("o.class"),
		[CASE_BY_USER] = COUNT_PEOPLE("ddf"),
		[CASE_BY_AGENT] = COUNT_PEOPLE("drf"),
	};

	return case_walk_open(w, cf, sql[field], err);
}

bool case_count_next(struct case_walk *w, struct case_count *count)
{
	struct case_row row;

	*count = (struct case_count){ 0 };
	if (!case_walk_step(w))
		return false;
	row = case_row_read(w->stmt);
	count->value = case_get_text(&row);
	count->name = case_get_text(&row);
	count->files = case_get_u64(&row);
	count->bytes = case_get_u64(&row);
	return true;
}

static enum status total_rows(struct casefile *cf, struct case_totals *totals,
                              struct error *err)
{
	struct case_walk *w;
	struct case_row row;
	enum status st = case_walk_open(
		&w, cf,
		"SELECT (SELECT count(*) FROM evidence),"
		" (SELECT count(*) FROM volume WHERE number > 0"
		" AND snapshot = 0),"
		" (SELECT count(*) FROM volume WHERE snapshot > 0),"
		" count(*), count(opened_ring),"
		" (SELECT count(*) FROM bad), (SELECT sum_bytes(size) FROM bad)"
		" FROM object",
		err);

	if (st)
		return st;
	if (case_walk_step(w)) {
		row = case_row_read(w->stmt);
		totals->evidence = case_get_u64(&row);
		totals->volumes = case_get_u64(&row);
		totals->snapshots = case_get_u64(&row);
		totals->objects = case_get_u64(&row);
		totals->opened = case_get_u64(&row);
		totals->bad = case_get_u64(&row);
		totals->bad_bytes = case_get_u64(&row);
	}
	return case_walk_close(w, err);
}

static void add_bytes(uint64_t *sum, uint64_t add)
{
	*sum = add > UINT64_MAX - *sum ? UINT64_MAX : *sum + add;
}

enum status casefile_totals(struct casefile *cf, struct case_totals *totals,
                            struct error *err)
{
	struct case_walk *w;
	struct case_count n;
	enum outcome outcome;
	enum status st;

	*totals = (struct case_totals){ 0 };
	st = total_rows(cf, totals, err);
	if (!st)
		st = case_count_open(&w, cf, CASE_BY_STATUS, err);
	if (st)
		return st;
	while (case_count_next(w, &n)) {
		totals->files += n.files;
		add_bytes(&totals->bytes, n.bytes);
		if (!outcome_find(&outcome, n.value) ||
		    !outcome_recovered(outcome))
			continue;
		totals->recovered += n.files;
		add_bytes(&totals->recovered_bytes, n.bytes);
	}
	return case_walk_close(w, err);
}

enum status casefile_digests(struct casefile *cf, struct case_digests *digests,
                             struct error *err)
{
	struct case_walk *w;
	struct case_row row;
	enum status st = case_walk_open(
		&w, cf,
		"SELECT count(coalesce(md5, sha1, sha256)), count(md5),"
		" count(sha1), count(sha256) FROM stream",
		err);

	*digests = (struct case_digests){ 0 };
	if (!w)
		return st;
	if (case_walk_step(w)) {
		row = case_row_read(w->stmt);
		digests->any = case_get_u64(&row);
		digests->md5 = case_get_u64(&row);
		digests->sha1 = case_get_u64(&row);
		digests->sha256 = case_get_u64(&row);
	}
	return case_walk_close(w, err);
}
