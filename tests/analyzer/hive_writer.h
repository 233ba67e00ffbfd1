/* SPDX-License-Identifier: MIT */
/*
 * hive_writer.h - registry hives for the tests
 *
 * It shares no line with the program; reglookup(1) and hivexsh(1) read what it
 * writes.
 */
#ifndef TESTS_ANALYZER_HIVE_WRITER_H
#define TESTS_ANALYZER_HIVE_WRITER_H

#include <glib.h>

struct writer;

struct writer *writer_new(void);
/* A key, with those above it; `class` may be NULL. */
void writer_key(struct writer *w, const char *path, const char *class);
/* A value of bytes, in a key that is made if need be. */
void writer_value(struct writer *w, const char *path, const char *name,
                  const void *p, gsize n);
/* The same of hexadecimal text. */
void writer_hex(struct writer *w, const char *path, const char *name,
                const char *hex);
/* The hive; the writer is freed. */
GByteArray *writer_finish(struct writer *w);

#endif
