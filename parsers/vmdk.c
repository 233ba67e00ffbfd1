/* SPDX-License-Identifier: MIT */
/*
 * vmdk.c - the header of a sparse VMDK extent
 */
#include "parsers/vmdk.h"

#define FLAG_ZEROED UINT32_C(0x4)
#define FLAG_PACKED UINT32_C(0x10000)
#define FLAG_MARKED UINT32_C(0x20000)
#define GRAIN_MAX   (UINT64_C(16) << 20)

static bool power_of_two(uint64_t v)
{
	return v && !(v & (v - 1));
}

/* Sizes are in sectors so far; make them bytes. */
static enum status finish(struct vmdk_header *h, uint64_t grain, uint64_t at,
                          struct error *err)
{
	uint64_t covered;

	if (!power_of_two(grain) || grain > GRAIN_MAX / VMDK_SECTOR)
		return fail(err, E_CORRUPT, at, "VMDK grain size");
	if (!power_of_two(h->entries) || h->entries > 4096)
		return fail(err, E_CORRUPT, at, "VMDK grain table size");
	if (!h->size || h->size > INT64_MAX / VMDK_SECTOR)
		return fail(err, E_CORRUPT, at, "VMDK extent size");
	if (h->directory > INT64_MAX / VMDK_SECTOR &&
	    h->directory != UINT64_MAX)
		return fail(err, E_CORRUPT, at, "VMDK grain directory");
	if (h->text.at > INT64_MAX / VMDK_SECTOR ||
	    h->text.n > INT64_MAX / VMDK_SECTOR)
		return fail(err, E_CORRUPT, at, "VMDK descriptor");
	h->grain = (uint32_t)(grain * VMDK_SECTOR);
	h->size *= VMDK_SECTOR;
	covered = (uint64_t)h->grain * h->entries;
	h->tables = h->size / covered + (h->size % covered != 0);
	if (h->directory != UINT64_MAX)
		h->directory *= VMDK_SECTOR;
	h->text.at *= VMDK_SECTOR;
	h->text.n *= VMDK_SECTOR;
	return OK;
}

/*
 * "Hosted Sparse Extent Header"; numbers of sectors
 *
 *	00  "KDMV"               04  u32  version       08  u32  flags
 *	0c  u64  capacity        14  u64  grain size
 *	1c  u64  descriptor      24  u64  its size
 *	2c  u32  entries of a grain table
 *	30  u64  redundant directory                    38  u64  directory
 *	40  u64  overhead        48  u8   unclean       49  4  line ends
 *	4d  u16  compression: 0 none, 1 deflate
 */
static enum status parse_hosted(struct vmdk_header *h, struct bytes in,
                                struct error *err)
{
	struct cursor c = cursor_open(in);
	uint64_t grain;
	uint32_t flags;
	uint16_t compression;

	cursor_skip(&c, 4);
	h->version = cursor_le32(&c);
	flags = cursor_le32(&c);
	h->size = cursor_le64(&c);
	grain = cursor_le64(&c);
	h->text.at = cursor_le64(&c);
	h->text.n = cursor_le64(&c);
	h->entries = cursor_le32(&c);
	cursor_skip(&c, 8);
	h->directory = cursor_le64(&c);
	cursor_skip(&c, 8);
	h->unclean = cursor_u8(&c);
	cursor_skip(&c, 4);
	compression = cursor_le16(&c);
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "VMDK header");
	if (h->version < 1 || h->version > 3)
		return fail(err, E_UNSUPPORTED, in.at + 4, "VMDK version");
	h->zeroed_grains = flags & FLAG_ZEROED;
	h->packed = flags & FLAG_PACKED;
	h->marked = flags & FLAG_MARKED;
	if (h->packed && compression != 1)
		return fail(err, E_UNSUPPORTED, in.at + 0x4d,
		            "VMDK compression");
	return finish(h, grain, in.at, err);
}

/*
 * COWD
 *
 *	04  u32  version         08  u32  flags         0c  u32  sectors
 *	10  u32  grain size      14  u32  directory     18  u32  its entries
 */
static enum status parse_cowd(struct vmdk_header *h, struct bytes in,
                              struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t grain;

	cursor_skip(&c, 4);
	h->version = cursor_le32(&c);
	cursor_skip(&c, 4);
	h->size = cursor_le32(&c);
	grain = cursor_le32(&c);
	h->directory = cursor_le32(&c);
	h->entries = 4096;
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "COWD header");
	if (h->version != 1)
		return fail(err, E_UNSUPPORTED, in.at + 4, "COWD version");
	return finish(h, grain, in.at, err);
}

enum status vmdk_header_parse(struct vmdk_header *header, struct bytes in,
                              struct error *err)
{
	struct vmdk_header h = { 0 };

	*header = h;
	if (in.n < 4)
		return fail(err, E_ABSENT, in.at, "VMDK header");
	if (!memcmp(in.p, "KDMV", 4)) {
		h.name = "VMDK";
		if (parse_hosted(&h, in, err))
			return err->status;
	} else if (!memcmp(in.p, "COWD", 4)) {
		h.name = "COWD";
		if (parse_cowd(&h, in, err))
			return err->status;
	} else {
		return fail(err, E_ABSENT, in.at, "VMDK header");
	}
	*header = h;
	return OK;
}
