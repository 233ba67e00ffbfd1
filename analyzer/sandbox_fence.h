/* SPDX-License-Identifier: MIT */
/*
 * sandbox_fence.h - which files this process may open, by Landlock
 *
 * With Landlock (Linux 5.13) a process without privileges gives up, for good,
 * the right to open any file but those that it lists.  What is open stays open.
 * It says nothing of what a file's name and attributes are: these are still
 * seen, and sandbox_calls.h sees to it that they are not changed.
 */
#ifndef ANALYZER_SANDBOX_FENCE_H
#define ANALYZER_SANDBOX_FENCE_H

#include "parsers/status.h"

#include <stdbool.h>

/* What may be done with a file, or with all that is below a folder. */
enum {
	FENCE_READ = 1,    /* the contents of files */
	FENCE_LIST = 2,    /* the names in folders; of a folder only */
	FENCE_WRITE = 4,   /* the contents of files that are there */
	FENCE_MAKE = 8,    /* files and folders come, move, go; of a folder */
	FENCE_CONTROL = 16 /* the settings of a device */
};

/* A list in the making; zero is none. */
struct fence {
	int fd; /* -1: none */
	int version;
	uint64_t known; /* what this version can refuse */
};

/* The version of the kernel's Landlock, from 1; 0: it has none, and errno says
   why: ENOSYS, EOPNOTSUPP (switched off when the machine was started). */
int fence_version(void);

/*
 * Begin a list.  Version 1 lets no file move into another folder, whatever the
 * rights in both are.  False: errno says why.
 */
MUST_USE bool fence_open(struct fence *f);
void fence_close(struct fence *f);

/* Put the file or folder that `fd` is, an O_PATH will do, on the list with
   these rights.  False: errno says why. */
MUST_USE bool fence_allow(const struct fence *f, int fd, unsigned rights);

/* From now on this thread, and those that it begins, are held to the list;
   false: errno says why, and nothing has changed. */
MUST_USE bool fence_enter(const struct fence *f);

#endif
