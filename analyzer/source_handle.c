/* SPDX-License-Identifier: MIT */
/*
 * source_handle.c - a libbfio handle over a function that reads
 */
#include "analyzer/source.h"

/* Shared by a handle and its clones; the last one frees the reader. */
struct shared {
	struct reader reader;
	gint users;
};

struct handle {
	struct shared *shared;
	uint64_t pos;
	bool open;
};

/* libbfio passes its context as an intptr_t pointer. */
static struct handle *handle_of(intptr_t *p)
{
	return (struct handle *)(void *)p;
}

static int handle_free(intptr_t **p, libbfio_error_t **error)
{
	struct handle *h = handle_of(*p);

	(void)error;
	*p = NULL;
	if (!h)
		return 1;
	if (g_atomic_int_dec_and_test(&h->shared->users)) {
		h->shared->reader.free_ctx(h->shared->reader.ctx);
		g_free(h->shared);
	}
	g_free(h);
	return 1;
}

static int handle_clone(intptr_t **to, intptr_t *from, libbfio_error_t **error)
{
	struct handle *h = g_new0(struct handle, 1);

	(void)error;
	h->shared = handle_of(from)->shared;
	g_atomic_int_inc(&h->shared->users);
	*to = (intptr_t *)(void *)h;
	return 1;
}

static int handle_open(intptr_t *p, int flags, libbfio_error_t **error)
{
	(void)error;
	if (flags & LIBBFIO_ACCESS_FLAG_WRITE)
		return -1;
	handle_of(p)->open = true;
	handle_of(p)->pos = 0;
	return 1;
}

static int handle_close(intptr_t *p, libbfio_error_t **error)
{
	(void)error;
	handle_of(p)->open = false;
	return 0;
}

static ssize_t handle_read(intptr_t *p, uint8_t *buf, size_t n,
                           libbfio_error_t **error)
{
	struct handle *h = handle_of(p);
	const struct reader *r = &h->shared->reader;
	ssize_t got;

	(void)error;
	if (h->pos >= r->size)
		return 0;
	if (n > r->size - h->pos)
		n = (size_t)(r->size - h->pos);
	got = r->read_at(r->ctx, h->pos, buf, n);
	if (got > 0)
		h->pos += (size_t)got;
	return got;
}

static ssize_t handle_write(intptr_t *p, const uint8_t *buf, size_t n,
                            libbfio_error_t **error)
{
	(void)p, (void)buf, (void)n, (void)error;
	return -1;
}

static off64_t handle_seek(intptr_t *p, off64_t offset, int whence,
                           libbfio_error_t **error)
{
	struct handle *h = handle_of(p);
	int64_t base = 0;

	(void)error;
	if (whence == SEEK_CUR)
		base = (int64_t)h->pos;
	else if (whence == SEEK_END)
		base = (int64_t)h->shared->reader.size;
	if (offset < -base || (offset > 0 && offset > INT64_MAX - base))
		return -1;
	h->pos = (uint64_t)(base + offset);
	return base + offset;
}

static int handle_exists(intptr_t *p, libbfio_error_t **error)
{
	(void)p, (void)error;
	return 1;
}

static int handle_is_open(intptr_t *p, libbfio_error_t **error)
{
	(void)error;
	return handle_of(p)->open;
}

static int handle_size(intptr_t *p, size64_t *size, libbfio_error_t **error)
{
	(void)error;
	*size = handle_of(p)->shared->reader.size;
	return 1;
}

enum status source_handle(libbfio_handle_t **out, const struct reader *reader,
                          struct error *err)
{
	struct handle *h = g_new0(struct handle, 1);
	intptr_t *p = (intptr_t *)(void *)h;

	*out = NULL;
	h->shared = g_new0(struct shared, 1);
	h->shared->reader = *reader;
	h->shared->users = 1;
	if (libbfio_handle_initialize(
		    out, p, handle_free, handle_clone, handle_open,
		    handle_close, handle_read, handle_write, handle_seek,
		    handle_exists, handle_is_open, handle_size,
		    LIBBFIO_FLAG_IO_HANDLE_MANAGED |
			    LIBBFIO_FLAG_IO_HANDLE_CLONE_BY_FUNCTION,
		    NULL) == 1)
		return OK;
	(void)handle_free(&p, NULL);
	return fail(err, E_NOMEM, 0, "handle for a byte source");
}
