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
	struct error ignored;

	if (!extents_read(&s->extents, work_read, w, pos, buf, n, &ignored))
		return;
	for (size_t i = 0; i < n; i += EFS_UNIT) {
		size_t part = MIN(n - i, EFS_UNIT);

		if (!extents_read(&s->extents, work_read, w, pos + i, buf + i,
		                  part, &ignored))
			continue;
		memset(buf + i, 0, part);
		note_hole(r, pos + i, part);
	}
}

/* Bytes of the hole that the stream has from pos on, up to `end`; or 0. */
static uint64_t hole_at(const struct stream *s, uint64_t pos, uint64_t end)
{
	const struct extent *e = extents_find(&s->extents, pos);

	if (!e || e->at != EXTENT_HOLE)
		return 0;
	return MIN(end, e->offset + e->n) - pos;
}

static enum status copy_runs(struct job *job, const struct sink *sink,
                             struct error *err)
{
	const struct stream *s = job->s;
	uint64_t end = MIN(s->size, s->initialized);
	uint8_t *buf = g_malloc((gsize)64 * 1024);
	enum status st = OK;
	uint64_t n;

	for (uint64_t pos = 0; !st && pos < end; pos += n) {
		n = hole_at(s, pos, end);
		if (n) {
			st = sink->zeros(sink->ctx, n, err);
			continue;
		}
		n = MIN(end - pos, UINT64_C(64) * 1024);
		read_units(job->work, s, &job->r, pos, buf, (size_t)n);
		st = sink->write(sink->ctx, buf, (size_t)n, err);
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

static enum status copy(struct job *job, struct error *err)
{
	const struct run *run = job->work->place->run;
	const struct stream *s = job->s;
	struct sink sink = plaintext_sink(&job->p);
	enum status st = plaintext_begin(&job->p, run->out, run->hashes, err);

	if (!st && s->resident)
		st = sink.write(&job->p, s->value->data, s->value->len, err);
	else if (!st)
		st = copy_runs(job, &sink, err);
	return st ? st : job_end(job, err);
}

void job_copy(struct job *job)
{
	(void)!copy(job, &job->err);
	job_done(job);
}

bool job_judge_copied(struct job *job)
{
	const struct stream *s = job->s;
	struct result *r = &job->r;

	job->work->place->run->read_errors += r->holes->len;
	if (r->holes->len && lost(r) >= MIN(s->size, s->initialized)) {
		result_set(r, OUTCOME_DATA_UNREADABLE,
		           g_strdup("this stream is not encrypted on disk, and "
		                    "none of it could be read"));
		return false;
	}
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
		                    "copied as it is"));
	return true;
}
