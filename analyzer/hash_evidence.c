/* SPDX-License-Identifier: MIT */
/*
 * hash_evidence.c - hash every evidence while the run works on it
 */
#include "analyzer/hash_evidence.h"
#include "analyzer/kind.h"
#include "analyzer/progress.h"
#include "analyzer/say.h"
#include "analyzer/spot.h"
#include "analyzer/verify.h"

#define EVERY (G_USEC_PER_SEC / 5)

struct job {
	struct hashing *hashing;
	struct evidence *e;
	struct source *s; /* of this job alone; NULL: did not open */
	struct error why;
	struct hashed h;
	/* under the lock */
	uint64_t at; /* bytes that were read */
	bool done;
};

struct hashing {
	/* One: two would have the heads of a disk go to and fro.  Joined at the
	   end, so that nothing of its libraries outlives it. */
	GThread *thread;
	GMutex lock;
	GCond moved;
	/* under the lock */
	GPtrArray *jobs; /* of struct job * */
	guint next;      /* of them */
	bool over;       /* no more come */
	gint stop;       /* atomic */
};

/* ---------------------------------------------------------------- its thread
 */

static bool stopped(void *ctx)
{
	struct job *job = ctx;

	return run_interrupted() || g_atomic_int_get(&job->hashing->stop);
}

static void reached(void *ctx, uint64_t at)
{
	struct job *job = ctx;

	g_mutex_lock(&job->hashing->lock);
	job->at = at;
	g_mutex_unlock(&job->hashing->lock);
}

static void done(struct job *job)
{
	g_mutex_lock(&job->hashing->lock);
	job->done = true;
	g_cond_broadcast(&job->hashing->moved);
	g_mutex_unlock(&job->hashing->lock);
}

/* There is no hash of a part: the first byte that cannot be read ends it. */
static void work(struct job *job)
{
	struct hash_plan plan = {
		.wanted = { [HASH_SHA256] = true },
		.stopped = stopped,
		.reached = reached,
		.ctx = job,
	};

	if (!spot_enter(SPOT_EVIDENCE, job->e->name, 0, &job->why)) {
		if (!source_open(&job->s, job->e->path, &job->why)) {
			plan.wanted[HASH_MD5] = job->s->stored_md5 != NULL;
			plan.wanted[HASH_SHA1] = job->s->stored_sha1 != NULL;
			hash_source(&job->h, job->s, &plan);
		}
		spot_leave();
	}
	done(job);
}

/* NULL: there are no more. */
static struct job *next_job(struct hashing *h)
{
	struct job *job = NULL;

	g_mutex_lock(&h->lock);
	while (h->next == h->jobs->len && !h->over)
		g_cond_wait(&h->moved, &h->lock);
	if (h->next < h->jobs->len)
		job = h->jobs->pdata[h->next++];
	g_mutex_unlock(&h->lock);
	return job;
}

static gpointer work_all(gpointer data)
{
	struct hashing *h = data;
	struct job *job;

	while ((job = next_job(h)))
		if (!job->e->directory)
			work(job);
	return NULL;
}

/* ----------------------------------------------------------- begin and stop */

static void job_free(void *p)
{
	struct job *job = p;

	source_free(job->s);
	g_free(job);
}

static struct hashing *hashing_new(void)
{
	struct hashing *h = g_new0(struct hashing, 1);

	g_mutex_init(&h->lock);
	g_cond_init(&h->moved);
	h->jobs = g_ptr_array_new_with_free_func(job_free);
	h->thread = g_thread_new("hash", work_all, h);
	return h;
}

void hash_evidence_begin(struct run *run, struct evidence *e)
{
	struct job *job = g_new0(struct job, 1);

	if (!run->hashing)
		run->hashing = hashing_new();
	job->hashing = run->hashing;
	job->e = e;
	job->done = e->directory;
	g_mutex_lock(&run->hashing->lock);
	g_ptr_array_add(run->hashing->jobs, job);
	g_cond_broadcast(&run->hashing->moved);
	g_mutex_unlock(&run->hashing->lock);
}

