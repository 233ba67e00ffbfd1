/* SPDX-License-Identifier: MIT */
/*
 * faulty.c - a medium in memory, of which some sectors cannot be read
 */
#include "tests/analyzer/faulty.h"

#include <string.h>

static enum status read_faulty(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                               struct error *err)
{
	struct faulty *f = ctx;
	enum status st = f->status ? f->status : E_IO;

	f->reads++;
	assert_true(n && at < f->size && n <= f->size - at);
	/* A medium that fails may leave anything behind. */
	memset(buf, 0xbd, n);
	if (f->most && n > f->most)
		return fail(err, st, at, "too much at once");
	for (size_t i = 0; i < f->n_bad; i++)
		if (f->bad[i] * 512 < at + n && f->bad[i] * 512 + 512 > at)
			return fail(err, st, f->bad[i] * 512, "bad sector");
	memcpy(buf, f->p + at, n);
	return OK;
}

struct source *faulty_source(struct faulty *f)
{
	const struct reader reader = {
		.read = read_faulty,
		.ctx = f,
		.size = f->size,
	};

	return source_layer(&reader, "faulty", NULL, false);
}
