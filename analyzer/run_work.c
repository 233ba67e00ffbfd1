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
 *
 * A file gets its name when it is on the disk, or it might be there without its
 * data once the power has failed.  To wait for the disk takes long, so the
 * files of many objects wait together, while the crew goes on.
 */
struct window {
	struct run *run;
	struct site *site;
	GQueue works;     /* of struct work * */
	GList *keyless;   /* the first of them that is not started, or NULL */
	GList *unripe;    /* the first that may not be done, or NULL */
	unsigned ripe;    /* those in front of it */
	uint64_t bytes;   /* that they have written */
	gint64 named;     /* when files were last given names */
	guint next;       /* in site->records */
	unsigned size;    /* most of them */
	unsigned buffers; /* that those have which are started, not done */
};

/* Buffers of all pipelines at a time: about 100 MiB. */
#define BUFFERS_MOST 192u
/* Objects under way at a time. */
#define WORKS_MOST 256u
/* Objects whose files get their names together, what they may have written, and
   how long one waits. */
#define NAMED_TOGETHER 128u
#define NAMED_BYTES    (UINT64_C(64) * 1024 * 1024)
#define NAMED_AFTER    G_USEC_PER_SEC

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

static enum status finish(struct work *w, struct error *err)
{
	struct error crashed;
	bool entered = !work_enter(w->place, w->number, &crashed);
	enum status st = work_finish(w, err);

	if (entered)
		spot_leave();
	return st;
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
	if (!win->unripe)
		win->unripe = g_queue_peek_tail_link(&win->works);
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

static void count_ripe(struct window *win)
{
	while (win->unripe && state_of(win, win->unripe->data) == WORK_DONE) {
		struct work *w = win->unripe->data;

		win->buffers -= w->buffers;
		w->buffers = 0;
		win->bytes += jobs_nameless(w);
		win->ripe++;
		win->unripe = win->unripe->next;
	}
}

static bool can_finish(const struct window *win)
{
	if (!win->ripe || !win->run->out)
		return win->ripe;
	return win->ripe >= NAMED_TOGETHER || win->bytes >= NAMED_BYTES ||
	       (!win->unripe && !can_load(win)) ||
	       g_get_monotonic_time() - win->named >= NAMED_AFTER;
}

/* What the first n have written is on the disk, or it is not recovered. */
static void sync_first(struct window *win, unsigned n)
{
	GList *end = g_queue_peek_nth_link(&win->works, n);
	bool wrote = false;
	struct error why;

	for (GList *l = win->works.head; l != end; l = l->next)
		wrote |= jobs_nameless(l->data) > 0;
	if (!wrote || !output_sync(win->run->out, &why))
		return;
	for (GList *l = win->works.head; l != end; l = l->next)
		jobs_fail(l->data, &why);
}

static void wait_for(struct window *win, const struct work *w)
{
	enum work_state state = WORK_LOADED;

	while (state == WORK_LOADED || state == WORK_STARTED) {
		uint64_t seen = crew_changes(win->run->crew);

		state = state_of(win, w);
		if (state == WORK_LOADED || state == WORK_STARTED)
			crew_wait(win->run->crew, seen);
	}
}

static void wait_for_all(struct window *win)
{
	for (GList *l = win->works.head; l; l = l->next)
		wait_for(win, l->data);
}

static bool any_failed(struct window *win)
{
	bool failed = false;

	for (GList *l = win->works.head; l && !failed; l = l->next)
		failed = state_of(win, l->data) == WORK_DONE &&
		         jobs_failed(l->data);
	return failed;
}

static enum status finish_first(struct window *win, struct error *err)
{
	struct work *w = g_queue_peek_head(&win->works);
	enum status st = finish(w, err);

	win->ripe--;
	drop(win, w);
	return st;
}

/* When the disk may be full the case gets the room that is held for it, and not
   what the crew is still writing. */
static enum status finish_ripe(struct window *win, struct error *err)
{
	struct run *run = win->run;
	bool full = run->out && any_failed(win);
	enum status st = OK;

	if (full) {
		wait_for_all(win);
		output_give_room(run->out);
	}
	sync_first(win, win->ripe);
	while (!st && win->ripe && !run_stopped(run))
		st = finish_first(win, err);
	win->bytes = 0;
	win->named = g_get_monotonic_time();
	if (full && !st)
		st = casefile_commit(run->cf, err);
	if (full)
		output_hold_room(run->out);
	return st;
}

/* One step, the one that frees most first; or wait for the crew. */
static enum status advance(struct window *win, struct error *err)
{
	uint64_t seen = crew_changes(win->run->crew);

	count_ripe(win);
	if (can_finish(win))
		return finish_ripe(win, err);
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

	wait_for_all(win);
	if (record)
		sync_first(win, win->works.length);
	while ((w = g_queue_peek_head(&win->works))) {
		record = record && state_of(win, w) == WORK_DONE;
		if (record) {
			record = !work_was_stopped(w);
			st = finish(w, err);
			record = record && !st;
		}
		drop(win, w);
	}
	return st;
}

static unsigned window_size(const struct run *run)
{
	unsigned jobs = crew_size(run->crew);
	unsigned ripe = run->out ? NAMED_TOGETHER : 1;

	return jobs == 1 ? ripe : MIN(16 + 8 * jobs + ripe, WORKS_MOST);
}

/* Only a failure of the case itself is an error. */
static enum status work_objects(struct run *run, struct site *site,
                                struct error *err)
{
	struct window win = { .run = run,
		              .site = site,
		              .named = g_get_monotonic_time(),
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
