/* SPDX-License-Identifier: MIT */
/*
 * output.c - the output folder: the only place where the program writes
 */
#define _GNU_SOURCE /* renameat2 */

#include "analyzer/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STAGING ".partial"
/* Names that a suffix is tried on before we give up. */
#define MOST_TWINS 1000u
/* Bytes of a name, less the room for such a suffix. */
#define NAME_BYTES (255 - 32)

struct output {
	char *dir;
	int root, staging;
	atomic_uint_fast64_t serial;
	/* the folder of the last file: the next one is often in the same */
	char *last_key, *last_path;
	int last;
};

static enum status io_error(struct error *err)
{
	return fail(err, E_IO, 0, g_strerror(errno));
}

static bool is_empty(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *e;
	bool empty = true;

	if (!d)
		return false;
	while (empty && (e = readdir(d)))
		empty = !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..");
	closedir(d);
	return empty;
}

static enum status open_folders(struct output *out, struct error *err)
{
	if (mkdir(out->dir, 0777) && errno != EEXIST)
		return io_error(err);
	out->root = open(out->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->root < 0)
		return io_error(err);
	if (!is_empty(out->root))
		return fail(err, E_IO, 0, "the folder is not empty");
	if (mkdirat(out->root, STAGING, 0700) ||
	    mkdirat(out->root, "files", 0777))
		return io_error(err);
	out->staging = openat(out->root, STAGING,
	                      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return out->staging < 0 ? io_error(err) : OK;
}

enum status output_new(struct output **result, const char *dir,
                       struct error *err)
{
	struct output *out = g_new0(struct output, 1);
	enum status st;

	*result = NULL;
	out->dir = g_strdup(dir);
	out->root = out->staging = out->last = -1;
	st = open_folders(out, err);
	if (st) {
		output_free(out);
		return st;
	}
	*result = out;
	return OK;
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
	close_fd(out->staging);
	close_fd(out->last);
	if (out->root >= 0)
		(void)unlinkat(out->root, STAGING, AT_REMOVEDIR);
	close_fd(out->root);
	g_free(out->last_key);
	g_free(out->last_path);
	g_free(out->dir);
	g_free(out);
}

char *output_path(const struct output *out, const char *name)
{
	return g_build_filename(out->dir, name, NULL);
}

/* Bytes at p that must not be in a name: a control character, or a slash. */
static size_t unsafe(const char *p)
{
	unsigned char c = (unsigned char)p[0];

	if (c < 0x20 || c == 0x7f || c == '/')
		return 1;
	/* U+0080 to U+009F: the second set of control characters */
	return c == 0xc2 && (unsigned char)p[1] < 0xa0 ? 2 : 0;
}

/* Cut at a character, and mark with a hash of the whole name. */
static void shorten(GString *s)
{
	gchar *sum;
	gsize n = NAME_BYTES - 17;

	if (s->len <= NAME_BYTES)
		return;
	sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, s->str,
	                                    (gssize)s->len);
	while (n && ((unsigned char)s->str[n] & 0xc0) == 0x80)
		n--;
	g_string_truncate(s, n);
	g_string_append_printf(s, "~%.16s", sum);
	g_free(sum);
}

static void escape_into(GString *s, const char *name)
{
	while (*name) {
		size_t n = unsafe(name);

		if (!n) {
			g_string_append_c(s, *name++);
			continue;
		}
		for (; n; n--)
			g_string_append_printf(s, "%%%02X",
			                       (unsigned char)*name++);
	}
}

char *output_escape(const char *name)
{
	GString *s = g_string_new(NULL);

	if (!strcmp(name, ".") || !strcmp(name, "..") || !*name)
		g_string_append(s, !*name ? "%" : name[1] ? "%2E%2E" : "%2E");
	else
		escape_into(s, name);
	shorten(s);
	return g_string_free(s, FALSE);
}

/*
 * Open or make the folder `name` in `at`.  Where a file has the name, the
 * folder gets a suffix; `used` receives what it is called.
 */
