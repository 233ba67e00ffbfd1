/* SPDX-License-Identifier: MIT */
/*
 * fuzz_efsx.c - $EFS metadata of version 4 and 5, every datum
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/efsx.h"

static void walk(struct efsx_walk it, struct bytes in)
{
	struct efsx_datum d;
	uint64_t last = 0;

	while (efsx_next(&it, &d)) {
		/* Depth first: every datum begins after the one before. */
		assert(d.at > last && d.at >= in.at && d.at - in.at < in.n);
		last = d.at;
		assert(d.depth < EFSX_DEPTH);
		fuzz_inside(d.value, in);
		assert(d.type != EFSX_DESCRIPTOR || d.value.n % 2 == 0);
	}
	assert(!d.at);
	fuzz_error(it.err.status, &it.err, in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct efsx efs;
	enum status status = efsx_parse(&efs, in, &err);

	fuzz_error(status, &err, in);
	fuzz_inside(efs.id, in);
	fuzz_inside(efs.fek_info, in);
	fuzz_inside(efs.ddf, in);
	fuzz_inside(efs.drf, in);
	walk(efsx_datums_open(efs.fek_info), efs.fek_info);
	walk(efsx_protectors_open(efs.ddf), efs.ddf);
	walk(efsx_protectors_open(efs.drf), efs.drf);
	return 0;
}
