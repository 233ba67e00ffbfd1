/* SPDX-License-Identifier: MIT */
/*
 * glib.c - GLib's locks and thread pools as ThreadSanitizer sees them
 *
 * GLib is not compiled with the sanitizer, and waits by system calls that it
 * does not know: every use of a GMutex would look like a race.  A build with
 * SAN=thread is linked with these functions in place of GLib's.
 */
#include <errno.h>
#include <glib.h>
#include <pthread.h>
#include <sanitizer/tsan_interface.h>

/* A lock may be used as it is zeroed: then it is made here. */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static pthread_mutex_t *mutex_of(GMutex *mutex)
{
	pthread_mutex_t *m;

	pthread_mutex_lock(&making);
	m = mutex->p;
	if (!m) {
		mutex->p = m = g_new(pthread_mutex_t, 1);
		pthread_mutex_init(m, NULL);
	}
	pthread_mutex_unlock(&making);
	return m;
}

void g_mutex_init(GMutex *mutex)
{
	mutex->p = NULL;
}

void g_mutex_clear(GMutex *mutex)
{
	g_free(mutex->p);
	mutex->p = NULL;
}

void g_mutex_lock(GMutex *mutex)
{
	pthread_mutex_lock(mutex_of(mutex));
}

void g_mutex_unlock(GMutex *mutex)
{
	pthread_mutex_unlock(mutex_of(mutex));
}

static pthread_cond_t *cond_of(GCond *cond)
{
	return cond->p;
}

void g_cond_init(GCond *cond)
{
	pthread_condattr_t attr;

	cond->p = g_new(pthread_cond_t, 1);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(cond->p, &attr);
	pthread_condattr_destroy(&attr);
}

void g_cond_clear(GCond *cond)
{
	pthread_cond_destroy(cond_of(cond));
	g_free(cond->p);
}

void g_cond_signal(GCond *cond)
{
	pthread_cond_signal(cond_of(cond));
}

void g_cond_broadcast(GCond *cond)
{
	pthread_cond_broadcast(cond_of(cond));
}

void g_cond_wait(GCond *cond, GMutex *mutex)
{
	pthread_cond_wait(cond_of(cond), mutex_of(mutex));
}

gboolean g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end)
{
	const struct timespec t = { end / G_USEC_PER_SEC,
		                    end % G_USEC_PER_SEC * 1000 };

	return pthread_cond_timedwait(cond_of(cond), mutex_of(mutex), &t) !=
	       ETIMEDOUT;
}

/* ------------------------------------------------------------ thread pools */

gboolean __real_g_thread_pool_push(GThreadPool *pool, gpointer data,
                                   GError **error);
gboolean __wrap_g_thread_pool_push(GThreadPool *pool, gpointer data,
                                   GError **error);
GThreadPool *__real_g_thread_pool_new(GFunc run, gpointer ctx, gint most,
                                      gboolean exclusive, GError **error);
GThreadPool *__wrap_g_thread_pool_new(GFunc run, gpointer ctx, gint most,
                                      gboolean exclusive, GError **error);
void __real_g_thread_pool_free(GThreadPool *pool, gboolean now, gboolean wait);
void __wrap_g_thread_pool_free(GThreadPool *pool, gboolean now, gboolean wait);

/* Stands for the end of everything that a pool ran. */
static char ended;

/* What the program runs, with the pool's own context. */
struct pool {
	GFunc run;
	gpointer ctx;
};

static void run(gpointer data, gpointer ctx)
{
	const struct pool *p = ctx;

	__tsan_acquire(data);
	p->run(data, p->ctx);
	__tsan_release(&ended);
}

/* What was written before is seen by the thread that runs it. */
gboolean __wrap_g_thread_pool_push(GThreadPool *pool, gpointer data,
                                   GError **error)
{
	__tsan_release(data);
	return __real_g_thread_pool_push(pool, data, error);
}

GThreadPool *__wrap_g_thread_pool_new(GFunc func, gpointer ctx, gint most,
                                      gboolean exclusive, GError **error)
{
	struct pool *p = g_new(struct pool, 1);

	*p = (struct pool){ func, ctx };
	__tsan_release(p);
	return __real_g_thread_pool_new(run, p, most, exclusive, error);
}

/* And what it wrote, by who waits for the end. */
void __wrap_g_thread_pool_free(GThreadPool *pool, gboolean now, gboolean wait)
{
	__real_g_thread_pool_free(pool, now, wait);
	__tsan_acquire(&ended);
}
