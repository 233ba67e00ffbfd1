/* SPDX-License-Identifier: MIT */
/*
 * fuzz_filesystem.c - the first bytes of a volume: a name or none
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/filesystem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *name =
		filesystem_name((struct bytes){ data, size, FUZZ_AT });

	assert(!name || *name);
	return 0;
}
