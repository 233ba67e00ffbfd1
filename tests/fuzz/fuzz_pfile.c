/* SPDX-License-Identifier: MIT */
/*
 * fuzz_pfile.c - the ".pfile" container
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/pfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct pfile pfile;
	enum status status = pfile_parse(&pfile, in, &err);

	fuzz_error(status, &err, in);
	fuzz_inside(pfile.redirect, in);
	fuzz_inside(pfile.extension, in);
	fuzz_inside(pfile.licence, in);
	fuzz_inside(pfile.metadata, in);
	if (!status)
		assert(pfile.header_length <= pfile.data_offset);
	return 0;
}
