/* SPDX-License-Identifier: MIT */
/*
 * found_dir.c - a plain directory: a copied profile, a triage collection
 */
#include "analyzer/found_dir.h"
#include "analyzer/collection.h"
#include "analyzer/loose.h"
#include "analyzer/say.h"
#include "parsers/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

struct host_file {
	char *path; /* on this machine */
	int fd;     /* -1 until it is first read */
};

static void rest_file(struct found *found)
{
	struct host_file *file = found->ctx;

	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

static void release_file(struct found *found)
{
	struct host_file *file = found->ctx;

	rest_file(found);
	g_free(file->path);
	g_free(file);
}

static enum status open_file(struct host_file *file, struct error *err)
{
	if (file->fd < 0)
		file->fd = open(file->path,
		                O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	return file->fd < 0 ? fail(err, E_IO, 0, g_strerror(errno)) : OK;
}

static enum status read_file(struct found *found, uint64_t at, uint8_t *buf,
                             size_t n, struct error *err)
{
	struct host_file *file = found->ctx;

	if (open_file(file, err))
		return err->status;
	while (n) {
		ssize_t got = pread(file->fd, buf, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(err, E_IO, at, g_strerror(errno));
		if (!got)
			return fail(err, E_TRUNCATED, at,
			            "the file became shorter");
		buf += got;
		at += (size_t)got;
		n -= (size_t)got;
	}
	return OK;
}

static struct found *new_file(const char *host, const char *path,
                              const struct stat *sb)
{
	struct found *found = g_new0(struct found, 1);
	struct host_file *file = g_new0(struct host_file, 1);

	file->path = g_strdup(host);
	file->fd = -1;
	found->ctx = file;
	found->read = read_file;
	found->rest = rest_file;
	found->release = release_file;
	found->origin.path = g_strdup(path);
	found->modified = found_time(sb->st_mtim.tv_sec, sb->st_mtim.tv_nsec);
	found->directory = S_ISDIR(sb->st_mode);
	found->size = found->directory ? 0 : (uint64_t)sb->st_size;
	return found;
}

/* ---------------------------------------------------- extended attributes */

static enum status read_info(struct found *found, uint64_t at, uint8_t *buf,
                             size_t n, struct error *err)
{
	const struct host_file *file = found->ctx;
	uint8_t *all = g_malloc((gsize)found->size);
	ssize_t got =
		lgetxattr(file->path, FOUND_INFO, all, (size_t)found->size);

	if (got == (ssize_t)found->size)
		memcpy(buf, all + at, n);
	g_free(all);
	return got == (ssize_t)found->size
	               ? OK
	               : fail(err, E_IO, at,
	                      "the extended attribute cannot be read");
}

/* The file's extended attribute as a file, if it has it. */
static struct found *info_of(const struct found *found, const struct stat *sb)
{
	const struct host_file *file = found->ctx;
	ssize_t size = lgetxattr(file->path, FOUND_INFO, NULL, 0);
	struct found *info;

	if (size <= 0)
		return NULL;
	info = new_file(file->path, found->origin.path, sb);
	info->directory = false;
	info->size = (uint64_t)size;
	info->read = read_info;
	return info;
}

struct found *found_file(const char *host, const char *path)
{
	struct found *found;
	struct stat sb;

	if (lstat(host, &sb) || !S_ISREG(sb.st_mode))
		return NULL;
	found = new_file(host, path, &sb);
	found->info = info_of(found, &sb);
	return found;
}

/* ------------------------------------------------------------- the walk */

struct walk {
	GPtrArray *to;
	const char *root;
	GQueue *folders; /* of char *, below the root; "" is the root itself */
	struct collection_filter filter;
	bool cut;
};

static bool wants(struct walk *w, struct found *found)
{
	uint8_t buf[LOOSE_HEAD];

	return found->directory || found->info ||
	       collection_wants(&w->filter, found->origin.path, found->size) ||
	       collection_wants_head(&w->filter, found->origin.path,
	                             loose_head(found, buf), found->size);
}

static void add_file(struct walk *w, const char *host, const char *below,
                     const struct stat *sb)
{
	char *path = found_path(below);
	struct found *found = new_file(host, path, sb);

	found->collected = g_utf8_make_valid(below, -1);
	found->unnamed = !found_wanted(path);
	found->info = info_of(found, sb);
	if (!wants(w, found)) {
		found_free(found);
	} else if (w->to->len >= LIMIT_COLLECTED) {
		found_free(found);
		w->cut = true;
	} else {
		g_ptr_array_add(w->to, found);
	}
	g_free(path);
}

static char *join(const char *folder, const char *name)
{
	return *folder ? g_strconcat(folder, "/", name, NULL) : g_strdup(name);
}

static void add_entry(struct walk *w, const char *folder, const char *name)
{
	char *below = join(folder, name);
	char *full = g_build_filename(w->root, below, NULL);
	struct stat sb;

	if (lstat(full, &sb))
		say("%s: %s", full, g_strerror(errno));
	else if (S_ISDIR(sb.st_mode) || S_ISREG(sb.st_mode))
		add_file(w, full, below, &sb);
	if (g_file_test(full, G_FILE_TEST_IS_DIR) &&
	    !g_file_test(full, G_FILE_TEST_IS_SYMLINK))
		g_queue_push_tail(w->folders, g_steal_pointer(&below));
	g_free(full);
	g_free(below);
}

/* Which of a folder's files have metadata beside them?  Their sizes will show
   when they are looked at. */
static void note_names(struct walk *w, const char *folder,
                       const GPtrArray *names)
{
	for (guint i = 0; i < names->len; i++) {
		char *below = join(folder, names->pdata[i]);
		char *path = found_path(below);

		collection_note(&w->filter, path, 0);
		g_free(path);
		g_free(below);
	}
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void walk_folder(struct walk *w, const char *folder)
{
	char *full = *folder ? g_build_filename(w->root, folder, NULL)
	                     : g_strdup(w->root);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GError *error = NULL;
	GDir *dir = g_dir_open(full, 0, &error);
	const char *name;

	if (!dir) {
		say("%s", error->message);
		g_clear_error(&error);
	}
	while (dir && (name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, by_name);
	note_names(w, folder, names);
	for (guint i = 0; i < names->len; i++)
		add_entry(w, folder, names->pdata[i]);
	if (dir)
		g_dir_close(dir);
	g_ptr_array_free(names, TRUE);
	g_free(full);
}

void found_dir(GPtrArray *to, const char *dir, char **image)
{
	struct walk w = { .to = to, .root = dir, .folders = g_queue_new() };
	char *folder;

	collection_filter_init(&w.filter);
	g_queue_push_tail(w.folders, g_strdup(""));
	while ((folder = g_queue_pop_head(w.folders))) {
		walk_folder(&w, folder);
		g_free(folder);
	}
	g_queue_free(w.folders);
	collection_filter_release(&w.filter, image);
	if (w.cut)
		say("%s: over %u files are worth a look; the rest was not "
		    "looked into",
		    dir, LIMIT_COLLECTED);
}