static int open_folder(int at, const char *name, GString *used)
{
	for (unsigned i = 1; i < MOST_TWINS; i++) {
		char *twin = i == 1 ? g_strdup(name)
		                    : g_strdup_printf("%s~%u", name, i);
		int fd;

		(void)mkdirat(at, twin, 0777);
		fd = openat(at, twin,
		            O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			g_string_append_printf(used, "/%s", twin);
		g_free(twin);
		if (fd >= 0 || (errno != ENOTDIR && errno != ELOOP))
			return fd;
	}
	return -1;
}

/* Walk down to a folder from the top; -1 with errno. */
static int descend(struct output *out, char *const *parts, GString *used)
{
	int fd = dup(out->root);

	for (; fd >= 0 && *parts; parts++) {
		char *name;
		int next;

		if (!**parts)
			continue;
		name = output_escape(*parts);
		next = open_folder(fd, name, used);
		close(fd);
		g_free(name);
		fd = next;
	}
	return fd;
}

/* Make `out->last` the folder that is to hold the file. */
static enum status enter(struct output *out, const struct placement *where,
                         const char *parent, struct error *err)
{
	char *key = g_strdup_printf("files/%s/%s%s", where->evidence,
	                            where->volume, parent);
	GString *used;
	char **parts;

	if (!g_strcmp0(key, out->last_key)) {
		g_free(key);
		return OK;
	}
	close_fd(out->last);
	g_free(out->last_key);
	g_free(out->last_path);
	used = g_string_new(NULL);
	parts = g_strsplit(key, "/", -1);
	out->last = descend(out, parts, used);
	g_strfreev(parts);
	out->last_key = key;
	out->last_path = g_string_free(used, FALSE);
	if (out->last >= 0)
		return OK;
	g_clear_pointer(&out->last_key, g_free);
	return io_error(err);
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
		return io_error(err);
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
			return io_error(err);
		c += put;
		at += (size_t)put;
		n -= (size_t)put;
	}
	return OK;
}

enum status output_resize(struct output_file *f, uint64_t size,
                          struct error *err)
{
	return ftruncate(f->fd, (off_t)size) ? io_error(err) : OK;
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

enum status output_close(struct output_file *f, uint64_t accessed,
                         uint64_t modified, struct error *err)
{
	const struct timespec times[2] = { timespec_of(accessed),
		                           timespec_of(modified) };
	int fd = f->fd;

	/* Times are a courtesy: some file systems cannot hold them all. */
	(void)futimens(fd, times);
	f->fd = -1;
	/* A late write error shows here: before the file has its name. */
	return close(fd) ? io_error(err) : OK;
}

/* Rename without replacing; some file systems cannot do both in one step. */
static int rename_new(int from, const char *name, int to, const char *final)
{
	struct stat sb;

	if (!renameat2(from, name, to, final, RENAME_NOREPLACE))
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (!fstatat(to, final, &sb, AT_SYMLINK_NOFOLLOW)) {
		errno = EEXIST;
		return -1;
	}
	return renameat(from, name, to, final);
}

/* Equal names are kept apart by the record number, then by a count. */
static char *twin_name(const char *name, uint64_t mft, unsigned i)
{
	if (!i)
		return g_strdup(name);
	if (i == 1)
		return g_strdup_printf("%s~%" PRIu64, name, mft);
	return g_strdup_printf("%s~%" PRIu64 "~%u", name, mft, i);
}

static enum status publish(struct output_file *f, const char *name,
                           uint64_t mft, char **path, struct error *err)
{
	struct output *out = f->out;

	for (unsigned i = 0; i < MOST_TWINS; i++) {
		char *twin = twin_name(name, mft, i);

		if (!rename_new(out->staging, f->name, out->last, twin))
			*path = g_strdup_printf("%s/%s", out->last_path + 1,
			                        twin);
		g_free(twin);
		if (*path)
			return OK;
		if (errno != EEXIST)
			return io_error(err);
	}
	return fail(err, E_IO, 0, "too many files of one name");
}

/* The last component, with the stream, as it is called on disk. */
static char *leaf_name(const struct placement *where, const char *leaf)
{
	char *name = output_escape(leaf);
	GString *s;

	if (!where->stream)
		return name;
	s = g_string_new(name);
	g_free(name);
	g_string_append_c(s, ':');
	escape_into(s, where->stream);
	shorten(s);
	return g_string_free(s, FALSE);
}

enum status output_finish(struct output_file *f, const struct placement *where,
                          char **path, struct error *err)
{
	const char *slash = strrchr(where->path, '/');
	char *parent = g_strndup(where->path,
	                         slash ? (gsize)(slash - where->path) : 0);
	char *name = leaf_name(where, slash ? slash + 1 : where->path);
	enum status st = enter(f->out, where, parent, err);

	*path = NULL;
	if (!st)
		st = publish(f, name, where->mft, path, err);
	if (!st)
		f->open = false;
	output_abandon(f);
	g_free(parent);
	g_free(name);
	return st;
}

enum status output_directory(struct output *out, const struct placement *where,
                             char **path, struct error *err)
{
	enum status st = enter(out, where, where->path, err);

	*path = st ? NULL : g_strdup(out->last_path + 1);
	return st;
}
