/* SPDX-License-Identifier: MIT */
/*
 * casefile_add.c - put facts into a case
 */
#include "recovery/casefile_internal.h"

#include <glib.h>
#include <inttypes.h>

static const char *const add_sql[CASE_STATEMENTS] = {
	[CASE_SET_TOOL] =
		"INSERT OR REPLACE INTO tool VALUES (1, ?, ?, ?, ?, ?)",
	[CASE_ADD_EVIDENCE] =
		"INSERT INTO evidence VALUES (NULL, ?, ?, ?, ?, ?, ?)",
	[CASE_UPDATE_EVIDENCE] =
		"UPDATE evidence SET sha256 = ?, reason = ? WHERE id = ?",
	[CASE_ADD_BAD] = "INSERT OR REPLACE INTO bad VALUES (?, ?, ?)",
	[CASE_ADD_FACT] = "INSERT INTO fact VALUES (NULL, ?, ?, ?, ?)",
	[CASE_ADD_VOLUME] = "INSERT INTO volume VALUES"
			    " (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[CASE_UPDATE_VOLUME] = "UPDATE volume SET records = ?, objects = ?,"
			       " reason = ? WHERE id = ?",
	[CASE_ADD_KEY] =
		"INSERT INTO key VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		" ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
	[CASE_LINK_KEY] = "UPDATE key SET behind = ? WHERE id = ?",
	[CASE_ADD_CRACK] = "INSERT INTO crack VALUES (?, ?, ?)",
	[CASE_ADD_CERTIFICATE] = "INSERT OR IGNORE INTO certificate VALUES"
				 " (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[CASE_ADD_ACCOUNT] =
		"INSERT OR IGNORE INTO account VALUES (NULL, ?, ?, ?, ?, ?)",
	[CASE_ADD_POLICY] = "INSERT INTO policy VALUES (NULL, ?, ?, ?, ?, ?)",
	[CASE_ADD_AGENT] = "INSERT INTO agent VALUES (?, ?, ?, ?, ?)",
	[CASE_FIND_WANTED] =
		"SELECT id FROM wanted WHERE kind IS ? AND secret IS ?",
	[CASE_ADD_WANTED] = "INSERT INTO wanted VALUES (NULL, ?, ?, ?)",
	[CASE_ADD_WANTED_BY] = "INSERT OR IGNORE INTO wanted_by VALUES (?, ?)",
	[CASE_ADD_OBJECT] = "INSERT INTO object VALUES (NULL, ?, ?, ?, ?, ?,"
			    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[CASE_ADD_LINK] = "INSERT INTO link VALUES (?, ?, ?)",
	[CASE_FIND_CREDENTIAL] =
		"SELECT id FROM credential WHERE thumbprint IS ? AND name IS ?"
		" AND sid IS ? AND container IS ? AND provider IS ?",
	[CASE_ADD_CREDENTIAL] =
		"INSERT INTO credential VALUES (NULL, ?, ?, ?, ?, ?)",
	[CASE_ADD_ENTRY] = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
	[CASE_ADD_TRY] = "INSERT INTO try VALUES (?, ?, ?, ?, ?, ?, ?)",
	[CASE_ADD_CHAIN] = "INSERT INTO chain VALUES (?, ?, ?)",
	[CASE_ADD_STREAM] = "INSERT INTO stream VALUES"
			    " (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[CASE_ADD_HOLE] = "INSERT INTO hole VALUES (?, ?, ?, ?)",
};

enum status case_add_begin(struct casefile *cf, struct case_row *row,
                           enum case_statement which, struct error *err)
{
	int rc = SQLITE_OK;

	if (!cf->add[which])
		rc = sqlite3_prepare_v3(cf->db, add_sql[which], -1,
		                        SQLITE_PREPARE_PERSISTENT,
		                        &cf->add[which], NULL);
	if (rc == SQLITE_OK && sqlite3_get_autocommit(cf->db))
		rc = sqlite3_exec(cf->db, "BEGIN", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return case_fail(rc, err);
	*row = case_row_bind(cf->add[which]);
	return OK;
}

enum status case_add_end(struct case_row *row, struct error *err)
{
	int rc = row->rc;

