/* SPDX-License-Identifier: MIT */
/*
 * fault.c - calls of the system, and of the memory, that fail
 *
 * To be preloaded.  Of the calls of one class, the one that is named fails.
 *
 *	FAULT_CALL   read, write, stream, sync, name, alloc
 *	FAULT_AT     the how manieth of them (from 1); none: they are counted
 *	FAULT_MORE   so many more after it; "all"; of memory all that is not
 *	             small, for that is found in the gaps of what was freed
 *	FAULT_HOW    the number of an errno; "short": half of what was asked
 *	             for; "end": nothing
 *	FAULT_FILE   read: of this file only
 *	FAULT_RANGE  read: FROM-TO, bytes that cannot be read, instead of a
 *count FAULT_COUNT  a file for their number
 *
 * A stream that fails is a file of stdio whose disk is full.  Memory is that of
 * all libraries.
 */
#define _GNU_SOURCE

#include "tests/program/preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum class { NONE, READ, WRITE, STREAM, SYNC, NAME, ALLOC };

static const char *const classes[] = { "",     "read", "write", "stream",
	                               "sync", "name", "alloc" };

static enum class faulty;
static unsigned long first, more;
static int why;
static bool half, end;
static unsigned long from, to; /* bytes, of a range */
static struct stat64 file;     /* of FAULT_FILE */
static int full = -1, count = -1;
static bool spared;

__attribute__((constructor)) static void begin(void)
{
	const char *name = getenv("FAULT_CALL"), *how = getenv("FAULT_HOW"),
		   *at = getenv("FAULT_AT"), *rest = getenv("FAULT_MORE"),
		   *path = getenv("FAULT_FILE"), *range = getenv("FAULT_RANGE"),
		   *number = getenv("FAULT_COUNT");
	enum class is = NONE;

	for (size_t i = 1; name && i < sizeof(classes) / sizeof(*classes); i++)
		if (!strcmp(name, classes[i]))
			is = (enum class)i;
	first = at ? strtoul(at, NULL, 10) : 0;
	more = !rest ? 0 : *rest == 'a' ? ~0UL / 2 : strtoul(rest, NULL, 10);
	half = how && *how == 's';
	end = how && *how == 'e';
	why = how ? atoi(how) : EIO;
	if (range && sscanf(range, "%lu-%lu", &from, &to) != 2)
		abort();
	if (path && stat64(path, &file))
		abort();
	full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	if (number)
		count = open(number, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		             0666);
	preload_begin();
	faulty = is;
}

__attribute__((destructor)) static void finish(void)
{
	faulty = NONE;
	if (count >= 0 && getpid() == known)
		(void)dprintf(count, "%lu\n", atomic_load(calls));
}

static bool fails(enum class class)
{
	unsigned long n;

	if (faulty != class || spared || tidies)
		return false;
	n = atomic_fetch_add(calls, 1) + 1;
	return first && n >= first && n - first <= more;
}

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* -------------------------------------------------------------------- reading
 */

static bool is_meant(int fd)
{
	struct stat64 sb;

	return faulty == READ && !fstat64(fd, &sb) &&
	       sb.st_dev == file.st_dev && sb.st_ino == file.st_ino;
}

/* Is there something to be read? How many bytes of it, or -1. */
static ssize_t left(int fd, size_t n, off64_t at, bool *meant)
{
	*meant = is_meant(fd);
	if (*meant && to) {
		*meant = (unsigned long)at < to && (unsigned long)at + n > from;
		errno = why;
		return *meant ? -1 : (ssize_t)n;
	}
	*meant = *meant && fails(READ);
	if (!*meant || (half && n < 2))
		return (ssize_t)n;
	errno = why;
	return half ? (ssize_t)(n / 2) : end ? 0 : -1;
}

ssize_t pread64(int fd, void *buf, size_t n, off64_t at)
{
	static ssize_t (*call)(int, void *, size_t, off64_t);
	bool meant;
	ssize_t most = left(fd, n, at, &meant);

	if (!call)
		*(void **)(void *)&call = next("pread64");
	return meant && most <= 0 ? most : call(fd, buf, (size_t)most, at);
}

ssize_t read(int fd, void *buf, size_t n)
{
	static ssize_t (*call)(int, void *, size_t);
	bool meant;
	off64_t at = faulty == READ ? lseek64(fd, 0, SEEK_CUR) : 0;
	ssize_t most = left(fd, n, at, &meant);

	if (!call)
		*(void **)(void *)&call = next("read");
	return meant && most <= 0 ? most : call(fd, buf, (size_t)most);
}

/* -------------------------------------------------------------------- writing
 */

