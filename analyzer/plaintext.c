/* SPDX-License-Identifier: MIT */
/*
 * plaintext.c - where the plaintext of a stream goes: a file and two digests
 */
#include "analyzer/plaintext.h"
#include "analyzer/progress.h"

static enum status put(void *ctx, const uint8_t *buf, size_t n,
                       struct error *err)
{
	struct plaintext *p = ctx;
	enum status st;

	if (p->stopped(p->ctx))
		return fail(err, E_IO, 0, "interrupted");
	st = output_write(&p->file, buf, n, err);
	if (!st)
		st = digest_update(&p->md5, buf, n, err);
	if (!st)
		st = digest_update(&p->sha256, buf, n, err);
	progress_add(n);
	return st;
}

static enum status digest_zeros(struct plaintext *p, uint64_t n,
                                struct error *err)
{
	static const uint8_t zeros[64 * 1024];
	enum status st = OK;

	while (n && !st) {
		size_t len = n < sizeof(zeros) ? (size_t)n : sizeof(zeros);

		if (p->stopped(p->ctx))
			return fail(err, E_IO, 0, "interrupted");
		st = digest_update(&p->md5, zeros, len, err);
		if (!st)
			st = digest_update(&p->sha256, zeros, len, err);
		progress_add(len);
		n -= len;
	}
	return st;
}

static enum status put_zeros(void *ctx, uint64_t n, struct error *err)
{
	struct plaintext *p = ctx;
	enum status st = output_zeros(&p->file, n, err);

	return st ? st : digest_zeros(p, n, err);
}

enum status plaintext_begin(struct plaintext *p, struct output *out,
                            bool (*stopped)(const void *ctx), const void *ctx,
                            struct error *err)
{
	enum status st;

	*p = (struct plaintext){ .stopped = stopped, .ctx = ctx };
	st = output_begin(&p->file, out, err);
	if (!st)
		st = digest_init(&p->md5, DIGEST_MD5, err);
	if (!st)
		st = digest_init(&p->sha256, DIGEST_SHA256, err);
	if (st)
		plaintext_release(p);
	return st;
}

struct sink plaintext_sink(struct plaintext *p)
{
	return (struct sink){ .write = put, .zeros = put_zeros, .ctx = p };
}

enum status plaintext_digests(struct plaintext *p, char md5[DIGEST_HEX],
                              char sha256[DIGEST_HEX], struct error *err)
{
	enum status st = digest_finish(&p->md5, md5, err);

	return st ? st : digest_finish(&p->sha256, sha256, err);
}

void plaintext_release(struct plaintext *p)
{
	output_abandon(&p->file);
	digest_release(&p->md5);
	digest_release(&p->sha256);
}
