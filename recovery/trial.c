/* SPDX-License-Identifier: MIT */
/*
 * trial.c - candidates handed out to threads, a few at a time
 *
 * They are handed out in order.  Whoever finds one that opens sets the end
 * there; what lies before that is still tried, so the lowest one wins.
 */
#include "recovery/trial.h"
#include "recovery/alive.h"

#include <glib.h>
#include <stdatomic.h>

#define REPORT_EVERY (200 * G_TIME_SPAN_MILLISECOND)
/* One candidate may take 50 ms: more at a time would leave threads idle. */
#define CHUNK_MAX 16

struct run {
	bool (*opens)(void *lock, size_t i);
	void *lock;
	size_t n, chunk;
	atomic_size_t next; /* the first that nobody has taken */
	atomic_size_t end;  /* the lowest that opens; n: none yet */
	atomic_size_t done;
	atomic_bool stop;
	GMutex mutex;
	GCond left;
	unsigned working; /* threads; guarded by the mutex */
};

static void found(struct run *run, size_t i)
{
	size_t end = atomic_load(&run->end);

	while (i < end && !atomic_compare_exchange_weak(&run->end, &end, i))
		;
}

/* The rest of a chunk is higher than what it found. */
static void try_chunk(struct run *run, size_t at, size_t n)
{
	for (size_t i = at; i < at + n; i++) {
		if (atomic_load(&run->stop) || i >= atomic_load(&run->end))
			return;
		if (run->opens(run->lock, i))
			found(run, i);
		alive();
		atomic_fetch_add(&run->done, 1);
	}
}

static void work(struct run *run)
{
	while (!atomic_load(&run->stop)) {
		size_t at = atomic_fetch_add(&run->next, run->chunk);

		if (at >= atomic_load(&run->end))
			return;
		try_chunk(run, at, MIN(run->chunk, run->n - at));
	}
}

static void *worker(void *opaque)
{
	struct run *run = opaque;

	work(run);
	g_mutex_lock(&run->mutex);
	run->working--;
	g_cond_signal(&run->left);
	g_mutex_unlock(&run->mutex);
	return NULL;
}

static bool report(const struct trial *trial, struct run *run)
{
	return !trial->progress ||
	       trial->progress(trial->ctx, atomic_load(&run->done), run->n);
}

/* Until the last thread has left; the mutex is held on both ends. */
static void supervise(const struct trial *trial, struct run *run)
{
	while (run->working) {
		gint64 until = g_get_monotonic_time() + REPORT_EVERY;

		while (run->working &&
		       g_cond_wait_until(&run->left, &run->mutex, until))
			;
		if (!run->working)
			return;
		g_mutex_unlock(&run->mutex);
		if (!report(trial, run))
			atomic_store(&run->stop, true);
		g_mutex_lock(&run->mutex);
	}
}

/* Threads that the system does not grant are done without. */
static GThread **start(struct run *run, unsigned jobs)
{
	GThread **threads = g_new0(GThread *, jobs);

	g_mutex_lock(&run->mutex);
	while (run->working < jobs) {
		GThread *t = g_thread_try_new("trial", worker, run, NULL);

		if (!t)
			break;
		threads[run->working++] = t;
	}
	g_mutex_unlock(&run->mutex);
	return threads;
}

static void run_all(const struct trial *trial, struct run *run, unsigned jobs)
{
	GThread **threads = start(run, jobs);

	if (!threads[0])
		work(run);
	g_mutex_lock(&run->mutex);
	supervise(trial, run);
	g_mutex_unlock(&run->mutex);
	for (unsigned i = 0; i < jobs && threads[i]; i++)
		(void)g_thread_join(threads[i]);
	g_free(threads);
}

size_t trial_run(const struct trial *trial, size_t n,
                 bool (*opens)(void *lock, size_t i), void *lock)
{
	struct run run = { .opens = opens, .lock = lock, .n = n };
	unsigned jobs = (unsigned)MIN(MAX(trial->jobs, 1), n);

	if (!n)
		return TRIAL_NONE;
	run.chunk = CLAMP(n / jobs / 4, 1, CHUNK_MAX);
	atomic_init(&run.next, 0);
	atomic_init(&run.end, n);
	atomic_init(&run.done, 0);
	atomic_init(&run.stop, false);
	g_mutex_init(&run.mutex);
	g_cond_init(&run.left);

	run_all(trial, &run, jobs);
	(void)report(trial, &run); /* too late to stop anything */

	g_cond_clear(&run.left);
	g_mutex_clear(&run.mutex);
	if (atomic_load(&run.stop) || atomic_load(&run.end) == n)
		return TRIAL_NONE;
	return atomic_load(&run.end);
}
