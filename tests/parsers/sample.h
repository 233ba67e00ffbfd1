/* SPDX-License-Identifier: MIT */
/*
 * sample.h - what the parsers' tests share: samples, and how to damage them
 *
 * Every copy given to a parser is a block of exactly its own size, so that a
 * sanitizer sees a read of one byte too many.
 */
#ifndef TESTS_PARSERS_SAMPLE_H
#define TESTS_PARSERS_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ours is that of status.h.  fail_msg() goes with it. */
#undef fail

#include "parsers/bytes.h"
#include "parsers/status.h"

/* Where samples say that they come from: not 0, so that a wrong base shows. */
#define SAMPLE_AT UINT64_C(0x123456000)

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define BYTES(array) ((struct bytes){ (array), sizeof(array), SAMPLE_AT })

/* A file of testdata/, which is in the current folder or at $TESTDATA. */
struct bytes sample_load(const char *name);
/* A real sample that is not in testdata, at $CORPUS; without it, skip(). */
struct bytes sample_corpus(const char *name);
/* The first n bytes of `b`, in a block of their own. */
struct bytes sample_copy(struct bytes b, size_t n);
void sample_free(struct bytes b);

/* Overwrite a sample from one of the two functions above. */
void sample_le16(struct bytes b, size_t off, uint16_t v);
void sample_le32(struct bytes b, size_t off, uint32_t v);
void sample_le64(struct bytes b, size_t off, uint64_t v);

/* Call fn with the first 0, 1, ... bytes of the sample, up to all but one. */
void each_truncation(struct bytes sample, void (*fn)(struct bytes in));
/* Call fn with each of the first n bytes changed to each other value. */
void each_corruption(struct bytes sample, size_t n,
                     void (*fn)(struct bytes in));

/* `part` is empty, or lies in `whole` and knows its place there. */
void assert_inside(struct bytes part, struct bytes whole);
/* `part` is exactly these bytes of `whole`. */
void assert_range(struct bytes part, struct bytes whole, size_t off, size_t n);
/* `err` is that failure, and says where in `in`. */
void assert_error(const struct error *err, enum status status, struct bytes in);
/* UTF-16LE, compared with ASCII. */
void assert_text(struct bytes utf16, const char *ascii);

#endif
