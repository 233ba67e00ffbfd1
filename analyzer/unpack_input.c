/* SPDX-License-Identifier: MIT */
/*
 * unpack_input.c - an archive as libarchive reads it: through its source
 */
#include "analyzer/unpack_input.h"
#include "analyzer/unpack.h"
#include "analyzer/unpack_memory.h"

#include <archive.h>
#include <errno.h>
#include <string.h>

#define CHUNK ((size_t)64 * 1024)

static const struct {
	size_t at;
	const char *magic;
	size_t n;
	const char *name;
} known[] = {
	{ 0, "PK\3\4", 4, "zip" },
	{ 0, "7z\xbc\xaf\x27\x1c", 6, "7z" },
	{ 257, "ustar", 5, "tar" },
	{ 0, "\x1f\x8b\x08", 3, "gzip" },
	{ 0, "\xfd\x37zXZ\0", 6, "xz" },
	{ 0, "BZh", 3, "bzip2" },
	{ 0, "\x28\xb5\x2f\xfd", 4, "zstd" },
	{ 0, "\x04\x22\x4d\x18", 4, "lz4" },
	{ 0, "Rar!\x1a\x07", 6, "rar" },
	{ 0, "MSCF\0\0\0\0", 8, "cab" },
};

const char *unpack_recognise(struct bytes head, unsigned *bits)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		struct cursor c = cursor_open(head);
		struct bytes b = cursor_cut(&c, known[i].at, known[i].n);

		if (!bytes_begin(b, known[i].magic, known[i].n))
			continue;
		*bits = (unsigned)(8 * b.n);
		return known[i].name;
	}
	*bits = 0;
	return NULL;
}

static la_ssize_t read_some(struct archive *a, void *ctx, const void **buf)
{
	struct unpack_input *in = ctx;
	size_t n = (size_t)MIN(CHUNK, in->s->size - in->pos);
	struct error err;

	if (n && source_read(in->s, in->pos, in->buf, n, &err)) {
		archive_set_error(a, EIO, "%s", err.what);
		return ARCHIVE_FATAL;
	}
	*buf = in->buf;
	in->pos += n;
	return (la_ssize_t)n;
}

static la_int64_t skip_some(struct archive *a, void *ctx, la_int64_t n)
{
	struct unpack_input *in = ctx;
	uint64_t left = in->s->size - in->pos;
	uint64_t skip = n > 0 ? MIN((uint64_t)n, left) : 0;

	(void)a;
	in->pos += skip;
	return (la_int64_t)skip;
}

static la_int64_t seek_to(struct archive *a, void *ctx, la_int64_t at,
                          int whence)
{
	struct unpack_input *in = ctx;
	int64_t from = whence == SEEK_END   ? (int64_t)in->s->size
	               : whence == SEEK_CUR ? (int64_t)in->pos
	                                    : 0;
	int64_t most = (int64_t)in->s->size - from;

	(void)a;
	if (at < -from || at > most)
		return ARCHIVE_FATAL;
	in->pos = (uint64_t)(from + at);
	return from + at;
}

static void support(struct archive *a)
{
	(void)archive_read_support_filter_gzip(a);
	(void)archive_read_support_filter_bzip2(a);
	(void)archive_read_support_filter_xz(a);
	(void)archive_read_support_filter_zstd(a);
	(void)archive_read_support_filter_lz4(a);
	(void)archive_read_support_format_zip(a);
	(void)archive_read_support_format_7zip(a);
	(void)archive_read_support_format_tar(a);
}

struct archive *unpack_input_open(struct unpack_input *in, struct source *s)
{
	struct archive *a = archive_read_new();

	/* What an archive before this one wanted is none of its own. */
	(void)unpack_memory_refused();
	*in = (struct unpack_input){ .s = s, .buf = g_malloc(CHUNK) };
	support(a);
	(void)archive_read_set_read_callback(a, read_some);
	(void)archive_read_set_skip_callback(a, skip_some);
	(void)archive_read_set_seek_callback(a, seek_to);
	(void)archive_read_set_callback_data(a, in);
	return a;
}

void unpack_input_release(struct unpack_input *in)
{
	g_free(in->buf);
	*in = (struct unpack_input){ 0 };
}
