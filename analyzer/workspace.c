/* SPDX-License-Identifier: MIT */
/*
 * workspace.c - a folder that a task works in
 */
#define _GNU_SOURCE /* syncfs, nftw, flock */

#include "analyzer/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

enum status workspace_new(struct workspace *ws, const char *in,
                          const char *task, struct error *err)
{
	char *name = g_strconcat(task, ".XXXXXX", NULL);

	*ws = (struct workspace){ .path = g_build_filename(in, name, NULL),
		                  .fd = -1 };
	g_free(name);
	if (g_mkdir_with_parents(in, 0700) || !mkdtemp(ws->path)) {
		g_clear_pointer(&ws->path, g_free);
		return io_error(err);
	}
	ws->result = g_build_filename(ws->path, "result", NULL);
	ws->fd = lock_folder(ws->path);
	return OK;
}

static void forget(struct workspace *ws)
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
	forget(ws);
}

void workspace_clean(const char *in)
{
	GDir *dir = g_dir_open(in, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		char *path = g_build_filename(in, name, NULL);
		int fd = open(path,
		              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB))
			remove_tree(path);
		if (fd >= 0)
			close(fd);
		g_free(path);
	}
	if (dir)
		g_dir_close(dir);
}