	if (rc == SQLITE_OK) {
		(void)sqlite3_step(row->stmt);
		rc = sqlite3_reset(row->stmt);
	}
	return rc == SQLITE_OK ? OK : case_fail(rc, err);
}

enum status case_add_done(struct casefile *cf, struct error *err)
{
	bool due = ++cf->pending >= CASE_BATCH ||
	           g_get_monotonic_time() - cf->committed >= CASE_MOST;

	return due ? casefile_commit(cf, err) : OK;
}

enum status case_find_id(struct case_row *row, int64_t *id, struct error *err)
{
	bool found = !row->rc && sqlite3_step(row->stmt) == SQLITE_ROW;
	int rc;

	*id = found ? sqlite3_column_int64(row->stmt, 0) : 0;
	rc = sqlite3_reset(row->stmt);
	if (row->rc)
		rc = row->rc;
	return rc == SQLITE_OK ? OK : case_fail(rc, err);
}

static enum status fact_end_id(struct casefile *cf, struct case_row *row,
                               int64_t *id, struct error *err)
{
	enum status st = case_add_end(row, err);

	*id = st ? 0 : sqlite3_last_insert_rowid(cf->db);
	return st ? st : case_add_done(cf, err);
}

enum status casefile_set_tool(struct casefile *cf, const struct case_tool *tool,
                              struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_SET_TOOL, err);

	if (st)
		return st;
	case_put_text(&row, tool->version);
	case_put_text(&row, tool->command);
	case_put_text(&row, tool->started);
	case_put_text(&row, tool->ended);
	case_put_i64(&row, tool->interrupted);
	st = case_add_end(&row, err);
	return st ? st : case_add_done(cf, err);
}

enum status casefile_add_evidence(struct casefile *cf,
                                  struct case_evidence *evidence,
                                  struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_EVIDENCE, err);

	if (st)
		return st;
	case_put_text(&row, evidence->name);
	case_put_text(&row, evidence->path);
	case_put_text(&row, evidence->format);
	case_put_u64(&row, evidence->size);
	case_put_text(&row, evidence->sha256);
	case_put_text(&row, evidence->reason);
	return fact_end_id(cf, &row, &evidence->id, err);
}

enum status casefile_update_evidence(struct casefile *cf,
                                     const struct case_evidence *evidence,
                                     struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_UPDATE_EVIDENCE, err);

	if (st)
		return st;
	case_put_text(&row, evidence->sha256);
	case_put_text(&row, evidence->reason);
	case_put_i64(&row, evidence->id);
	st = case_add_end(&row, err);
	if (!st && !sqlite3_changes(cf->db))
		return fail(err, E_ABSENT, 0, "no such evidence in the case");
	return st ? st : case_add_done(cf, err);
}

enum status casefile_add_volume(struct casefile *cf, struct case_volume *volume,
                                struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_VOLUME, err);

	if (st)
		return st;
	case_put_i64(&row, volume->evidence);
	case_put_u64(&row, volume->number);
	case_put_u64(&row, volume->snapshot);
	case_put_u64(&row, volume->offset);
	case_put_u64(&row, volume->size);
	case_put_text(&row, volume->description);
	case_put_text(&row, volume->filesystem);
	case_put_known(&row, volume->sector);
	case_put_known(&row, volume->cluster);
	case_put_u64(&row, volume->serial);
	case_put_known(&row, volume->made);
	case_put_u64(&row, volume->records);
	case_put_u64(&row, volume->objects);
	case_put_text(&row, volume->reason);
	return fact_end_id(cf, &row, &volume->id, err);
}

