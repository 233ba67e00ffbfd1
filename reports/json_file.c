/* SPDX-License-Identifier: MIT */
/*
 * json_file.c - the JSON record of one file
 */
#include "reports/format.h"
#include "reports/json.h"

json_t *json_ring(const struct case_entry *entries, size_t n,
                  enum efs_ring which)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		const struct case_entry *e = &entries[i];
		json_t *item;

		if (e->ring != which)
			continue;
		item = json_object();
		json_add_u64(item, "entry", e->entry);
		json_add_text(item, "thumbprint", e->thumbprint);
		json_add_text(item, "name", e->name);
		json_add_text(item, "sid", e->sid);
		json_add_text(item, "container", e->container);
		json_add_text(item, "provider", e->provider);
		json_add_u64(item, "flags", e->flags);
		json_add_u64(item, "wrapped_bits", e->wrapped_bits);
		if (e->reason)
			json_add_text(item, "reason", e->reason);
		(void)json_array_append_new(list, item);
	}
	return list;
}

static json_t *efs(const struct case_object *o)
{
	json_t *efs;

	if (!o->has_efs)
		return NULL;
	efs = json_object();
	json_add_known(efs, "version", o->efs_version);
	json_add_text(efs, "id", o->efs_id);
	json_add_text(efs, "class", o->efs_class);
	json_add_text(efs, "algorithm", o->algorithm);
	json_add(efs, "ddf", json_ring(o->entries, o->n_entries, EFS_DDF));
	json_add(efs, "drf", json_ring(o->entries, o->n_entries, EFS_DRF));
	return efs;
}

static json_t *opened_by(const struct case_object *o)
{
	json_t *opened;

	if (!o->opened)
		return NULL;
	opened = json_object();
	json_add_text(opened, "ring", efs_ring_name(o->opened_ring));
	json_add_u64(opened, "entry", o->opened_entry);
	json_add_text(opened, "key", o->opened_key);
	json_add_texts(opened, "chain", o->chain, o->n_chain);
	return opened;
}

static json_t *holes(const struct case_stream *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n_holes; i++) {
		json_t *item = json_object();

		json_add_u64(item, "offset", s->holes[i].offset);
		json_add_u64(item, "size", s->holes[i].size);
		(void)json_array_append_new(list, item);
	}
	return list;
}

static json_t *tries(const struct case_object *o)
{
	json_t *list = json_array();

	for (size_t i = 0; i < o->n_tries; i++) {
		const struct case_try *t = &o->tries[i];
		json_t *item = json_object();

		json_add_text(item, "ring", efs_ring_name(t->ring));
		json_add_u64(item, "entry", t->entry);
		json_add_text(item, "key", t->key);
		json_add_text(item, "by",
		              t->by_thumbprint ? "thumbprint" : "mathematics");
		json_add_text(item, "result", t->result);
		(void)json_array_append_new(list, item);
	}
	return list;
}

static json_t *changes(const struct case_file *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->n_changes; i++) {
		const struct case_change *c = &f->changes[i];
		json_t *item = json_object();

		json_add_text(item, "change", c->added ? "added" : "removed");
		json_add_text(item, "ring", efs_ring_name(c->ring));
		json_add_text(item, "thumbprint", c->thumbprint);
		json_add_text(item, "name", c->name);
		json_add_time(item, "from", c->from);
		json_add_time(item, "to", c->to);
		json_add_label(item, "from_snapshot", 's', c->before);
		json_add_label(item, "to_snapshot", 's', c->after);
		json_add_text(item, "sid", c->sid);
		(void)json_array_append_new(list, item);
	}
	return list;
}

static void add_place(json_t *r, const struct case_file *f)
{
	const struct case_object *o = &f->object;

	json_add_text(r, "evidence", f->evidence);
	json_add_label(r, "volume", 'v', f->volume);
	json_add_label(r, "snapshot", 's', f->snapshot);
	/* A loose file lies in no MFT; record 0 would be the MFT's own. */
	json_add(r, "mft", NULL);
	json_add(r, "sequence", NULL);
	if (format_has_record(f)) {
		json_add_u64(r, "mft", o->mft);
		json_add_u64(r, "sequence", o->sequence);
	}
	json_add_text(r, "path", o->path);
	json_add_text(r, "stream", f->stream.name);
	json_add(r, "directory", json_boolean(o->directory));
	json_add(r, "deleted", json_boolean(o->deleted));
	json_add_u64(r, "size", f->stream.size);
	json_add_time(r, "created", o->created);
	json_add_time(r, "modified", o->modified);
	json_add_time(r, "accessed", o->accessed);
	json_add_time(r, "changed", o->changed);
}

void json_write_file(void *ctx, const struct case_file *f)
{
	json_t *r = json_record("file");

	add_place(r, f);
	json_add(r, "efs", efs(&f->object));
	json_add_text(r, "status", outcome_name(f->stream.outcome));
	json_add_text(r, "reason", f->stream.reason);
	json_add(r, "opened_by", opened_by(&f->object));
	json_add_text(r, "output", f->stream.output);
	json_add_text(r, "md5", f->stream.md5);
	if (f->stream.sha1)
		json_add_text(r, "sha1", f->stream.sha1);
	json_add_text(r, "sha256", f->stream.sha256);
	json_add_texts(r, "missing", f->missing, f->n_missing);
	json_add(r, "holes", holes(&f->stream));
	json_add(r, "tries", tries(&f->object));
	json_add_texts(r, "links", f->object.links, f->object.n_links);
	json_add_text(r, "same_as", f->stream.same_as);
	json_add(r, "changes", changes(f));
	json_write(ctx, r);
}
