/* SPDX-License-Identifier: MIT */
/*
 * unpack_input.h - an archive as libarchive reads it: through its source
 */
#ifndef ANALYZER_UNPACK_INPUT_H
#define ANALYZER_UNPACK_INPUT_H

#include "analyzer/source.h"

struct archive;

struct unpack_input {
	struct source *s; /* borrowed */
	uint64_t pos;     /* of libarchive in it */
	uint8_t *buf;     /* what it reads; owned */
};

/* A reader of all formats and packers that we know, to be opened with
   archive_read_open1; the caller frees it, and then releases the input. */
struct archive *unpack_input_open(struct unpack_input *in, struct source *s);
void unpack_input_release(struct unpack_input *in);

#endif
