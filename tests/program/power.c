/* SPDX-License-Identifier: MIT */
/*
 * power.c - what was written and not synced is gone when the power is
 *
 * To be preloaded together with kill.c, which calls power_lost() before it
 * kills.  It is the worst that a file system may do: every name is there, and
 * of a file nothing but what an fsync() or syncfs() has put on the disk.  What
 * was written over reads as before, what was appended is cut off.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a write replaced, the latest first. */
struct before {
	struct before *next;
	off64_t at;
	size_t n;
	char bytes[];
};

/* A file that was opened to be written. */
struct file {
	struct file *next;
	dev_t device;
	ino_t number;
	int fd;       /* of our own */
	off64_t size; /* on the disk */
	struct before *undo;
};

static struct file *files;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static struct file *find(int fd)
{
	struct file *f = files;
	struct stat64 sb;

	if (fstat64(fd, &sb) || !S_ISREG(sb.st_mode))
		return NULL;
	while (f && (f->device != sb.st_dev || f->number != sb.st_ino))
		f = f->next;
	return f;
}

/* The lock is held in all that follows. */
static void forget(struct before **undo)
{
	struct before *b;

	while ((b = *undo)) {
		*undo = b->next;
		free(b);
	}
}

static void synced(struct file *f)
{
	struct stat64 sb;

	forget(&f->undo);
	if (!fstat64(f->fd, &sb))
		f->size = sb.st_size;
}

static void opened(int fd)
{
	struct file *f = find(fd);
	struct stat64 sb;

	/* one that can be read, too, is worth more */
	if (f && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR)
		(void)dup3(fd, f->fd, O_CLOEXEC);
	if (f || fstat64(fd, &sb) || !S_ISREG(sb.st_mode))
		return;
	f = calloc(1, sizeof(*f));
	if (!f)
		abort();
	f->device = sb.st_dev;
	f->number = sb.st_ino;
	f->size = sb.st_size;
	f->fd = fcntl(fd, F_DUPFD_CLOEXEC, 100);
	if (f->fd < 0)
		abort();
	f->next = files;
	files = f;
}

/* Of a file that can be read, what a write is about to replace. */
static void remember(int fd, off64_t at, size_t n)
{
	struct file *f = find(fd);
	struct before *b;
	ssize_t got;

	if (!f)
		return;
	if (at >= f->size)
		return;
	b = malloc(sizeof(*b) + n);
	if (!b)
		abort();
	got = pread64(f->fd, b->bytes, n, at);
	if (got <= 0) {
		free(b);
		return;
	}
	b->at = at;
	b->n = (size_t)got;
	b->next = f->undo;
	f->undo = b;
}

static void lose(struct file *f)
{
	struct stat64 sb;

	if (fstat64(f->fd, &sb))
		return;
	for (const struct before *b = f->undo; b; b = b->next) {
		ssize_t (*put)(int, const void *, size_t, off64_t);

		*(void **)(void *)&put = next("pwrite64");
		(void)!put(f->fd, b->bytes, b->n, b->at);
	}
	if (sb.st_size != f->size) {
		int (*cut)(int, off64_t);

		*(void **)(void *)&cut = next("ftruncate64");
		(void)!cut(f->fd, f->size);
	}
}

/* Keeps the lock: nothing happens any more. */
void power_lost(void);
void power_lost(void)
{
	pthread_mutex_lock(&lock);
	for (struct file *f = files; f; f = f->next)
		lose(f);
}

/* ------------------------------------------------------------- what is seen */

/* A call of this name; `before` and `after` with its result are done under the
   lock, too. */
#define CALL(type, name, params, args, before, after)  \
	type name params                               \
	{                                              \
		type(*call) params;                    \
		type rc;                               \
		int why;                               \
                                                       \
		*(void **)(void *)&call = next(#name); \
		pthread_mutex_lock(&lock);             \
		before;                                \
		rc = call args;                        \
		why = errno;                           \
		after;                                 \
		pthread_mutex_unlock(&lock);           \
		errno = why;                           \
		return rc;                             \
	}

static void sync_one(int fd, int rc)
{
	struct file *f = rc ? NULL : find(fd);

	if (f)
		synced(f);
}

static void sync_all(int rc)
{
	struct file **at = &files, *f;

	if (rc)
		return;
	/* Those that are whole need no descriptor until they are opened again.
	 */
	while ((f = *at)) {
		synced(f);
		close(f->fd);
		*at = f->next;
		free(f);
	}
}

CALL(int, fsync, (int fd), (fd), , sync_one(fd, rc))
CALL(int, fdatasync, (int fd), (fd), , sync_one(fd, rc))
CALL(int, syncfs, (int fd), (fd), , sync_all(rc))
CALL(int, ftruncate64, (int fd, off64_t size), (fd, size), opened(fd), )
CALL(ssize_t, write, (int fd, const void *buf, size_t n), (fd, buf, n),
     remember(fd, lseek64(fd, 0, SEEK_CUR), n), )
CALL(ssize_t, pwrite64, (int fd, const void *buf, size_t n, off64_t at),
     (fd, buf, n, at), opened(fd);
     remember(fd, at, n), )
CALL(int, renameat2,
     (int from, const char *old, int to, const char *new, unsigned flags),
     (from, old, to, new, flags), , )
CALL(int, renameat, (int from, const char *old, int to, const char *new),
     (from, old, to, new), , )
CALL(int, rename, (const char *old, const char *new), (old, new), , )
CALL(int, unlink, (const char *path), (path), , )
CALL(int, unlinkat, (int at, const char *path, int flags), (at, path, flags),
     , )

static bool is_written(const char *mode)
{
	return strpbrk(mode, "wa+");
}

CALL(FILE *, fopen64, (const char *path, const char *mode), (path, mode), ,
     if (rc && is_written(mode)) opened(fileno(rc)))
CALL(FILE *, fdopen, (int fd, const char *mode), (fd, mode), ,
     if (rc && is_written(mode)) opened(fd))

static int open_noted(const char *name, int at, const char *path, int flags,
                      mode_t mode)
{
	int (*call)(int, const char *, int, ...);
	int fd;

	*(void **)(void *)&call = next(name);
	pthread_mutex_lock(&lock);
	fd = call(at, path, flags, mode);
	if (fd >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		opened(fd);
	pthread_mutex_unlock(&lock);
	return fd;
}

int openat64(int at, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list more;

	va_start(more, flags);
	if (flags & O_CREAT)
		mode = va_arg(more, mode_t);
	va_end(more);
	return open_noted("openat64", at, path, flags, mode);
}

/* SQLite's. */
int open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list more;

	va_start(more, flags);
	if (flags & O_CREAT)
		mode = va_arg(more, mode_t);
	va_end(more);
	return open_noted("openat64", AT_FDCWD, path, flags, mode);
}
