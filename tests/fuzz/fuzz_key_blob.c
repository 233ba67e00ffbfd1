/* SPDX-License-Identifier: MIT */
/*
 * fuzz_key_blob.c - a key, in each of the three forms
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/key_blob.h"
#include "parsers/limits.h"

static void check(const struct key_blob *blob, enum status status,
                  const struct error *err, struct bytes in)
{
	fuzz_error(status, err, in);
	assert(!status == !!blob->size && blob->size <= in.n);
	assert(!status == (blob->kind != KEY_BLOB_NONE));
	assert(blob->bits <= LIMIT_RSA_BITS);
	fuzz_inside(blob->e, in);
	fuzz_inside(blob->n, in);
	fuzz_inside(blob->p, in);
	fuzz_inside(blob->q, in);
	fuzz_inside(blob->dp, in);
	fuzz_inside(blob->dq, in);
	fuzz_inside(blob->qinv, in);
	fuzz_inside(blob->x, in);
	fuzz_inside(blob->y, in);
	fuzz_inside(blob->d, in);
	if (blob->kind == KEY_BLOB_RSA)
		assert(blob->e.n && blob->n.n == (blob->bits + 7) / 8);
	if (blob->kind == KEY_BLOB_ECC)
		assert(blob->x.n && blob->x.n == blob->y.n && !blob->n.n);
	if (!blob->is_private)
		assert(!blob->p.n && !blob->d.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct key_blob blob;
	enum status status;

	status = key_blob_parse_wincrypt(&blob, in, &err);
	check(&blob, status, &err, in);
	err = (struct error){ 0 };
	status = key_blob_parse_capi(&blob, in, &err);
	check(&blob, status, &err, in);
	err = (struct error){ 0 };
	status = key_blob_parse_bcrypt(&blob, in, &err);
	check(&blob, status, &err, in);
	return 0;
}
