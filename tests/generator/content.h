/* SPDX-License-Identifier: MIT */
/*
 * content.h - the plaintext of a stream, readable at any offset
 *
 *	random[:SEED]	noise; the default, seeded with the stream's path
 *	text[:SEED]	numbered lines of 64 bytes
 *	zero		zeros
 *	is:TEXT		these words, with the escapes of names
 *	host:FILE	a file of the host
 */
#ifndef GENERATOR_CONTENT_H
#define GENERATOR_CONTENT_H

#include "tests/generator/util.h"

#include <stdio.h>

enum content_kind {
	CONTENT_NOISE,
	CONTENT_TEXT,
	CONTENT_ZERO,
	CONTENT_BYTES,
	CONTENT_HOST
};

struct content {
	enum content_kind kind;
	uint64_t seed;
	uint64_t size; /* natural size; 0 where any size will do */
	struct buf bytes;
	FILE *host;
};

void content_open(struct content *c, const char *source, const char *path);
void content_close(struct content *c);

/* Bytes beyond the natural size of the source are zeros. */
void content_read(const struct content *c, uint64_t off, uint8_t *p, size_t n);

#endif