enum status casefile_update_volume(struct casefile *cf,
                                   const struct case_volume *volume,
                                   struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_UPDATE_VOLUME, err);

	if (st)
		return st;
	case_put_u64(&row, volume->records);
	case_put_u64(&row, volume->objects);
	case_put_text(&row, volume->reason);
	case_put_i64(&row, volume->id);
	st = case_add_end(&row, err);
	if (!st && !sqlite3_changes(cf->db))
		return fail(err, E_ABSENT, 0, "no such volume in the case");
	return st ? st : case_add_done(cf, err);
}

/* ------------------------------------------------------------- objects */

static enum status add_texts(struct casefile *cf, enum case_statement which,
                             int64_t object, const char *const *texts, size_t n,
                             struct error *err)
{
	enum status st = OK;
	struct case_row row;

	for (size_t i = 0; i < n && !st; i++) {
		st = case_add_begin(cf, &row, which, err);
		if (st)
			break;
		case_put_i64(&row, object);
		case_put_u64(&row, i);
		case_put_text(&row, texts[i]);
		st = case_add_end(&row, err);
	}
	return st;
}

static void put_credential(struct case_row *row, const struct case_entry *e)
{
	case_put_text(row, e->thumbprint);
	case_put_text(row, e->name);
	case_put_text(row, e->sid);
	case_put_text(row, e->container);
	case_put_text(row, e->provider);
}

/* The same few owners stand on every file: keep each once. */
static enum status credential_id(struct casefile *cf, int64_t *id,
                                 const struct case_entry *entry,
                                 struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_FIND_CREDENTIAL, err);

	if (st)
		return st;
	put_credential(&row, entry);
	st = case_find_id(&row, id, err);
	if (st || *id)
		return st;

	st = case_add_begin(cf, &row, CASE_ADD_CREDENTIAL, err);
	if (st)
		return st;
	put_credential(&row, entry);
	st = case_add_end(&row, err);
	*id = sqlite3_last_insert_rowid(cf->db);
	return st;
}

static enum status add_entry(struct casefile *cf, int64_t object,
                             const struct case_entry *entry, int64_t credential,
                             struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_ENTRY, err);

	if (st)
		return st;
	case_put_i64(&row, object);
	case_put_text(&row, efs_ring_name(entry->ring));
	case_put_u64(&row, entry->entry);
	case_put_i64(&row, credential);
	case_put_u64(&row, entry->flags);
	case_put_u64(&row, entry->wrapped_bits);
	case_put_text(&row, entry->reason);
	return case_add_end(&row, err);
}

static enum status add_try(struct casefile *cf, int64_t object, size_t n,
                           const struct case_try *try, struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_TRY, err);

	if (st)
		return st;
	case_put_i64(&row, object);
	case_put_u64(&row, n);
	case_put_text(&row, efs_ring_name(try->ring));
	case_put_u64(&row, try->entry);
	case_put_text(&row, try->key);
	case_put_text(&row, try->by_thumbprint ? "thumbprint" : "mathematics");
	case_put_text(&row, try->result);
	return case_add_end(&row, err);
}

/* A ring that is damaged must not look as if somebody had been removed. */
static bool ring_known(const struct case_object *o)
{
	for (size_t i = 0; i < o->n_entries; i++) {
		const struct case_entry *e = &o->entries[i];

		if (!e->thumbprint && (e->reason || (!e->name && !e->sid)))
			return false;
	}
	return o->has_efs && o->n_entries && !o->ring_cut;
}

/* The credentials of the rings, "ddf 1 2 drf 7": equal texts, equal rings. */
static char *owners(const struct case_object *o, const int64_t *credentials)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < o->n_entries; i++) {
		enum efs_ring ring = o->entries[i].ring;

		if (!i || o->entries[i - 1].ring != ring)
			g_string_append_printf(text, "%s%s", i ? " " : "",
			                       efs_ring_name(ring));
		g_string_append_printf(text, " %" PRId64, credentials[i]);
	}
	return g_string_free(text, FALSE);
}

