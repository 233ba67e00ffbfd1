/* SPDX-License-Identifier: MIT */
/*
 * content.c - the plaintext of a stream, readable at any offset
 */
#include "tests/generator/content.h"

#include <string.h>
#include <sys/types.h>

enum { LINE = 64 };

static void open_host(struct content *c, const char *path)
{
	off_t size;

	c->host = host_open(path);
	if (fseeko(c->host, 0, SEEK_END))
		die("cannot read %s", path);
	size = ftello(c->host);
	if (size < 0)
		die("cannot measure %s", path);
	c->size = (uint64_t)size;
}

static void open_bytes(struct content *c, const char *text)
{
	for (; *text; text++) {
		char digits[3] = { 0 };

		if (*text != '%') {
			buf_put(&c->bytes, text, 1);
			continue;
		}
		strncpy(digits, text + 1, 2);
		buf_parse_hex(&c->bytes, digits);
		text += 2;
	}
	c->size = c->bytes.n;
}

static const char *after(const char *source, const char *kind)
{
	size_t n = strlen(kind);

	if (strncmp(source, kind, n))
		return NULL;
	return source[n] == ':' ? source + n + 1 : source[n] ? NULL : "";
}

void content_open(struct content *c, const char *source, const char *path)
{
	const char *rest;

	*c = (struct content){ .kind = CONTENT_NOISE };
	if ((rest = after(source, "random"))) {
		c->seed = seed_of("data", *rest ? rest : path);
	} else if ((rest = after(source, "text"))) {
		c->kind = CONTENT_TEXT;
		c->seed = seed_of("text", *rest ? rest : path);
	} else if (after(source, "zero")) {
		c->kind = CONTENT_ZERO;
	} else if ((rest = after(source, "is"))) {
		c->kind = CONTENT_BYTES;
		open_bytes(c, rest);
	} else if ((rest = after(source, "host"))) {
		c->kind = CONTENT_HOST;
		open_host(c, rest);
	} else {
		die("no content '%s'", source);
	}
}

void content_close(struct content *c)
{
	if (c->host)
		fclose(c->host);
	buf_free(&c->bytes);
	*c = (struct content){ 0 };
}

static void text_line(uint64_t seed, uint64_t number, char line[LINE])
{
	static const char words[LINE - 29] =
		"the quick brown fox sees a lazy dog";
	char head[30];

	snprintf(head, sizeof(head), "%011llu %016llx ",
	         (unsigned long long)number % 100000000000,
	         (unsigned long long)seed);
	memcpy(line, head, 29);
	memcpy(line + 29, words, sizeof(words));
	line[LINE - 1] = '\n';
}

static void read_text(const struct content *c, uint64_t off, uint8_t *p,
                      size_t n)
{
	char line[LINE];

	for (size_t i = 0; i < n;) {
		size_t from = (size_t)((off + i) % LINE);
		size_t part = LINE - from < n - i ? LINE - from : n - i;

		text_line(c->seed, (off + i) / LINE, line);
		memcpy(p + i, line + from, part);
		i += part;
	}
}

static void read_host(const struct content *c, uint64_t off, uint8_t *p,
                      size_t n)
{
	if (fseeko(c->host, (off_t)off, SEEK_SET) ||
	    fread(p, 1, n, c->host) != n)
		die("cannot read a host file");
}

void content_read(const struct content *c, uint64_t off, uint8_t *p, size_t n)
{
	size_t have = n;

	if (c->size && c->size < off + n)
		have = c->size > off ? (size_t)(c->size - off) : 0;
	memset(p + have, 0, n - have);
	if (!have || c->kind == CONTENT_ZERO)
		memset(p, 0, have);
	else if (c->kind == CONTENT_NOISE)
		noise(c->seed, off, p, have);
	else if (c->kind == CONTENT_TEXT)
		read_text(c, off, p, have);
	else if (c->kind == CONTENT_HOST)
		read_host(c, off, p, have);
	else if (c->bytes.n)
		memcpy(p, c->bytes.p + off, have);
}
