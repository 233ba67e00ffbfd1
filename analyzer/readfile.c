/* SPDX-License-Identifier: MIT */
/*
 * readfile.c - a small file of the user's, which may hold secrets
 */
#include "analyzer/readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status read_all(int fd, struct secret *s, struct error *err)
{
	size_t done = 0;

	while (done < s->n) {
		ssize_t got = read(fd, s->p + done, s->n - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(err, E_IO, 0, g_strerror(errno));
		if (!got)
			return fail(err, E_IO, 0, "the file became shorter");
		done += (size_t)got;
	}
	return OK;
}

static enum status read_open(int fd, uint64_t most, struct secret *s,
                             struct error *err)
{
	struct stat sb;
	enum status st;

	if (fstat(fd, &sb))
		return fail(err, E_IO, 0, g_strerror(errno));
	if (!S_ISREG(sb.st_mode))
		return fail(err, E_IO, 0, "not a regular file");
	if (!sb.st_size)
		return fail(err, E_ABSENT, 0, "the file is empty");
	if ((uint64_t)sb.st_size > most)
		return fail(err, E_LIMIT, 0, "too large for what it is");
	st = secret_alloc(s, (size_t)sb.st_size, err);
	return st ? st : read_all(fd, s, err);
}

enum status read_secret(const char *path, uint64_t most, struct secret *s,
                        struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum status st;

	*s = (struct secret){ 0 };
	if (fd < 0)
		return fail(err, E_IO, 0, g_strerror(errno));
	st = read_open(fd, most, s, err);
	if (st)
		secret_release(s);
	close(fd);
	return st;
}
