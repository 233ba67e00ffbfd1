/* SPDX-License-Identifier: MIT */
/*
 * fuzz.h - what the fuzz targets of the parsers share
 *
 * A target is one file, fuzz_NAME.c, and a corpus, testdata/fuzz/NAME/.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <assert.h>

#include "parsers/bytes.h"
#include "parsers/status.h"

/* Where inputs say that they come from: not 0, so that a wrong base shows. */
#define FUZZ_AT UINT64_C(0x123456000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* `part` is empty, or lies in `whole` and knows its place there. */
static inline void fuzz_inside(struct bytes part, struct bytes whole)
{
	uint64_t off;

	if (!part.n)
		return;
	assert(part.at >= whole.at);
	off = part.at - whole.at;
	assert(off <= whole.n);
	assert(part.n <= whole.n - off);
	assert(part.p == whole.p + off);
}

/* The status returned is the error's, which says what and where in `in`. */
static inline void fuzz_error(enum status status, const struct error *err,
                              struct bytes in)
{
	assert(err->status == status);
	if (!status)
		return;
	assert(err->what);
	assert(err->at >= in.at && err->at - in.at <= in.n);
}

#endif
