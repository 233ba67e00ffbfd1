/* SPDX-License-Identifier: MIT */
/*
 * fuzz_credhist.c - a CREDHIST file, from its end to its start
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/credhist.h"
#include "parsers/limits.h"

static void check_entry(const struct credhist_entry *e, struct bytes in)
{
	assert(e->all.n);
	fuzz_inside(e->all, in);
	fuzz_inside(e->guid, e->all);
	fuzz_inside(e->salt, e->all);
	fuzz_inside(e->sid, e->all);
	fuzz_inside(e->secret, e->all);
	fuzz_error(e->err.status, &e->err, e->all);
	if (e->err.status)
		return;
	assert(e->rounds && e->rounds <= LIMIT_DPAPI_ROUNDS);
	assert(e->sid.n >= 8 && e->sid.n <= 68);
	assert(e->secret.n >= (uint64_t)e->sha1_length + e->nt_length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct credhist it = credhist_open(in);
	struct credhist_entry e;
	uint64_t end = in.at + in.n;
	size_t n = 0;

	fuzz_inside(it.guid, in);
	while (credhist_next(&it, &e)) {
		check_entry(&e, in);
		assert(e.all.at + e.all.n < end);
		end = e.all.at + 1;
		assert(++n <= LIMIT_CREDHIST_ENTRIES);
	}
	assert(!e.all.n);
	assert(it.version || it.err.status);
	fuzz_error(it.err.status, &it.err, in);
	return 0;
}
