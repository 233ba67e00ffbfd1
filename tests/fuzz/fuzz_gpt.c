/* SPDX-License-Identifier: MIT */
/*
 * fuzz_gpt.c - the header and the entries of a GUID partition table
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/gpt.h"
#include "parsers/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct gpt_header header;
	struct gpt_entry entry;
	enum status status = gpt_header_parse(&header, in, &err);

	fuzz_error(status, &err, in);
	assert(header.count <= LIMIT_PARTITIONS && header.size <= 4096);
	err = (struct error){ 0 };
	status = gpt_entry_parse(&entry, in, &err);
	fuzz_error(status, &err, in);
	assert(entry.first <= entry.last);
	fuzz_inside(entry.type, in);
	return 0;
}
