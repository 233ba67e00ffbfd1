/* SPDX-License-Identifier: MIT */
/*
 * batch_events.c - what goes on in a batch, for people and for programs
 */
#include "analyzer/batch_events.h"
#include "analyzer/progress.h"
#include "analyzer/say.h"
#include "reports/json.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Whoever listens may have gone: that is no reason to stop. */
static void emit(struct events *e, json_t *event)
{
	char *text = json_dumps(event, JSON_COMPACT);
	char *line = g_strconcat(text ? text : "{}", "\n", NULL);
	size_t n = strlen(line);

	for (size_t at = 0; e->fd >= 0 && at < n;) {
		ssize_t put = write(e->fd, line + at, n - at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			e->fd = -1;
		else
			at += (size_t)put;
	}
	g_free(line);
	free(text);
	json_decref(event);
}

static json_t *event_new(const struct events *e, const char *name)
{
	json_t *event = json_object();
	double seconds =
		(double)(g_get_monotonic_time() - e->begun) / G_USEC_PER_SEC;

	json_add_text(event, "event", name);
	json_add(event, "at", json_real(seconds));
	return event;
}

static void add_task(json_t *event, const struct event_task *task)
{
	json_add_text(event, "task", task->task);
	if (!task->image)
		return;
	json_add_u64(event, "number", task->number);
	json_add_text(event, "label", task->image->label);
	json_add_text(event, "evidence", task->image->evidence);
}

void events_start(struct events *e, const struct batch *b, unsigned finished)
{
	json_t *event;

	e->b = b;
	e->fd = b->o->progress_json;
	e->begun = g_get_monotonic_time();
	if (e->fd >= 0)
		(void)fcntl(e->fd, F_SETFD, FD_CLOEXEC);
	event = event_new(e, "start");
	json_add_u64(event, "images", b->images->len);
	json_add_u64(event, "finished", finished);
	json_add_u64(event, "jobs", (uint64_t)b->o->jobs);
	emit(e, event);
}

void events_begin(struct events *e, const struct event_task *task)
{
	json_t *event = event_new(e, "begin");

	add_task(event, task);
	json_add_u64(event, "jobs", task->jobs);
	emit(e, event);
	e->alone = !task->image;
	if (e->alone)
		progress_phase(task->task[0] == 'k'
		                       ? "collecting the keys of all images"
		                       : "merging",
		               0, PROGRESS_PARTS);
}

void events_done(struct events *e, const struct event_task *task,
                 const struct mark *mark)
{
	json_t *event = event_new(e, "done");
	const struct case_totals *t = &mark->totals;

	add_task(event, task);
	json_add(event, "exit", json_integer(mark->code));
	json_add_text(event, "reason", mark->reason);
	json_add(event, "seconds", json_real(mark->seconds));
	if (task->image) {
		json_add_u64(event, "objects", t->objects);
		json_add_u64(event, "files", t->files);
		json_add_u64(event, "bytes", t->bytes);
		json_add_u64(event, "recovered", t->recovered);
		json_add_u64(event, "recovered_bytes", t->recovered_bytes);
		e->finished++;
		e->failed += mark->code != EXIT_OK && mark->code != EXIT_CLOSED;
		e->done += task->bytes;
	}
	emit(e, event);
}

void events_show(const struct events *e)
{
	const struct progress_images images = {
		.done = e->finished,
		.all = e->images,
		.failed = e->failed,
	};

	if (e->alone)
		progress_show();
	else
		progress_images(&images, e->done, e->bytes);
}

void events_end(struct events *e, int code)
{
	json_t *event = event_new(e, "end");

	json_add(event, "exit", json_integer(code));
	json_add_u64(event, "images", e->images);
	json_add_u64(event, "finished", e->finished);
	json_add_u64(event, "failed", e->failed);
	emit(e, event);
}
