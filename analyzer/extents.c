/* SPDX-License-Identifier: MIT */
/*
 * extents.c - where the bytes of a stream are
 */
#include "analyzer/extents.h"

#include <string.h>

void extents_release(struct extents *extents)
{
	if (extents->list)
		g_array_free(extents->list, TRUE);
	*extents = (struct extents){ 0 };
}

static gint by_offset(gconstpointer a, gconstpointer b)
{
	const struct extent *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static const struct extent *extent_get(const struct extents *extents, guint i)
{
	return &g_array_index(extents->list, struct extent, i);
}

/* From the last that is in order on; true if all are. */
static bool check_order(struct extents *extents)
{
	guint n = extents->list ? extents->list->len : 0;

	for (guint i = extents->sorted; i < n; i++) {
		const struct extent *e = extent_get(extents, i);

		if (i && e->offset < e[-1].offset)
			return false;
		extents->overlap |= i && e->offset - e[-1].offset < e[-1].n;
		extents->sorted = i + 1;
	}
	return true;
}

enum status extents_sort(struct extents *extents, struct error *err)
{
	if (!check_order(extents)) {
		g_array_sort(extents->list, by_offset);
		extents->resorted += extents->list->len;
		extents->sorted = 0;
		extents->overlap = false;
		(void)check_order(extents);
	}
	return extents->overlap ? fail(err, E_CORRUPT, 0,
	                               "runs that overlap in the stream")
	                        : OK;
}

const struct extent *extents_find(const struct extents *extents,
                                  uint64_t offset)
{
	guint low = 0, high = extents->list ? extents->list->len : 0;

	while (low < high) {
		guint mid = low + (high - low) / 2;
		const struct extent *e =
			&g_array_index(extents->list, struct extent, mid);

		if (offset < e->offset)
			high = mid;
		else if (offset - e->offset >= e->n)
			low = mid + 1;
		else
			return e;
	}
	return NULL;
}

enum status extents_read(const struct extents *extents,
                         enum status (*read)(void *ctx, uint64_t at,
                                             uint8_t *buf, size_t n,
                                             struct error *err),
                         void *ctx, uint64_t offset, uint8_t *buf, size_t n,
                         struct error *err)
{
	while (n) {
		const struct extent *e = extents_find(extents, offset);
		uint64_t in, len;

		if (!e)
			return fail(err, E_CORRUPT, 0,
			            "the runs do not cover the attribute");
		in = offset - e->offset;
		len = n < e->n - in ? n : e->n - in;
		if (e->at == EXTENT_HOLE)
			memset(buf, 0, len);
		else if (read(ctx, e->at + in, buf, len, err))
			return err->status;
		buf += len;
		offset += len;
		n -= len;
	}
	return OK;
}
