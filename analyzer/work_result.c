/* SPDX-License-Identifier: MIT */
/*
 * work_result.c - what became of one stream, on its way into the case
 */
#include "analyzer/work_result.h"
#include "analyzer/say.h"

void result_set(struct result *r, enum outcome outcome, char *reason)
{
	g_free(r->reason);
	r->outcome = outcome;
	r->reason = reason;
}

bool result_stopped(const void *run)
{
	return run_stopped(run);
}

void result_failed(struct work *w, struct result *r, const struct error *err)
{
	if (run_stopped(w->place->run)) {
		result_set(r, OUTCOME_OUTPUT_FAILED, g_strdup("interrupted"));
		return;
	}
	result_set(r, OUTCOME_OUTPUT_FAILED, say_error(err));
	if (!w->place->run->output_failed)
		say("%s: %s", w->row.path, r->reason);
	w->place->run->output_failed = true;
}

enum status result_publish(struct work *w, const struct stream *s,
                           struct plaintext *p, struct result *r,
                           struct error *err)
{
	struct placement where = {
		.evidence = w->place->evidence,
		.volume = w->place->volume,
		.path = w->object.plain ? w->object.plain : w->row.path,
		.stream = s->name,
		.mft = w->row.mft,
		.accessed = w->row.accessed,
		.modified = w->row.modified,
	};
	enum status st = plaintext_digests(p, r->md5, r->sha256, err);

	if (!st)
		st = output_finish(&p->file, &where, &r->output, err);
	if (st)
		r->md5[0] = r->sha256[0] = '\0';
	return st;
}
