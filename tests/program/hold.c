/* SPDX-License-Identifier: MIT */
/*
 * hold.c - stop the program, so that its memory can be looked at
 *
 * To be preloaded, by secrets.t.  The stopped process goes on by SIGCONT.
 *
 *	HOLD_AT  a number: at so manieth a write of plaintext (from 1);
 *	         "end": when all that it does at its end is done
 *	HOLD_ID  a file for the number of the process that stops
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static long point;
static bool at_end;
static atomic_long writes;
static int id = -1;

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("HOLD_AT"), *path = getenv("HOLD_ID");

	point = at ? atol(at) : 0;
	at_end = at && !strcmp(at, "end");
	if (path)
		id = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		          0666);
}

static void hold(void)
{
	(void)dprintf(id, "%d\n", (int)getpid());
	(void)raise(SIGSTOP);
}

__attribute__((destructor)) static void end(void)
{
	if (at_end)
		hold();
}

/* Into the folder of what is not finished. */
static bool is_plaintext(int fd)
{
	char link[64], path[4096];
	ssize_t n;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n < 0 ? 0 : n] = '\0';
	return strstr(path, "/.partial/");
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off64_t at)
{
	ssize_t (*call)(int, const void *, size_t, off64_t);

	if (point && is_plaintext(fd) &&
	    atomic_fetch_add(&writes, 1) + 1 == point)
		hold();
	*(void **)(void *)&call = dlsym(RTLD_NEXT, "pwrite64");
	return call(fd, buf, n, at);
}

/* Its memory is nobody's; but here it is to be read. */
int prctl(int what, ...)
{
	int (*call)(int, ...);
	unsigned long args[4];
	va_list more;

	va_start(more, what);
	for (int i = 0; i < 4; i++)
		args[i] = va_arg(more, unsigned long);
	va_end(more);
	if (what == PR_SET_DUMPABLE)
		return 0;
	*(void **)(void *)&call = dlsym(RTLD_NEXT, "prctl");
	return call(what, args[0], args[1], args[2], args[3]);
}
