/* SPDX-License-Identifier: MIT */
/*
 * found_dir.c - a plain directory: a copied profile, a triage collection
 */
#include "analyzer/found_dir.h"
#include "analyzer/keyplace.h"
#include "analyzer/say.h"
#include "parsers/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes; Windows' own key files are a few KiB. */
#define SMALL_FILE 65536

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

/* ------------------------------------------------------------- the walk */

struct walk {
	GPtrArray *to;
	const char *root;
	GQueue *folders; /* of char *, below the root; "" is the root itself */
};

/* Undo %XX; a name that is none of a collector's stays as it is. */
static char *unescape(const char *name)
{
	char *valid = g_utf8_make_valid(name, -1);
	char *plain = g_uri_unescape_string(valid, "/");

	if (!plain)
		return valid;
	g_free(valid);
	return plain;
}

static bool is_wanted(const char *path)
{
	const char *slash = strrchr(path, '/');
	glong units;
	gunichar2 *name = g_utf8_to_utf16(slash ? slash + 1 : path, -1, NULL,
	                                  &units, NULL);
	bool wanted =
		name && keyplace_wants((struct bytes){ (const uint8_t *)name,
	                                               (size_t)units * 2, 0 });

	g_free(name);
	return wanted;
}

static void add_file(struct walk *w, const char *below, const struct stat *sb)
{
	char *path = unescape(below);
	struct host_file *file;
	struct found *found;

	bool named = is_wanted(path);

	if ((!named && sb->st_size > SMALL_FILE) ||
	    w->to->len >= LIMIT_KEY_MATERIAL) {
		g_free(path);
		return;
	}
	file = g_new0(struct host_file, 1);
	found = g_new0(struct found, 1);
	file->path = g_build_filename(w->root, below, NULL);
	file->fd = -1;
	found->ctx = file;
	found->size = (uint64_t)sb->st_size;
	found->unnamed = !named;
	found->read = read_file;
	found->rest = rest_file;
	found->release = release_file;
	found->origin.path = path;
	g_ptr_array_add(w->to, found);
}

static void add_entry(struct walk *w, const char *folder, const char *name)
{
	char *below =
		*folder ? g_strconcat(folder, "/", name, NULL) : g_strdup(name);
	char *full = g_build_filename(w->root, below, NULL);
	struct stat sb;

	if (lstat(full, &sb)) {
		say("%s: %s", full, g_strerror(errno));
	} else if (S_ISDIR(sb.st_mode)) {
		g_queue_push_tail(w->folders, g_steal_pointer(&below));
	} else if (S_ISREG(sb.st_mode)) {
		add_file(w, below, &sb);
	}
	g_free(full);
	g_free(below);
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
	for (guint i = 0; i < names->len; i++)
		add_entry(w, folder, names->pdata[i]);
	if (dir)
		g_dir_close(dir);
	g_ptr_array_free(names, TRUE);
	g_free(full);
}

void found_dir(GPtrArray *to, const char *dir)
{
	struct walk w = { .to = to, .root = dir, .folders = g_queue_new() };
	char *folder;

	g_queue_push_tail(w.folders, g_strdup(""));
	while ((folder = g_queue_pop_head(w.folders))) {
		walk_folder(&w, folder);
		g_free(folder);
	}
	g_queue_free(w.folders);
}
