/* SPDX-License-Identifier: MIT */
/*
 * crew.c - the threads of -j N, and the lock that what they share is under
 */
#include "analyzer/crew.h"

#include <stdatomic.h>

#define A_WHILE (G_USEC_PER_SEC / 5)
/* Changes that are worth to be woken for. */
#define ENOUGH 8u

/*
 * Not a GThreadPool: its threads live on when it is gone, and then may be
 * within OpenSSL's end of a thread when the process ends.
 */
struct crew {
	GThread **threads; /* NULL: a crew of one */
	unsigned jobs;

	GMutex queue_lock;
	GCond pushed;
	GQueue queue; /* of struct task *, by order */
	bool ended;

	GMutex lock; /* of all that the tasks share, and of what follows */
	GCond changed;
	uint64_t changes, seen; /* in all, and by who waits */
	bool waiting;           /* somebody does */
	atomic_uint tasks;      /* that were pushed, and have not ended */
};

/* NULL: there will be no more.  This thread is at its spot then. */
static struct task *take(struct crew *crew)
{
	struct task *task;

	g_mutex_lock(&crew->queue_lock);
	while (!crew->queue.length && !crew->ended)
		g_cond_wait(&crew->pushed, &crew->queue_lock);
	task = g_queue_pop_head(&crew->queue);
	if (task)
		spots_restore(&task->at);
	g_mutex_unlock(&crew->queue_lock);
	return task;
}

static gpointer work(gpointer ctx)
{
	struct crew *crew = ctx;
	struct task *task;

	while ((task = take(crew))) {
		task->run(task); /* it may be gone then */
		atomic_fetch_sub(&crew->tasks, 1);
	}
	return NULL;
}

static gint by_order(gconstpointer a, gconstpointer b, gpointer unused)
{
	const struct task *x = a, *y = b;

	(void)unused;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Threads that the system does not grant are done without. */
static void start(struct crew *crew, unsigned jobs)
{
	unsigned n = 0;

	crew->threads = g_new0(GThread *, jobs);
	while (n < jobs) {
		crew->threads[n] = g_thread_try_new("crew", work, crew, NULL);
		if (!crew->threads[n])
			break;
		n++;
	}
	if (n)
		crew->jobs = n;
	else
		g_clear_pointer(&crew->threads, g_free);
}

struct crew *crew_new(unsigned jobs)
{
	struct crew *crew = g_new0(struct crew, 1);

	crew->jobs = 1;
	g_queue_init(&crew->queue);
	g_mutex_init(&crew->queue_lock);
	g_cond_init(&crew->pushed);
	g_mutex_init(&crew->lock);
	g_cond_init(&crew->changed);
	if (jobs > 1)
		start(crew, jobs);
	return crew;
}

static void stop(struct crew *crew)
{
	g_mutex_lock(&crew->queue_lock);
	crew->ended = true;
	g_cond_broadcast(&crew->pushed);
	g_mutex_unlock(&crew->queue_lock);
	for (unsigned i = 0; i < crew->jobs; i++)
		(void)g_thread_join(crew->threads[i]);
	g_free(crew->threads);
}

void crew_free(struct crew *crew)
{
	if (!crew)
		return;
	if (crew->threads)
		stop(crew);
	g_queue_clear(&crew->queue);
	g_cond_clear(&crew->changed);
	g_mutex_clear(&crew->lock);
	g_cond_clear(&crew->pushed);
	g_mutex_clear(&crew->queue_lock);
	g_free(crew);
}

unsigned crew_size(const struct crew *crew)
{
	return crew->jobs;
}

void crew_push(struct crew *crew, struct task *task)
{
	if (!crew->threads) {
		task->run(task);
		return;
	}
	atomic_fetch_add(&crew->tasks, 1);
	g_mutex_lock(&crew->queue_lock);
	spots_save(&task->at);
	g_queue_insert_sorted(&crew->queue, task, by_order, NULL);
	g_cond_signal(&crew->pushed);
	g_mutex_unlock(&crew->queue_lock);
}

void crew_lock(struct crew *crew)
{
	g_mutex_lock(&crew->lock);
}

void crew_unlock(struct crew *crew)
{
	g_mutex_unlock(&crew->lock);
}

/* To wake a thread costs as much as some tasks: not for each of them, while
   there is enough to do for everyone. */
void crew_changed(struct crew *crew)
{
	bool enough = ++crew->changes - crew->seen >= ENOUGH ||
	              atomic_load(&crew->tasks) <= 2 * crew->jobs;

	if (crew->waiting && enough) {
		crew->waiting = false;
		g_cond_signal(&crew->changed);
	}
}

uint64_t crew_changes(struct crew *crew)
{
	uint64_t changes;

	g_mutex_lock(&crew->lock);
	changes = crew->changes;
	g_mutex_unlock(&crew->lock);
	return changes;
}

void crew_wait(struct crew *crew, uint64_t changes)
{
	gint64 until = g_get_monotonic_time() + A_WHILE;

	g_mutex_lock(&crew->lock);
	crew->seen = changes;
	crew->waiting = true;
	while (crew->changes == changes &&
	       g_cond_wait_until(&crew->changed, &crew->lock, until))
		;
	crew->waiting = false;
	g_mutex_unlock(&crew->lock);
}
