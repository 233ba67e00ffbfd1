/* SPDX-License-Identifier: MIT */
/*
 * work_stream.c - what is to become of one stream of an object
 */
#include "analyzer/say.h"
#include "analyzer/work_result.h"

#include <inttypes.h>
#include <string.h>

/* A size that the evidence cannot hold would only be endless zeros. */
static bool is_oversized(const struct object *o, const struct stream *s)
{
	uint64_t mapped = s->extents.stored + s->extents.holes;

	return !s->resident &&
	       (s->size > o->most ||
	        (s->size > mapped && s->size - mapped > o->room));
}

char *work_impossible(const struct work *w, const struct stream *s,
                      enum outcome *outcome)
{
	bool plain = !(s->flags & NTFS_ATTR_ENCRYPTED);

	*outcome = OUTCOME_METADATA_DAMAGED;
	if (s->err.status)
		return say_error(&s->err);
	if (s->initialized > s->size)
		return g_strdup("the initialised size is over the size");
	if (is_oversized(&w->object, s))
		return g_strdup_printf("the size, %" PRIu64
		                       " bytes, is over what the evidence can "
		                       "hold: at most %" PRIu64
		                       " with its holes",
		                       s->size, w->object.room);
	if (s->flags & NTFS_ATTR_COMPRESSED) {
		if (!plain)
			return g_strdup(
				"the stream is marked compressed, which "
				"NTFS never does with an encrypted one: "
				"not decrypted");
		*outcome = OUTCOME_DATA_UNREADABLE;
		return g_strdup("this stream is not encrypted but compressed: "
		                "not copied");
	}
	if (s->resident && s->size && !plain)
		return g_strdup("the stream is marked encrypted, but is "
		                "resident, which NTFS never does: not "
		                "decrypted");
	return NULL;
}

/* The key may be at hand, but the data is not. */
static void do_absent(const struct work *w, struct result *r)
{
	if (!w->opened)
		result_set(r, w->outcome, g_strdup(w->reason));
	else if (w->place->run->out)
		result_set(r, OUTCOME_DATA_UNREADABLE,
		           g_strdup(w->object.absent));
	else
		result_set(r, OUTCOME_OPENABLE, g_strdup(w->object.absent));
}

/* Is nothing of what the stream stores in this evidence? */
static bool is_absent(const struct object *o, const struct stream *s)
{
	return o->absent && !s->resident && s->extents.stored && s->size &&
	       s->initialized;
}

static void decide_directory(struct job *job)
{
	struct work *w = job->work;
	struct result *r = &job->r;

	if (!w->object.directory && w->object.absent)
		do_absent(w, r);
	else if (!w->object.directory)
		result_set(r, OUTCOME_METADATA_DAMAGED,
		           g_strdup("the file has no data attribute"));
	else if (!w->opened)
		result_set(r, w->outcome, g_strdup(w->reason));
	else if (!w->place->run->out)
		result_set(r, OUTCOME_OPENABLE, NULL);
	else
		job->kind = JOB_FOLDER;
}

/* The streams of a place, in their order, until they are too large together. */
static bool is_too_much(struct job *job)
{
	struct place *place = job->work->place;
	const struct object *o = &job->work->object;
	uint64_t n = job->s->size;

	if (o->alone)
		n -= MIN(n, job->s->extents.stored);
	if (n > o->together - MIN(o->together, place->begun))
		return true;
	place->begun += n;
	return false;
}

static void begin_stream(struct job *job)
{
	bool plain = !(job->s->flags & NTFS_ATTR_ENCRYPTED);

	if (is_too_much(job))
		result_set(&job->r, OUTCOME_METADATA_DAMAGED,
		           g_strdup("with the files before it, this has more "
		                    "bytes than the evidence can hold"));
	else
		job->kind = plain ? JOB_COPY : JOB_DECRYPT;
}

static void decide_stream(struct job *job)
{
	struct work *w = job->work;
	struct result *r = &job->r;
	bool plain = !(job->s->flags & NTFS_ATTR_ENCRYPTED);
	bool recover = w->place->run->out;
	enum outcome outcome;
	char *why = work_impossible(w, job->s, &outcome);

	if (why)
		result_set(r, outcome, why);
	else if (!plain && !w->opened)
		result_set(r, w->outcome, g_strdup(w->reason));
	else if (recover && is_absent(&w->object, job->s))
		result_set(r, OUTCOME_DATA_UNREADABLE,
		           g_strdup(w->object.absent));
	else if (!recover)
		result_set(
			r, OUTCOME_OPENABLE,
			plain ? g_strdup("this stream is not encrypted on disk")
			      : NULL);
	else
		begin_stream(job);
}

void job_decide(struct job *job)
{
	if (job->s)
		decide_stream(job);
	else
		decide_directory(job);
}
