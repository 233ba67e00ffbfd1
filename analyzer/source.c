/* SPDX-License-Identifier: MIT */
/*
 * source.c - open evidence by its content, and read it
 */
#include "analyzer/source.h"
#include "analyzer/watch.h"
#include "parsers/limits.h"

#include <string.h>

static const struct source_type *const types[] = {
#define SOURCE(name) &source_##name,
#include "analyzer/sources.def"
#undef SOURCE
};

#define SECTOR 512u

/* ----------------------------------------------------------- open and free */

struct source *source_layer(const struct reader *reader, const char *format,
                            struct source *under, bool owned)
{
	struct source *s = g_new0(struct source, 1);

	g_mutex_init(&s->lock);
	s->bad = g_array_new(FALSE, FALSE, sizeof(struct bad_range));
	s->format = g_strdup(format);
	if (reader) {
		s->reader = *reader;
		s->size = reader->size;
		s->held = under ? under->held : reader->size;
	}
	s->under = owned ? under : NULL;
	return s;
}

void source_free(struct source *s)
{
	while (s) {
		struct source *under = s->under;

		if (s->reader.free)
			s->reader.free(s->reader.ctx);
		g_array_free(s->bad, TRUE);
		if (s->lost)
			g_array_free(s->lost, TRUE);
		facts_release(&s->facts);
		g_free(s->problem);
		g_free(s->stored_md5);
		g_free(s->stored_sha1);
		g_free(s->format);
		g_mutex_clear(&s->lock);
		g_free(s);
		s = under;
	}
}

/* The container that says most of it that it is in; NULL: it is as it is. */
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

/* What can be read of n bytes; the rest is zeros. False if nothing can. */
static bool read_some(struct source *s, uint64_t at, uint8_t *buf, size_t n,
                      struct error *err)
{
	bool some = false;

	memset(buf, 0, n);
	if (!source_read(s, at, buf, n, err))
		return true;
	for (size_t i = 0; i < n; i += SECTOR) {
		size_t part = MIN(n - i, SECTOR);

		if (source_read(s, at + i, buf + i, part, err))
			memset(buf + i, 0, part);
		else
			some = true;
	}
	return some;
}

/* A bad sector is no reason to give up a disk. */
const char *source_recognise(struct bytes head)
{
	const struct probe probe = { .head = head };
	const struct source_type *type = highest_bid(&probe);

	return type ? type->name : NULL;
}

enum status source_probe(struct probe *probe, struct source *s,
                         const char *path, struct error *err)
{
	size_t first = (size_t)MIN(s->size, sizeof(probe->first));
	size_t last = (size_t)MIN(s->size, sizeof(probe->last));
	bool some = read_some(s, 0, probe->first, first, err);

	some |= read_some(s, s->size - last, probe->last, last, err);
	probe->path = path;
	probe->under = s;
	probe->head = (struct bytes){ probe->first, first, 0 };
	probe->tail = (struct bytes){ probe->last, last, s->size - last };
	/* What lacks so much of a container has been said, in better words. */
	return some || s->problem ? OK : err->status;
}

/* Replace *s by what is in it.  On error *s is as it was. */
static enum status open_layer(struct source **s, const struct source_type *type,
                              const struct probe *probe, struct error *err)
{
	struct source *layer = source_layer(NULL, type->name, *s, false);
	enum status st = type->open(layer, probe, err);

	if (st) {
		source_free(layer);
		return st;
	}
	layer->size = layer->reader.size;
	layer->under = *s;
	if (!layer->held)
		layer->held = (*s)->held;
	if ((*s)->under) {
		char *format = g_strdup_printf("%s in %s", layer->format,
		                               (*s)->format);

		g_free(layer->format);
		layer->format = format;
	}
	*s = layer;
	return OK;
}

static enum status open_layers(struct source **s, const char *path,
                               struct error *err)
{
	for (unsigned depth = 0; depth <= LIMIT_NESTING; depth++) {
		const struct source_type *type;
		struct probe probe;

		if (!(*s)->size)
			return fail(err, E_ABSENT, 0, "the image is empty");
		if (source_probe(&probe, *s, depth ? NULL : path, err))
			return err->status;
		type = highest_bid(&probe);
		if (!type)
			return OK;
		if (open_layer(s, type, &probe, err))
			return err->status;
	}
	return fail(err, E_LIMIT, 0, "containers in containers, without end");
}

enum status source_open(struct source **out, const char *path,
                        struct error *err)
{
	enum status st = source_file(out, path, err);

	if (st)
		return st;
	st = open_layers(out, path, err);
	if (st) {
		source_free(*out);
		*out = NULL;
	}
	return st;
}

/* -------------------------------------------------------------- bad ranges */

