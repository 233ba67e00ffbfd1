/* SPDX-License-Identifier: MIT */
/*
 * batch_child.c - the child processes of a batch
 */
#define _GNU_SOURCE /* prctl */

#include "analyzer/batch_child.h"
#include "analyzer/say.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Bytes of one line that a task says; more of it is cut. */
#define LINE_MOST 4096

struct child {
	struct pool *pool;
	struct event_task task;
	GPid pid;
	int fd;        /* what it says */
	GString *line; /* that is not whole yet */
	char *last;    /* what it said last */
	bool ended, silent;
	int status; /* as of waitpid */
	gint64 begun;
};

/* ------------------------------------------------------------ what it says */

/* "efsleuth: disk.dd v1: ..." as it is; else with the label in front. */
static void relay(struct child *c, const char *text)
{
	const char *label = c->task.image ? c->task.image->label : NULL;

	if (g_str_has_prefix(text, "efsleuth: "))
		text += strlen("efsleuth: ");
	if (!*text)
		return;
	g_free(c->last);
	c->last = g_strdup(text);
	if (!label)
		g_hash_table_add(c->pool->said, g_strdup(text));
	else if (g_hash_table_contains(c->pool->said, text))
		return;
	if (!label || (g_str_has_prefix(text, label) &&
	               strchr(" :", text[strlen(label)])))
		say("%s", text);
	else
		say("%s: %s", label, text);
}

static void take_text(struct child *c, const char *p, size_t n)
{
	for (; n; p++, n--) {
		if (*p == '\n') {
			relay(c, c->line->str);
			g_string_truncate(c->line, 0);
		} else if (c->line->len < LINE_MOST) {
			g_string_append_c(c->line, *p);
		}
	}
}

static void finish(struct child *c);

static gboolean on_text(gint fd, GIOCondition condition, gpointer ctx)
{
	struct child *c = ctx;
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf));

	(void)condition;
	if (n > 0) {
		take_text(c, buf, (size_t)n);
		return G_SOURCE_CONTINUE;
	}
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return G_SOURCE_CONTINUE;
	relay(c, c->line->str);
	close(fd);
	c->silent = true;
	finish(c);
	return G_SOURCE_REMOVE;
}

/* ------------------------------------------------------------- how it ended */

static void read_result(const struct child *c, struct mark *mark)
{
	char *folder = batch_path(c->pool->b, "images", c->task.image->label);
	char *path = g_build_filename(folder, MARK_NAME, NULL);

	(void)!mark_read(path, mark);
	g_free(path);
	g_free(folder);
}

/* It has no result of its own that says why. */
static void note_failure(const struct child *c, const struct mark *mark)
{
	char *folder = batch_path(c->pool->b, "failed", NULL);
	char *path = g_build_filename(folder, c->task.image->label, NULL);

	(void)g_mkdir_with_parents(folder, 0777);
	(void)!mark_write(path, mark);
	g_free(path);
	g_free(folder);
}

static void judge(struct child *c, struct mark *mark)
{
	double seconds =
		(double)(g_get_monotonic_time() - c->begun) / G_USEC_PER_SEC;

	*mark = (struct mark){ 0 };
	if (c->task.image && WIFEXITED(c->status))
		read_result(c, mark);
	mark->seconds = seconds;
	if (WIFSIGNALED(c->status)) {
		int number = WTERMSIG(c->status);

		mark->code = 128 + number;
		mark->reason =
			g_strdup_printf("its task ended by signal %d (%s)",
		                        number, g_strsignal(number));
	} else {
		mark->code = WEXITSTATUS(c->status);
		if (mark->code && !mark->reason)
			mark->reason = g_strdup(c->last);
	}
}

static bool has_result(int code)
{
	return code == EXIT_OK || code == EXIT_CLOSED ||
	       code == EXIT_EVIDENCE || code == EXIT_KEYS;
}

static void child_free(struct child *c)
{
	g_string_free(c->line, TRUE);
	g_free(c->last);
	g_free(c);
}

/* When it has ended, and all it said was heard. */
static void finish(struct child *c)
{
	struct pool *pool = c->pool;
	struct mark mark;

	if (!c->ended || !c->silent)
		return;
	judge(c, &mark);
	if (WIFSIGNALED(c->status))
		say("%s: %s",
		    c->task.image ? c->task.image->label : c->task.task,
		    mark.reason);
	if (mark.code == EXIT_OUTPUT && !pool->stop)
		pool->stop = EXIT_OUTPUT;
	if (c->task.image && !has_result(mark.code) && !pool->stop)
		note_failure(c, &mark);
	events_done(&pool->events, &c->task, &mark);
	pool->crashed = WIFSIGNALED(c->status);
	pool->code = pool->crashed ? EXIT_CLOSED : mark.code;
	pool->idle += c->task.jobs;
	mark_release(&mark);
	(void)g_ptr_array_remove_fast(pool->running, c);
	child_free(c);
}

static void on_end(GPid pid, gint status, gpointer ctx)
{
	struct child *c = ctx;

	g_spawn_close_pid(pid);
	c->ended = true;
	c->status = status;
	finish(c);
}

/* --------------------------------------------------------------- beginning */

/* In the child: it does not outlive its parent. */
static void tie(gpointer parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != GPOINTER_TO_INT(parent))
		_exit(EXIT_INTERRUPTED);
}

static gboolean spawn(struct child *c, char **argv, GError **error)
{
	const GArray *fds = c->pool->b->handed.fds;
	const int *handed = (const int *)(const void *)fds->data;
	bool merge = !strcmp(c->task.task, "merge");
	GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD |
	                    (merge ? 0 : G_SPAWN_STDOUT_TO_DEV_NULL);

	return g_spawn_async_with_pipes_and_fds(
		NULL, (const char *const *)argv, NULL, flags, tie,
		GINT_TO_POINTER((gint)getpid()), -1, -1, -1, handed, handed,
		fds->len, &c->pid, NULL, NULL, &c->fd, error);
}

void child_start(struct pool *pool, const struct event_task *task)
{
	struct child *c = g_new0(struct child, 1);
	char *name = task->image ? g_strdup_printf("%u", task->number)
	                         : g_strdup(task->task);
	GPtrArray *argv = batch_command(pool->b, name, task->jobs);
	GError *error = NULL;

	/* This very program, though its file may have another one by now. */
	g_free(argv->pdata[0]);
	argv->pdata[0] = g_strdup("/proc/self/exe");
	c->pool = pool;
	c->task = *task;
	c->line = g_string_new(NULL);
	c->begun = g_get_monotonic_time();
	events_begin(&pool->events, task);
	if (spawn(c, (char **)argv->pdata, &error)) {
		pool->idle -= task->jobs;
		g_ptr_array_add(pool->running, c);
		g_child_watch_add(c->pid, on_end, c);
		g_unix_fd_add(c->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_text, c);
	} else {
		say("no task could be started: %s", error->message);
		g_error_free(error);
		pool->stop = EXIT_OUTPUT;
		child_free(c);
	}
	g_ptr_array_unref(argv);
	g_free(name);
}

void children_stop(struct pool *pool)
{
	for (guint i = 0; i < pool->running->len; i++) {
		const struct child *c = pool->running->pdata[i];

		if (!c->ended)
			(void)kill(c->pid, SIGTERM);
	}
}
