/* SPDX-License-Identifier: MIT */
/*
 * source_split.c - a raw image in segments: disk.001, disk.002, ...
 *
 * It is given by its first segment, .001 (or .000).  The numbering has no
 * mark in the content, so the segments beside it are the evidence for it.
 */
#include "analyzer/source.h"
#include "parsers/limits.h"

#include <string.h>
#include <unistd.h>

struct segment {
	struct source *s;
	uint64_t at; /* within the whole image */
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

	if (!p ||
	    (!g_str_has_suffix(p, ".001") && !g_str_has_suffix(p, ".000")))
		return 0;
	/* more than a container may bid: it lies in all of them together */
	return segment_exists(p, 1) || segment_exists(p, 2) ? 256 : 0;
}

static void segments_free(void *ctx)
{
	GArray *list = ctx;

	for (guint i = 0; i < list->len; i++)
		source_free(g_array_index(list, struct segment, i).s);
	g_array_free(list, TRUE);
}

static enum status segments_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                                 struct error *err)
{
	GArray *list = ctx;
	enum status st = OK;

	for (guint i = 0; !st && n && i < list->len; i++) {
		struct segment *s = &g_array_index(list, struct segment, i);
		uint64_t in = at - s->at;
		size_t part;

		if (at < s->at || in >= s->s->size)
			continue;
		part = (size_t)MIN(n, s->s->size - in);
		st = source_read(s->s, in, buf, part, err);
		buf += part;
		at += part;
		n -= part;
	}
	return st;
}

static enum status add_segment(GArray *list, const char *path, uint64_t *end,
                               struct error *err)
{
	struct segment s = { .at = *end };

	if (source_file(&s.s, path, err))
		return fail(err, E_IO, *end,
		            "a segment of the split image cannot be opened");
	g_array_append_val(list, s);
	if (s.s->size > INT64_MAX - *end)
		return fail(err, E_LIMIT, *end, "size of the split image");
	*end += s.s->size;
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

	s->reader = (struct reader){
		.read = segments_read,
		.free = segments_free,
		.ctx = list,
		.shared = true,
	};
	if (add_segments(list, probe->path, &s->reader.size, err))
		return err->status;
	s->held = s->reader.size;
	return OK;
}

const struct source_type source_split = {
	.name = "split raw",
	.bid = bid,
	.open = open_split,
};
