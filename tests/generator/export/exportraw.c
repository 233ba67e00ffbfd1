/* SPDX-License-Identifier: MIT */
/*
 * exportraw.c - the EFSRPC Raw Data Format, [MS-EFSR] 2.2.3
 */
#include "tests/generator/export/export.h"

#include <stdlib.h>
#include <string.h>

static void put_le(struct buf *b, uint64_t v, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		buf_u8(b, (unsigned)(v >> (8 * i)) & 0xff);
}

static void put_magic(struct buf *b, const char *text)
{
	for (; *text; text++)
		put_le(b, (uint8_t)*text, 2);
}

static void put_stream(struct buf *b, const void *name, size_t n, bool plain)
{
	put_le(b, 28 + n, 4);
	put_magic(b, "NTFS");
	put_le(b, plain, 4);
	put_le(b, 0, 8);
	put_le(b, n, 4);
	buf_put(b, name, n);
}

static void put_segment(struct buf *b, const struct buf *data)
{
	put_le(b, 16 + data->n, 4);
	put_magic(b, "GURE");
	put_le(b, 0, 4);
	buf_append(b, data);
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* How much of [off, off + n) is below the limit. */
static uint64_t below(uint64_t limit, uint64_t off, uint64_t n)
{
	return limit > off ? less(limit - off, n) : 0;
}

/* Bytes that are stored of the unit at `off`: whole 512s that are valid. */
static size_t block_size(const struct data *d, uint64_t off, uint64_t unit)
{
	uint64_t valid = below(less(d->valid, d->size), off, unit);

	if (!valid || data_is_hole(d, off, valid))
		return 0;
	return (size_t)((valid + EXPORT_UNIT - 1) / EXPORT_UNIT * EXPORT_UNIT);
}

/*
 * ENCRYPTED_DATA_INFO and its data.  A unit may be half a hole where clusters
 * are smaller than it; then the hole's zeros would be taken for ciphertext.
 */
static void put_encrypted(const struct options *o, struct buf *out,
                          const struct data *d, uint64_t off, uint64_t n)
{
	uint64_t unit = (uint64_t)1 << o->shift;
	struct buf head = { 0 }, data = { 0 };
	uint64_t blocks = (n + unit - 1) / unit;
	uint64_t size;

	for (uint64_t i = 0; i < blocks; i++) {
		size_t stored = block_size(d, off + i * unit, unit);
		uint8_t *p = xmalloc(stored);

		put_le(&head, stored, 4);
		data_read(d, off + i * unit, p, stored);
		buf_put(&data, p, stored);
		free(p);
	}
	buf_put(&head, "EXTD", 4);
	put_le(&head, 16, 4);
	put_le(&head, data_has_holes(d), 4);
	put_le(&head, 0, 4);
	/* The data begins a multiple of 512 into the segment. */
	size = (16 + 28 + head.n + 511) / 512 * 512 - 16;
	buf_zero(&head, (size_t)size - 28 - head.n);

	put_le(out, 16 + size + data.n, 4);
	put_magic(out, "GURE");
	put_le(out, 0, 4);
	put_le(out, off, 8);
	put_le(out, size, 4);
	put_le(out, below(d->size, off, n), 4);
	put_le(out, below(less(d->valid, d->size), off, n), 4);
	put_le(out, 0, 2);
	buf_u8(out, o->shift);
	buf_u8(out, o->shift);
	buf_u8(out, (unsigned)d->na->ni->vol->cluster_size_bits);
	buf_u8(out, 1);
	put_le(out, blocks, 2);
	buf_append(out, &head);
	buf_append(out, &data);
	buf_free(&head);
	buf_free(&data);
}

static void put_plain(struct buf *out, const struct data *d, uint64_t off,
                      uint64_t n)
{
	struct buf data = { 0 };

	buf_zero(&data, (size_t)n);
	data_read(d, off, data.p, (size_t)below(d->valid, off, n));
	put_segment(out, &data);
	buf_free(&data);
}

static void put_data(const struct options *o, struct buf *out,
                     const struct data *d)
{
	struct buf name = { 0 };
	uint64_t n = (d->size + o->segment - 1) / o->segment;

	put_le(&name, ':', 2);
	buf_put(&name, d->name.u, 2 * (size_t)d->name.n);
	put_magic(&name, ":$DATA");
	if (o->nul)
		put_le(&name, 0, 2);
	put_stream(out, name.p, name.n, !d->encrypted);
	buf_free(&name);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t k = o->reversed && d->encrypted ? n - 1 - i : i;
		uint64_t off = k * o->segment;
		uint64_t len = less(o->segment, d->size - off);

		if (d->encrypted)
			put_encrypted(o, out, d, off, len);
		else
			put_plain(out, d, off, len);
	}
}

void form_raw(const struct options *o, const struct object *obj)
{
	FILE *f = form_create(o, "raw", obj, NULL, ".efs");
	struct buf out = { 0 };

	buf_put(&out, "\0\1\0\0", 4);
	put_magic(&out, "ROBS");
	put_le(&out, 0, 8);
	put_stream(&out, "\x10\x19", 2, false);
	put_segment(&out, &obj->efs);
	for (size_t i = 0; i < obj->n; i++)
		put_data(o, &out, &obj->data[i]);
	buf_append(&out, &o->trailer);
	if (fwrite(out.p, 1, out.n, f) != out.n)
		die("cannot write an export");
	form_close(f);
	buf_free(&out);
	for (size_t i = 0; i < obj->n; i++)
		if (obj->data[i].encrypted)
			index_add(o, "raw", obj, obj->data[i].text, ".efs",
			          "-");
	if (obj->directory)
		index_add(o, "raw", obj, "", ".efs", "directory");
}
