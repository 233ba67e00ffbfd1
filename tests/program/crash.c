/* SPDX-License-Identifier: MIT */
/*
 * crash.c - bytes that crash whatever reads them
 *
 * To be preloaded, in the place of a fault that nobody has found yet.
 *
 *	CRASH_ON   the bytes, in hexadecimal digits, at least 4 of them
 *	CRASH_HOW  abort, divide, trap, stack, still or (else) null; still: it
 *	           does not crash, but goes round in circles, and a second of
 *	           the timers that watch over that is a hundredth of one; where
 *	           nobody ends it, it exits with status 98 after half a minute
 *	CRASH_AS   the end of a name: it is who gives it to a file that crashes
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static unsigned char bytes[256];
static size_t count;
static const char *how;
static const char *as;

__attribute__((constructor)) static void begin(void)
{
	const char *hex = getenv("CRASH_ON");
	unsigned value;

	for (; hex && count < sizeof(bytes) && sscanf(hex, "%2x", &value) == 1;
	     hex += 2)
		bytes[count++] = (unsigned char)value;
	how = getenv("CRASH_HOW");
	how = how ? how : "null";
	as = getenv("CRASH_AS");
}

/* Until there is no stack left. */
__attribute__((noinline)) static int descend(volatile int *depth)
{
	volatile int more[256];

	more[0] = *depth + 1;
	return more[0] < 0 ? 0 : descend(more) + more[0];
}

/* Half a minute of its own time: what watches needs hundredths of that. */
static void go_round(void)
{
	struct timespec now = { 0 };

	while (now.tv_sec < 30)
		(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	_exit(98);
}

static void crash(void)
{
	static volatile int zero;
	static volatile char *volatile nowhere;

	if (!strcmp(how, "abort"))
		abort();
	else if (!strcmp(how, "divide"))
		(void)raise(SIGFPE);
	else if (!strcmp(how, "trap"))
		(void)raise(SIGTRAP);
	else if (!strcmp(how, "stack"))
		zero = descend(&zero);
	else if (!strcmp(how, "still"))
		go_round();
	else
		*nowhere = 1;
}

static void look(const void *p, ssize_t n)
{
	if (count >= 4 && n > 0 && memmem(p, (size_t)n, bytes, count))
		crash();
}

static void *next(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);

	if (!function)
		_exit(99);
	return function;
}

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
	static ssize_t (*real)(int, void *, size_t, off_t);
	ssize_t got;

	if (!real)
		*(void **)&real = next("pread64");
	got = real(fd, p, n, at);
	look(p, got);
	return got;
}

ssize_t pread64(int fd, void *p, size_t n, off64_t at)
{
	return pread(fd, p, n, at);
}

ssize_t read(int fd, void *p, size_t n)
{
	static ssize_t (*real)(int, void *, size_t);
	ssize_t got;

	if (!real)
		*(void **)&real = next("read");
	got = real(fd, p, n);
	look(p, got);
	return got;
}

int timer_settime(timer_t timer, int flags, const struct itimerspec *to,
                  struct itimerspec *old)
{
	static int (*real)(timer_t, int, const struct itimerspec *,
	                   struct itimerspec *);
	struct itimerspec short_ = *to;

	if (!real)
		*(void **)&real = next("timer_settime");
	if (!strcmp(how, "still")) {
		short_.it_value = (struct timespec){
			.tv_sec = to->it_value.tv_sec / 100,
			.tv_nsec = to->it_value.tv_sec % 100 * 10000000,
		};
		short_.it_interval = short_.it_value;
	}
	return real(timer, flags, &short_, old);
}

int rename(const char *from, const char *to)
{
	static int (*real)(const char *, const char *);
	size_t n = strlen(to), end = as ? strlen(as) : n + 1;

	if (!real)
		*(void **)&real = next("rename");
	if (end <= n && !strcmp(to + n - end, as))
		crash();
	return real(from, to);
}
