/* SPDX-License-Identifier: MIT */
/*
 * work_decrypt.c - decrypt one stream, and say what proves it
 */
#include "analyzer/pipeline.h"
#include "analyzer/proof_text.h"
#include "analyzer/work_result.h"

#include <inttypes.h>

static void keep_holes(struct result *r, const struct proof *p)
{
	for (guint i = 0; i < p->missing->len; i++) {
		const struct missing *m =
			&g_array_index(p->missing, struct missing, i);
		struct case_hole hole = { m->offset, m->size };

		g_array_append_val(r->holes, hole);
	}
}

/*
 * A deleted file's clusters may have been given to others since: then a proof
 * at its end says nothing of its middle.  NULL if all of them are still free.
 */
static char *reused(struct work *w, const struct stream *s)
{
	struct error err;
	uint64_t used;

	if (!w->object.deleted)
		return NULL;
	if (!w->place->finder->count_used)
		return g_strdup("the file is deleted, and its clusters may "
		                "have been used again");
	if (w->place->finder->count_used(w->place->from, s,
	                                 MIN(s->size, s->initialized), &used,
	                                 &err))
		return g_strdup("the file is deleted, and $Bitmap cannot say "
		                "whether its clusters were used again");
	if (!used)
		return NULL;
	return g_strdup_printf("the file is deleted, and clusters with %" PRIu64
	                       " bytes of it are in use again: what they hold "
	                       "may be another's",
	                       used);
}

static void judge_whole(struct result *r, const struct work *w,
                        const struct proof *p, const char *fate)
{
	const char *doubt = proof_holds(p) ? NULL : w->object.doubt;
	char *proof = proof_text(p);
	char *text = g_strconcat(proof,
	                         w->description.hash_wrong
	                                 ? "; $EFS was changed after it was "
	                                   "written: its EFS_Hash "
	                                   "does not match"
	                                 : "",
	                         doubt ? "; " : "", doubt, NULL);

	if (fate)
		result_set(r, OUTCOME_RECOVERED_UNVERIFIED,
		           g_strconcat(fate, "; ", text, NULL));
	else
		result_set(r,
		           proof_holds(p) ? OUTCOME_RECOVERED_VERIFIED
		                          : OUTCOME_RECOVERED_UNVERIFIED,
		           g_strdup(text));
	g_free(proof);
	g_free(text);
}

static void judge(struct work *w, struct result *r, const struct stream *s,
                  const struct proof *p)
{
	char *fate = reused(w, s);

	if (p->lost && !fate)
		fate = g_strdup(w->object.doubt);
	keep_holes(r, p);
	if (p->lost)
		result_set(r, OUTCOME_RECOVERED_PARTIAL,
		           g_strdup_printf("%" PRIu64
		                           " bytes could not be read and are "
		                           "zeros%s%s",
		                           p->lost, fate ? "; " : "",
		                           fate ? fate : ""));
	else if (!s->size)
		result_set(r, OUTCOME_RECOVERED_VERIFIED,
		           g_strdup("the stream is empty; the file key's "
		                    "structure is "
		                    "valid (a wrong private key would have "
		                    "failed)"));
	else if (!p->decrypted)
		result_set(
			r, OUTCOME_RECOVERED_VERIFIED,
			g_strdup("nothing of the stream is stored: it reads as "
		                 "zeros without any key"));
	else
		judge_whole(r, w, p, fate);
	g_free(fate);
}

static struct ciphertext ciphertext_of(struct work *w, const struct stream *s)
{
	const GArray *list = s->extents.list;
	struct ciphertext in = {
		.size = s->size,
		.initialized = s->initialized,
		.cluster = s->cluster ? s->cluster : w->object.cluster,
		.stored = s->stored,
		.read = work_read,
		.read_ctx = w,
	};

	if (list) {
		in.extents = (const struct extent *)(const void *)list->data;
		in.n = list->len;
	}
	return in;
}

enum status work_decrypt(struct work *w, const struct stream *s,
                         const struct sink *sink, struct proof *proof,
                         struct error *err)
{
	struct ciphertext in = ciphertext_of(w, s);
	struct cipher c;
	enum status st = cipher_init(&c, &w->filekey.fek, err);

	if (!st)
		st = decrypt_stream(proof, &c, &in, sink, err);
	cipher_release(&c);
	return st;
}

/* ------------------------------------------------- into the output folder */

/* What is worth more than one thread. */
#define LARGE (UINT64_C(8) * SPAN_BYTES)
/* Spans under way: digests take one thread each, and one decrypts. */
#define HASHING_BUFFERS 8u
#define MOST_BUFFERS    64u

unsigned job_buffers(const struct job *job)
{
	const struct run *run = job->work->place->run;
	unsigned jobs = crew_size(run->crew);

	if (jobs == 1 || job->kind != JOB_DECRYPT ||
	    MIN(job->s->size, job->s->initialized) < LARGE)
		return 0;
	for (unsigned i = 0; i < HASHES; i++)
		if (run->hashes[i])
			return HASHING_BUFFERS;
	return MIN(2 * jobs + 4, MOST_BUFFERS);
}

static void pipeline_done(struct pipeline *p, void *ctx)
{
	struct job *job = ctx;

	if (!pipeline_end(p, &job->proof, &job->err))
		(void)!job_end(job, &job->err);
	job_done(job);
}

static void decrypt_large(struct job *job, unsigned buffers)
{
	struct work *w = job->work;
	const struct pipeline_order order = {
		.in = ciphertext_of(w, job->s),
		.fek = &w->filekey.fek,
		.to = &job->p,
		.order = job->task.order,
		.buffers = buffers,
		.done = pipeline_done,
		.ctx = job,
	};

	pipeline_start(w->place->run->crew, &order);
}

static enum status decrypt_small(struct job *job, struct error *err)
{
	struct sink sink = plaintext_sink(&job->p);

	return work_decrypt(job->work, job->s, &sink, &job->proof, err)
	               ? err->status
	               : job_end(job, err);
}

void job_decrypt(struct job *job)
{
	const struct run *run = job->work->place->run;
	unsigned buffers = job_buffers(job);
	enum status st =
		plaintext_begin(&job->p, run->out, run->hashes, &job->err);

	if (!st && buffers) {
		decrypt_large(job, buffers);
		return;
	}
	if (!st)
		(void)!decrypt_small(job, &job->err);
	job_done(job);
}

bool job_judge_decrypted(struct job *job)
{
	const struct object *o = &job->work->object;
	const struct proof *proof = &job->proof;
	const struct stream *s = job->s;

	job->work->place->run->read_errors += proof->missing->len;
	judge(job->work, &job->r, s, proof);
	if (!proof->lost || proof->lost < MIN(s->size, s->initialized))
		return true;
	result_set(&job->r, OUTCOME_DATA_UNREADABLE,
	           g_strconcat("none of the ciphertext could be read",
	                       o->doubt ? ": " : "", o->doubt, NULL));
	return false;
}
