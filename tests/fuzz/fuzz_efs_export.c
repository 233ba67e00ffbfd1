/* SPDX-License-Identifier: MIT */
/*
 * fuzz_efs_export.c - a raw export, gathered, and decrypted with some key
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/efs_export.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct file {
	const uint8_t *p;
	size_t n;
};

static enum status file_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                             struct error *err)
{
	const struct file *f = ctx;

	/* Nothing outside of the export is ever asked for. */
	assert(at <= f->n && n <= f->n - at);
	memcpy(buf, f->p + at, n);
	(void)err;
	return OK;
}

static enum status count(void *ctx, uint64_t n, struct error *err)
{
	(void)err;
	*(uint64_t *)ctx += n;
	return OK;
}

static enum status put(void *ctx, const uint8_t *p, size_t n, struct error *err)
{
	(void)p;
	return count(ctx, n, err);
}

static void decrypt(const struct export_stream *s, struct file *f)
{
	static const uint8_t key[32] = { 1, 2, 3 };
	const struct fek fek = { .algorithm = FEK_AES_256,
		                 .key = { key, sizeof(key), 0 } };
	struct ciphertext in = efs_export_ciphertext(s, file_read, f);
	uint64_t n = 0;
	const struct sink sink = { .write = put, .zeros = count, .ctx = &n };
	struct proof proof;
	struct error err;
	struct cipher c;

	if (cipher_init(&c, &fek, &err) ||
	    decrypt_stream(&proof, &c, &in, &sink, &err))
		abort();
	assert(n == s->size && proof.lost <= s->size);
	proof_release(&proof);
	cipher_release(&c);
}

static void check_stream(const struct export_stream *s, struct file *f)
{
	uint64_t end = 0;

	assert(s->initialized <= s->size);
	for (guint i = 0; i < s->extents->len; i++) {
		struct extent e = g_array_index(s->extents, struct extent, i);

		assert(e.n && e.offset >= end);
		assert(!s->encrypted ||
		       (e.n % EFS_UNIT == 0 && e.offset % EFS_UNIT == 0));
		end = e.offset + e.n;
	}
	if (s->encrypted && s->err.status != E_LIMIT)
		decrypt(s, f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file f = { data, size };
	struct efs_export x;
	struct error err;

	if (efs_export_open(&x, size, file_read, &f, &err)) {
		assert(!x.efs && !x.streams && err.what);
		return 0;
	}
	assert(x.end <= size);
	for (guint i = 0; i < x.streams->len; i++)
		check_stream(&g_array_index(x.streams, struct export_stream, i),
		             &f);
	efs_export_release(&x);
	return 0;
}
