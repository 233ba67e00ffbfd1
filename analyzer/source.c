/* SPDX-License-Identifier: MIT */
/*
 * source.c - open evidence by its content, and read it
 */
#include "analyzer/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct source_type *const types[] = {
#define SOURCE(name) &source_##name,
#include "analyzer/sources.def"
#undef SOURCE
};

#define PROBE_SIZE 4096

/* The first bytes of a file; `buf` is PROBE_SIZE bytes. */
static enum status probe_file(struct probe *probe, const char *path,
                              uint8_t *buf, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum status st = OK;
	struct stat sb;
	off_t size = 0;
	ssize_t head;

	*probe = (struct probe){ .path = path };
	if (fd < 0)
		return fail(err, E_IO, 0, g_strerror(errno));
	if (fstat(fd, &sb)) {
		st = fail(err, E_IO, 0, g_strerror(errno));
		goto out;
	}
	if (S_ISDIR(sb.st_mode)) {
		st = fail(err, E_UNSUPPORTED, 0,
		          "a folder; this version reads images only");
		goto out;
	}
	size = lseek(fd, 0, SEEK_END);
	if (size <= 0) {
		st = size ? fail(err, E_IO, 0, "cannot be read at any place")
		          : fail(err, E_ABSENT, 0, "the file is empty");
		goto out;
	}
	head = pread(fd, buf, PROBE_SIZE, 0);
	if (head < 0) {
		st = fail(err, E_IO, 0, g_strerror(errno));
		goto out;
	}
	probe->size = (uint64_t)size;
	probe->head = (struct bytes){ buf, (size_t)head, 0 };
out:
	close(fd);
	return st;
}

static const struct source_type *highest_bid(const struct probe *probe)
{
	const struct source_type *best = NULL;
	unsigned high = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		unsigned bid = types[i]->bid(probe);

		if (bid <= high)
			continue;
		high = bid;
		best = types[i];
	}
	return best;
}

enum status source_open(struct source **out, const char *path,
                        struct error *err)
{
	const struct source_type *type;
	struct source *s;
	struct probe probe;
	uint8_t buf[PROBE_SIZE];
	enum status st = probe_file(&probe, path, buf, err);

	*out = NULL;
	if (st)
		return st;
	type = highest_bid(&probe);
	if (!type)
		return fail(err, E_UNSUPPORTED, 0, "unknown kind of evidence");
	s = g_new0(struct source, 1);
	g_mutex_init(&s->lock);
	s->format = type->name;
	st = type->open(s, &probe, err);
	if (st) {
		source_free(s);
		return st;
	}
	*out = s;
	return OK;
}

void source_free(struct source *s)
{
	if (!s)
		return;
	if (s->io) {
		(void)libbfio_handle_close(s->io, NULL);
		(void)libbfio_handle_free(&s->io, NULL);
	}
	g_mutex_clear(&s->lock);
	g_free(s);
}

/* libbfio may return less than was asked for; 0 is the end. */
static enum status read_whole(struct source *s, uint64_t at, uint8_t *p,
                              size_t n, struct error *err)
{
	if (libbfio_handle_seek_offset(s->io, (off64_t)at, SEEK_SET, NULL) < 0)
		return fail(err, E_IO, at, "seek in the evidence");
	while (n) {
		ssize_t got = libbfio_handle_read_buffer(s->io, p, n, NULL);

		if (got < 0)
			return fail(err, E_IO, at,
			            "read error in the evidence");
		if (!got)
			return fail(err, E_TRUNCATED, at,
			            "the evidence ends here");
		p += got;
		at += (size_t)got;
		n -= (size_t)got;
	}
	return OK;
}

enum status source_read(struct source *s, uint64_t at, void *buf, size_t n,
                        struct error *err)
{
	enum status st;

	if (at > s->size || n > s->size - at)
		return fail(err, E_TRUNCATED, s->size,
		            "the evidence ends here");
	g_mutex_lock(&s->lock);
	st = read_whole(s, at, buf, n, err);
	g_mutex_unlock(&s->lock);
	return st;
}
