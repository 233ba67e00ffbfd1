/* SPDX-License-Identifier: MIT */
/*
 * artefact_efsraw.c - a raw export of an encrypted file
 */
#include "analyzer/artefact.h"
#include "parsers/efs_raw.h"
#include "recovery/efs_export.h"

#include <string.h>

/* Extents of a stream that are shown; all are counted. */
#define SHOWN 1000u

static enum status read_bytes(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                              struct error *err)
{
	const struct bytes *in = ctx;

	if (at > in->n || n > in->n - at)
		return fail(err, E_TRUNCATED, in->n, "end of the file");
	memcpy(buf, in->p + at, n);
	return OK;
}

static void add_reason(json_t *to, const struct error *err)
{
	json_add_text(to, "reason", err->status ? err->what : NULL);
	if (err->status)
		json_add_u64(to, "reason_offset", err->at);
}

static json_t *extent_json(const struct extent *e)
{
	json_t *item = json_object();

	json_add_u64(item, "offset", e->offset);
	if (e->at == EXTENT_HOLE)
		json_add(item, "at", NULL);
	else
		json_add_u64(item, "at", e->at);
	json_add_u64(item, "size", e->n);
	return item;
}

static json_t *stream_json(const struct export_stream *s)
{
	json_t *item = json_object();
	json_t *list = json_array();

	for (guint i = 0; i < s->extents->len && i < SHOWN; i++)
		(void)json_array_append_new(
			list, extent_json(&g_array_index(s->extents,
		                                         struct extent, i)));
	json_add_text(item, "name", s->name);
	json_add(item, "encrypted", json_boolean(s->encrypted));
	json_add_u64(item, "size", s->size);
	json_add_u64(item, "valid", s->initialized);
	json_add_u64(item, "segments", s->segments);
	json_add_u64(item, "holes", s->holes);
	json_add_known(item, "cut", s->stored);
	json_add_u64(item, "extents_total", s->extents->len);
	json_add(item, "extents", list);
	if (s->doubtful)
		json_add_text(item, "doubt",
		              "blocks larger than their data unit");
	add_reason(item, &s->err);
	return item;
}

static enum status add_efs(json_t *to, const struct efs_export *x,
                           struct error *err)
{
	struct bytes efs = { x->efs->data, x->efs->len, x->efs_at };
	json_t *item = NULL;
	enum status st = OK;

	if (efs.n) {
		item = json_object();
		json_add_u64(item, "offset", efs.at);
		json_add_u64(item, "size", efs.n);
		st = artefact_efs.describe(item, efs, NULL, err);
	}
	json_add(to, "efs", item);
	json_add_text(to, "efs_reason",
	              x->efs_err.status ? x->efs_err.what : NULL);
	return st;
}

static enum status describe(json_t *to, struct bytes in,
                            const struct passwords *pw, struct error *err)
{
	json_t *list = json_array();
	struct efs_export x;
	enum status st = efs_export_open(&x, in.n, read_bytes, &in, err);

	(void)pw;
	if (st) {
		json_decref(list);
		return st;
	}
	for (guint i = 0; i < x.streams->len; i++)
		(void)json_array_append_new(
			list, stream_json(&g_array_index(
				      x.streams, struct export_stream, i)));
	json_add_text(to, "type", "raw EFS export");
	json_add(to, "streams", list);
	st = add_efs(to, &x, err);
	json_add_u64(to, "end", x.end);
	json_add_u64(to, "trailer_size", in.n - x.end);
	/* A trailer is no fault. */
	if (x.err.status == E_ABSENT)
		x.err.status = OK;
	add_reason(to, &x.err);
	efs_export_release(&x);
	return st;
}

/* Verified: the version, and the signature. */
static unsigned bid(struct bytes in)
{
	struct efs_raw it = efs_raw_open(in, in.n);

	return it.err.status == E_ABSENT ? 0 : 96;
}

const struct artefact artefact_efsraw = {
	.name = "raw EFS export",
	.bid = bid,
	.describe = describe,
};
