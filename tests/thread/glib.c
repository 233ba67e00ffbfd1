/* SPDX-License-Identifier: MIT */
/*
 * glib.c - GLib's locks as ThreadSanitizer sees them
 *
 * GLib is not compiled with the sanitizer, and waits by system calls that it
 * does not know: every use of a GMutex would look like a race.  A build with
 * SAN=thread is linked with these functions, made of pthread's, in place of
 * GLib's; its slices must be turned off, too (G_SLICE=always-malloc).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glib.h>
#include <pthread.h>

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

/* ------------------------------------------------------------------- once */

gpointer g_once_impl(GOnce *once, GThreadFunc func, gpointer arg)
{
	static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

	pthread_mutex_lock(&lock);
	if (once->status != G_ONCE_STATUS_READY) {
		once->retval = func(arg);
		__atomic_store_n(&once->status, G_ONCE_STATUS_READY,
		                 __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&lock);
	return once->retval;
}
