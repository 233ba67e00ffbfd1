/* SPDX-License-Identifier: MIT */
/*
 * sample.c - samples for the parsers' tests, and how to damage them
 */
#include "tests/parsers/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *block(size_t n)
{
	uint8_t *p = malloc(n ? n : 1);

	assert_non_null(p);
	return p;
}

static FILE *open_in(const char *dir, const char *name)
{
	char path[4096];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f)
		print_message("# cannot open %s\n", path);
	return f;
}

/* Closes `f`. */
static struct bytes load(FILE *f)
{
	static uint8_t buf[1 << 17];
	size_t n;

	n = fread(buf, 1, sizeof(buf), f);
	assert_true(n < sizeof(buf) && !ferror(f));
	(void)fclose(f);
	return sample_copy((struct bytes){ buf, n, SAMPLE_AT }, n);
}

struct bytes sample_load(const char *name)
{
	const char *dir = getenv("TESTDATA");
	FILE *f = open_in(dir ? dir : "testdata", name);

	assert_non_null(f);
	return load(f);
}

struct bytes sample_corpus(const char *name)
{
	const char *dir = getenv("CORPUS");
	FILE *f = dir ? open_in(dir, name) : NULL;

	if (!f)
		skip();
	return load(f);
}

struct bytes sample_copy(struct bytes b, size_t n)
{
	uint8_t *p = block(n);

	if (n)
		memcpy(p, b.p, n);
	return (struct bytes){ p, n, b.at };
}

/* The one place that takes the const off: the block is the test's own. */
static uint8_t *writable(struct bytes b)
{
	union {
		const uint8_t *in;
		uint8_t *out;
	} u = { .in = b.p };

	return u.out;
}

void sample_free(struct bytes b)
{
	free(writable(b));
}

static void put(struct bytes b, size_t off, uint64_t v, size_t width)
{
	assert_true(off <= b.n && width <= b.n - off);
	for (size_t i = 0; i < width; i++)
		writable(b)[off + i] = (uint8_t)(v >> (8 * i));
}

void sample_le16(struct bytes b, size_t off, uint16_t v)
{
	put(b, off, v, 2);
}

void sample_le32(struct bytes b, size_t off, uint32_t v)
{
	put(b, off, v, 4);
}

void sample_le64(struct bytes b, size_t off, uint64_t v)
{
	put(b, off, v, 8);
}

void each_truncation(struct bytes sample, void (*fn)(struct bytes in))
{
	for (size_t n = 0; n < sample.n; n++) {
		struct bytes in = sample_copy(sample, n);

		fn(in);
		sample_free(in);
	}
}

void each_corruption(struct bytes sample, size_t n, void (*fn)(struct bytes in))
{
	struct bytes in = sample_copy(sample, sample.n);

	assert_true(n <= sample.n);
	for (size_t i = 0; i < n; i++) {
		for (unsigned change = 1; change < 256; change++) {
			writable(in)[i] = (uint8_t)(sample.p[i] ^ change);
			fn(in);
		}
		writable(in)[i] = sample.p[i];
	}
	sample_free(in);
}

void assert_inside(struct bytes part, struct bytes whole)
{
	uint64_t off;

	if (!part.n)
		return;
	assert_true(part.at >= whole.at);
	off = part.at - whole.at;
	assert_true(off <= whole.n);
	assert_true(part.n <= whole.n - off);
	assert_ptr_equal(part.p, whole.p + off);
}

void assert_range(struct bytes part, struct bytes whole, size_t off, size_t n)
{
	assert_int_equal(part.n, n);
	assert_int_equal(part.at, whole.at + off);
	assert_inside(part, whole);
}

void assert_error(const struct error *err, enum status status, struct bytes in)
{
	assert_int_equal(err->status, status);
	assert_int_not_equal(err->status, OK);
	assert_non_null(err->what);
	assert_true(err->at >= in.at && err->at - in.at <= in.n);
}

void assert_text(struct bytes utf16, const char *ascii)
{
	assert_int_equal(utf16.n, 2 * strlen(ascii));
	for (size_t i = 0; i < utf16.n; i += 2) {
		assert_int_equal(utf16.p[i], (uint8_t)ascii[i / 2]);
		assert_int_equal(utf16.p[i + 1], 0);
	}
}
