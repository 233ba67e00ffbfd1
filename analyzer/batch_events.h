/* SPDX-License-Identifier: MIT */
/*
 * batch_events.h - what goes on in a batch: a line for people, lines of JSON
 * for programs
 */
#ifndef ANALYZER_BATCH_EVENTS_H
#define ANALYZER_BATCH_EVENTS_H

#include "analyzer/batch.h"
#include "analyzer/batch_mark.h"

struct events {
	const struct batch *b;
	int fd;               /* of --progress-json, or -1 */
	unsigned images;      /* to be worked on */
	unsigned finished;    /* of them, by now */
	unsigned failed;      /* of those */
	uint64_t bytes, done; /* of those images, as a measure of the time */
	gint64 begun;
	bool alone; /* a task that is no image's is under way */
};

/* A task, as an event names it. */
struct event_task {
	const char *task;          /* "keys", "image", "merge" */
	unsigned number;           /* of an image */
	const struct image *image; /* or NULL */
	unsigned jobs;
	uint64_t bytes;
};

void events_start(struct events *e, const struct batch *b, unsigned finished);
void events_begin(struct events *e, const struct event_task *task);
void events_done(struct events *e, const struct event_task *task,
                 const struct mark *mark);
/* The line on the terminal, if it is time for it. */
void events_show(const struct events *e);
void events_end(struct events *e, int code);

#endif
