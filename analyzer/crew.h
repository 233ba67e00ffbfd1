/* SPDX-License-Identifier: MIT */
/*
 * crew.h - the threads of -j N, and the lock that what they share is under
 *
 * Work is cut into tasks that wait for nothing.  What follows from a task is
 * pushed when it ends, so no thread is idle while there is anything to do, and
 * the result does not depend on who did what.
 */
#ifndef ANALYZER_CREW_H
#define ANALYZER_CREW_H

#include "analyzer/spot.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct crew;

/* The caller's, and lives until it was run. */
struct task {
	void (*run)(struct task *task);
	uint64_t order; /* those with the lowest are begun first */
	/* Of crew.c, where it has threads: the spot that it was pushed at, and
	   that it is run at. */
	struct spots at;
};

/* A crew of one has no thread: each task is run where it is pushed. */
struct crew *crew_new(unsigned jobs);
/* All that was pushed is run before; by now nothing pushes any more. */
void crew_free(struct crew *crew);
/* Threads; at least 1. */
unsigned crew_size(const struct crew *crew);

/* Without the lock. */
void crew_push(struct crew *crew, struct task *task);

void crew_lock(struct crew *crew);
void crew_unlock(struct crew *crew);
/* Something under the lock has changed: wake who waits.  With the lock. */
void crew_changed(struct crew *crew);
/* So many changes were there; without the lock. */
uint64_t crew_changes(struct crew *crew);
/* Wait for more of them, a fifth of a second at most; without the lock. */
void crew_wait(struct crew *crew, uint64_t changes);

#endif
