/* SPDX-License-Identifier: MIT */
/*
 * util.h - failing, growing buffers and repeatable noise for the generator
 *
 * The generator is a test tool with trusted input: whatever goes wrong ends
 * it with one sentence that names the line of the specification.
 */
#ifndef GENERATOR_UTIL_H
#define GENERATOR_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* In front of every message; "mkefs" if nobody changes it. */
extern const char *program_name;

/* The line of the specification that is being carried out; 0 before it. */
extern unsigned spec_line;

_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void *xmalloc(size_t n);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);

struct buf {
	uint8_t *p;
	size_t n, room;
};

void buf_put(struct buf *b, const void *p, size_t n);
void buf_zero(struct buf *b, size_t n);
void buf_u8(struct buf *b, unsigned v);
void buf_le32(struct buf *b, size_t v);
void buf_set32(struct buf *b, size_t at, size_t v);
void buf_append(struct buf *b, const struct buf *tail);
void buf_free(struct buf *b);

/* A path of the host; a leading $NAME comes from the environment. */
char *host_path(const char *path);
FILE *host_open(const char *path);

/* A whole file, and the bytes written as hexadecimal in a text with # notes. */
void buf_read_file(struct buf *b, const char *path);
void buf_read_hex(struct buf *b, const char *path);
void buf_parse_hex(struct buf *b, const char *text);

/* A number with an optional K, M or G, or a 0x prefix. */
uint64_t parse_number(const char *text);

/* Two texts make one seed; the noise of a seed can be read at any offset. */
uint64_t seed_of(const char *domain, const char *text);
void noise(uint64_t seed, uint64_t off, uint8_t *p, size_t n);

#endif
