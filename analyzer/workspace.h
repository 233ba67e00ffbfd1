/* SPDX-License-Identifier: MIT */
/*
 * workspace.h - a folder that a task works in, until its result gets its name
 *
 * Whoever works in one holds a lock on it, so that what a killed task has left
 * behind is known, and taken over or removed.  A lock is believed on the
 * machine that it was taken on: not every shared file system tells the others
 * of it.
 */
#ifndef ANALYZER_WORKSPACE_H
#define ANALYZER_WORKSPACE_H

#include "parsers/status.h"

#include <glib.h>
#include <stdbool.h>

struct workspace {
	char *path;
	char *result; /* a path in it, which is for the task to make */
	int fd;       /* the lock */
};

/* A new one, for this task, in the folder `in`, which is made if need be. */
MUST_USE enum status workspace_new(struct workspace *ws, const char *in,
                                   const char *task, struct error *err);
/*
 * All that was written is on the disk, and then the result has this name.
 * E_ABSENT: another one has it, with a result; ours is gone.
 * In every case the workspace is empty then.
 */
MUST_USE enum status workspace_publish(struct workspace *ws, const char *as,
                                       struct error *err);
/* Remove it, and all that is in it; nothing for an empty one. */
void workspace_drop(struct workspace *ws);

/* Nobody works in it from now on; the next task of its name may take over. */
void workspace_leave(struct workspace *ws);

/* What an earlier task of the same name has left behind. */
struct left {
	char *path,
		*result; /* as of a workspace; the result may not be there */
	int fd; /* the lock.  -1: it is of another machine, which may yet work
	           in it, so nothing in it may be changed, nor be relied on */
};

/*
 * All of those in `in`, as struct left *, without those that are known to be
 * worked in.  Freeing the array gives their locks up.
 */
GPtrArray *workspace_find(const char *in, const char *task);

/* Remove those in `in` that nobody works in and that are not kept; `keep` is
   asked with the name of the task, and may be NULL. */
void workspace_clean(const char *in,
                     bool (*keep)(const void *ctx, const char *task),
                     const void *ctx);
/* Remove a folder, and all that is in it; links are not followed. */
void remove_tree(const char *path);

#endif
