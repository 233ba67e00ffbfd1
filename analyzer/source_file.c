/* SPDX-License-Identifier: MIT */
/*
 * source_file.c - one file or device as it is
 */
#include "analyzer/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status read_file(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                             struct error *err)
{
	int fd = GPOINTER_TO_INT(ctx);

	while (n) {
		ssize_t got = pread(fd, buf, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(err, E_IO, at,
			            "read error in the evidence");
		if (!got)
			return fail(err, E_IO, at,
			            "the evidence became shorter");
		buf += got;
		at += (size_t)got;
		n -= (size_t)got;
	}
	return OK;
}

static void close_file(void *ctx)
{
	close(GPOINTER_TO_INT(ctx));
}

static enum status open_file(int *fd, uint64_t *size, const char *path,
                             struct error *err)
{
	struct stat sb;
	off_t end;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0 || fstat(*fd, &sb))
		return fail(err, E_IO, 0, g_strerror(errno));
	if (S_ISDIR(sb.st_mode))
		return fail(err, E_UNSUPPORTED, 0, "a folder, not an image");
	end = lseek(*fd, 0, SEEK_END);
	if (end < 0)
		return fail(
			err, E_IO, 0,
			"a pipe or stream, which cannot be read at any place; "
			"write it into a file first");
	if (!end)
		return fail(err, E_ABSENT, 0, "the file is empty");
	*size = (uint64_t)end;
	return OK;
}

enum status source_file(struct source **out, const char *path,
                        struct error *err)
{
	struct reader reader = {
		.read = read_file,
		.free = close_file,
		.shared = true,
	};
	int fd;

	*out = NULL;
	if (open_file(&fd, &reader.size, path, err)) {
		if (fd >= 0)
			close(fd);
		return err->status;
	}
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	reader.ctx = GINT_TO_POINTER(fd);
	*out = source_layer(&reader, "raw", NULL, false);
	return OK;
}

static bool is_name(const char *name)
{
	return *name && !strchr(name, '/') && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

/* Containers made on Windows do not care about the case of letters.  Of several
   that differ in nothing else it is the first in order of bytes. */
static char *find_folded(const char *folder, const char *name)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	char *wanted = g_utf8_casefold(name, -1);
	char *found = NULL;
	const char *entry;

	while (dir && (entry = g_dir_read_name(dir))) {
		char *valid = g_utf8_make_valid(entry, -1);
		char *folded = g_utf8_casefold(valid, -1);

		if (!strcmp(folded, wanted) &&
		    (!found || strcmp(entry, found) < 0)) {
			g_free(found);
			found = g_strdup(entry);
		}
		g_free(folded);
		g_free(valid);
	}
	if (dir)
		g_dir_close(dir);
	g_free(wanted);
	wanted = found ? g_build_filename(folder, found, NULL) : NULL;
	g_free(found);
	return wanted;
}

char *source_beside(const char *path, const char *name)
{
	char *folder, *found;

	if (!path || !is_name(name))
		return NULL;
	folder = g_path_get_dirname(path);
	found = g_build_filename(folder, name, NULL);
	if (access(found, F_OK)) {
		g_free(found);
		found = find_folded(folder, name);
	}
	g_free(folder);
	return found;
}
