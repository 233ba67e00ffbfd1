/* SPDX-License-Identifier: MIT */
/*
 * run_work.c - open the keys, and work on every object that was found
 */
#include "analyzer/collect.h"
#include "analyzer/progress.h"
#include "analyzer/run.h"
#include "analyzer/say.h"
#include "analyzer/spot.h"
#include "analyzer/work.h"

/* Each lock begins anew. */
static bool trial_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct run *run = ctx;

	if (done <= run->tried)
		progress_phase("trying passwords", total, PROGRESS_PASSWORDS);
	run->tried = done;
	progress_set(done);
	return !run_stopped(run);
}

struct trial run_trials(struct run *run)
{
	run->tried = UINT64_MAX; /* the first lock begins, too */
	return (struct trial){
		.jobs = (unsigned)run->o->jobs,
		.progress = trial_progress,
		.ctx = run,
	};
}

void run_open(struct run *run)
{
	const struct trial trial = run_trials(run);
	struct error stopped;

	(void)!chain_unlock(run->chain, &trial, &stopped);
}

void run_unlock(struct run *run)
{
	collect_keys(run, run);
	run_open(run);
	if (run->o->keyring && !run_keyring(run))
		run->keys_failed = true;
	say_detail("%zu keys and certificates, of which %zu are private keys "
	           "that can be used",
	           keyring_count(run->ring), keyring_usable(run->ring));
}

/* ------------------------------------------------- the objects of a site */

/*
 * Objects under way, in order.  Each is loaded, its RSA operation is done by
 * the crew, then its key is found, its streams are done by the crew, and it is
 * recorded.  What is not the crew's is done here, in the order of the objects.
 */
struct window {
	struct run *run;
	struct site *site;
	GQueue works;     /* of struct work * */
	GList *keyless;   /* the first of them that is not started, or NULL */
	guint next;       /* in site->records */
	unsigned size;    /* most of them */
	unsigned buffers; /* that those have which are started */
};

/* Buffers of all pipelines at a time: about 100 MiB. */
#define BUFFERS_MOST 192u
/* Objects under way at a time. */
#define WORKS_MOST 256u

static enum work_state state_of(struct window *win, const struct work *w)
{
	enum work_state state;

	crew_lock(win->run->crew);
	state = w->state;
	crew_unlock(win->run->crew);
	return state;
}

static void drop(struct window *win, struct work *w)
{
	g_queue_remove(&win->works, w);
	win->buffers -= w->buffers;
	work_release(w);
	g_free(w);
}

/* Of one that was not loaded there is nothing that crashes. */
static void at_its_spot(struct work *w, void (*step)(struct work *w))
{
	struct error crashed;
	bool entered = !work_enter(w->place, w->number, &crashed);

	step(w);
	if (entered)
		spot_leave();
}

static void load_next(struct window *win)
{
	struct place *place = &win->site->place;
	uint64_t number =
		g_array_index(win->site->records, uint64_t, win->next++);
	struct work *w = g_new0(struct work, 1);
	struct error why;

	if (work_load(w, place, number, &why)) {
		w->unloadable = why;
	} else if (!run_in_scope(win->run->o, w->object.paths->pdata[0],
	                         w->description.class_)) {
		work_release(w);
		g_free(w);
		return;
	}
	w->task.order = win->next;
	g_queue_push_tail(&win->works, w);
	if (!win->keyless)
		win->keyless = g_queue_peek_tail_link(&win->works);
	at_its_spot(w, work_prepare);
}

static bool can_load(const struct window *win)
{
	return win->next < win->site->records->len &&
	       win->works.length < win->size;
}

/* The next one in order, if its RSA operation is done and there are buffers
   for it. */
static bool can_start(struct window *win)
{
	struct work *w = win->keyless ? win->keyless->data : NULL;

	return w && state_of(win, w) == WORK_PREPARED &&
	       (!win->buffers || win->buffers < BUFFERS_MOST);
}

static void start_next(struct window *win)
{
	struct work *w = win->keyless->data;

	win->keyless = win->keyless->next;
	at_its_spot(w, work_start);
	win->buffers += w->buffers;
}

static bool can_finish(struct window *win)
{
	const struct work *w = g_queue_peek_head(&win->works);

	return w && state_of(win, w) == WORK_DONE;
}

static enum status finish_first(struct window *win, struct error *err)
{
	struct work *w = g_queue_peek_head(&win->works);
	struct error crashed;
	bool entered = !work_enter(w->place, w->number, &crashed);
	enum status st = work_finish(w, err);

	if (entered)
		spot_leave();
	drop(win, w);
	return st;
}

/* One step, the one that frees most first; or wait for the crew. */
static enum status advance(struct window *win, struct error *err)
{
	uint64_t seen = crew_changes(win->run->crew);

	if (can_finish(win))
		return finish_first(win, err);
	if (can_start(win))
		start_next(win);
	else if (can_load(win))
		load_next(win);
	else
		crew_wait(win->run->crew, seen);
	progress_show();
	return OK;
}

/*
 * The run was stopped, or its case cannot be written: wait for what is under
 * way.  After an interruption what was finished in time is recorded, and the
 * first object that was not.
 */
static enum status drain(struct window *win, bool record, struct error *err)
{
	enum status st = OK;
	struct work *w;

	while ((w = g_queue_peek_head(&win->works))) {
		uint64_t seen = crew_changes(win->run->crew);
		enum work_state state = state_of(win, w);

		if (state == WORK_LOADED || state == WORK_STARTED) {
			crew_wait(win->run->crew, seen);
			continue;
		}
		record = record && state == WORK_DONE;
		if (record) {
			record = !work_was_stopped(w);
			st = work_finish(w, err);
			record = record && !st;
		}
		drop(win, w);
	}
	return st;
}

static unsigned window_size(const struct run *run)
{
	unsigned jobs = crew_size(run->crew);

	return jobs == 1 ? 1 : MIN(16 + 8 * jobs, WORKS_MOST);
}

/* Only a failure of the case itself is an error. */
static enum status work_objects(struct run *run, struct site *site,
                                struct error *err)
{
	struct window win = { .run = run,
		              .site = site,
		              .size = window_size(run) };
	enum status st = OK, drained;
	struct error later;

	while (!st && !run_stopped(run) && (win.works.length || can_load(&win)))
		st = advance(&win, err);
	drained = drain(&win, !st && run_interrupted(), &later);
	if (!st && drained)
		*err = later;
	return st ? st : drained;
}

static enum status work_site(struct run *run, struct site *site,
                             struct error *err)
{
	char *what = g_strdup_printf("%s %s", site->place.evidence,
	                             site->place.volume);
	uint64_t before = run->objects;
	enum status st;

	progress_phase(what, site->bytes, PROGRESS_BYTES);
	spot_push(SPOT_EVIDENCE, site->place.evidence, 0);
	spot_push(SPOT_VOLUME, site->place.volume, 0);
	st = work_objects(run, site, err);
	spot_leave();
	spot_leave();
	site->row.objects = run->objects - before;
	if (!st)
		st = casefile_update_volume(run->cf, &site->row, err);
	g_free(what);
	return st;
}

enum status run_work(struct run *run, struct error *err)
{
	enum status st = OK;

	run->crew = crew_new((unsigned)run->o->jobs);
	for (guint i = 0; !st && i < run->sites->len; i++) {
		struct site *site = run->sites->pdata[i];

		if (!site->keys_only)
			st = work_site(run, site, err);
	}
	g_clear_pointer(&run->crew, crew_free);
	return st;
}
