/* SPDX-License-Identifier: MIT */
/*
 * work_stream.c - one stream of an object: what becomes of it, and its record
 */
#include "analyzer/progress.h"
#include "analyzer/same.h"
#include "analyzer/say.h"
#include "analyzer/work_result.h"

#include <inttypes.h>
#include <string.h>

/* A size that no volume of this size can hold would only be endless zeros. */
static bool is_oversized(const struct object *o, const struct stream *s)
{
	return !s->resident && s->size > o->room + s->extents.holes;
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
		                       " bytes, is over that of the evidence",
		                       s->size);
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

static void do_directory(struct work *w, struct result *r)
{
	struct run *run = w->place->run;
	struct placement where = {
		.evidence = w->place->evidence,
		.volume = w->place->volume,
		.path = w->object.plain ? w->object.plain : w->row.path,
	};
	struct error err;

	if (!w->object.directory && w->object.absent) {
		do_absent(w, r);
	} else if (!w->object.directory) {
		result_set(r, OUTCOME_METADATA_DAMAGED,
		           g_strdup("the file has no data attribute"));
	} else if (!w->opened) {
		result_set(r, w->outcome, g_strdup(w->reason));
	} else if (!run->out) {
		result_set(r, OUTCOME_OPENABLE, NULL);
	} else if (output_directory(run->out, &where, &r->output, &err)) {
		result_failed(w, r, &err);
	} else {
		result_set(r, OUTCOME_RECOVERED_VERIFIED,
		           g_strdup("a directory has no ciphertext of its own; "
		                    "the file key's structure is valid (a "
		                    "wrong private key would have failed)"));
	}
}

static void do_stream(struct work *w, struct stream *s, struct result *r)
{
	bool plain = !(s->flags & NTFS_ATTR_ENCRYPTED);
	bool recover = w->place->run->out;
	enum outcome outcome;
	char *why = work_impossible(w, s, &outcome);

	if (why)
		result_set(r, outcome, why);
	else if (!plain && !w->opened)
		result_set(r, w->outcome, g_strdup(w->reason));
	else if (recover && is_absent(&w->object, s))
		result_set(r, OUTCOME_DATA_UNREADABLE,
		           g_strdup(w->object.absent));
	else if (!recover)
		result_set(
			r, OUTCOME_OPENABLE,
			plain ? g_strdup("this stream is not encrypted on disk")
			      : NULL);
	else if (plain)
		result_copy(w, s, r);
	else
		result_decrypt(w, s, r);
}

/* Another view of the volume has it already. */
static bool refer(struct work *w, const struct stream *s, struct result *r)
{
	const struct sameness *found =
		same_find(w->place->run->same, w->place, &w->object, s);

	if (!found)
		return false;
	result_set(r, found->outcome, g_strdup(found->reason));
	r->output = g_strdup(found->output);
	r->same_as = found->volume;
	(void)g_strlcpy(r->md5, found->md5, sizeof(r->md5));
	(void)g_strlcpy(r->sha256, found->sha256, sizeof(r->sha256));
	progress_add(s->size);
	return true;
}

/* Recover it, unless a shadow copy only shows it again. */
static void do_once(struct work *w, struct stream *s, struct result *r)
{
	bool once = w->place->run->out && w->opened;
	struct sameness what;

	if (once && refer(w, s, r))
		return;
	do_stream(w, s, r);
	if (!once || r->outcome == OUTCOME_RECOVERED_PARTIAL || !*r->sha256)
		return;
	what = (struct sameness){ .outcome = r->outcome,
		                  .reason = r->reason,
		                  .output = r->output,
		                  .md5 = r->md5,
		                  .sha256 = r->sha256 };
	same_keep(w->place->run->same, w->place, &w->object, s, &what);
}

static bool is_closed(const struct work *w, enum outcome outcome)
{
	if (w->place->run->out)
		return !outcome_recovered(outcome);
	return outcome == OUTCOME_METADATA_MISSING ||
	       outcome == OUTCOME_METADATA_DAMAGED;
}

static enum status add_row(struct work *w, const struct stream *s,
                           const struct result *r, struct error *err)
{
	struct case_stream row = {
		.object = w->row.id,
		.name = s ? s->name : NULL,
		.size = s ? s->size : 0,
		.outcome = r->outcome,
		.reason = r->reason,
		.output = r->output,
		.same_as = r->same_as,
		.md5 = *r->md5 ? r->md5 : NULL,
		.sha256 = *r->sha256 ? r->sha256 : NULL,
		.holes = (const struct case_hole *)(void *)r->holes->data,
		.n_holes = r->holes->len,
	};

	say_detail("%s%s%s: %s%s%s", w->row.path, row.name ? ":" : "",
	           row.name ? row.name : "", outcome_name(r->outcome),
	           r->reason ? ": " : "", r->reason ? r->reason : "");
	return casefile_add_stream(w->place->run->cf, &row, err);
}

enum status work_stream(struct work *w, struct stream *s, struct error *err)
{
	struct result r = { .outcome = OUTCOME_NO_KEY };
	enum status st;

	r.holes = g_array_new(FALSE, FALSE, sizeof(struct case_hole));
	if (s)
		do_once(w, s, &r);
	else
		do_directory(w, &r);
	if (is_closed(w, r.outcome))
		w->closed++;
	st = add_row(w, s, &r, err);
	progress_file();
	g_array_free(r.holes, TRUE);
	g_free(r.reason);
	g_free(r.output);
	return st;
}
