/* SPDX-License-Identifier: MIT */
/*
 * batch_again.c - what an earlier task of an image has left unfinished
 *
 * The run of the image goes on in it as recover --resume does.  On the machine
 * of that task, it is moved to its new workspace as it is.  A task of another
 * machine may be cut off and still at work: nothing of it is changed then; its
 * files, which are whole when they get their names, are linked, and its cases
 * copied.
 */
#include "analyzer/batch_again.h"
#include "analyzer/batch_table.h"
#include "analyzer/run.h"
#include "analyzer/say.h"
#include "parsers/limits.h"
#include "recovery/casefile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define CASE    "case.db"
#define FILES   "files"
#define STAGING ".partial"

/* ------------------------------------------------- that of another machine */

static bool copy_bytes(int from, int to)
{
	ssize_t n;

	do
		n = sendfile(to, from, NULL, 1 << 30);
	while (n > 0 || (n < 0 && errno == EINTR));
	return !n;
}

static bool copy_file(int from_dir, int to_dir, const char *name)
{
	int from = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int to = from < 0 ? -1
	                  : openat(to_dir, name,
	                           O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	                           0666);
	bool ok = to >= 0 && copy_bytes(from, to);

	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return ok;
}

static int open_folder(int at, const char *name)
{
	return openat(at, name,
	              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Both folders, the second of which is made; false: there is not the first. */
static bool enter(int from, int to, const char *name, mode_t mode, int pair[2])
{
	pair[0] = open_folder(from, name);
	if (pair[0] < 0)
		return false;
	pair[1] = mkdirat(to, name, mode) ? -1 : open_folder(to, name);
	if (pair[1] >= 0)
		return true;
	close(pair[0]);
	return false;
}

static bool is_folder(int at, const char *name)
{
	struct stat sb;

	return !fstatat(at, name, &sb, AT_SYMLINK_NOFOLLOW) &&
	       S_ISDIR(sb.st_mode);
}

typedef void take_fn(int from, int to, const char *name, unsigned depth);

/* Call `take` for all in the folder `name`, if it is there. */
static void take_all(int from, int to, const char *name, mode_t mode,
                     take_fn *take, unsigned depth)
{
	const struct dirent *e;
	int pair[2];
	DIR *d;

	if (!enter(from, to, name, mode, pair))
		return;
	d = fdopendir(pair[0]);
	while (d && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			take(pair[0], pair[1], e->d_name, depth);
	if (d)
		closedir(d);
	else
		close(pair[0]);
	close(pair[1]);
}

/* What cannot be linked is written again. */
static void link_one(int from, int to, const char *name, unsigned depth)
{
	if (!is_folder(from, name))
		(void)!linkat(from, name, to, name, 0);
	else if (depth < LIMIT_DEPTH)
		take_all(from, to, name, 0777, link_one, depth + 1);
}

/* Unfinished files, by number, are nothing to go on with. */
static void copy_one(int from, int to, const char *name, unsigned depth)
{
	(void)depth;
	if (name[strspn(name, "0123456789")])
		(void)copy_file(from, to, name);
}

static bool copy_result(const char *path, const char *as)
{
	int from = open_folder(AT_FDCWD, path);
	int to = from < 0 || mkdir(as, 0777) ? -1 : open_folder(AT_FDCWD, as);

	if (to >= 0) {
		take_all(from, to, STAGING, 0700, copy_one, 0);
		(void)copy_file(from, to, CASE);
		(void)copy_file(from, to, CASE "-journal");
		take_all(from, to, FILES, 0777, link_one, 0);
		close(to);
	}
	if (from >= 0)
		close(from);
	return to >= 0;
}

/* ----------------------------------------------------------- can it be used */

/* A case that a killed run had just begun is empty: it says nothing. */
static bool check_case(char *path, unsigned *cases)
{
	struct error err;
	struct stat sb;
	bool sound = true;

	if (!stat(path, &sb) && sb.st_size) {
		sound = !casefile_check(path, &err);
		*cases += sound;
	}
	g_free(path);
	return sound;
}

/* There is a case to go on with, and all of them are sound. */
static bool is_usable(const char *result)
{
	char *staging = g_build_filename(result, STAGING, NULL);
	GDir *dir = g_dir_open(staging, 0, NULL);
	unsigned cases = 0;
	bool sound = check_case(g_build_filename(result, CASE, NULL), &cases);
	const char *name;

	while (dir && sound && (name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".db"))
			sound = check_case(
				g_build_filename(staging, name, NULL), &cases);
	if (dir)
		g_dir_close(dir);
	g_free(staging);
	return sound && cases;
}

/* ------------------------------------------------------------------- choice */

/* Its folder changes whenever something is put into its case. */
static const struct left *find_newest(const GPtrArray *all)
{
	const struct left *newest = NULL;
	struct timespec best = { 0 };
	struct stat sb;

	for (guint i = 0; i < all->len; i++) {
		const struct left *left = all->pdata[i];

		if (stat(left->result, &sb) ||
		    (newest && (sb.st_mtim.tv_sec < best.tv_sec ||
		                (sb.st_mtim.tv_sec == best.tv_sec &&
		                 sb.st_mtim.tv_nsec <= best.tv_nsec))))
			continue;
		newest = left;
		best = sb.st_mtim;
	}
	return newest;
}

static bool take(const struct left *left, const char *as)
{
	bool taken = left->fd >= 0 ? !rename(left->result, as)
	                           : copy_result(left->result, as);

	if (taken && !is_usable(as)) {
		remove_tree(as);
		taken = false;
	}
	return taken;
}

bool batch_again(const struct workspace *ws, const char *in, const char *label)
{
	GPtrArray *all = workspace_find(in, label);
	const struct left *newest = find_newest(all);
	bool taken = newest && take(newest, ws->result);

	for (guint i = 0; i < all->len; i++) {
		const struct left *left = all->pdata[i];

		if (left->fd >= 0)
			remove_tree(left->path);
	}
	g_ptr_array_free(all, TRUE);
	if (taken)
		say_info("%s: goes on with what an earlier task has left",
		         label);
	return taken;
}

/* ----------------------------------------------------------------- tidying */

static bool is_unfinished(const void *ctx, const char *task)
{
	const struct batch *b = ctx;
	bool unfinished = false;

	for (guint i = 0; i < b->images->len && !unfinished; i++) {
		const struct image *image = b->images->pdata[i];
		struct mark mark;

		if (image->problem || strcmp(image->label, task) != 0)
			continue;
		unfinished = image_state(b, image, &mark) == IMAGE_UNFINISHED;
		mark_release(&mark);
	}
	return unfinished;
}

/* The plan is there: whoever makes one is too late, or was killed. */
static void remove_plans(const struct batch *b)
{
	GDir *dir = g_dir_open(b->o->output, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		char *path = batch_path(b, name, NULL);

		if (g_str_has_prefix(name, BATCH_PLAN "."))
			(void)unlink(path);
		g_free(path);
	}
	if (dir)
		g_dir_close(dir);
}

/* They are there for the images, and these are done.  Without the mark
   the keys are collected anew where others need them. */
static void remove_keys(const struct batch *b)
{
	char *folder = batch_path(b, "keyring", NULL);
	char *mark = g_build_filename(folder, MARK_NAME, NULL);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	(void)unlink(mark);
	while (dir && (name = g_dir_read_name(dir))) {
		char *path = g_build_filename(folder, name, NULL);

		if (g_str_has_suffix(name, ".pem") ||
		    !strcmp(name, PIECES_NAME))
			(void)unlink(path);
		g_free(path);
	}
	if (dir)
		g_dir_close(dir);
	g_free(mark);
	g_free(folder);
}

/* Whoever merged may have been killed before he removed them. */
static bool need_no_keys(const struct batch *b)
{
	int code;

	return !b->o->keep_keyring && batch_is_merged(b, &code) &&
	       !batch_is_unfinished(b);
}

void batch_tidy(const struct batch *b)
{
	char *work = batch_path(b, "work", NULL);
	char *images = batch_path(b, "unfinished", NULL);
	char *failed = batch_path(b, "failed", NULL);

	workspace_clean(work, NULL, NULL);
	workspace_clean(images, is_unfinished, b);
	(void)rmdir(work);
	(void)rmdir(images);
	(void)rmdir(failed);
	remove_plans(b);
	if (need_no_keys(b))
		remove_keys(b);
	g_free(failed);
	g_free(images);
	g_free(work);
}
