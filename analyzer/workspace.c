/* SPDX-License-Identifier: MIT */
/*
 * workspace.c - a folder that a task works in
 */
#define _GNU_SOURCE /* syncfs, nftw, flock */

#include "analyzer/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The machine that a workspace is of; and what mkdtemp makes of a name. */
#define MACHINE "machine"
#define SUFFIX  ".XXXXXX"

static enum status io_error(struct error *err)
{
	return fail(err, E_IO, 0, g_strerror(errno));
}

static int lock_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	/* Not every file system has locks: then nothing is cleaned. */
	if (fd >= 0)
		(void)flock(fd, LOCK_EX | LOCK_NB);
	return fd;
}

static bool write_machine(const char *path)
{
	char *file = g_build_filename(path, MACHINE, NULL);
	bool ok = g_file_set_contents(file, g_get_host_name(), -1, NULL);

	g_free(file);
	return ok;
}

/* Without the name of any it is of another. */
static bool is_here(const char *path)
{
	char *file = g_build_filename(path, MACHINE, NULL);
	char *name = NULL;
	bool here = g_file_get_contents(file, &name, NULL, NULL) &&
	            !strcmp(name, g_get_host_name());

	g_free(name);
	g_free(file);
	return here;
}

enum status workspace_new(struct workspace *ws, const char *in,
                          const char *task, struct error *err)
{
	char *name = g_strconcat(task, SUFFIX, NULL);

	*ws = (struct workspace){ .path = g_build_filename(in, name, NULL),
		                  .fd = -1 };
	g_free(name);
	if (g_mkdir_with_parents(in, 0700) || !mkdtemp(ws->path)) {
		g_clear_pointer(&ws->path, g_free);
		return io_error(err);
	}
	ws->result = g_build_filename(ws->path, "result", NULL);
	ws->fd = lock_folder(ws->path);
	(void)write_machine(ws->path);
	return OK;
}

void workspace_leave(struct workspace *ws)
{
	if (ws->fd >= 0)
		close(ws->fd);
	g_free(ws->result);
	g_free(ws->path);
	*ws = (struct workspace){ .fd = -1 };
}

enum status workspace_publish(struct workspace *ws, const char *as,
                              struct error *err)
{
	enum status st = OK;

	/* A name must not outlive what it names when the power fails. */
	if (syncfs(ws->fd))
		st = io_error(err);
	else if (rename(ws->result, as))
		st = errno == EEXIST || errno == ENOTEMPTY
		             ? fail(err, E_ABSENT, 0, "it is there already")
		             : io_error(err);
	if (!st)
		(void)syncfs(ws->fd);
	workspace_drop(ws);
	return st;
}

static int remove_one(const char *path, const struct stat *sb, int type,
                      struct FTW *where)
{
	(void)sb;
	(void)type;
	(void)where;
	(void)remove(path);
	return 0;
}

void remove_tree(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void workspace_drop(struct workspace *ws)
{
	if (ws->path)
		remove_tree(ws->path);
	workspace_leave(ws);
}

/* ------------------------------------------------------- what was left behind
 */

static char *task_of(const char *name)
{
	size_t n = strlen(name), suffix = strlen(SUFFIX);

	return n > suffix && name[n - suffix] == '.'
	               ? g_strndup(name, n - suffix)
	               : NULL;
}

static void left_free(void *p)
{
	struct left *left = p;

	if (left->fd >= 0)
		close(left->fd);
	g_free(left->result);
	g_free(left->path);
	g_free(left);
}

/* NULL: somebody works in it, or it is none. */
static struct left *left_new(char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool locked = fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB);
	bool used = fd < 0 || (!locked && errno == EWOULDBLOCK);
	struct left *left;

	if (fd >= 0 && (used || !locked || !is_here(path))) {
		close(fd);
		fd = -1;
	}
	if (used) {
		g_free(path);
		return NULL;
	}
	left = g_new0(struct left, 1);
	left->fd = fd;
	left->path = path;
	left->result = g_build_filename(path, "result", NULL);
	return left;
}

GPtrArray *workspace_find(const char *in, const char *task)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(left_free);
	GDir *dir = g_dir_open(in, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		char *of = task_of(name);
		struct left *left = NULL;

		if (!g_strcmp0(of, task))
			left = left_new(g_build_filename(in, name, NULL));
		if (left)
			g_ptr_array_add(all, left);
		g_free(of);
	}
	if (dir)
		g_dir_close(dir);
	return all;
}

void workspace_clean(const char *in,
                     bool (*keep)(const void *ctx, const char *task),
                     const void *ctx)
{
	GDir *dir = g_dir_open(in, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		char *path = g_build_filename(in, name, NULL);
		char *task = task_of(name);
		int fd = open(path,
		              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (fd >= 0 && !(keep && task && keep(ctx, task)) &&
		    !flock(fd, LOCK_EX | LOCK_NB))
			remove_tree(path);
		if (fd >= 0)
			close(fd);
		g_free(task);
		g_free(path);
	}
	if (dir)
		g_dir_close(dir);
}
