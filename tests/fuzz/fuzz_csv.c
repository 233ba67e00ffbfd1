/* SPDX-License-Identifier: MIT */
/*
 * fuzz_csv.c - every field lies in the text, behind the one before it, and the
 * rows come to an end
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "parsers/csv.h"

static unsigned lines_of(struct bytes in)
{
	unsigned lines = 1;

	for (size_t i = 0; i < in.n; i++)
		lines += in.p[i] == '\n' || in.p[i] == '\r';
	return lines;
}

static void check(struct bytes in, const struct csv_field *f, size_t *end)
{
	uint8_t *copy = malloc(f->text.n + 1);
	size_t n;

	assert(copy);
	assert(f->text.at >= in.at + *end &&
	       f->text.at + f->text.n <= in.at + in.n);
	assert(f->quoted || !f->text.n || !memchr(f->text.p, ',', f->text.n));
	n = csv_copy(copy, f);
	assert(n <= f->text.n && (f->quoted || n == f->text.n));
	*end = (size_t)(f->text.at - in.at) + f->text.n;
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct csv_reader c = csv_open(in);
	unsigned most = lines_of(in), line = 1;
	struct csv_field f;
	size_t end = 0, fields = 0;
	struct error err;
	enum status st;

	while ((st = csv_next(&c, &f, &err)) != E_ABSENT) {
		assert(st == OK || st == E_CORRUPT);
		assert(f.line >= line && f.line <= most);
		assert(++fields <= size + 1);
		line = f.line;
		if (!st)
			check(in, &f, &end);
		else
			assert(f.last);
	}
	return 0;
}
