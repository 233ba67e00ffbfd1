/* SPDX-License-Identifier: MIT */
/*
 * watch.c - who goes round in circles is noticed
 *
 * Each thread has a timer of its own, which counts what that one computes.
 */
#define _GNU_SOURCE /* SIGEV_THREAD_ID */

#include "analyzer/watch.h"
#include "parsers/limits.h"
#include "parsers/wrap.h"
#include "recovery/alive.h"

#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TICK_SECONDS 10

/* The C library has no name for it up to version 2.36. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* A filter of what was read, as a set of bits.  A new place is taken for an old
   one now and then: a walk goes on to the next. */
#define SEEN_BITS 16
#define SEEN_MOST (1u << (SEEN_BITS - 2)) /* then it is emptied */

struct watch {
	bool asked; /* for a timer: there is one, or none was granted */
	timer_t timer;
	unsigned seen;    /* steps, at the last tick */
	unsigned seconds; /* that it has worked since, without one */
	unsigned places;  /* bits that are set */
	uint64_t read[(1u << SEEN_BITS) / 64];
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

/* A sector of it, as a bit of the filter: Fibonacci hashing. */
WRAPS static unsigned bit_of(const void *of, uint64_t at)
{
	uint64_t x = (uint64_t)(uintptr_t)of + (at >> 9);

	return (unsigned)(x * UINT64_C(0x9E3779B97F4A7C15) >> (64 - SEEN_BITS));
}

void watch_forget(void)
{
	if (self.places)
		memset(self.read, 0, sizeof(self.read));
	self.places = 0;
}

void watch_read(const void *of, uint64_t at)
{
	unsigned bit = bit_of(of, at);
	uint64_t mask = UINT64_C(1) << bit % 64;

	if (!self.asked || self.read[bit / 64] & mask)
		return;
	if (self.places == SEEN_MOST)
		watch_forget();
	self.read[bit / 64] |= mask;
	self.places++;
	alive();
}
