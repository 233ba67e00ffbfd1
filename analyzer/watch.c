/* SPDX-License-Identifier: MIT */
/*
 * watch.c - who goes round in circles is noticed
 *
 * Each thread has a timer of its own, which counts what that one computes.
 */
#define _GNU_SOURCE /* SIGEV_THREAD_ID */

#include "analyzer/watch.h"
#include "parsers/limits.h"
#include "recovery/alive.h"

#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#define TICK_SECONDS 10

/* The C library has no name for it up to version 2.36. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

struct watch {
	bool asked; /* for a timer: there is one, or none was granted */
	timer_t timer;
	unsigned seen;    /* steps, at the last tick */
	unsigned seconds; /* that it has worked since, without one */
};

static void (*on_lost)(void);
static _Thread_local struct watch self;

static void on_tick(int number)
{
	unsigned steps = alive_steps();

	(void)number;
	if (self.seen != steps) {
		self.seen = steps;
		self.seconds = 0;
		return;
	}
	self.seconds += TICK_SECONDS;
	if (self.seconds < LIMIT_STILL_SECONDS)
		return;
	self.seconds = 0;
	on_lost();
}

static void stop(gpointer timer)
{
	(void)timer_delete(*(timer_t *)timer);
}

void watch_begin(void (*lost)(void))
{
	struct sigaction sa = { .sa_handler = on_tick, .sa_flags = SA_RESTART };

	on_lost = lost;
	sigemptyset(&sa.sa_mask);
	(void)sigaction(SIGRTMIN, &sa, NULL);
}

void watch_thread(void)
{
	static GPrivate at_end = G_PRIVATE_INIT(stop);
	const struct timespec tick = { .tv_sec = TICK_SECONDS };
	const struct itimerspec every = { tick, tick };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID,
		                  .sigev_signo = SIGRTMIN };

	if (!on_lost || self.asked)
		return;
	self.asked = true;
	event.sigev_notify_thread_id = gettid();
	if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &self.timer))
		return;
	g_private_set(&at_end, &self.timer);
	(void)timer_settime(self.timer, 0, &every, NULL);
}
