/* SPDX-License-Identifier: MIT */
/*
 * fuzz_dpapi_blob.c - a DPAPI blob
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/dpapi_blob.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct dpapi_blob blob;
	enum status status = dpapi_blob_parse(&blob, in, &err);

	fuzz_error(status, &err, in);
	assert(status || blob.version);
	assert(!status == !!blob.size && blob.size <= in.n);
	assert(!blob.version || blob.masterkey.n == 16);
	assert(blob.description.n % 2 == 0);
	fuzz_inside(blob.provider, in);
	fuzz_inside(blob.masterkey, in);
	fuzz_inside(blob.description, in);
	fuzz_inside(blob.salt, in);
	fuzz_inside(blob.strong_key, in);
	fuzz_inside(blob.hmac_salt, in);
	fuzz_inside(blob.data, in);
	fuzz_inside(blob.sign, in);
	fuzz_inside(blob.signed_part, in);
	/* All but the 20 bytes before it, and the signature with its length. */
	assert(status || blob.signed_part.n + blob.sign.n + 24 == blob.size);
	return 0;
}
