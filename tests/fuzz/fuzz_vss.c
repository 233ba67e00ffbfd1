/* SPDX-License-Identifier: MIT */
/*
 * fuzz_vss.c - header, catalog and store header of shadow copies
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/vss.h"

static void header(struct bytes in)
{
	struct error err = { 0 };
	struct vss_header header;

	fuzz_error(vss_header_parse(&header, in, &err), &err, in);
	fuzz_inside(header.volume, in);
	fuzz_inside(header.storage, in);
}

static void block(struct bytes in)
{
	struct vss_block block;
	struct vss_entry entry;
	struct error err = { 0 };
	struct cursor c;

	fuzz_error(vss_block_parse(&block, in, VSS_CATALOG, &err), &err, in);
	fuzz_inside(block.body, in);
	c = cursor_open(block.body);
	while (vss_entry_next(&entry, &c))
		fuzz_inside(entry.id, block.body);
}

static void info(struct bytes in)
{
	struct vss_block block;
	struct vss_info info;
	struct error err = { 0 };

	if (vss_block_parse(&block, in, VSS_STORE, &err))
		return;
	err = (struct error){ 0 };
	fuzz_error(vss_info_parse(&info, &block, &err), &err, in);
	fuzz_inside(info.copy, in);
	fuzz_inside(info.set, in);
	fuzz_inside(info.machine, in);
	fuzz_inside(info.service, in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };

	header(in);
	block(in);
	info(in);
	return 0;
}
