/* SPDX-License-Identifier: MIT */
/*
 * json_evidence.c - the JSON records of evidence and volumes, with their facts
 */
#include "reports/json.h"

#include "reports/each.h"

/* A name that comes again makes an array of its values. */
static void add_fact(void *ctx, const struct case_fact *fact)
{
	const char *name = fact->name ? fact->name : "";
	json_t *value = fact->value ? json_string(fact->value) : json_null();
	json_t *old = json_object_get(ctx, name);
	json_t *list;

	if (!old) {
		json_add(ctx, name, value);
		return;
	}
	if (json_is_array(old)) {
		(void)json_array_append_new(old, value);
		return;
	}
	list = json_array();
	(void)json_array_append(list, old);
	(void)json_array_append_new(list, value);
	json_add(ctx, name, list);
}

static void add_bad(void *ctx, const struct case_bad *bad)
{
	json_t *item = json_object();

	json_add_u64(item, "offset", bad->offset);
	json_add_u64(item, "size", bad->size);
	(void)json_array_append_new(ctx, item);
}

static enum status add_facts(json_t *r, struct casefile *cf, int64_t evidence,
                             int64_t volume, struct error *err)
{
	json_t *facts = json_object();
	enum status st = each_fact(cf, evidence, volume, add_fact, facts, err);

	json_add(r, "facts", facts);
	return st;
}

static enum status add_bads(json_t *r, struct casefile *cf, int64_t evidence,
                            struct error *err)
{
	json_t *list = json_array();
	enum status st = each_bad(cf, evidence, add_bad, list, err);

	json_add(r, "bad", list);
	return st;
}

static enum status write_evidence(struct casefile *cf, struct json_out *out,
                                  const struct case_evidence *e,
                                  struct error *err)
{
	json_t *r = json_record("evidence");
	enum status st;

	json_add_text(r, "name", e->name);
	json_add_text(r, "format", e->format);
	json_add_u64(r, "size", e->size);
	json_add_text(r, "sha256", e->sha256);
	json_add_text(r, "path", e->path);
	json_add_text(r, "reason", e->reason);
	st = add_facts(r, cf, e->id, 0, err);
	if (!st)
		st = add_bads(r, cf, e->id, err);
	json_write(out, r);
	return st;
}

static enum status write_volume(struct casefile *cf, struct json_out *out,
                                const struct case_volume *v, struct error *err)
{
	json_t *r = json_record("volume");
	char *serial = g_strdup_printf("%016" PRIx64, v->serial);
	enum status st;

	json_add_text(r, "evidence", v->evidence_name);
	json_add_label(r, "volume", 'v', v->number);
	json_add_label(r, "snapshot", 's', v->snapshot);
	json_add_u64(r, "offset", v->offset);
	json_add_u64(r, "size", v->size);
	json_add_known(r, "cluster_size", v->cluster);
	json_add_text(r, "serial", v->serial ? serial : NULL);
	json_add_u64(r, "encrypted_objects", v->objects);
	json_add_known(r, "sector_size", v->sector);
	json_add_text(r, "filesystem", v->filesystem);
	json_add_text(r, "description", v->description);
	json_add_u64(r, "records", v->records);
	json_add_text(r, "reason", v->reason);
	json_add_time(r, "made", v->made);
	st = add_facts(r, cf, 0, v->id, err);
	g_free(serial);
	json_write(out, r);
	return st;
}

enum status json_write_evidence(struct casefile *cf, struct json_out *out,
                                struct error *err)
{
	struct case_evidence e;
	struct case_walk *w;
	enum status st = case_evidence_open(&w, cf, err);
	enum status closed;

	if (st)
		return st;
	while (!st && case_evidence_next(w, &e))
		st = write_evidence(cf, out, &e, err);
	closed = case_walk_close(w, err);
	return st ? st : closed;
}

enum status json_write_volumes(struct casefile *cf, struct json_out *out,
                               struct error *err)
{
	struct case_volume v;
	struct case_walk *w;
	enum status st = case_volume_open(&w, cf, err);
	enum status closed;

	if (st)
		return st;
	while (!st && case_volume_next(w, &v))
		st = write_volume(cf, out, &v, err);
	closed = case_walk_close(w, err);
	return st ? st : closed;
}
