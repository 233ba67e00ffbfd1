/* SPDX-License-Identifier: MIT */
/*
 * batch_child.h - the child processes of a batch
 */
#ifndef ANALYZER_BATCH_CHILD_H
#define ANALYZER_BATCH_CHILD_H

#include "analyzer/batch_events.h"

/* All that is under way. */
struct pool {
	const struct batch *b;
	GArray *turns;      /* of struct turn: images that are not finished */
	guint next;         /* of those */
	GPtrArray *running; /* of struct child * */
	unsigned idle;      /* cores */
	int stop;           /* 0, or the exit status to stop with */
	int code;           /* of the last task that has ended */
	bool crashed;       /* a signal ended it */
	GHashTable *said;   /* by the task "keys": not to be said again */
	struct events events;
};

/* Start a task, which takes its cores from the idle ones. */
void child_start(struct pool *pool, const struct event_task *task);
/* Tell all of them to stop. */
void children_stop(struct pool *pool);

#endif
