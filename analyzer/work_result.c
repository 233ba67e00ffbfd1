/* SPDX-License-Identifier: MIT */
/*
 * work_result.c - what becomes of the streams of an object, and their records
 */
#include "analyzer/work_result.h"
#include "analyzer/progress.h"
#include "analyzer/say.h"

void result_set(struct result *r, enum outcome outcome, char *reason)
{
	g_free(r->reason);
	r->outcome = outcome;
	r->reason = reason;
}

/* ------------------------------------------------------------------- begin */

/* Another view of the volume may have it already. */
static bool find_same(struct job *job)
{
	struct work *w = job->work;

	if (w->opened)
		job->same = same_find(w->place->run->same, w->place, &w->object,
		                      job->s);
	if (job->same)
		progress_add(job->s->size);
	return job->same;
}

static void run_job(struct task *task)
{
	struct job *job = (struct job *)(void *)task;

	if (!find_same(job))
		job_take_over(job);
	if (job->same || job->taken || job->err.status)
		job_done(job);
	else if (job->kind == JOB_DECRYPT)
		job_decrypt(job);
	else
		job_copy(job);
}

static void free_job(void *p)
{
	struct job *job = p;

	plaintext_release(&job->p);
	proof_release(&job->proof);
	earlier_free(job->earlier);
	g_array_free(job->r.holes, TRUE);
	g_free(job->r.reason);
	g_free(job->r.output);
	g_free(job);
}

static void add_job(struct work *w, struct stream *s)
{
	struct job *job = g_new0(struct job, 1);

	job->work = w;
	job->s = s;
	job->r.outcome = OUTCOME_NO_KEY;
	job->r.holes = g_array_new(FALSE, FALSE, sizeof(struct case_hole));
	job_decide(job);
	g_ptr_array_add(w->jobs, job);
}

static void add_jobs(struct work *w)
{
	GArray *streams = w->object.streams;

	if (w->object.directory || !streams->len)
		add_job(w, NULL);
	for (guint i = 0; i < streams->len; i++) {
		struct stream *s = &g_array_index(streams, struct stream, i);

		if (!w->object.directory || (s->flags & NTFS_ATTR_ENCRYPTED))
			add_job(w, s);
	}
}

void jobs_start(struct work *w)
{
	struct crew *crew = w->place->run->crew;

	w->jobs = g_ptr_array_new_with_free_func(free_job);
	add_jobs(w);
	for (guint i = 0; i < w->jobs->len; i++) {
		struct job *job = w->jobs->pdata[i];

		if (job->kind != JOB_DECRYPT && job->kind != JOB_COPY)
			continue;
		crew_lock(crew);
		w->waiting++;
		crew_unlock(crew);
		job_look_back(job);
		w->buffers += job_buffers(job);
		job->task =
			(struct task){ .run = run_job, .order = w->task.order };
		crew_push(crew, &job->task);
	}
}

void job_done(struct job *job)
{
	if (job->err.status)
		output_abandon(&job->p.file);
	work_stream_done(job->work);
}

enum status job_end(struct job *job, struct error *err)
{
	const struct object *o = &job->work->object;

	return plaintext_end(&job->p, job->s->size, o->accessed, o->modified,
	                     job->r.hash, err);
}

/* ------------------------------------------------------------------ finish */

/* It could not be written: the run knows, and the first is said. */
static void failed(struct job *job, const struct error *err)
{
	struct run *run = job->work->place->run;

	if (run_stopped(run)) {
		result_set(&job->r, OUTCOME_OUTPUT_FAILED,
		           g_strdup("interrupted"));
		return;
	}
	result_set(&job->r, OUTCOME_OUTPUT_FAILED, say_error(err));
	if (!run->output_failed)
		say("%s: %s", job->work->row.path, job->r.reason);
	run->output_failed = true;
}

static struct placement placement_of(const struct job *job)
{
	const struct work *w = job->work;

	return (struct placement){
		.evidence = w->place->evidence,
		.volume = w->place->volume,
		.path = w->object.plain ? w->object.plain : w->row.path,
		.stream = job->s ? job->s->name : NULL,
		.listed = w->row.path,
		.mft = w->row.mft,
	};
}

static void finish_folder(struct job *job)
{
	const struct placement where = placement_of(job);
	struct error err;

	if (output_directory(job->work->place->run->out, &where, &job->r.output,
	                     &err))
		failed(job, &err);
	else
		result_set(&job->r, OUTCOME_RECOVERED_VERIFIED,
		           g_strdup("a directory has no ciphertext of its own; "
		                    "the file key's structure is valid (a "
		                    "wrong private key would have failed)"));
}

static void keep(struct job *job)
{
	struct work *w = job->work;
	struct result *r = &job->r;
	struct sameness what = { .outcome = r->outcome,
		                 .reason = r->reason,
		                 .output = r->output };

	if (!w->opened || r->outcome == OUTCOME_RECOVERED_PARTIAL)
		return;
	for (unsigned i = 0; i < HASHES; i++)
		what.hash[i] = r->hash[i];
	same_keep(w->place->run->same, w->place, &w->object, job->s, &what);
}

static bool judge(struct job *job)
{
	return job->kind == JOB_DECRYPT ? job_judge_decrypted(job)
	                                : job_judge_copied(job);
}

