/* SPDX-License-Identifier: MIT */
/*
 * ewf_pool.c - the segments of an EnCase image as libewf takes them
 */
#include "analyzer/ewf_pool.h"
#include "parsers/limits.h"

#include <string.h>

/*
 * An image of thousands of segments must not use up the open files.  libbfio
 * can close what was not used for long, but that fails in libewf's copy of it:
 * "unable to remove last used list element" with more than one segment.
 */
#define MOST_OPEN 128

/* ------------------------------------------- a segment that ends before time
 */

struct patch {
	struct source *file; /* borrowed; NULL: see path */
	const char *path;    /* opened for each read; NULL: only the header */
	uint64_t keep;       /* bytes before the tail */
	uint8_t head[EWF_HEAD_SIZE];
	GByteArray *tail;
};

static enum status read_file(struct patch *p, uint64_t at, uint8_t *buf,
                             size_t n, struct error *err)
{
	struct source *s;
	enum status st;

	if (p->file)
		return source_read(p->file, at, buf, n, err);
	if (!p->path) {
		memcpy(buf, p->head + at, n);
		return OK;
	}
	st = source_file(&s, p->path, err);
	if (!st) {
		st = source_read(s, at, buf, n, err);
		source_free(s);
	}
	return st;
}

static enum status patch_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                              struct error *err)
{
	struct patch *p = ctx;
	size_t part = at < p->keep ? (size_t)MIN(n, p->keep - at) : 0;
	enum status st = OK;

	if (part)
		st = read_file(p, at, buf, part, err);
	if (!st && n > part)
		memcpy(buf + part, p->tail->data + (at + part - p->keep),
		       n - part);
	return st;
}

static void patch_free(void *ctx)
{
	struct patch *p = ctx;

	g_byte_array_unref(p->tail);
	g_free(p);
}

static struct patch *patch_new(void)
{
	struct patch *p = g_new0(struct patch, 1);

	p->tail = g_byte_array_new();
	return p;
}

/* The head of a section at the end of the tail. */
static void add_head(struct patch *p, enum ewf_type type, uint64_t size)
{
	struct ewf_section section = { .type = type,
		                       .at = p->keep + p->tail->len,
		                       .size = size };
	uint8_t head[EWF_SECTION_SIZE];

	section.next = section.at + (type == EWF_TABLE_2 ? size : 0);
	ewf_section_head(head, &section);
	g_byte_array_append(p->tail, head, sizeof(head));
}

/* The last table once more. */
static enum status add_copy(struct patch *p, const struct ewf_section *table,
                            struct error *err)
{
	guint n = (guint)(table->size - EWF_SECTION_SIZE), old;

	if (table->size > LIMIT_EWF_TABLE)
		return fail(err, E_LIMIT, table->at,
		            "table of chunks in the EnCase image");
	add_head(p, EWF_TABLE_2, table->size);
	old = p->tail->len;
	g_byte_array_set_size(p->tail, old + n);
	return read_file(p, table->at + EWF_SECTION_SIZE, p->tail->data + old,
	                 n, err);
}

static enum status add_reader(struct ewf_pool *pool, libbfio_handle_t **io,
                              struct patch *p, struct error *err)
{
	const struct reader reader = { .read = patch_read,
		                       .free = patch_free,
		                       .ctx = p,
		                       .size = p->keep + p->tail->len,
		                       .shared = true };
	struct source *s = source_layer(&reader, "segment", NULL, false);

	g_ptr_array_add(pool->ours, s);
	return source_handle(io, s, 0, s->size, err);
}

/* The first `keep` bytes of a segment, or an empty one, and an end mark. */
static enum status add_patched(struct ewf_pool *pool, libbfio_handle_t **io,
                               const struct ewf_set *set, guint i,
                               struct error *err)
{
	const struct ewf_segment *segment =
		&g_array_index(set->list, struct ewf_segment, i);
	struct patch *p = patch_new();
	bool empty = i > set->first || !segment->size;

	p->keep = empty ? EWF_HEAD_SIZE : segment->keep;
	if (!empty && !segment->path)
		p->file = set->under;
	else if (!empty)
		p->path = segment->path;
	ewf_segment_head(p->head, i + 1);
	if (!empty && segment->table.size &&
	    add_copy(p, &segment->table, err)) {
		patch_free(p);
		return err->status;
	}
	add_head(p, i + 1 == set->list->len ? EWF_DONE : EWF_NEXT,
	         EWF_SECTION_SIZE);
	return add_reader(pool, io, p, err);
}

/* One of so many that they cannot all be open. */
static enum status add_closed(struct ewf_pool *pool, libbfio_handle_t **io,
                              const struct ewf_segment *segment,
                              struct error *err)
{
	struct patch *p = patch_new();

	p->path = segment->path;
	p->keep = segment->size;
	return add_reader(pool, io, p, err);
}

/* ----------------------------------------------------------------- the pool */

static enum status add_file(libbfio_handle_t **io, const char *path,
                            struct error *err)
{
	if (libbfio_file_initialize(io, NULL) == 1 &&
	    libbfio_file_set_name(*io, path, strlen(path), NULL) == 1)
		return OK;
	return fail(err, E_IO, 0, "a segment of the EnCase image");
}

static enum status add_segment(struct ewf_pool *pool, const struct ewf_set *set,
                               guint i, struct error *err)
{
	const struct ewf_segment *segment =
		&g_array_index(set->list, struct ewf_segment, i);
	libbfio_handle_t *io = NULL;
	int entry = 0;
	enum status st;

	if (set->damaged && i >= set->first && i < set->behind)
		st = add_patched(pool, &io, set, i, err);
	else if (segment->path && set->list->len > MOST_OPEN)
		st = add_closed(pool, &io, segment, err);
	else if (segment->path)
		st = add_file(&io, segment->path, err);
	else
		st = source_handle(&io, set->under, 0, set->under->size, err);
	if (!st && libbfio_pool_append_handle(pool->pool, &entry, io,
	                                      LIBBFIO_OPEN_READ, NULL) == 1)
		return OK;
	if (io)
		(void)libbfio_handle_free(&io, NULL);
	return st ? st : fail(err, E_NOMEM, 0, "segments of an EnCase image");
}

static void free_source(void *s)
{
	source_free(s);
}

enum status ewf_pool_open(struct ewf_pool *pool, const struct ewf_set *set,
                          struct error *err)
{
	enum status st = OK;

	*pool = (struct ewf_pool){ 0 };
	pool->ours = g_ptr_array_new_with_free_func(free_source);
	if (libbfio_pool_initialize(&pool->pool, 0, 0, NULL) != 1)
		return fail(err, E_NOMEM, 0, "segments of an EnCase image");
	for (guint i = 0; !st && i < set->list->len; i++)
		st = add_segment(pool, set, i, err);
	return st;
}

void ewf_pool_release(struct ewf_pool *pool)
{
	if (pool->pool) {
		(void)libbfio_pool_close_all(pool->pool, NULL);
		(void)libbfio_pool_free(&pool->pool, NULL);
	}
	/* handles read from them until here */
	if (pool->ours)
		g_ptr_array_unref(pool->ours);
	*pool = (struct ewf_pool){ 0 };
}
