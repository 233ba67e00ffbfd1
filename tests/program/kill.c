/* SPDX-License-Identifier: MIT */
/*
 * kill.c - kill the program at a call that changes what is on the disk
 *
 *	KILL_AT     at the how manieth (from 1); the program is killed before it
 *	KILL_BY     the number of the signal, if not SIGKILL
 *	KILL_COUNT  a file for their number, where it is not killed
 *
 * Read by kill.t and power.t with LD_PRELOAD.  The clock by which the case is
 * committed goes thirty times faster, so that there are more commits than a
 * short run has time for.
 */
#define _GNU_SOURCE

#include "tests/program/preload.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned long last;
static int by = SIGKILL;
static FILE *count; /* opened before the sandbox is entered */

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("KILL_AT"), *path = getenv("KILL_COUNT"),
		   *number = getenv("KILL_BY");

	last = at ? strtoul(at, NULL, 10) : 0;
	by = number ? atoi(number) : by;
	count = path ? fopen(path, "w") : NULL;
	preload_begin();
}

__attribute__((destructor)) static void end(void)
{
	if (count && getpid() == known)
		fprintf(count, "%lu\n", atomic_load(calls));
	if (count)
		fclose(count);
}

/* With power.c it is the machine that goes, not the program alone. */
static void end_here(void)
{
	void (*lost)(void);

	*(void **)(void *)&lost = dlsym(RTLD_DEFAULT, "power_lost");
	if (lost)
		lost();
	raise(by);
}

static void *next(const char *name)
{
	if (!tidies && atomic_fetch_add(calls, 1) + 1 == last)
		end_here();
	return dlsym(RTLD_NEXT, name);
}

/* A call of this name, with these parameters and arguments. */
#define CALL(type, name, params, args)                 \
	type name params                               \
	{                                              \
		type(*call) params;                    \
                                                       \
		*(void **)(void *)&call = next(#name); \
		return call args;                      \
	}

CALL(int, renameat2,
     (int from, const char *old, int to, const char *new, unsigned flags),
     (from, old, to, new, flags))
CALL(int, renameat, (int from, const char *old, int to, const char *new),
     (from, old, to, new))
CALL(int, rename, (const char *old, const char *new), (old, new))
CALL(int, linkat,
     (int from, const char *old, int to, const char *new, int flags),
     (from, old, to, new, flags))
CALL(int, unlinkat, (int at, const char *path, int flags), (at, path, flags))
CALL(int, unlink, (const char *path), (path))
CALL(int, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode))
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode))
CALL(int, fsync, (int fd), (fd))
CALL(int, fdatasync, (int fd), (fd))
CALL(int, syncfs, (int fd), (fd))
CALL(int, ftruncate64, (int fd, off64_t size), (fd, size))
CALL(int, futimens, (int fd, const struct timespec times[2]), (fd, times))
CALL(ssize_t, write, (int fd, const void *buf, size_t n), (fd, buf, n))
CALL(ssize_t, pwrite64, (int fd, const void *buf, size_t n, off64_t at),
     (fd, buf, n, at))

/* Only one that makes a file. */
int openat64(int at, const char *path, int flags, ...)
{
	int (*call)(int, const char *, int, ...);
	mode_t mode = 0;
	va_list more;

	va_start(more, flags);
	if (flags & O_CREAT)
		mode = va_arg(more, mode_t);
	va_end(more);
	*(void **)(void *)&call = flags & O_CREAT
	                                  ? next("openat64")
	                                  : dlsym(RTLD_NEXT, "openat64");
	return call(at, path, flags, mode);
}

/* GLib's gint64 g_get_monotonic_time(void), in microseconds. */
int64_t g_get_monotonic_time(void);
int64_t g_get_monotonic_time(void)
{
	static _Atomic int64_t first;
	int64_t (*call)(void), now, none = 0;

	*(void **)(void *)&call = dlsym(RTLD_NEXT, "g_get_monotonic_time");
	now = call();
	atomic_compare_exchange_strong(&first, &none, now);
	return now + (now - first) * 30;
}
