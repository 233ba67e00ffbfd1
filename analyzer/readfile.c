/* SPDX-License-Identifier: MIT */
/*
 * readfile.c - a small file of the user's, which may hold secrets
 */
#include "analyzer/readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes of a pipe before more room is needed. */
#define PIPE_ROOM 65536u

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

/* Twice the room, unless it is over `most` already. */
static enum status grow(struct secret *room, uint64_t most, struct error *err)
{
	struct secret more;

	if (room->n > most)
		return fail(err, E_LIMIT, 0, "too large for what it is");
	if (secret_alloc(&more, 2 * room->n, err))
		return err->status;
	memcpy(more.p, room->p, room->n);
	secret_move(room, &more);
	return OK;
}

/* A pipe says its length only by ending; a secret cannot grow, but can move. */
static enum status read_pipe(int fd, uint64_t most, struct secret *s,
                             struct error *err)
{
	struct secret room = { 0 };
	size_t n = 0;
	ssize_t got = 1;
	enum status st = secret_alloc(&room, PIPE_ROOM, err);

	while (!st && got) {
		if (n == room.n)
			st = grow(&room, most, err);
		if (st)
			break;
		got = read(fd, room.p + n, room.n - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			st = fail(err, E_IO, 0, g_strerror(errno));
		else
			n += (size_t)got;
	}
	if (!st && !n)
		st = fail(err, E_ABSENT, 0, "the file is empty");
	if (!st)
		st = secret_alloc(s, n, err);
	if (!st)
		memcpy(s->p, room.p, n);
	secret_release(&room);
	return st;
}

static enum status read_open(int fd, uint64_t most, struct secret *s,
                             struct error *err)
{
	struct stat sb;
	enum status st;

	if (fstat(fd, &sb))
		return fail(err, E_IO, 0, g_strerror(errno));
	if (S_ISFIFO(sb.st_mode)) {
		(void)fcntl(fd, F_SETFL, 0); /* wait for the writer */
		return read_pipe(fd, most, s, err);
	}
	if (!S_ISREG(sb.st_mode))
		return fail(err, E_IO, 0, "not a regular file, nor a pipe");
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
