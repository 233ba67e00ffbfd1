/* SPDX-License-Identifier: MIT */
/*
 * work_copy.c - copy a stream that is in the clear beside encrypted ones
 */
#include "analyzer/say.h"
#include "analyzer/work_result.h"

#include <inttypes.h>

static void note_hole(struct result *r, uint64_t offset, uint64_t n)
{
	struct case_hole hole = { offset, n };

	if (r->holes->len) {
		struct case_hole *last = &g_array_index(
			r->holes, struct case_hole, r->holes->len - 1);

		if (last->offset + last->size == offset) {
			last->size += n;
			return;
		}
	}
	g_array_append_val(r->holes, hole);
}

/* Read n bytes, unit by unit where they cannot be had at once: those that
   cannot be read are zeros, and noted. */
static void read_units(struct work *w, const struct stream *s, struct result *r,
                       uint64_t pos, uint8_t *buf, size_t n)
{
	const struct object *o = &w->object;
	struct error ignored;

	if (!extents_read(&s->extents, o->read, o->read_ctx, pos, buf, n,
	                  &ignored))
		return;
	for (size_t i = 0; i < n; i += EFS_UNIT) {
		size_t part = MIN(n - i, EFS_UNIT);

		if (!extents_read(&s->extents, o->read, o->read_ctx, pos + i,
		                  buf + i, part, &ignored))
			continue;
		memset(buf + i, 0, part);
		note_hole(r, pos + i, part);
	}
}

static enum status copy_runs(struct work *w, const struct stream *s,
                             struct result *r, struct sink *sink,
                             struct error *err)
{
	uint64_t end = MIN(s->size, s->initialized);
	uint8_t *buf = g_malloc(64 * 1024);
	enum status st = OK;

	for (uint64_t pos = 0; !st && pos < end;) {
		size_t n = (size_t)MIN(end - pos, UINT64_C(64) * 1024);

		read_units(w, s, r, pos, buf, n);
		st = sink->write(sink->ctx, buf, n, err);
		pos += n;
	}
	g_free(buf);
	if (!st && s->size > end)
		st = sink->zeros(sink->ctx, s->size - end, err);
	return st;
}

static uint64_t lost(const struct result *r)
{
	uint64_t n = 0;

	for (guint i = 0; i < r->holes->len; i++)
		n += g_array_index(r->holes, struct case_hole, i).size;
	return n;
}

static void judge_copy(struct result *r)
{
	if (r->holes->len)
		result_set(r, OUTCOME_RECOVERED_PARTIAL,
		           g_strdup_printf(
				   "this stream is not encrypted on disk: "
				   "copied as it is; %" PRIu64
				   " bytes could not be read and are zeros",
				   lost(r)));
	else
		result_set(r, OUTCOME_RECOVERED_UNVERIFIED,
		           g_strdup("this stream is not encrypted on disk: "
		                    "copied as "
		                    "it is"));
}

void result_copy(struct work *w, struct stream *s, struct result *r)
{
	struct run *run = w->place->run;
	struct plaintext p;
	struct sink sink = plaintext_sink(&p);
	struct error err;
	enum status st =
		plaintext_begin(&p, run->out, result_stopped, run, &err);

	if (!st && s->resident)
		st = sink.write(&p, s->value->data, s->value->len, &err);
	else if (!st)
		st = copy_runs(w, s, r, &sink, &err);
	run->read_errors += r->holes->len;
	judge_copy(r);
	if (!st && r->holes->len && lost(r) >= MIN(s->size, s->initialized))
		result_set(r, OUTCOME_DATA_UNREADABLE,
		           g_strdup("this stream is not encrypted on disk, and "
		                    "none "
		                    "of it could be read"));
	else if (!st)
		st = result_publish(w, s, &p, r, &err);
	if (st)
		result_failed(w, r, &err);
	plaintext_release(&p);
}