/* What was written gets its name. */
static void finish_plaintext(struct job *job)
{
	struct run *run = job->work->place->run;
	const struct placement where = placement_of(job);
	struct error err = job->err;

	/* After --max-errors nothing more is recovered, though threads may
	   have gone on. */
	if (!err.status && run_stopped(run) && !run_interrupted())
		(void)fail(&err, E_IO, 0, "interrupted");
	if (err.status) {
		failed(job, &err);
		return;
	}
	if (job->taken) {
		(void)!job_finish_taken(job, &where, &err);
	} else if (!judge(job)) {
		memset(job->r.hash, 0, sizeof(job->r.hash));
		return;
	} else if (!output_finish(&job->p.file, &where, &job->r.output, &err)) {
		run->made++;
	}
	if (job->r.output)
		keep(job);
	else
		failed(job, &err);
}

static void finish_same(struct job *job)
{
	const struct sameness *same = job->same;
	struct result *r = &job->r;

	result_set(r, same->outcome, g_strdup(same->reason));
	r->output = g_strdup(same->output);
	r->same_as = same->volume;
	for (unsigned i = 0; i < HASHES; i++)
		(void)g_strlcpy(r->hash[i], same->hash[i], DIGEST_HEX);
}

/* It is still in the evidence: what an earlier run wrote of it stays. */
static void hold(struct job *job)
{
	const struct run *run = job->work->place->run;
	struct case_hints *hints = run->out ? output_hints(run->out) : NULL;
	const struct case_hint_key key = job_hint_key(job);
	struct error ignored;

	if (hints)
		(void)!case_hints_hold(hints, &key, &ignored);
}

static void finish(struct job *job)
{
	if (job->kind == JOB_FOLDER)
		finish_folder(job);
	else if (job->same)
		finish_same(job);
	else if (job->kind != JOB_NOTHING)
		finish_plaintext(job);
	if (job->r.outcome == OUTCOME_OUTPUT_FAILED)
		memset(job->r.hash, 0, sizeof(job->r.hash));
	if (!job->r.output)
		hold(job);
}

static bool is_closed(const struct job *job)
{
	enum outcome outcome = job->r.outcome;

	if (job->work->place->run->out)
		return !outcome_recovered(outcome);
	return outcome == OUTCOME_METADATA_MISSING ||
	       outcome == OUTCOME_METADATA_DAMAGED;
}

static const char *hash_of(const struct result *r, enum hash hash)
{
	return *r->hash[hash] ? r->hash[hash] : NULL;
}

static enum status add_row(const struct job *job, struct error *err)
{
	const struct work *w = job->work;
	const struct stream *s = job->s;
	const struct result *r = &job->r;
	struct case_stream row = {
		.object = w->row.id,
		.name = s ? s->name : NULL,
		.size = s ? s->size : 0,
		.outcome = r->outcome,
		.reason = r->reason,
		.output = r->output,
		.same_as = r->same_as,
		.md5 = hash_of(r, HASH_MD5),
		.sha1 = hash_of(r, HASH_SHA1),
		.sha256 = hash_of(r, HASH_SHA256),
		.holes = (const struct case_hole *)(void *)r->holes->data,
		.n_holes = r->holes->len,
	};

	say_detail("%s%s%s: %s%s%s%s", w->row.path, row.name ? ":" : "",
	           row.name ? row.name : "", outcome_name(r->outcome),
	           r->reason ? ": " : "", r->reason ? r->reason : "",
	           job->taken ? " (it was there already)" : "");
	return casefile_add_stream(w->place->run->cf, &row, err);
}

/* Of the object as a whole, with the reason of its first stream. */
static void say_over(struct work *w)
{
	const struct object *o = &w->object;
	struct result *r;
	char *over, *both;

	if (!o->over.status || !w->jobs->len)
		return;
	r = &((struct job *)w->jobs->pdata[0])->r;
	over = say_error(&o->over);
	both = g_strdup_printf("%s%sover a limit: %s; what is beyond is left "
	                       "out",
	                       r->reason ? r->reason : "",
	                       r->reason ? "; " : "", over);
	result_set(r, r->outcome, both);
	g_free(over);
	w->closed += o->cut;
}

enum status jobs_finish(struct work *w, struct error *err)
{
	enum status st = OK;

	for (guint i = 0; !st && i < w->jobs->len; i++) {
		struct job *job = w->jobs->pdata[i];

		finish(job);
		if (!i)
			say_over(w);
		w->closed += is_closed(job);
		st = add_row(job, err);
		progress_file();
	}
	return st;
}

uint64_t jobs_nameless(const struct work *w)
{
	uint64_t n = 0;

	for (guint i = 0; w->jobs && i < w->jobs->len; i++) {
		const struct job *job = w->jobs->pdata[i];

		if (job->p.file.open)
			n += 1 + MIN(job->s->size, UINT32_MAX);
	}
	return n;
}

bool jobs_failed(const struct work *w)
{
	bool failed = false;

	for (guint i = 0; w->jobs && i < w->jobs->len; i++) {
		const struct job *job = w->jobs->pdata[i];

		failed |= job->err.status != OK;
	}
	return failed;
}

void jobs_fail(struct work *w, const struct error *why)
{
	for (guint i = 0; w->jobs && i < w->jobs->len; i++) {
		struct job *job = w->jobs->pdata[i];

		if (job->p.file.open && !job->err.status)
			job->err = *why;
	}
}

bool work_was_stopped(const struct work *w)
{
	bool stopped = false;

	for (guint i = 0; w->jobs && i < w->jobs->len; i++) {
		const struct job *job = w->jobs->pdata[i];

		stopped |= job->err.status && run_interrupted();
	}
	return stopped;
}
