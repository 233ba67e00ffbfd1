/* SPDX-License-Identifier: MIT */
/*
 * crew.c - the threads of -j N, and the lock that what they share is under
 */
#include "analyzer/crew.h"

#include <stdatomic.h>

#define A_WHILE (G_USEC_PER_SEC / 5)
/* Changes that are worth to be woken for. */
#define ENOUGH 8u

struct crew {
	GThreadPool *pool; /* NULL: a crew of one */
	unsigned jobs;
	GMutex lock;
	GCond changed;
	uint64_t changes, seen; /* in all, and by who waits */
	bool waiting;           /* somebody does */
	atomic_uint tasks;      /* that were pushed, and have not ended */
};

/* The task may be gone when it has run. */
static void run(gpointer task, gpointer ctx)
{
	struct crew *crew = ctx;
	struct task *t = task;

	t->run(t);
	atomic_fetch_sub(&crew->tasks, 1);
}

static gint by_task_order(gconstpointer a, gconstpointer b, gpointer unused)
{
	const struct task *x = a, *y = b;

	(void)unused;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* All threads are started here; those that the system does not grant are done
   without. */
static void start(struct crew *crew, unsigned jobs)
{
	crew->pool = g_thread_pool_new(run, crew, (gint)jobs, TRUE, NULL);
	jobs = g_thread_pool_get_num_threads(crew->pool);
	if (jobs > 1) {
		g_thread_pool_set_sort_function(crew->pool, by_task_order,
		                                NULL);
		crew->jobs = jobs;
		return;
	}
	g_thread_pool_free(crew->pool, TRUE, TRUE);
	crew->pool = NULL;
}

struct crew *crew_new(unsigned jobs)
{
	struct crew *crew = g_new0(struct crew, 1);

	crew->jobs = 1;
	g_mutex_init(&crew->lock);
	g_cond_init(&crew->changed);
	if (jobs > 1)
		start(crew, jobs);
	return crew;
}

void crew_free(struct crew *crew)
{
	if (!crew)
		return;
	if (crew->pool)
		g_thread_pool_free(crew->pool, FALSE, TRUE);
	g_cond_clear(&crew->changed);
	g_mutex_clear(&crew->lock);
	g_free(crew);
}

unsigned crew_size(const struct crew *crew)
{
	return crew->jobs;
}

void crew_push(struct crew *crew, struct task *task)
{
	if (!crew->pool) {
		task->run(task);
		return;
	}
	atomic_fetch_add(&crew->tasks, 1);
	(void)g_thread_pool_push(crew->pool, task, NULL);
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
