/* SPDX-License-Identifier: MIT */
/*
 * output.c - the output folder: the only place where the program writes
 */
#define _GNU_SOURCE /* syncfs */

#include "analyzer/output_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum status output_error(struct error *err)
{
	return fail(err, E_IO, 0, g_strerror(errno));
}

/* `is_free` is asked of each name in the folder, until one is not. */
static bool all_names(int fd, bool (*is_free)(int fd, const char *name))
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *e;
	bool all = true;

	if (!d)
		return false;
	while (all && (e = readdir(d)))
		all = !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
		      is_free(fd, e->d_name);
	closedir(d);
	return all;
}

static bool never(int fd, const char *name)
{
	(void)fd;
	(void)name;
	return false;
}

/* One of our two folders, with nothing in it: of a run that was killed at its
   very beginning. */
static bool is_bare(int fd, const char *name)
{
	bool ours = !strcmp(name, STAGING) || !strcmp(name, FILES);
	int inner =
		ours ? openat(fd, name,
	                      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
		     : -1;
	bool bare = inner >= 0 && all_names(inner, never);

	if (inner >= 0)
		close(inner);
	return bare;
}

static bool make(const struct output *out, const char *name, mode_t mode)
{
	return !mkdirat(out->root, name, mode) || errno == EEXIST;
}

static enum status open_folders(struct output *out, bool again,
                                struct error *err)
{
	enum status st = OK;

	if (mkdir(out->dir, 0777) && errno != EEXIST)
		return output_error(err);
	out->root = open(out->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->root < 0)
		return output_error(err);
	out->used = !all_names(out->root, is_bare);
	if (out->used)
		st = again ? again_check(out, err)
		           : fail(err, E_IO, 0,
		                  "the folder is not empty (--resume goes on "
		                  "with an earlier run)");
	if (st)
		return st;
	if (!make(out, STAGING, 0700) || !make(out, FILES, 0777))
		return output_error(err);
	out->staging = openat(out->root, STAGING,
	                      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return out->staging < 0 ? output_error(err) : OK;
}

/*
 * One run at a time.  Not every file system knows locks: without one, all else
 * is as it was.  A lock file that is gone was that of a run which has just
 * ended, and may have removed more.
 */
static enum status lock(struct output *out, struct error *err)
{
	struct stat sb;

	out->lock = openat(out->staging, LOCK,
	                   O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (out->lock < 0)
		return output_error(err);
	if ((!flock(out->lock, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK) &&
	    !fstatat(out->staging, LOCK, &sb, AT_SYMLINK_NOFOLLOW))
		return OK;
	close(out->lock);
	out->lock = -1;
	return fail(err, E_IO, 0, "another run is at work in this folder");
}

static enum status start(struct output **result, const char *dir, bool again,
                         struct error *err)
{
	struct output *out = g_new0(struct output, 1);
	GDateTime *now = g_date_time_new_now_utc();
	enum status st;

	*result = NULL;
	out->dir = g_strdup(dir);
	out->root = out->staging = out->last = out->lock = -1;
	out->when = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
	g_date_time_unref(now);
	st = open_folders(out, again, err);
	if (!st)
		st = lock(out, err);
	if (!st && out->used)
		st = again_begin(out, err);
	if (st) {
		output_free(out);
		return st;
	}
	output_hold_room(out);
	*result = out;
	return OK;
}

enum status output_new(struct output **result, const char *dir,
                       struct error *err)
{
	return start(result, dir, false, err);
}

enum status output_resume(struct output **result, const char *dir,
                          struct error *err)
{
	return start(result, dir, true, err);
}

/* What is taken of a disk before it is full: the last rows of a case, and the
   reports of most. */
#define ROOM_SIZE ((off_t)1024 * 1024)

/* A file system that cannot promise room promises none. */
void output_hold_room(const struct output *out)
{
	int fd = openat(out->staging, ROOM,
	                O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);

	if (fd < 0)
		return;
	if (fallocate(fd, 0, 0, ROOM_SIZE))
		output_give_room(out);
	close(fd);
}

void output_give_room(const struct output *out)
{
	(void)unlinkat(out->staging, ROOM, 0);
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void output_free(struct output *out)
{
	if (!out)
		return;
	close_fd(out->last);
	if (out->lock >= 0) {
		again_clean(out);
		output_give_room(out);
		(void)unlinkat(out->staging, LOCK, 0);
		(void)unlinkat(out->root, STAGING, AT_REMOVEDIR);
	}
	close_fd(out->lock);
	close_fd(out->staging);
	close_fd(out->root);
	case_hints_free(out->hints);
	g_free(out->last_key);
	g_free(out->last_path);
	g_free(out->when);
	g_free(out->dir);
	g_free(out);
}

enum status output_sync(const struct output *out, struct error *err)
{
	return syncfs(out->root) ? output_error(err) : OK;
}

char *output_vanished(const struct output *out)
{
	return g_strdup_printf(VANISHED "/%s", out->when);
}

char *output_path(const struct output *out, const char *name)
{
	return g_build_filename(out->dir, name, NULL);
}

enum status output_begin(struct output_file *f, struct output *out,
                         struct error *err)
{
	*f = (struct output_file){ .out = out };
	(void)snprintf(f->name, sizeof(f->name), "%" PRIuFAST64,
	               atomic_fetch_add(&out->serial, 1));
	f->fd = openat(out->staging, f->name,
	               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	               0666);
	if (f->fd < 0)
		return output_error(err);
	f->open = true;
	return OK;
}

enum status output_write(struct output_file *f, uint64_t at, const void *p,
                         size_t n, struct error *err)
{
	const char *c = p;

	while (n) {
		ssize_t put = pwrite(f->fd, c, n, (off_t)at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return output_error(err);
		c += put;
		at += (size_t)put;
		n -= (size_t)put;
	}
	return OK;
}

enum status output_resize(struct output_file *f, uint64_t size,
                          struct error *err)
{
	return ftruncate(f->fd, (off_t)size) ? output_error(err) : OK;
}

void output_abandon(struct output_file *f)
{
	if (!f->open)
		return;
	close_fd(f->fd);
	(void)unlinkat(f->out->staging, f->name, 0);
	f->open = false;
}

/* FILETIME to seconds since 1970. */
static struct timespec timespec_of(uint64_t filetime)
{
	const int64_t epoch = INT64_C(11644473600);
	struct timespec ts = { .tv_nsec = UTIME_OMIT };

	if (!filetime || filetime > INT64_MAX)
		return ts;
	ts.tv_sec = (time_t)((int64_t)(filetime / 10000000) - epoch);
	ts.tv_nsec = (long)(filetime % 10000000) * 100;
	return ts;
}

void output_set_times(int fd, uint64_t accessed, uint64_t modified)
{
	const struct timespec times[2] = { timespec_of(accessed),
		                           timespec_of(modified) };

	/* Times are a courtesy: some file systems cannot hold them all. */
	(void)futimens(fd, times);
}

bool output_has_times(const struct stat *sb, uint64_t modified)
{
	const struct timespec want = timespec_of(modified);

	return want.tv_nsec != UTIME_OMIT &&
	       sb->st_mtim.tv_sec == want.tv_sec &&
	       sb->st_mtim.tv_nsec == want.tv_nsec;
}

enum status output_close(struct output_file *f, uint64_t accessed,
                         uint64_t modified, struct error *err)
{
	int fd = f->fd;

	output_set_times(fd, accessed, modified);
	f->fd = -1;
	/* A late write error shows here: before the file has its name. */
	return close(fd) ? output_error(err) : OK;
}
