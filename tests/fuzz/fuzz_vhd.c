/* SPDX-License-Identifier: MIT */
/*
 * fuzz_vhd.c - footers and headers of VHD
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/vhd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct vhd_footer f;
	struct vhd_header h;
	enum status st = vhd_footer_parse(&f, in, &err);

	fuzz_error(st, &err, in);
	assert(st ? !f.size : f.size && f.size <= INT64_MAX);
	fuzz_inside(f.id, in);
	fuzz_inside(f.creator, in);
	err = (struct error){ 0 };
	st = vhd_header_parse(&h, in, &err);
	fuzz_error(st, &err, in);
	if (st)
		return 0;
	assert(h.block >= VHD_SECTOR && !(h.block & (h.block - 1)));
	assert(vhd_bitmap_size(h.block) % VHD_SECTOR == 0);
	fuzz_inside(h.parent_name, in);
	for (unsigned i = 0; i < VHD_LOCATORS; i++)
		fuzz_inside(h.locators[i].platform, in);
	return 0;
}