static void put_efs(struct case_row *row, const struct case_object *o)
{
	if (o->has_efs)
		case_put_u64(row, o->efs_version);
	else
		case_put_null(row);
	case_put_text(row, o->efs_id);
	case_put_text(row, o->efs_class);
	case_put_text(row, o->algorithm);
	case_put_text(row, o->opened ? efs_ring_name(o->opened_ring) : NULL);
	if (o->opened)
		case_put_u64(row, o->opened_entry);
	else
		case_put_null(row);
	case_put_text(row, o->opened ? o->opened_key : NULL);
}

static enum status add_object_row(struct casefile *cf, struct case_object *o,
                                  const char *owners, struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_OBJECT, err);

	if (st)
		return st;
	case_put_known(&row, (uint64_t)o->volume);
	case_put_u64(&row, o->mft);
	case_put_u64(&row, o->sequence);
	case_put_text(&row, o->path);
	case_put_i64(&row, o->directory);
	case_put_i64(&row, o->deleted);
	case_put_known(&row, o->created);
	case_put_known(&row, o->modified);
	case_put_known(&row, o->accessed);
	case_put_known(&row, o->changed);
	put_efs(&row, o);
	case_put_text(&row, owners);
	st = case_add_end(&row, err);
	if (!st)
		o->id = sqlite3_last_insert_rowid(cf->db);
	return st;
}

static enum status add_whole_object(struct casefile *cf, struct case_object *o,
                                    const int64_t *credentials,
                                    struct error *err)
{
	char *ring = ring_known(o) ? owners(o, credentials) : NULL;
	enum status st = add_object_row(cf, o, ring, err);

	g_free(ring);
	if (!st)
		st = add_texts(cf, CASE_ADD_LINK, o->id, o->links, o->n_links,
		               err);
	for (size_t i = 0; i < o->n_entries && !st; i++)
		st = add_entry(cf, o->id, &o->entries[i], credentials[i], err);
	for (size_t i = 0; i < o->n_tries && !st; i++)
		st = add_try(cf, o->id, i, &o->tries[i], err);
	if (!st)
		st = add_texts(cf, CASE_ADD_CHAIN, o->id, o->chain, o->n_chain,
		               err);
	return st ? st : case_add_done(cf, err);
}

enum status casefile_add_object(struct casefile *cf, struct case_object *object,
                                struct error *err)
{
	int64_t *credentials = g_new(int64_t, object->n_entries);
	enum status st = OK;

	object->id = 0;
	for (size_t i = 0; i < object->n_entries && !st; i++)
		st = credential_id(cf, &credentials[i], &object->entries[i],
		                   err);
	if (!st)
		st = add_whole_object(cf, object, credentials, err);
	g_free(credentials);
	return st;
}

static enum status add_hole(struct casefile *cf, int64_t stream, size_t n,
                            const struct case_hole *hole, struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_HOLE, err);

	if (st)
		return st;
	case_put_i64(&row, stream);
	case_put_u64(&row, n);
	case_put_u64(&row, hole->offset);
	case_put_u64(&row, hole->size);
	return case_add_end(&row, err);
}

enum status casefile_add_stream(struct casefile *cf, struct case_stream *stream,
                                struct error *err)
{
	struct case_row row;
	enum status st = case_add_begin(cf, &row, CASE_ADD_STREAM, err);

	stream->id = 0;
	if (st)
		return st;
	case_put_i64(&row, stream->object);
	case_put_text(&row, stream->name);
	case_put_u64(&row, stream->size);
	case_put_text(&row, outcome_name(stream->outcome));
	case_put_text(&row, stream->reason);
	case_put_text(&row, stream->output);
	case_put_text(&row, stream->same_as);
	case_put_text(&row, stream->md5);
	case_put_text(&row, stream->sha1);
	case_put_text(&row, stream->sha256);
	st = case_add_end(&row, err);
	if (st)
		return st;
	stream->id = sqlite3_last_insert_rowid(cf->db);
	for (size_t i = 0; i < stream->n_holes && !st; i++)
		st = add_hole(cf, stream->id, i, &stream->holes[i], err);
	return st ? st : case_add_done(cf, err);
}
