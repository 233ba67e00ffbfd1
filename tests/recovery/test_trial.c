/* SPDX-License-Identifier: MIT */
/*
 * test_trial.c - candidates tried by threads
 */
#include "recovery/trial.h"
#include "tests/recovery/material.h"

#include <glib.h>
#include <stdatomic.h>
#include <string.h>

#define MOST 5000

/* Opened by `first`, and by everything from `second` on. */
struct lock {
	size_t first, second;
	unsigned slow; /* microseconds before `first` is known to open */
	atomic_uint tries[MOST];
};

static bool opens(void *opaque, size_t i)
{
	struct lock *lock = opaque;

	assert_true(i < MOST);
	atomic_fetch_add(&lock->tries[i], 1);
	if (i == lock->first && lock->slow)
		g_usleep(lock->slow);
	return i == lock->first || i >= lock->second;
}

struct watch {
	GThread *caller;
	unsigned calls, until; /* stop at this call; 0: never */
	uint64_t done, total;
};

static bool watch(void *opaque, uint64_t done, uint64_t total)
{
	struct watch *w = opaque;

	assert_ptr_equal(g_thread_self(), w->caller);
	assert_true(done <= total && done >= w->done);
	w->done = done;
	w->total = total;
	return ++w->calls != w->until;
}

static void every_candidate_is_tried_once(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 16, 17, 1000, MOST };
	static const unsigned jobs[] = { 0, 1, 2, 7, 64 };

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++)
		for (size_t j = 0; j < COUNT(jobs); j++) {
			struct lock lock = { .first = MOST, .second = MOST };
			struct watch w = { .caller = g_thread_self() };
			struct trial trial = { jobs[j], watch, &w };

			assert_true(trial_run(&trial, sizes[s], opens, &lock) ==
			            TRIAL_NONE);
			for (size_t i = 0; i < MOST; i++)
				assert_int_equal(lock.tries[i], i < sizes[s]);
			assert_true(w.calls);
			assert_int_equal(w.done, sizes[s]);
			assert_int_equal(w.total, sizes[s]);
		}
}

/* Others find higher ones while the lowest is still being tried. */
static void the_lowest_wins(void **state)
{
	static const unsigned jobs[] = { 1, 2, 8, 33 };
	struct trial trial = { 0 };

	(void)state;
	for (size_t first = 0; first < 40; first++)
		for (size_t j = 0; j < COUNT(jobs); j++) {
			struct lock lock = { .first = first,
				             .second = first + 3,
				             .slow = 2000 };

			trial.jobs = jobs[j];
			assert_int_equal(trial_run(&trial, MOST, opens, &lock),
			                 first);
			for (size_t i = 0; i < first; i++)
				assert_int_equal(lock.tries[i], 1);
		}
}

static void the_last_one_counts(void **state)
{
	struct lock lock = { .first = MOST - 1, .second = MOST };
	struct trial trial = { .jobs = 4 };

	(void)state;
	assert_int_equal(trial_run(&trial, MOST, opens, &lock), MOST - 1);
}

/* Not much is tried behind one that opens. */
static void it_stops_early(void **state)
{
	struct lock lock = { .first = 100, .second = MOST };
	struct trial trial = { .jobs = 2 };
	size_t after = 0;

	(void)state;
	assert_int_equal(trial_run(&trial, 1000, opens, &lock), 100);
	lock = (struct lock){ .first = 0, .second = 0 };
	trial.jobs = 1;
	assert_int_equal(trial_run(&trial, MOST, opens, &lock), 0);
	for (size_t i = 1; i < MOST; i++)
		after += lock.tries[i];
	assert_int_equal(after, 0);
}

static bool slow(void *opaque, size_t i)
{
	atomic_uint *tries = opaque;

	(void)i;
	atomic_fetch_add(tries, 1);
	g_usleep(10000);
	return false;
}

static void progress_stops_it(void **state)
{
	struct watch w = { .caller = g_thread_self(), .until = 2 };
	struct trial trial = { 2, watch, &w };
	atomic_uint tries = 0;

	(void)state;
	assert_true(trial_run(&trial, SIZE_MAX / 2, slow, &tries) ==
	            TRIAL_NONE);
	assert_true(w.calls == 3); /* and the last one */
	assert_true(w.done == tries);
	assert_true(tries > 2 && tries < 10000);
}

static void nothing_opens_nothing(void **state)
{
	struct watch w = { .caller = g_thread_self() };
	struct trial trial = { 8, watch, &w };

	(void)state;
	assert_true(trial_run(&trial, 0, opens, NULL) == TRIAL_NONE);
	assert_int_equal(w.calls, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_candidate_is_tried_once),
		cmocka_unit_test(the_lowest_wins),
		cmocka_unit_test(the_last_one_counts),
		cmocka_unit_test(it_stops_early),
		cmocka_unit_test(progress_stops_it),
		cmocka_unit_test(nothing_opens_nothing),
	};

	return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}
