/* SPDX-License-Identifier: MIT */
/*
 * output_again.c - names and files in a folder where earlier runs wrote
 *
 * This run gives each file the name that it would have in an empty folder.  So
 * a name is taken if this run has given it.  What else is there is replaced, if
 * it is of an earlier run: listed in a case, or left by one that was killed
 * before it could list it.  What nobody knows is the user's, and stays.
 */
#define _GNU_SOURCE /* renameat2 */

#include "analyzer/output_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static bool is_plain_name(const char *name)
{
	return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static int step(int at, const char *name, bool make)
{
	if (make)
		(void)mkdirat(at, name, 0777);
	return openat(at, name,
	              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Paths may come from a case that somebody tampered with. */
int output_folder_of(const struct output *out, const char *path, bool make,
                     const char **leaf)
{
	int fd = dup(out->root);
	const char *end;

	for (; fd >= 0 && (end = strchr(path, '/')); path = end + 1) {
		char *name = g_strndup(path, (gsize)(end - path));
		int next = is_plain_name(name) ? step(fd, name, make) : -1;

		close(fd);
		g_free(name);
		fd = next;
	}
	*leaf = path;
	if (fd < 0 || is_plain_name(path))
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

static bool is_ours(const char *path)
{
	return g_str_has_prefix(path, FILES "/") ||
	       g_str_has_prefix(path, STAGING "/");
}

int output_stat(const struct output *out, const char *path, struct stat *sb)
{
	const char *leaf;
	int at = is_ours(path) ? output_folder_of(out, path, false, &leaf) : -1;
	int rc;

	if (at < 0)
		return -1;
	rc = fstatat(at, leaf, sb, AT_SYMLINK_NOFOLLOW);
	close(at);
	return rc;
}

int output_reopen(const struct output *out, const char *path)
{
	const int how = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	const char *leaf;
	int at = is_ours(path) ? output_folder_of(out, path, false, &leaf) : -1;
	int fd;

	if (at < 0)
		return -1;
	/* only the owner may read without a trace */
	fd = openat(at, leaf, how | O_NOATIME);
	if (fd < 0 && errno == EPERM)
		fd = openat(at, leaf, how);
	close(at);
	return fd;
}

/* ------------------------------------------------------------------- names */

static void number(struct output *out, char *name, size_t n)
{
	(void)g_snprintf(name, (gulong)n, "%" PRIuFAST64,
	                 atomic_fetch_add(&out->serial, 1));
}

/* A file of an earlier run leaves its old name. */
static enum status stage(struct output_file *f, struct error *err)
{
	struct output *out = f->out;
	const char *leaf;
	int at, rc;

	if (!f->here)
		return OK;
	at = output_folder_of(out, f->here, false, &leaf);
	if (at < 0)
		return output_error(err);
	number(out, f->name, sizeof(f->name));
	rc = renameat(at, leaf, out->staging, f->name);
	close(at);
	f->here = NULL;
	f->open = !rc;
	return rc ? output_error(err) : OK;
}

/* Swap the two: what was there may be wanted yet, for another name. */
static enum status set_aside(struct output_file *f, const char *name,
                             const char *path, struct error *err)
{
	struct output *out = f->out;
	char aside[sizeof(f->name)];

	if (!renameat2(out->staging, f->name, out->last, name, RENAME_EXCHANGE))
		return case_hints_move(out->hints, path, f->name, err);
	number(out, aside, sizeof(aside));
	if (renameat(out->last, name, out->staging, aside) ||
	    renameat(out->staging, f->name, out->last, name))
		return output_error(err);
	return case_hints_move(out->hints, path, aside, err);
}

static enum status rename_over(struct output_file *f, const char *name,
                               struct error *err)
{
	struct output *out = f->out;

	return renameat(out->staging, f->name, out->last, name)
	               ? output_error(err)
	               : OK;
}

/* Nobody's, where every file of the earlier runs is listed, is the user's. */
static bool is_free(const struct output *out, enum case_owner owner)
{
	return owner != CASE_OWNER_NOW &&
	       (owner != CASE_OWNER_NONE || !case_hints_ended(out->hints));
}

static struct case_hint_key key_of(const struct placement *where)
{
	return (struct case_hint_key){
		.evidence = where->evidence,
		.volume = where->volume,
		.path = where->listed ? where->listed : where->path,
		.stream = where->stream,
		.mft = where->mft,
	};
}

/* Nothing has this name, or something that may be replaced. */
static enum status settle(struct output_file *f, const char *name,
                          const char *path, enum case_owner owner, bool *done,
                          struct error *err)
{
	struct output *out = f->out;
	struct stat sb;
	enum status st;

	if (fstatat(out->last, name, &sb, AT_SYMLINK_NOFOLLOW)) {
		st = stage(f, err);
		*done = !st && !output_rename_new(out->staging, f->name,
		                                  out->last, name);
		return st || *done || errno == EEXIST ? st : output_error(err);
	}
	if (S_ISDIR(sb.st_mode) || !is_free(out, owner))
		return OK;
	st = stage(f, err);
	if (!st)
		st = owner == CASE_OWNER_OTHER ? set_aside(f, name, path, err)
		                               : rename_over(f, name, err);
	*done = !st;
	return st;
}

enum status again_name(struct output_file *f, const char *name,
                       const char *path, const struct placement *where,
                       bool *done, struct error *err)
{
	struct case_hints *hints = f->out->hints;
	const struct case_hint_key key = key_of(where);
	enum case_owner owner;
	enum status st = case_hints_owner(hints, path, &key, &owner, err);

	*done = false;
	if (st || owner == CASE_OWNER_NOW)
		return st;
	if (f->here && !strcmp(f->here, path))
		*done = true;
	else
		st = settle(f, name, path, owner, done, err);
	return *done ? case_hints_give(hints, path, err) : st;
}

/* ---------------------------------------------------- what belongs somewhere
 */

enum status output_whereabouts(const struct output *out, const char *path,
                               char **now, struct error *err)
{
	char *staged;
	enum status st = case_hints_moved(out->hints, path, &staged, err);

	*now = NULL;
	if (!st)
		*now = staged ? g_strdup_printf(STAGING "/%s", staged)
		              : g_strdup(path);
	g_free(staged);
	return st;
}

enum status output_take(struct output *out, const char *path,
                        const struct placement *where, char **now,
                        struct error *err)
{
	struct output_file f = { .out = out, .fd = -1 };
	char *staged;
	enum status st = case_hints_moved(out->hints, path, &staged, err);

	*now = NULL;
	if (st)
		return st;
	if (staged)
		(void)g_strlcpy(f.name, staged, sizeof(f.name));
	else
		f.here = path;
	f.open = staged;
	g_free(staged);
	return output_finish(&f, where, now, err);
}

/* ---------------------------------------------------- what belongs nowhere */

/* Folders that are empty now, up to that of all files, go. */
static void prune(struct output *out, const char *path)
{
	const struct case_hint_key nobody = { 0 };
	char *above = g_path_get_dirname(path);
	enum case_owner owner;
	struct error ignored;
	const char *leaf;
	bool gone = true;

	while (gone && g_str_has_prefix(above, FILES "/") &&
	       !case_hints_owner(out->hints, above, &nobody, &owner,
	                         &ignored) &&
	       owner != CASE_OWNER_NOW) {
		int at = output_folder_of(out, above, false, &leaf);
		char *next = g_path_get_dirname(above);

		gone = at >= 0 && !unlinkat(at, leaf, AT_REMOVEDIR);
		if (at >= 0)
			close(at);
		g_free(above);
		above = next;
	}
	g_free(above);
}

/* Move it from `at`; a folder only if it is empty. */
static bool move(const struct output *out, int at, const char *name,
                 const char *to)
{
	const char *leaf;
	struct stat sb;
	int rc, there, why;

	if (fstatat(at, name, &sb, AT_SYMLINK_NOFOLLOW) ||
	    (S_ISDIR(sb.st_mode) && unlinkat(at, name, AT_REMOVEDIR)))
		return false;
	there = output_folder_of(out, to, true, &leaf);
	if (there < 0)
		return false;
	rc = S_ISDIR(sb.st_mode) ? mkdirat(there, leaf, 0777)
	                         : output_rename_new(at, name, there, leaf);
	why = errno;
	close(there);
	errno = why;
	return !rc;
}

static bool move_aside(const struct output *out, int at, const char *name,
                       const char *path)
{
	char *to = g_strdup_printf(VANISHED "/%s/%s", out->when, path);
	bool moved = move(out, at, name, to);

	g_free(to);
	return moved;
}

enum status output_vanish(struct output *out, const char *path, bool *moved,
                          struct error *err)
{
	const char *leaf;
	int at = is_ours(path) ? output_folder_of(out, path, false, &leaf) : -1;

	*moved = false;
	if (at < 0)
		return OK;
	errno = 0;
	*moved = move_aside(out, at, leaf, path);
	if (!*moved && errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST)
		(void)output_error(err);
	else
		err->status = OK;
	close(at);
	if (*moved)
		prune(out, path);
	return err->status;
}

bool again_vacate(struct output *out, int at, const char *name,
                  const char *path)
{
	const struct case_hint_key nobody = { 0 };
	enum case_owner owner;
	struct error ignored;

	return !case_hints_owner(out->hints, path, &nobody, &owner, &ignored) &&
	       is_free(out, owner) && move_aside(out, at, name, path);
}
