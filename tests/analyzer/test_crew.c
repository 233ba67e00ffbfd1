/* SPDX-License-Identifier: MIT */
/*
 * test_crew.c - tasks are run once each, and who waits for them is woken
 */
#include "tests/analyzer/folder.h"

#include "analyzer/crew.h"

#define TASKS 500

struct sum {
	struct task task;
	struct crew *crew;
	unsigned *done, runs;
};

static void add(struct task *task)
{
	struct sum *s = (struct sum *)(void *)task;

	s->runs++;
	crew_lock(s->crew);
	++*s->done;
	crew_changed(s->crew);
	crew_unlock(s->crew);
}

static void test_all_are_run(void **state)
{
	(void)state;
	for (unsigned jobs = 1; jobs < 9; jobs++) {
		struct crew *crew = crew_new(jobs);
		struct sum tasks[TASKS] = { 0 };
		unsigned done = 0;

		assert_int_equal(crew_size(crew), jobs);
		for (unsigned i = 0; i < TASKS; i++) {
			tasks[i] = (struct sum){
				{ .run = add, .order = i }, crew, &done, 0
			};
			crew_push(crew, &tasks[i].task);
			if (jobs == 1)
				assert_int_equal(tasks[i].runs, 1);
		}
		crew_free(crew);
		assert_int_equal(done, TASKS);
		for (unsigned i = 0; i < TASKS; i++)
			assert_int_equal(tasks[i].runs, 1);
	}
	crew_free(NULL);
}

/* As the run's own thread does it: look, and wait only if nothing has changed
   since.  A lost change would cost a fifth of a second each time. */
static void test_waits_for_changes(void **state)
{
	struct crew *crew = crew_new(3);
	struct sum tasks[TASKS] = { 0 };
	gint64 begun = g_get_monotonic_time();
	unsigned done = 0, pushed = 0, seen_done = 0;

	(void)state;
	while (seen_done < TASKS) {
		uint64_t seen = crew_changes(crew);

		crew_lock(crew);
		seen_done = done;
		crew_unlock(crew);
		if (pushed < TASKS && pushed - seen_done < 5) {
			tasks[pushed] = (struct sum){
				{ .run = add, .order = pushed }, crew, &done, 0
			};
			crew_push(crew, &tasks[pushed++].task);
		} else if (seen_done < TASKS) {
			crew_wait(crew, seen);
		}
	}
	assert_true(g_get_monotonic_time() - begun < 10 * G_USEC_PER_SEC);
	/* nothing changes any more: it comes back all the same */
	crew_wait(crew, crew_changes(crew));
	crew_free(crew);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_are_run),
		cmocka_unit_test(test_waits_for_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
