/* SPDX-License-Identifier: MIT */
/*
 * plaintext.c - where the plaintext of a stream goes: a file, and digests
 */
#include "analyzer/plaintext.h"
#include "analyzer/progress.h"
#include "analyzer/run.h"

#include <string.h>

static enum status interrupted(struct error *err)
{
	return run_interrupted() ? fail(err, E_IO, 0, "interrupted") : OK;
}

enum status plaintext_write(struct plaintext *p, uint64_t at,
                            const uint8_t *buf, size_t n, struct error *err)
{
	enum status st = interrupted(err);

	progress_add(n);
	return st ? st : output_write(&p->file, at, buf, n, err);
}

void plaintext_skip(struct plaintext *p, uint64_t n)
{
	progress_add(n);
	p->sparse = true;
}

static enum status hash_zeros(struct digest *d, uint64_t n, struct error *err)
{
	static const uint8_t zeros[64 * 1024];
	enum status st = OK;

	while (n && !st) {
		size_t len = n < sizeof(zeros) ? (size_t)n : sizeof(zeros);

		st = interrupted(err);
		if (!st)
			st = digest_update(d, zeros, len, err);
		n -= len;
	}
	return st;
}

enum status plaintext_hash(struct plaintext *p, enum hash hash,
                           const uint8_t *buf, uint64_t n, struct error *err)
{
	struct digest *d = &p->digests[hash];

	return buf ? digest_update(d, buf, (size_t)n, err)
	           : hash_zeros(d, n, err);
}

/* -------------------------------------------------------------- in order */

static enum status hash_part(struct plaintext *p, const uint8_t *buf,
                             uint64_t n, struct error *err)
{
	enum status st = OK;

	for (unsigned i = 0; !st && i < HASHES; i++)
		if (p->wanted[i])
			st = plaintext_hash(p, (enum hash)i, buf, n, err);
	p->size += n;
	return st;
}

static enum status put(void *ctx, const uint8_t *buf, size_t n,
                       struct error *err)
{
	struct plaintext *p = ctx;
	enum status st = plaintext_write(p, p->size, buf, n, err);

	return st ? st : hash_part(p, buf, n, err);
}

static enum status put_zeros(void *ctx, uint64_t n, struct error *err)
{
	plaintext_skip(ctx, n);
	return hash_part(ctx, NULL, n, err);
}

struct sink plaintext_sink(struct plaintext *p)
{
	return (struct sink){ .write = put, .zeros = put_zeros, .ctx = p };
}

/* -------------------------------------------------------- begin and end */

enum status plaintext_begin_digests(struct plaintext *p,
                                    const bool wanted[HASHES],
                                    struct error *err)
{
	enum status st = OK;

	*p = (struct plaintext){ 0 };
	memcpy(p->wanted, wanted, sizeof(p->wanted));
	for (unsigned i = 0; !st && i < HASHES; i++)
		if (wanted[i])
			st = digest_init(&p->digests[i], hash_kind[i], err);
	if (st)
		plaintext_release(p);
	return st;
}

enum status plaintext_begin(struct plaintext *p, struct output *out,
                            const bool wanted[HASHES], struct error *err)
{
	enum status st = plaintext_begin_digests(p, wanted, err);

	if (!st)
		st = output_begin(&p->file, out, err);
	if (st)
		plaintext_release(p);
	return st;
}

enum status plaintext_end(struct plaintext *p, uint64_t size, uint64_t accessed,
                          uint64_t modified, char hex[HASHES][DIGEST_HEX],
                          struct error *err)
{
	enum status st = OK;

	for (unsigned i = 0; !st && i < HASHES; i++)
		if (p->wanted[i])
			st = digest_finish(&p->digests[i], hex[i], err);
	if (!st && p->sparse)
		st = output_resize(&p->file, size, err);
	return st ? st : output_close(&p->file, accessed, modified, err);
}

void plaintext_release(struct plaintext *p)
{
	output_abandon(&p->file);
	for (unsigned i = 0; i < HASHES; i++)
		digest_release(&p->digests[i]);
}
