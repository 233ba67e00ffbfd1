/* SPDX-License-Identifier: MIT */
/*
 * source.c - how fast the bytes of an evidence are read through its containers
 *
 *	source FILE...
 *
 * Reads each from its first byte to its last, in pieces of 1 MiB, and prints
 * the bytes, the seconds and MB/s.  Exit status 1 if one could not be read.
 */
#include "analyzer/source.h"

#include <inttypes.h>
#include <stdio.h>

#define PIECE ((size_t)1 << 20)

static enum status read_all(struct source *s, struct error *err)
{
	uint8_t *buf = g_malloc(PIECE);
	enum status st = OK;

	for (uint64_t at = 0; !st && at < s->size; at += PIECE)
		st = source_read(s, at, buf, (size_t)MIN(PIECE, s->size - at),
		                 err);
	g_free(buf);
	return st;
}

static enum status bench(const char *path)
{
	gint64 begun = g_get_monotonic_time();
	struct source *s;
	struct error err;
	double seconds;

	if (source_open(&s, path, &err)) {
		fprintf(stderr, "%s: %s\n", path, err.what);
		return err.status;
	}
	if (read_all(s, &err)) {
		fprintf(stderr, "%s: %s, at offset %" PRIu64 "\n", path,
		        err.what, err.at);
		source_free(s);
		return err.status;
	}
	seconds = (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
	printf("%s: %s, %" PRIu64 " bytes, %.3f s, %.0f MB/s\n", path,
	       s->format, s->size, seconds, (double)s->size / seconds / 1e6);
	source_free(s);
	return OK;
}

int main(int argc, char **argv)
{
	int bad = argc < 2;

	for (int i = 1; i < argc; i++)
		bad |= bench(argv[i]) != OK;
	return bad;
}
