/* SPDX-License-Identifier: MIT */
/*
 * source_split.c - a raw image in segments: disk.001, disk.002, ...
 *
 * It is given by its first segment, .001 (or .000).  The numbering has no
 * mark in the content, so the segments beside it are the evidence for it.
 */
#include "analyzer/source.h"
#include "parsers/limits.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct segment {
	int fd;
	uint64_t at, size; /* within the whole image */
};

/* The path of segment i of the image that begins at `first`; to be freed. */
static char *segment_path(const char *first, unsigned i)
{
	size_t stem = strlen(first) - 3;
	unsigned base = first[stem + 2] == '1' ? 1 : 0;

	return g_strdup_printf("%.*s%03u", (int)stem, first, base + i);
}

static bool segment_exists(const char *first, unsigned i)
{
	char *path = segment_path(first, i);
	bool found = access(path, F_OK) == 0;

	g_free(path);
	return found;
}

/* ".001" with a second or third segment beside it. */
static unsigned bid(const struct probe *probe)
{
	const char *p = probe->path;

	if (!g_str_has_suffix(p, ".001") && !g_str_has_suffix(p, ".000"))
		return 0;
	return segment_exists(p, 1) || segment_exists(p, 2) ? 8 : 0;
}

static void segments_free(void *ctx)
{
	GArray *list = ctx;

	for (guint i = 0; i < list->len; i++)
		close(g_array_index(list, struct segment, i).fd);
	g_array_free(list, TRUE);
}

static ssize_t segments_read(void *ctx, uint64_t at, void *buf, size_t n)
{
	GArray *list = ctx;

	for (guint i = 0; i < list->len; i++) {
		struct segment *s = &g_array_index(list, struct segment, i);
		uint64_t in = at - s->at;

		if (at < s->at || in >= s->size)
			continue;
		if (n > s->size - in)
			n = (size_t)(s->size - in);
		return pread(s->fd, buf, n, (off_t)in);
	}
	return 0;
}

static enum status add_segment(GArray *list, const char *path, uint64_t *end,
                               struct error *err)
{
	struct segment s = { .fd = open(path, O_RDONLY | O_CLOEXEC),
		             .at = *end };
	off_t size;

	if (s.fd < 0)
		return fail(err, E_IO, *end,
		            "a segment of the split image cannot be opened");
	size = lseek(s.fd, 0, SEEK_END);
	s.size = size > 0 ? (uint64_t)size : 0;
	g_array_append_val(list, s);
	if (s.size > INT64_MAX - *end)
		return fail(err, E_LIMIT, *end, "size of the split image");
	*end += s.size;
	return OK;
}

static enum status add_segments(GArray *list, const char *first, uint64_t *end,
                                struct error *err)
{
	enum status st = OK;
	unsigned i;

	for (i = 0; !st && i < LIMIT_SEGMENTS && segment_exists(first, i);
	     i++) {
		char *path = segment_path(first, i);

		st = add_segment(list, path, end, err);
		g_free(path);
	}
	if (!st && segment_exists(first, i + 1))
		st = fail(err, E_ABSENT, *end,
		          "a segment of the split image is missing, and a "
		          "later one is here");
	return st;
}

static enum status open_split(struct source *s, const struct probe *probe,
                              struct error *err)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct segment));
	struct reader reader = {
		.read_at = segments_read,
		.free_ctx = segments_free,
		.ctx = list,
	};
	enum status st = add_segments(list, probe->path, &reader.size, err);

	if (st) {
		segments_free(list);
		return st;
	}
	s->size = reader.size;
	st = source_handle(&s->io, &reader, err);
	if (st)
		return st;
	if (libbfio_handle_open(s->io, LIBBFIO_OPEN_READ, NULL) != 1)
		return fail(err, E_IO, 0, "cannot be opened");
	return OK;
}

const struct source_type source_split = {
	.name = "split raw",
	.bid = bid,
	.open = open_split,
};
