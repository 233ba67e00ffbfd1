/* SPDX-License-Identifier: MIT */
/*
 * util.c - failing, growing buffers and repeatable noise for the generator
 */
#include "tests/generator/util.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *program_name = "mkefs";
unsigned spec_line;

void die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program_name);
	if (spec_line)
		fprintf(stderr, "line %u: ", spec_line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

void *xmalloc(size_t n)
{
	return xrealloc(NULL, n);
}

void *xrealloc(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (!p)
		die("out of memory");
	return p;
}

char *xstrdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(xmalloc(n), s, n);
}

static uint8_t *buf_grow(struct buf *b, size_t n)
{
	uint8_t *at;

	if (b->n + n > b->room) {
		b->room = 2 * b->room + n + 64;
		b->p = xrealloc(b->p, b->room);
	}
	at = b->p + b->n;
	b->n += n;
	return at;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
	uint8_t *at = buf_grow(b, n);

	if (n)
		memcpy(at, p, n);
}

void buf_zero(struct buf *b, size_t n)
{
	memset(buf_grow(b, n), 0, n);
}

void buf_u8(struct buf *b, unsigned v)
{
	*buf_grow(b, 1) = (uint8_t)v;
}

void buf_le32(struct buf *b, size_t v)
{
	buf_zero(b, 4);
	buf_set32(b, b->n - 4, v);
}

void buf_set32(struct buf *b, size_t at, size_t v)
{
	for (size_t i = 0; i < 4; i++)
		b->p[at + i] = (uint8_t)(v >> (8 * i));
}

void buf_append(struct buf *b, const struct buf *tail)
{
	buf_put(b, tail->p, tail->n);
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}

char *host_path(const char *path)
{
	const char *rest = strchr(path, '/'), *value;
	char *name, *full;
	size_t n;

	if (*path != '$' || !rest)
		return xstrdup(path);
	name = xstrdup(path + 1);
	name[rest - path - 1] = '\0';
	value = getenv(name);
	if (!value)
		die("the environment has no %s", name);
	n = strlen(value) + strlen(rest) + 1;
	full = xmalloc(n);
	snprintf(full, n, "%s%s", value, rest);
	free(name);
	return full;
}

FILE *host_open(const char *path)
{
	char *full = host_path(path);
	FILE *f = fopen(full, "rb");

	if (!f)
		die("cannot open %s", full);
	free(full);
	return f;
}

void buf_read_file(struct buf *b, const char *path)
{
	FILE *f = host_open(path);
	uint8_t part[4096];
	size_t n;

	while ((n = fread(part, 1, sizeof(part), f)))
		buf_put(b, part, n);
	if (ferror(f))
		die("cannot read %s", path);
	fclose(f);
}

static unsigned hex_digit(int c)
{
	if (!isxdigit(c))
		die("'%c' is not a hexadecimal digit", c);
	return (unsigned)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
}

void buf_parse_hex(struct buf *b, const char *text)
{
	while (*text) {
		unsigned high;

		if (isspace((unsigned char)*text)) {
			text++;
			continue;
		}
		high = hex_digit((unsigned char)*text++);
		buf_u8(b, high << 4 | hex_digit((unsigned char)*text++));
	}
}

void buf_read_hex(struct buf *b, const char *path)
{
	FILE *f = host_open(path);
	char line[256];

	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "#\n")] = '\0';
		buf_parse_hex(b, line);
	}
	fclose(f);
}

uint64_t parse_number(const char *text)
{
	char *end;
	uint64_t v = strtoull(text, &end, 0);
	unsigned shift = 0;

	if (*end == 'K')
		shift = 10;
	if (*end == 'M')
		shift = 20;
	if (*end == 'G')
		shift = 30;
	if (end == text || end[shift != 0])
		die("'%s' is not a number", text);
	return v << shift;
}

/* The finaliser of splitmix64: every input bit moves every output bit. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

uint64_t seed_of(const char *domain, const char *text)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *domain; domain++)
		h = (h ^ (uint8_t)*domain) * 0x100000001b3u;
	h = mix(h);
	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * 0x100000001b3u;
	return mix(h);
}

void noise(uint64_t seed, uint64_t off, uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint64_t at = off + i;
		uint64_t w = mix(seed + (at / 8 + 1) * 0x9e3779b97f4a7c15u);

		for (unsigned k = at % 8; k < 8 && i < n; k++)
			p[i++] = (uint8_t)(w >> (8 * k));
	}
}