/* The first range that ends behind `at`; the lock is held. */
static guint first_behind(const GArray *bad, uint64_t at)
{
	guint low = 0, high = bad->len;

	while (low < high) {
		guint mid = low + (high - low) / 2;
		const struct bad_range *r =
			&g_array_index(bad, struct bad_range, mid);

		if (r->at + r->n <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Is one of these bytes known to be bad, and which? */
static bool is_bad(struct source *s, uint64_t at, size_t n, uint64_t *where)
{
	bool bad = false;
	guint i;

	g_mutex_lock(&s->lock);
	i = s->bad->len ? first_behind(s->bad, at) : 0;
	if (i < s->bad->len) {
		const struct bad_range *r =
			&g_array_index(s->bad, struct bad_range, i);

		bad = r->at < at + n;
		*where = MAX(r->at, at);
	}
	g_mutex_unlock(&s->lock);
	return bad;
}

static void insert_bad(GArray *bad, struct bad_range new)
{
	guint i = first_behind(bad, new.at ? new.at - 1 : 0);

	while (i < bad->len) {
		struct bad_range r = g_array_index(bad, struct bad_range, i);
		uint64_t end = MAX(r.at + r.n, new.at + new.n);

		if (r.at > new.at + new.n)
			break;
		new.at = MIN(new.at, r.at);
		new.n = end - new.at;
		g_array_remove_index(bad, i);
	}
	g_array_insert_val(bad, i, new);
}

/* Would it only make a range longer that is there? */
static bool touches(const GArray *bad, const struct bad_range *new)
{
	guint i = first_behind(bad, new->at ? new->at - 1 : 0);

	return i < bad->len &&
	       g_array_index(bad, struct bad_range, i).at <= new->at + new->n;
}

void source_mark_bad(struct source *s, uint64_t at, uint64_t n)
{
	uint64_t first = at - at % SECTOR;
	struct bad_range new = { first, 0 };

	if (at >= s->size || !n)
		return;
	/* The last sector may be a part of one. */
	new.n = at - first + MIN(n, s->size - at);
	new.n += (SECTOR - new.n % SECTOR) % SECTOR;
	new.n = MIN(new.n, s->size - first);
	g_mutex_lock(&s->lock);
	if (s->bad->len < LIMIT_BAD_RANGES || touches(s->bad, &new))
		insert_bad(s->bad, new);
	g_mutex_unlock(&s->lock);
}

void source_drop_lost(struct source *s)
{
	for (; s; s = s->under) {
		for (guint i = 0; s->lost && i < s->lost->len; i++) {
			const struct bad_range *r =
				&g_array_index(s->lost, struct bad_range, i);

			source_mark_bad(s, r->at, r->n);
		}
	}
}

/* -------------------------------------------------------------------- read */

static enum status read_locked(struct source *s, uint64_t at, uint8_t *buf,
                               size_t n, struct error *err)
{
	enum status st;

	if (s->reader.shared)
		return s->reader.read(s->reader.ctx, at, buf, n, err);
	g_mutex_lock(&s->lock);
	st = s->reader.read(s->reader.ctx, at, buf, n, err);
	g_mutex_unlock(&s->lock);
	return st;
}

/*
 * A read failed: have it sector by sector, and note those that are to blame.
 * The first of them is the error; if there is none, the read succeeded.
 */
static enum status read_sectors(struct source *s, uint64_t at, uint8_t *buf,
                                size_t n, struct error *err)
{
	uint8_t sector[SECTOR];
	enum status st = OK;

	while (n) {
		uint64_t first = at - at % SECTOR;
		size_t all = (size_t)MIN(SECTOR, s->size - first);
		size_t skip = (size_t)(at - first);
		size_t part = MIN(n, all - skip);
		struct error why;

		if (!read_locked(s, first, sector, all, &why)) {
			memcpy(buf, sector + skip, part);
		} else {
			source_mark_bad(s, first, all);
			/* The end of the medium, or of a file in it, is no end
			   of ours. */
			if (!st && why.status == E_TRUNCATED)
				why.status = E_IO;
			if (!st)
				st = fail(err, why.status, at, why.what);
		}
		at += part;
		buf += part;
		n -= part;
	}
	return st;
}

enum status source_read(struct source *s, uint64_t at, void *buf, size_t n,
                        struct error *err)
{
	uint64_t where;
	enum status st;

	watch_read(s, at);
	if (at > s->size || n > s->size - at)
		return fail(err, E_TRUNCATED, s->size,
		            "the evidence ends here");
	if (!n)
		return OK;
	if (is_bad(s, at, n, &where))
		return fail(err, E_IO, where, "read error in the evidence");
	st = read_locked(s, at, buf, n, err);
	return st ? read_sectors(s, at, buf, n, err) : OK;
}

enum status source_read_from(void *source, uint64_t at, uint8_t *buf, size_t n,
                             struct error *err)
{
	return source_read(source, at, buf, n, err);
}