void hashing_free(struct hashing *h)
{
	if (!h)
		return;
	g_atomic_int_set(&h->stop, 1);
	g_mutex_lock(&h->lock);
	h->over = true;
	g_cond_broadcast(&h->moved);
	g_mutex_unlock(&h->lock);
	(void)g_thread_join(h->thread);
	g_ptr_array_free(h->jobs, TRUE);
	g_cond_clear(&h->moved);
	g_mutex_clear(&h->lock);
	g_free(h);
}

/* ------------------------------------------------------------------- results
 */

static void wait_for(const struct run *run, struct job *job)
{
	struct hashing *h = job->hashing;
	char *what = g_strdup_printf("hashing %s", job->e->name);

	progress_phase(what, job->e->s ? job->e->s->size : 0, PROGRESS_BYTES);
	g_mutex_lock(&h->lock);
	while (!job->done) {
		if (run_stopped(run))
			g_atomic_int_set(&h->stop, 1);
		progress_set(job->at);
		(void)g_cond_wait_until(&h->moved, &h->lock,
		                        g_get_monotonic_time() + EVERY);
	}
	g_mutex_unlock(&h->lock);
	g_free(what);
}

/* After --max-errors, whether a hash was ready by then would be chance. */
static bool was_stopped(const struct run *run, const struct job *job)
{
	if (!run_stopped(run) || job->e->directory)
		return false;
	return !run_interrupted() || (job->s && !job->h.whole);
}

static void note(const struct run *run, struct job *job, struct facts *facts,
                 char **problem)
{
	struct evidence *e = job->e;

	if (was_stopped(run, job)) {
		facts_add(facts, "verified",
		          "not hashed: the run was stopped before its end");
	} else if (e->directory) {
		facts_add(facts, "verified",
		          "not hashed: a folder has no hash of its own");
	} else if (!job->s || job->s->size != e->s->size) {
		*problem = g_strdup_printf("not hashed: %s",
		                           job->s ? "its size has changed"
		                                  : job->why.what);
		facts_add(facts, "verified", *problem);
	} else {
		for (guint i = 0; i < job->s->bad->len; i++) {
			const struct bad_range *r = &g_array_index(
				job->s->bad, struct bad_range, i);

			source_mark_bad(e->s, r->at, r->n);
		}
		verify_hashed(facts, problem, e->s, &job->h);
		if (*job->h.hex[HASH_SHA256])
			e->sha256 = g_strdup(job->h.hex[HASH_SHA256]);
	}
}

/* What the case says by now of why the evidence cannot be read in whole, and
   this; to be freed. */
static enum status join_reason(char **reason, struct run *run, int64_t id,
                               const char *problem, struct error *err)
{
	struct case_evidence row;
	struct case_walk *w;
	enum status st = case_evidence_open(&w, run->cf, err);

	*reason = NULL;
	if (st)
		return st;
	while (case_evidence_next(w, &row)) {
		if (row.id != id)
			continue;
		if (row.reason && problem)
			*reason =
				g_strdup_printf("%s; %s", row.reason, problem);
		else
			*reason = g_strdup(row.reason ? row.reason : problem);
	}
	return case_walk_close(w, err);
}

static enum status record(struct run *run, struct job *job, struct error *err)
{
	struct case_evidence row = { .id = job->e->id };
	struct facts facts = { 0 };
	char *problem = NULL, *reason = NULL;
	enum status st;

	note(run, job, &facts, &problem);
	if (problem) {
		say("%s: %s", job->e->path, problem);
		run->volume_damaged = true;
	}
	st = join_reason(&reason, run, row.id, problem, err);
	row.sha256 = job->e->sha256;
	row.reason = reason;
	if (!st)
		st = casefile_update_evidence(run->cf, &row, err);
	if (!st)
		st = kind_add_facts(run, job->e, 0, &facts, err);
	facts_release(&facts);
	g_free(problem);
	g_free(reason);
	return st;
}

enum status hash_evidence_record(struct run *run, struct error *err)
{
	GPtrArray *jobs = run->hashing ? run->hashing->jobs : NULL;
	enum status st = OK;

	for (guint i = 0; jobs && i < jobs->len; i++)
		wait_for(run, jobs->pdata[i]);
	for (guint i = 0; !st && jobs && i < jobs->len; i++)
		st = record(run, jobs->pdata[i], err);
	return st;
}
