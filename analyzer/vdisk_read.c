/* SPDX-License-Identifier: MIT */
/*
 * vdisk_read.c - read a virtual disk piece by piece
 */
#include "analyzer/vdisk_internal.h"

#include <libdeflate.h>
#include <string.h>

/* A VMDK grain is preceded by u64 sector, u32 length. */
#define MARKER 12u

/* A piece that lies outside of its file, or where the file says so itself. */
static void check_bounds(struct vdisk_image *im, struct vdisk_piece *p)
{
	uint64_t n = p->what == VDISK_DATA ? p->n : 1;

	if (p->at >= p->file->size) {
		p->what = VDISK_BAD;
		return;
	}
	if (n > p->file->size - p->at)
		p->n = n = p->file->size - p->at;
	if (vdisk_is_reserved(im, p->file, p->at, n))
		p->what = VDISK_BAD;
}

static void map_image(struct vdisk_image *im, uint64_t at,
                      struct vdisk_piece *piece)
{
	uint64_t left = im->size - at;

	*piece = (struct vdisk_piece){ .n = left, .file = im->file };
	im->format->map(im, at, piece);
	piece->image = im;
	piece->n = MAX(1, MIN(piece->n, left));
	if (piece->what == VDISK_DATA || piece->what == VDISK_PACKED)
		check_bounds(im, piece);
}

static void map_base(struct source *base, uint64_t at,
                     struct vdisk_piece *piece)
{
	*piece = (struct vdisk_piece){ .what = VDISK_ZERO, .n = UINT64_MAX };
	if (!base || at >= base->size)
		return;
	piece->what = VDISK_DATA;
	piece->file = base;
	piece->at = at;
	piece->n = base->size - at;
}

void vdisk_map(struct vdisk *v, uint64_t at, struct vdisk_piece *piece)
{
	uint64_t n = UINT64_MAX;

	for (guint i = 0; i < v->images->len; i++) {
		struct vdisk_image *im = v->images->pdata[i];

		if (at >= im->size) {
			/* a parent may be smaller than its child */
			*piece = (struct vdisk_piece){ .what = VDISK_ZERO,
				                       .n = n };
			return;
		}
		map_image(im, at, piece);
		n = piece->n = MIN(n, piece->n);
		if (piece->what != VDISK_PARENT)
			return;
	}
	map_base(v->base, at, piece);
	if (v->orphan)
		piece->what = VDISK_BAD;
	piece->n = MIN(n, piece->n);
}

/* ---------------------------------------------------------------- unpacking */

static bool inflate_unit(const struct vdisk_piece *p, const uint8_t *in,
                         size_t n, uint8_t *out)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	enum libdeflate_result r = LIBDEFLATE_BAD_DATA;
	size_t used, made = 0;

	if (d && p->image->format->zlib)
		r = libdeflate_zlib_decompress_ex(d, in, n, out, p->unit, &used,
		                                  &made);
	else if (d)
		r = libdeflate_deflate_decompress_ex(d, in, n, out, p->unit,
		                                     &used, &made);
	libdeflate_free_decompressor(d);
	if (r != LIBDEFLATE_SUCCESS)
		return false;
	/* only the last grain of a VMDK may be a short one */
	if (made < p->unit && !p->image->format->zlib)
		return false;
	memset(out + made, 0, p->unit - made);
	return true;
}

/* The length that a VMDK says, so that no more than it is read. */
static enum status read_marker(struct vdisk_piece *p, struct error *err)
{
	uint8_t marker[MARKER];
	struct cursor c = cursor_open((struct bytes){ marker, MARKER, p->at });
	uint32_t n;

	if (source_read(p->file, p->at, marker, MARKER, err))
		return err->status;
	cursor_skip(&c, 8);
	n = cursor_le32(&c);
	if (!n || n > p->packed)
		return fail(err, E_CORRUPT, p->at + 8,
		            "length of a compressed grain");
	p->packed = n;
	p->at += MARKER;
	return OK;
}

static enum status unpack(struct vdisk_piece p, uint8_t *out, struct error *err)
{
	enum status st = OK;
	uint8_t *in;

	if (p.marked && read_marker(&p, err))
		return err->status;
	/* What is said may be more than is there. */
	if (p.at >= p.file->size)
		return fail(err, E_TRUNCATED, p.at, "compressed data");
	p.packed = (uint32_t)MIN(p.packed, p.file->size - p.at);
	in = g_malloc(p.packed);
	st = source_read(p.file, p.at, in, p.packed, err);
	if (!st && !inflate_unit(&p, in, p.packed, out))
		st = fail(err, E_CORRUPT, p.at, "compressed data");
	g_free(in);
	return st;
}

/* Part of a unit: the whole is kept for the next read. */
static enum status read_part(struct vdisk *v, const struct vdisk_piece *p,
                             uint64_t at, uint8_t *buf, size_t n,
                             struct error *err)
{
	enum status st = OK;

	g_mutex_lock(&v->lock);
	if (v->unit_of != p->image || v->unit_start != p->start) {
		v->unit_of = NULL;
		g_byte_array_set_size(v->unit, p->unit);
		st = unpack(*p, v->unit->data, err);
	}
	if (!st) {
		v->unit_of = p->image;
		v->unit_start = p->start;
		memcpy(buf, v->unit->data + (at - p->start), n);
	}
	g_mutex_unlock(&v->lock);
	return st;
}

/* -------------------------------------------------------------------- read */

/* Pieces that follow each other in one file are one. */
static void merge(struct vdisk *v, uint64_t at, size_t wanted,
                  struct vdisk_piece *p)
{
	while (p->n < wanted) {
		struct vdisk_piece next;

		vdisk_map(v, at + p->n, &next);
		if (next.what != VDISK_DATA || next.file != p->file ||
		    next.at != p->at + p->n)
			return;
		p->n += next.n;
	}
}

static enum status read_piece(struct vdisk *v, struct vdisk_piece *p,
                              uint64_t at, uint8_t *buf, size_t n,
                              struct error *err)
{
	switch (p->what) {
	case VDISK_BAD:
	case VDISK_PARENT:
		break;
	case VDISK_ZERO:
		memset(buf, 0, n);
		return OK;
	case VDISK_DATA:
		return source_read(p->file, p->at, buf, n, err);
	case VDISK_PACKED:
		if (at == p->start && n == p->unit)
			return unpack(*p, buf, err);
		return read_part(v, p, at, buf, n, err);
	}
	return fail(err, E_CORRUPT, at, "a virtual disk lacks this part");
}

enum status vdisk_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                       struct error *err)
{
	struct vdisk *v = ctx;

	while (n) {
		struct vdisk_piece p;
		size_t part;

		vdisk_map(v, at, &p);
		if (p.what == VDISK_DATA)
			merge(v, at, n, &p);
		part = (size_t)MIN(n, p.n);
		if (read_piece(v, &p, at, buf, part, err))
			return err->status;
		at += part;
		buf += part;
		n -= part;
	}
	return OK;
}
