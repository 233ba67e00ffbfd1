/* SPDX-License-Identifier: MIT */
/*
 * spool.c - what was unpacked of an archive, in one temporary file
 */
#include "analyzer/spool.h"
#include "recovery/alive.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What is left to others on the disk, and how often we look. */
#define LEFT_FREE (UINT64_C(64) << 20)
#define LOOK_EACH (UINT64_C(16) << 20)

struct spool {
	int fd;
	char *path; /* NULL: hidden */
	gint refs;
	uint64_t end;
	uint64_t checked; /* up to here there was room */
};

enum status spool_new_named(struct spool **out, struct error *err)
{
	char *path = NULL;
	int fd = g_file_open_tmp("efsleuth-XXXXXX", &path, NULL);

	*out = NULL;
	if (fd < 0)
		return fail(err, E_IO, 0, "no temporary file can be made");
	*out = g_new0(struct spool, 1);
	(*out)->fd = fd;
	(*out)->path = path;
	(*out)->refs = 1;
	return OK;
}

enum status spool_new(struct spool **out, struct error *err)
{
	enum status st = spool_new_named(out, err);

	if (!st)
		spool_hide(*out);
	return st;
}

void spool_hide(struct spool *spool)
{
	if (spool->path)
		(void)unlink(spool->path);
	g_clear_pointer(&spool->path, g_free);
}

const char *spool_path(const struct spool *spool)
{
	return spool->path;
}

void spool_unref(struct spool *spool)
{
	if (!spool || !g_atomic_int_dec_and_test(&spool->refs))
		return;
	spool_hide(spool);
	close(spool->fd);
	g_free(spool);
}

uint64_t spool_end(const struct spool *spool)
{
	return spool->end;
}

bool spool_has_room(const struct spool *spool, uint64_t n)
{
	struct statvfs fs;

	return fstatvfs(spool->fd, &fs) ||
	       (uint64_t)fs.f_bavail * fs.f_frsize / 2 >= LEFT_FREE / 2 + n / 2;
}

static bool has_room(struct spool *spool)
{
	if (spool->end < spool->checked)
		return true;
	spool->checked = spool->end + LOOK_EACH;
	return spool_has_room(spool, LOOK_EACH);
}

int spool_fd(const struct spool *spool)
{
	return spool->fd;
}

enum status spool_add(struct spool *spool, const void *p, size_t n,
                      struct error *err)
{
	const char *c = p;

	alive();
	if (!has_room(spool))
		return fail(err, E_LIMIT, 0,
		            "the disk of the temporary folder is full (TMPDIR "
		            "names another)");
	while (n) {
		ssize_t put = pwrite(spool->fd, c, n, (off_t)spool->end);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return fail(err, E_IO, 0, g_strerror(errno));
		c += put;
		spool->end += (size_t)put;
		n -= (size_t)put;
	}
	return OK;
}

void spool_cut(struct spool *spool, uint64_t at)
{
	spool->end = at;
	if (ftruncate(spool->fd, (off_t)at))
		spool->checked = 0; /* only space is lost */
}

/* ------------------------------------------------------------------- files */

struct piece {
	struct spool *spool;
	uint64_t at;
};

static enum status read_piece(struct found *found, uint64_t at, uint8_t *buf,
                              size_t n, struct error *err)
{
	const struct piece *piece = found->ctx;

	at += piece->at;
	while (n) {
		ssize_t got = pread(piece->spool->fd, buf, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return fail(err, E_IO, at,
			            "the temporary file cannot be read");
		buf += got;
		at += (size_t)got;
		n -= (size_t)got;
	}
	return OK;
}

static void release_piece(struct found *found)
{
	struct piece *piece = found->ctx;

	spool_unref(piece->spool);
	g_free(piece);
}

struct found *spool_found(struct spool *spool, uint64_t at, uint64_t n)
{
	struct found *found = g_new0(struct found, 1);
	struct piece *piece = g_new0(struct piece, 1);

	g_atomic_int_inc(&spool->refs);
	piece->spool = spool;
	piece->at = at;
	found->ctx = piece;
	found->size = n;
	found->read = read_piece;
	found->release = release_piece;
	return found;
}
