/* SPDX-License-Identifier: MIT */
/*
 * fuzz_vhdx.c - headers, region tables, metadata and parent locators of VHDX
 *
 * Tables are of 64 KiB, and nearly all of it is zeros: an input is parsed as it
 * is, and as the beginning of one whose checksum is right.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

#include <stdlib.h>

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
		assert(d.sector == 512 || d.sector == 4096);
	}
	if (vhdx_locator_open(&it, &items, in, &err))
		return;
	while (vhdx_locator_next(&it, &key, &value)) {
		fuzz_inside(key, in);
		fuzz_inside(value, in);
		assert(++n <= UINT16_MAX);
	}
}

static void all(struct bytes in)
{
	struct error err = { 0 };
	struct vhdx_regions r;
	struct vhdx_header h;

	fuzz_error(vhdx_header_parse(&h, in, &err), &err, in);
	fuzz_inside(h.data_write, in);
	err = (struct error){ 0 };
	fuzz_error(vhdx_regions_parse(&r, in, &err), &err, in);
	metadata(in);
}

/* What of these marks an input begins with, up to the size that has. */
static void filled(const uint8_t *data, size_t size)
{
	bool header = !memcmp(data, "head", 4);
	bool metadata = !memcmp(data, "meta", 4);
	size_t n = header ? VHDX_HEADER_SIZE : VHDX_TABLE_SIZE;
	uint8_t *copy;

	if (!header && !metadata && memcmp(data, "regi", 4) != 0)
		return;
	copy = calloc(1, n);
	assert(copy);
	memcpy(copy, data, size < n ? size : n);
	if (!metadata)
		repair_vhdx_sum(copy, n);
	all((struct bytes){ copy, n, FUZZ_AT });
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	all((struct bytes){ data, size, FUZZ_AT });
	if (size >= 8)
		filled(data, size);
	return 0;
}
