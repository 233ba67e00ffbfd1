/* SPDX-License-Identifier: MIT */
/*
 * output_resume.c - the output folder of an earlier run, and its cases
 *
 * The case of the last run is moved to .partial/hint-N.db when one begins to go
 * on with it, and stays there until a run has come to its end.
 */
#include "analyzer/output_internal.h"
#include "recovery/casefile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CASE "case.db"

static bool is_file(int at, const char *name)
{
	struct stat sb;

	return !fstatat(at, name, &sb, AT_SYMLINK_NOFOLLOW) &&
	       S_ISREG(sb.st_mode);
}

/* Of ours, of this schema; what a killed run left half done is undone. */
static enum status check_case(const struct output *out, struct error *err)
{
	char *path = output_path(out, CASE);
	struct casefile *cf;
	enum status st = casefile_open(&cf, path, err);

	if (!st)
		casefile_free(cf);
	g_free(path);
	return st;
}

/* A run that was killed at its very beginning has no case yet. */
enum status again_check(const struct output *out, struct error *err)
{
	if (is_file(out->root, STAGING "/" LOCK))
		return OK;
	if (!is_file(out->root, CASE))
		return fail(err, E_IO, 0,
		            "the folder is not empty, and holds no case.db to "
		            "go on with");
	return check_case(out, err);
}

/* ------------------------------------------------------- the staging folder */

/* Call `each` with every name in it; numbers of hints are in order. */
static GPtrArray *names(const struct output *out)
{
	int fd = openat(out->staging, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	const struct dirent *e;

	while (d && (e = readdir(d)))
		g_ptr_array_add(list, g_strdup(e->d_name));
	if (d)
		closedir(d);
	return list;
}

void again_clean(const struct output *out)
{
	GPtrArray *list = names(out);

	for (guint i = 0; i < list->len; i++) {
		const char *name = list->pdata[i];

		if (name[strspn(name, "0123456789")] == '\0')
			(void)unlinkat(out->staging, name, 0);
	}
	g_ptr_array_free(list, TRUE);
}

static char *hint_name(unsigned n)
{
	return g_strdup_printf(STAGING "/hint-%u.db", n);
}

static gint by_number(gconstpointer a, gconstpointer b)
{
	const unsigned *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Numbers of the hints, the oldest first. */
static GArray *hint_numbers(const struct output *out)
{
	GArray *numbers = g_array_new(FALSE, FALSE, sizeof(unsigned));
	GPtrArray *list = names(out);
	unsigned n;
	char end;

	for (guint i = 0; i < list->len; i++)
		/* Eight digits are never more than an unsigned holds.
		   NOLINTNEXTLINE(cert-err34-c) */
		if (sscanf(list->pdata[i], "hint-%8u.d%c", &n, &end) == 2 &&
		    end == 'b')
			g_array_append_val(numbers, n);
	g_array_sort(numbers, by_number);
	g_ptr_array_free(list, TRUE);
	return numbers;
}

/* ------------------------------------------------------------------- begin */

/* One that was killed before it had a case left an empty file. */
static enum status keep_case(struct output *out, unsigned n, struct error *err)
{
	enum status st = check_case(out, err);
	struct stat sb;
	char *name;
	int rc;

	if (st && !fstatat(out->root, CASE, &sb, AT_SYMLINK_NOFOLLOW) &&
	    !sb.st_size)
		return unlinkat(out->root, CASE, 0) ? output_error(err) : OK;
	if (st)
		return st;
	name = hint_name(n);
	rc = renameat(out->root, CASE, out->root, name);
	g_free(name);
	out->newest = n;
	return rc ? output_error(err) : OK;
}

static bool folds(const struct output *out)
{
	char *other = g_ascii_strup(LOCK, -1);
	bool found = is_file(out->staging, other);

	g_free(other);
	return found;
}

static enum status add_hints(struct output *out, const GArray *numbers,
                             struct error *err)
{
	enum status st = case_hints_new(&out->hints, folds(out), err);

	for (guint i = 0; !st && i < numbers->len; i++) {
		char *name = hint_name(g_array_index(numbers, unsigned, i));
		char *path = output_path(out, name);

		st = case_hints_add(out->hints, path, err);
		g_free(path);
		g_free(name);
	}
	return st;
}

enum status again_begin(struct output *out, struct error *err)
{
	GArray *numbers = hint_numbers(out);
	unsigned next = 1;
	enum status st = OK;

	again_clean(out);
	if (numbers->len)
		next += g_array_index(numbers, unsigned, numbers->len - 1);
	if (is_file(out->root, CASE))
		st = keep_case(out, next, err);
	if (out->newest)
		g_array_append_val(numbers, out->newest);
	if (!st && numbers->len)
		st = add_hints(out, numbers, err);
	if (st)
		output_restore(out);
	g_array_free(numbers, TRUE);
	return st;
}

/* --------------------------------------------------------------------- end */

struct case_hints *output_hints(const struct output *out)
{
	return out->hints;
}

void output_forget(struct output *out)
{
	GArray *numbers = hint_numbers(out);

	for (guint i = 0; i < numbers->len; i++) {
		char *name = hint_name(g_array_index(numbers, unsigned, i));

		(void)unlinkat(out->root, name, 0);
		g_free(name);
	}
	g_array_free(numbers, TRUE);
}

void output_restore(struct output *out)
{
	char *name;

	if (!out->newest)
		return;
	name = hint_name(out->newest);
	(void)renameat(out->root, name, out->root, CASE);
	g_free(name);
	out->newest = 0;
}
