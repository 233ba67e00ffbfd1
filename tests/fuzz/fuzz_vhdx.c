/* SPDX-License-Identifier: MIT */
/*
 * fuzz_vhdx.c - headers, region tables, metadata and parent locators of VHDX
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/vhdx.h"

static void metadata(struct bytes in)
{
	struct vhdx_locator it;
	struct vhdx_items items;
	struct vhdx_disk d;
	struct bytes key, value;
	struct error err = { 0 };
	unsigned n = 0;

	if (vhdx_items_parse(&items, in, &err)) {
		fuzz_error(err.status, &err, in);
		return;
	}
	if (!vhdx_disk_parse(&d, &items, in, &err)) {
		assert(d.block >= 1 << 20 && d.block <= 256 << 20);
		assert(d.size && d.size <= INT64_MAX);
		fuzz_inside(d.id, in);
	}
	if (vhdx_locator_open(&it, &items, in, &err))
		return;
	while (vhdx_locator_next(&it, &key, &value)) {
		fuzz_inside(key, in);
		fuzz_inside(value, in);
		assert(++n <= UINT16_MAX);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct error err = { 0 };
	struct vhdx_regions r;
	struct vhdx_header h;

	fuzz_error(vhdx_header_parse(&h, in, &err), &err, in);
	fuzz_inside(h.data_write, in);
	err = (struct error){ 0 };
	fuzz_error(vhdx_regions_parse(&r, in, &err), &err, in);
	metadata(in);
	return 0;
}
