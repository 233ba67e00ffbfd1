/* SPDX-License-Identifier: MIT */
/*
 * workspace.h - a folder that a task works in, until its result gets its name
 *
 * Whoever works in one holds a lock on it, so that what a killed task has left
 * behind is known, and removed.
 */
#ifndef ANALYZER_WORKSPACE_H
#define ANALYZER_WORKSPACE_H

#include "parsers/status.h"

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

/* Remove those in `in` that nobody works in. */
void workspace_clean(const char *in);
/* Remove a folder, and all that is in it; links are not followed. */
void remove_tree(const char *path);

#endif
