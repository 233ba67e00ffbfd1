/* SPDX-License-Identifier: MIT */
/*
 * source_handle.c - a libbfio handle over a part of a source
 */
#include "analyzer/source.h"

/* Clones are copies: each has a position of its own. */
struct handle {
	struct source *s;
	uint64_t at, size; /* the part of it */
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
	(void)error;
	g_free(handle_of(*p));
	*p = NULL;
	return 1;
}

static int handle_clone(intptr_t **to, intptr_t *from, libbfio_error_t **error)
{
	struct handle *h = g_memdup2(handle_of(from), sizeof(*h));

	(void)error;
	h->open = false;
	h->pos = 0;
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
	struct error ignored;

	(void)error;
	if (h->pos >= h->size)
		return 0;
	if (n > h->size - h->pos)
		n = (size_t)(h->size - h->pos);
	if (source_read(h->s, h->at + h->pos, buf, n, &ignored))
		return -1;
	h->pos += n;
	return (ssize_t)n;
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
		base = (int64_t)h->size;
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
	*size = handle_of(p)->size;
	return 1;
}

enum status source_handle(libbfio_handle_t **out, struct source *s, uint64_t at,
                          uint64_t n, struct error *err)
{
	struct handle *h = g_new0(struct handle, 1);
	intptr_t *p = (intptr_t *)(void *)h;

	*out = NULL;
	*h = (struct handle){ .s = s, .at = at, .size = n };
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
