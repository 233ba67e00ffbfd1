/* SPDX-License-Identifier: MIT */
/*
 * batch_run.c - all tasks of a batch on this machine, each a child process
 *
 * As many as there are cores, the largest image first; where fewer are left
 * than cores, each gets more of those.  A crash costs one image.  When this
 * process is told to stop, so are its children; when it dies, so do they.
 */
#include "analyzer/batch_again.h"
#include "analyzer/batch_child.h"
#include "analyzer/batch_table.h"
#include "analyzer/progress.h"
#include "analyzer/run.h"
#include "analyzer/say.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What an image costs beside its bytes, as if it had so many more. */
#define BYTES_OF_IMAGE (UINT64_C(4) << 20)

/* An image that waits for its turn. */
struct turn {
	guint index;
	uint64_t bytes;
};

static uint64_t size_of(const char *path)
{
	struct stat sb;

	return stat(path, &sb) || !S_ISREG(sb.st_mode) ? 0
	                                               : (uint64_t)sb.st_size;
}

static gint largest_first(gconstpointer a, gconstpointer b)
{
	const struct turn *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static bool is_finished(const struct batch *b, const struct image *image)
{
	struct mark mark;
	enum image_state state = image_state(b, image, &mark);

	mark_release(&mark);
	return state != IMAGE_UNFINISHED;
}

static void find_turns(struct pool *pool)
{
	const struct batch *b = pool->b;

	for (guint i = 0; i < b->images->len; i++) {
		const struct image *image = b->images->pdata[i];
		struct turn turn = { .index = i };

		if (image->problem)
			say("line %u of the manifest: %s", image->line,
			    image->problem);
		if (is_finished(b, image))
			continue;
		turn.bytes = size_of(image->evidence) + BYTES_OF_IMAGE;
		pool->events.bytes += turn.bytes;
		g_array_append_val(pool->turns, turn);
	}
	pool->events.images = pool->turns->len;
	g_array_sort(pool->turns, largest_first);
}

/* Idle cores go to the images that are left. */
static void start_next(struct pool *pool)
{
	while (!pool->stop && pool->idle && pool->next < pool->turns->len) {
		unsigned left = pool->turns->len - pool->next;
		const struct turn *turn =
			&g_array_index(pool->turns, struct turn, pool->next++);
		const struct event_task task = {
			.task = "image",
			.number = turn->index + 1,
			.image = pool->b->images->pdata[turn->index],
			.jobs = MAX(1, pool->idle / MIN(pool->idle, left)),
			.bytes = turn->bytes,
		};

		child_start(pool, &task);
	}
	events_show(&pool->events);
}

/* ------------------------------------------------------------------- stages */

static gboolean on_tick(gpointer ctx)
{
	struct pool *pool = ctx;

	events_show(&pool->events);
	return G_SOURCE_CONTINUE;
}

static gboolean on_signal(gpointer ctx)
{
	struct pool *pool = ctx;

	pool->stop = EXIT_INTERRUPTED;
	children_stop(pool);
	return G_SOURCE_CONTINUE;
}

static void loop(struct pool *pool)
{
	while (pool->running->len)
		(void)g_main_context_iteration(NULL, TRUE);
}

/* One task with so many cores; its exit status. */
static int run_alone(struct pool *pool, const char *name, unsigned jobs)
{
	const struct event_task task = { .task = name, .jobs = jobs };

	if (pool->stop)
		return pool->stop;
	pool->code = EXIT_OUTPUT;
	child_start(pool, &task);
	loop(pool);
	return pool->stop ? pool->stop : pool->code;
}

/* A crash costs one image: once more with one core shows which. */
static int run_keys_task(struct pool *pool)
{
	int code = run_alone(pool, "keys", pool->idle);

	if (pool->crashed && !pool->stop && pool->idle > 1)
		code = run_alone(pool, "keys", 1);
	while (pool->crashed && !pool->stop && batch_skip_crashed(pool->b))
		code = run_alone(pool, "keys", 1);
	if (!pool->crashed || pool->stop)
		return code;
	say("the keys could not be collected; --no-evidence-keys does without");
	return EXIT_EVIDENCE;
}

static void run_images(struct pool *pool)
{
	start_next(pool);
	while (pool->running->len) {
		(void)g_main_context_iteration(NULL, TRUE);
		start_next(pool);
	}
}

static int run_stages(struct pool *pool)
{
	const struct batch *b = pool->b;
	int code = EXIT_OK;

	if (pool->turns->len && batch_wants_keys(b) && !batch_has_keys(b))
		code = run_keys_task(pool);
	if (code != EXIT_OK && code != EXIT_CLOSED)
		return code;
	run_images(pool);
	return pool->stop ? pool->stop : run_alone(pool, "merge", pool->idle);
}

static int run_pool(const struct batch *b)
{
	struct pool pool = {
		.b = b,
		.turns = g_array_new(FALSE, FALSE, sizeof(struct turn)),
		.running = g_ptr_array_new(),
		.said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
		                              NULL),
		.idle = (unsigned)b->o->jobs,
	};
	guint sources[] = {
		g_unix_signal_add(SIGINT, on_signal, &pool),
		g_unix_signal_add(SIGTERM, on_signal, &pool),
		g_timeout_add(500, on_tick, &pool),
	};
	int code;

	(void)signal(SIGPIPE, SIG_IGN);
	find_turns(&pool);
	events_start(&pool.events, b, b->images->len - pool.turns->len);
	if (!pool.turns->len && batch_is_merged(b, &code))
		say_info(
			"all %u images are finished, and merged: nothing to do",
			b->images->len);
	else
		code = run_stages(&pool);
	progress_stop();
	events_end(&pool.events, code);
	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
		g_source_remove(sources[i]);
	g_hash_table_unref(pool.said);
	g_ptr_array_free(pool.running, TRUE);
	g_array_free(pool.turns, TRUE);
	return code;
}

/* ------------------------------------------------------------- the folder */

/* A child that a killed batch had not yet begun holds its lock a moment longer
   than it does: as long as that takes where there is much to do. */
#define LOCK_TRIES 50
#define LOCK_PAUSE (G_USEC_PER_SEC / 10)

/* -1: another batch is at work here. */
static int lock_folder(const struct batch *b)
{
	int fd = open(b->o->output, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int i = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB); i++) {
		if (errno == EWOULDBLOCK && i < LOCK_TRIES) {
			g_usleep(LOCK_PAUSE);
			continue;
		}
		close(fd);
		fd = -1;
	}
	return fd;
}

static void say_end(const struct batch *b, int code)
{
	if (code == EXIT_INTERRUPTED)
		say("interrupted: what is finished stays; --resume goes on");
	else if (code == EXIT_OUTPUT)
		say("%s: some output could not be written; what is finished "
		    "stays, and --resume goes on",
		    b->o->output);
}

int batch_run(struct batch *b)
{
	int lock, code;

	if (batch_refuse(b) || batch_enter(b))
		return EXIT_OUTPUT;
	lock = lock_folder(b);
	if (lock < 0) {
		say("%s: another batch is at work in this folder",
		    b->o->output);
		return EXIT_OUTPUT;
	}
	batch_tidy(b);
	progress_start(!b->o->quiet && g_strcmp0(b->o->progress, "never") != 0);
	code = run_pool(b);
	say_end(b, code);
	batch_tidy(b);
	close(lock);
	return code;
}
