/* SPDX-License-Identifier: MIT */
/*
 * vhd.c - the footer and the header of a VHD
 */
#include "parsers/vhd.h"

#define MAGIC_SIZE 8u

static bool has_magic(struct bytes in, const char *magic)
{
	return in.n >= MAGIC_SIZE && !memcmp(in.p, magic, MAGIC_SIZE);
}

/* The complement of the sum of all bytes but the checksum itself. */
static bool is_sound(struct bytes in, size_t n, size_t checksum)
{
	struct cursor c = cursor_open(in);
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t v = cursor_u8(&c);

		if (i < checksum || i >= checksum + 4)
			sum += v;
	}
	c = cursor_open(cursor_cut(&c, checksum, 4));
	return cursor_be32(&c) == (uint32_t)~sum;
}

/*
 * "Hard Disk Footer Format"
 *
 *	00  8    "conectix"            08  u32  features
 *	0c  u32  version               10  u64  offset of the header
 *	18  u32  time                  1c  4    creator application
 *	20  u32  creator version       24  4    creator host
 *	28  u64  original size         30  u64  current size
 *	38  u32  geometry              3c  u32  type
 *	40  u32  checksum              44  16   identifier
 */
enum status vhd_footer_parse(struct vhd_footer *footer, struct bytes in,
                             struct error *err)
{
	struct vhd_footer f = { 0 };
	struct cursor c = cursor_open(in);
	uint32_t type;

	*footer = f;
	if (!has_magic(in, "conectix"))
		return fail(err, E_ABSENT, in.at, "VHD footer");
	if (in.n < VHD_FOOTER_SIZE)
		return fail(err, E_TRUNCATED, in.at, "VHD footer");
	cursor_skip(&c, 0x0c);
	f.version = cursor_be32(&c);
	f.header = cursor_be64(&c);
	f.made = cursor_be32(&c);
	f.creator = cursor_take(&c, 4);
	f.creator_version = cursor_be32(&c);
	f.host = cursor_take(&c, 4);
	cursor_skip(&c, 8);
	f.size = cursor_be64(&c);
	cursor_skip(&c, 4);
	type = cursor_be32(&c);
	cursor_skip(&c, 4);
	f.id = cursor_take(&c, 16);
	f.sound = is_sound(in, VHD_FOOTER_SIZE, 0x40);
	if (f.version >> 16 != 1)
		return fail(err, E_UNSUPPORTED, in.at + 0x0c, "VHD version");
	if (type < VHD_FIXED || type > VHD_DIFFERENCING)
		return fail(err, E_UNSUPPORTED, in.at + 0x3c, "VHD disk type");
	if (!f.size || f.size > INT64_MAX)
		return fail(err, E_CORRUPT, in.at + 0x30, "VHD disk size");
	f.type = (enum vhd_type)type;
	*footer = f;
	return OK;
}

/* "Parent Locator Entry": platform, space, length, reserved, offset. */
static void parse_locator(struct vhd_locator *locator, struct cursor *c)
{
	locator->platform = cursor_take(c, 4);
	cursor_skip(c, 4);
	locator->n = cursor_be32(c);
	cursor_skip(c, 4);
	locator->at = cursor_be64(c);
}

/*
 * "Dynamic Disk Header Format"
 *
 *	000  8    "cxsparse"           010  u64  offset of the table
 *	018  u32  version              01c  u32  entries of the table
 *	020  u32  block size           024  u32  checksum
 *	028  16   parent's identifier  038  u32  parent's time
 *	040  512  parent's name        240  8 locators of 24 bytes
 */
enum status vhd_header_parse(struct vhd_header *header, struct bytes in,
                             struct error *err)
{
	struct cursor c = cursor_open(in);
	struct vhd_header h = { 0 };
	uint32_t version;

	*header = h;
	if (!has_magic(in, "cxsparse"))
		return fail(err, E_ABSENT, in.at, "VHD header");
	if (in.n < VHD_HEADER_SIZE)
		return fail(err, E_TRUNCATED, in.at, "VHD header");
	cursor_skip(&c, 0x10);
	h.table = cursor_be64(&c);
	version = cursor_be32(&c);
	h.entries = cursor_be32(&c);
	h.block = cursor_be32(&c);
	cursor_skip(&c, 4);
	h.parent = cursor_take(&c, 16);
	cursor_skip(&c, 8);
	h.parent_name = cursor_take(&c, 512);
	for (size_t i = 0; i < VHD_LOCATORS; i++)
		parse_locator(&h.locators[i], &c);
	h.sound = is_sound(in, VHD_HEADER_SIZE, 0x24);
	if (version >> 16 != 1)
		return fail(err, E_UNSUPPORTED, in.at + 0x18,
		            "VHD header version");
	if (h.block < VHD_SECTOR || h.block & (h.block - 1))
		return fail(err, E_CORRUPT, in.at + 0x20, "VHD block size");
	*header = h;
	return OK;
}
