/* SPDX-License-Identifier: MIT */
/*
 * Who goes round in circles is noticed, and nobody else.
 */
#define _GNU_SOURCE

#include "analyzer/watch.h"
#include "parsers/limits.h"
#include "recovery/alive.h"

#include "tests/analyzer/folder.h"

#include <dlfcn.h>
#include <glib.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

/* A second of the watch is a millisecond: the limit is less than these. */
#define LONG_MS 500u
#define FASTER  1000

static _Thread_local volatile sig_atomic_t lost;
static char evidence;

int timer_settime(timer_t timer, int flags, const struct itimerspec *to,
                  struct itimerspec *old)
{
	int (*real)(timer_t, int, const struct itimerspec *,
	            struct itimerspec *);
	struct itimerspec soon = { 0 };

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "timer_settime");
	soon.it_value.tv_nsec = to->it_value.tv_sec * 1000000000 / FASTER;
	soon.it_interval = soon.it_value;
	return real(timer, flags, &soon, old);
}

static void on_lost(void)
{
	lost = lost + 1;
}

/* What this thread has computed, in milliseconds. */
static uint64_t computed(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t), 0);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Compute for long; how often was this thread lost? */
static int lost_in(void (*each)(uint64_t i))
{
	uint64_t end = computed() + LONG_MS;
	int before = lost;

	watch_thread();
	for (uint64_t i = 0; computed() < end; i++)
		if (each)
			each(i);
	return lost - before;
}

static void test_nothing(void **state)
{
	(void)state;
	assert_in_range(lost_in(NULL), 1,
	                LONG_MS * FASTER / 1000 / LIMIT_STILL_SECONDS);
}

static void step(uint64_t i)
{
	(void)i;
	alive();
}

static void test_steps(void **state)
{
	(void)state;
	assert_int_equal(lost_in(step), 0);
}

static void read_on(uint64_t i)
{
	watch_read(&evidence, i * 512);
}

static void test_reads_on(void **state)
{
	(void)state;
	assert_int_equal(lost_in(read_on), 0);
}

static void read_circle(uint64_t i)
{
	watch_read(&evidence, i % 10000 * 4096);
}

static void test_circle(void **state)
{
	(void)state;
	assert_true(lost_in(read_circle) > 0);
}

/* Whoever is elsewhere in between may read the same. */
static void read_forgotten(uint64_t i)
{
	if (i % 10000 == 0)
		watch_forget();
	read_circle(i);
}

static void test_forgotten(void **state)
{
	(void)state;
	assert_int_equal(lost_in(read_forgotten), 0);
}

static void *in_thread(void *times)
{
	*(int *)times = lost_in(NULL);
	return NULL;
}

static void test_other_thread(void **state)
{
	int here = lost, there = 0;
	GThread *thread = g_thread_new("still", in_thread, &there);

	(void)state;
	assert_int_equal(lost_in(step), 0);
	g_thread_join(thread);
	assert_true(there > 0);
	assert_int_equal(lost, here);
}

static void test_waiting(void **state)
{
	const struct timespec t = { .tv_nsec = LONG_MS * 1000000 };
	int before = lost;

	(void)state;
	watch_thread();
	alive();
	assert_int_equal(nanosleep(&t, NULL), 0);
	assert_int_equal(lost, before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_reads_on),
		cmocka_unit_test(test_circle),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_other_thread),
		cmocka_unit_test(test_waiting),
	};

	watch_begin(on_lost);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
