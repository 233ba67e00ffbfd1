/* SPDX-License-Identifier: MIT */
/*
 * fuzz_capi_key.c - a CryptoAPI private key file
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/capi_key.h"

static void check_pair(const struct capi_key_pair *pair, struct bytes in)
{
	fuzz_inside(pair->public_key, in);
	fuzz_inside(pair->private_key, in);
	fuzz_inside(pair->export_flag, in);
}

static uint64_t pair_size(const struct capi_key_pair *pair)
{
	return (uint64_t)pair->public_key.n + pair->private_key.n +
	       pair->export_flag.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct capi_key key;
	enum status status = capi_key_parse(&key, in, &err);

	fuzz_error(status, &err, in);
	assert(!status == !!key.size && key.size <= in.n);
	assert(!status || status == E_ABSENT || status == E_TRUNCATED);
	fuzz_inside(key.name, in);
	fuzz_inside(key.hash, in);
	check_pair(&key.signature, in);
	check_pair(&key.exchange, in);
	/* The parts are apart: together no more than the file. */
	assert(status || key.name.n + key.hash.n + pair_size(&key.signature) +
	                                 pair_size(&key.exchange) + 40 <=
	                         key.size);
	return 0;
}