static bool fails_written(int fd)
{
	struct stat64 sb;

	return faulty == WRITE && !fstat64(fd, &sb) && S_ISREG(sb.st_mode) &&
	       fails(WRITE);
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off64_t at)
{
	ssize_t (*call)(int, const void *, size_t, off64_t);

	if (fails_written(fd)) {
		errno = why;
		if (!half || n < 2)
			return -1;
		n /= 2;
	}
	*(void **)(void *)&call = next("pwrite64");
	return call(fd, buf, n, at);
}

ssize_t write(int fd, const void *buf, size_t n)
{
	ssize_t (*call)(int, const void *, size_t);

	if (fails_written(fd)) {
		errno = why;
		if (!half || n < 2)
			return -1;
		n /= 2;
	}
	*(void **)(void *)&call = next("write");
	return call(fd, buf, n);
}

static FILE *filled(FILE *out, const char *mode)
{
	if (out && *mode != 'r' && fails(STREAM))
		(void)dup2(full, fileno(out));
	return out;
}

FILE *fopen64(const char *path, const char *mode)
{
	FILE *(*call)(const char *, const char *);

	*(void **)(void *)&call = next("fopen64");
	return filled(call(path, mode), mode);
}

FILE *fdopen(int fd, const char *mode)
{
	FILE *(*call)(int, const char *);

	*(void **)(void *)&call = next("fdopen");
	return filled(call(fd, mode), mode);
}

/* A call of this name and class, with these parameters and arguments. */
#define CALL(class, name, params, args)                \
	int name params                                \
	{                                              \
		int(*call) params;                     \
                                                       \
		if (fails(class)) {                    \
			errno = why;                   \
			return -1;                     \
		}                                      \
		*(void **)(void *)&call = next(#name); \
		return call args;                      \
	}

CALL(WRITE, ftruncate64, (int fd, off64_t size), (fd, size))
CALL(SYNC, fsync, (int fd), (fd))
CALL(SYNC, fdatasync, (int fd), (fd))
CALL(SYNC, syncfs, (int fd), (fd))
CALL(NAME, renameat2,
     (int at, const char *old, int there, const char *new, unsigned flags),
     (at, old, there, new, flags))
CALL(NAME, renameat, (int at, const char *old, int there, const char *new),
     (at, old, there, new))
CALL(NAME, rename, (const char *old, const char *new), (old, new))
CALL(NAME, linkat,
     (int at, const char *old, int there, const char *new, int flags),
     (at, old, there, new, flags))
CALL(NAME, unlinkat, (int at, const char *path, int flags), (at, path, flags))
CALL(NAME, unlink, (const char *path), (path))
CALL(NAME, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode))
CALL(NAME, mkdir, (const char *path, mode_t mode), (path, mode))

int openat64(int at, const char *path, int flags, ...)
{
	int (*call)(int, const char *, int, ...);
	mode_t mode = 0;
	va_list rest;

	va_start(rest, flags);
	if (flags & O_CREAT)
		mode = va_arg(rest, mode_t);
	va_end(rest);
	if (flags & O_CREAT && fails(NAME)) {
		errno = why;
		return -1;
	}
	*(void **)(void *)&call = next("openat64");
	return call(at, path, flags, mode);
}

/* --------------------------------------------------------------------- memory
 */

/* The C library's own: dlsym() allocates. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

#define SMALL 128u

static bool none(size_t n)
{
	if ((more && n < SMALL) || !fails(ALLOC))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t n)
{
	return none(n) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return none(n * size) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return none(n) ? NULL : __libc_realloc(p, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
	return none(n) ? NULL : __libc_memalign(alignment, n);
}

int posix_memalign(void **p, size_t alignment, size_t n)
{
	*p = none(n) ? NULL : __libc_memalign(alignment, n);
	return *p ? 0 : ENOMEM;
}

/* libseccomp 2.5.4 makes a filter that lets nothing through, or crashes.  That
   is before any evidence is read, and sandbox_calls.c sees to it that there is
   memory. */
int seccomp_load(void *filter);
int seccomp_load(void *filter)
{
	int (*call)(void *);
	int rc;

	*(void **)(void *)&call = next("seccomp_load");
	spared = true;
	rc = call(filter);
	spared = false;
	return rc;
}

/* Secrets have pages of their own. */
void *mmap64(void *p, size_t n, int access, int flags, int fd, off64_t at)
{
	void *(*call)(void *, size_t, int, int, int, off64_t);

	if (none(n))
		return MAP_FAILED;
	*(void **)(void *)&call = next("mmap64");
	return call(p, n, access, flags, fd, at);
}
