/* SPDX-License-Identifier: MIT */
/*
 * output_place.c - the folders and names of what is written
 */
#define _GNU_SOURCE /* renameat2 */

#include "analyzer/output_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names that a suffix is tried on before we give up. */
#define MOST_TWINS 1000u

static int make_folder(int at, const char *name)
{
	(void)mkdirat(at, name, 0777);
	return openat(at, name,
	              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool is_no_folder(int fd)
{
	return fd < 0 && (errno == ENOTDIR || errno == ELOOP);
}

static int open_named(struct output *out, int at, const char *name,
                      GString *used)
{
	gsize above = used->len;

	for (unsigned i = 1; i < MOST_TWINS; i++) {
		int fd;

		g_string_append_printf(used, "/%s", name);
		if (i > 1)
			g_string_append_printf(used, "~%u", i);
		fd = make_folder(at, used->str + above + 1);
		if (is_no_folder(fd) && out->hints &&
		    again_vacate(out, at, used->str + above + 1, used->str + 1))
			fd = make_folder(at, used->str + above + 1);
		if (fd >= 0)
			return fd;
		g_string_truncate(used, above);
		if (!is_no_folder(fd))
			break;
	}
	return -1;
}

/*
 * Open or make the folder `name` in `at`.  Where a file has the name, the
 * folder gets a suffix; `used` receives what it is called.
 */
static int open_folder(struct output *out, int at, const char *name,
                       GString *used)
{
	int fd = open_named(out, at, name, used);
	char *portable = fd < 0 ? output_portable(name) : NULL;

	if (portable && strcmp(portable, name) != 0)
		fd = open_named(out, at, portable, used);
	g_free(portable);
	return fd;
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
		next = open_folder(out, fd, name, used);
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
	if (out->last >= 0)
		close(out->last);
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
	return output_error(err);
}

int output_rename_new(int from, const char *name, int to, const char *final)
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

static enum status new_name(struct output_file *f, const char *name, bool *done,
                            struct error *err)
{
	struct output *out = f->out;

	*done = !output_rename_new(out->staging, f->name, out->last, name);
	return *done || errno == EEXIST ? OK : output_error(err);
}

/* Give it this name, or that of a twin. */
static enum status name_file(struct output_file *f, const char *name,
                             const struct placement *where, char **path,
                             struct error *err)
{
	struct output *out = f->out;
	enum status st = OK;
	bool done = false;

	for (unsigned i = 0; !st && i < MOST_TWINS; i++) {
		char *twin = output_twin(name, where->mft, i);

		*path = g_strdup_printf("%s/%s", out->last_path + 1, twin);
		st = out->hints ? again_name(f, twin, *path, where, &done, err)
		                : new_name(f, twin, &done, err);
		g_free(twin);
		if (done)
			return OK;
		g_clear_pointer(path, g_free);
	}
	return st ? st : fail(err, E_IO, 0, "too many files of one name");
}

/* How a file system says that it does not take a name differs: any refusal is
   worth a second try, where there is another form of the name. */
static enum status publish(struct output_file *f, const char *name,
                           const struct placement *where, char **path,
                           struct error *err)
{
	enum status st = name_file(f, name, where, path, err);
	char *portable = st ? output_portable(name) : NULL;

	if (portable && strcmp(portable, name) != 0)
		st = name_file(f, portable, where, path, err);
	g_free(portable);
	return st;
}

enum status output_finish(struct output_file *f, const struct placement *where,
                          char **path, struct error *err)
{
	const char *slash = strrchr(where->path, '/');
	char *parent = g_strndup(where->path,
	                         slash ? (gsize)(slash - where->path) : 0);
	char *name =
		output_leaf(slash ? slash + 1 : where->path, where->stream);
	enum status st = enter(f->out, where, parent, err);

	*path = NULL;
	if (!st)
		st = publish(f, name, where, path, err);
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
	if (!st && out->hints)
		st = case_hints_give(out->hints, *path, err);
	if (st)
		g_clear_pointer(path, g_free);
	return st;
}
