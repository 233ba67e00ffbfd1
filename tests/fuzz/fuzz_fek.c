/* SPDX-License-Identifier: MIT */
/*
 * fuzz_fek.c - file keys, bare and in their padding
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/fek.h"
#include "parsers/limits.h"

static void parse(struct bytes in)
{
	struct error err = { 0 };
	struct fek fek;
	enum status status = fek_parse(&fek, in, &err);

	fuzz_error(status, &err, in);
	fuzz_inside(fek.key, in);
	if (status && status != E_UNSUPPORTED) {
		assert(status == E_CORRUPT && !fek.key.n);
		return;
	}
	assert(fek.key.n && fek.key.n + 16 == in.n);
	assert(in.n <= LIMIT_FEK_SIZE);
	if (status)
		assert(!fek_algorithm_name(fek.algorithm));
	else
		assert(fek.key.n == fek_key_size(fek.algorithm));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct bytes msg;
	enum status status = fek_unpad(&msg, in, &err);

	fuzz_error(status, &err, in);
	fuzz_inside(msg, in);
	if (!status) {
		assert(in.p[0] == 0 && in.p[1] == 2);
		assert(in.p[in.n - msg.n - 1] == 0 && in.n - msg.n >= 11);
		parse(msg);
	}
	parse(in);
	return 0;
}
