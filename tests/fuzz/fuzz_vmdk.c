/* SPDX-License-Identifier: MIT */
/*
 * fuzz_vmdk.c - headers of VMDK extents, and descriptions of disks
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/vmdk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT }, rest = in;
	struct error err = { 0 };
	struct vmdk_header h;
	struct vmdk_line line;
	enum status st = vmdk_header_parse(&h, in, &err);

	fuzz_error(st, &err, in);
	if (!st) {
		assert(h.size && h.size <= INT64_MAX);
		assert(h.grain >= VMDK_SECTOR && !(h.grain & (h.grain - 1)));
		assert(h.entries && h.entries <= 4096 && h.tables);
	}
	(void)vmdk_is_text(in);
	while (vmdk_text_next(&rest, &line)) {
		fuzz_inside(line.key, in);
		fuzz_inside(line.value, in);
		fuzz_inside(line.name, in);
		assert(line.size <= INT64_MAX && line.offset <= INT64_MAX);
	}
	return 0;
}
