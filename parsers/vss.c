/* SPDX-License-Identifier: MIT */
/*
 * vss.c - where an NTFS volume keeps its shadow copies
 *
 * "Volume Shadow Snapshot (VSS) format", J. Metz.
 */
#include "parsers/vss.h"

#define BLOCK_HEADER 0x80u
#define ENTRY        0x80u

/* {3808876b-c176-4e48-b7ae-04046e6cc752} */
static const uint8_t signature[VSS_ID_SIZE] = {
	0x6b, 0x87, 0x08, 0x38, 0x76, 0xc1, 0x48, 0x4e,
	0xb7, 0xae, 0x04, 0x04, 0x6e, 0x6c, 0xc7, 0x52,
};

static bool is_signed(struct bytes id)
{
	return bytes_equal(id, (struct bytes){ signature, VSS_ID_SIZE, 0 });
}

static bool is_version(uint32_t version)
{
	return version == 1 || version == 2;
}

/*
 *	00  16   signature       10  u32  version (1, 2)   14  u32  type, 1
 *	18  u64  own offset      20  u64  (unknown)        28  u64  (unknown)
 *	30  u64  catalog         38  u64  most bytes to be used, or 0
 *	40  16   volume          50  16   volume of the stores
 */
enum status vss_header_parse(struct vss_header *header, struct bytes in,
                             struct error *err)
{
	struct cursor c = cursor_open(in);
	struct bytes id = cursor_take(&c, VSS_ID_SIZE);
	uint32_t version = cursor_le32(&c), type = cursor_le32(&c);
	struct vss_header found = { 0 };

	*header = found;
	cursor_skip(&c, 0x18);
	found.catalog = cursor_le64(&c);
	cursor_skip(&c, 8);
	found.volume = cursor_take(&c, VSS_ID_SIZE);
	found.storage = cursor_take(&c, VSS_ID_SIZE);
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at,
		            "header of the shadow copies");
	if (!is_signed(id))
		return fail(err, E_ABSENT, in.at,
		            "header of the shadow copies");
	if (!is_version(version) || type != VSS_VOLUME)
		return fail(err, E_UNSUPPORTED, in.at + VSS_ID_SIZE,
		            "version of the shadow copies");
	*header = found;
	return OK;
}

/*
 *	00  16   signature       10  u32  version          14  u32  type
 *	18  u64  offset from the first block of the store, or of the catalog
 *	20  u64  own offset      28  u64  next, or 0       30  u64  information
 */
enum status vss_block_parse(struct vss_block *block, struct bytes in,
                            enum vss_type type, struct error *err)
{
	struct cursor c = cursor_open(in);
	struct bytes id = cursor_take(&c, VSS_ID_SIZE);
	uint32_t version = cursor_le32(&c);
	struct vss_block found = { .type = cursor_le32(&c) };

	*block = (struct vss_block){ 0 };
	cursor_skip(&c, 8);
	found.place = cursor_le64(&c);
	found.next = cursor_le64(&c);
	found.info = cursor_le64(&c);
	found.body = cursor_tail(&c, BLOCK_HEADER);
	if (c.bad || in.n < VSS_BLOCK_SIZE)
		return fail(err, E_TRUNCATED, in.at,
		            "block of the shadow copies");
	if (!is_signed(id) || !is_version(version) || found.type != type)
		return fail(err, E_CORRUPT, in.at,
		            "block of the shadow copies");
	*block = found;
	return OK;
}

/*
 *	00  u64  type, 2         08  u64  size of the volume
 *	10  16   store           20  u64  sequence         28  u64  flags
 *	30  u64  made
 *
 *	00  u64  type, 3         08  u64  block list
 *	10  16   store           20  u64  header           28  u64  ranges
 *	30  u64  bitmap          38  u64  file record      40  u64  allocated
 *	48  u64  second bitmap
 */
static bool parse_entry(struct vss_entry *entry, struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint64_t type = cursor_le64(&c), first = cursor_le64(&c);
	struct bytes id = cursor_take(&c, VSS_ID_SIZE);
	uint64_t second = cursor_le64(&c), ranges = cursor_le64(&c);
	uint64_t third = cursor_le64(&c);

	cursor_skip(&c, 0x10);
	*entry = (struct vss_entry){ .store = type == 3, .id = id };
	if (entry->store) {
		entry->list = first;
		entry->header = second;
		entry->ranges = ranges;
		entry->bitmap = third;
		entry->previous = cursor_le64(&c);
	} else {
		entry->size = first;
		entry->made = third;
	}
	return type == 2 || type == 3;
}

bool vss_entry_next(struct vss_entry *entry, struct cursor *c)
{
	struct bytes in;

	do {
		in = cursor_take(c, ENTRY);
		if (c->bad) {
			*entry = (struct vss_entry){ 0 };
			return false;
		}
	} while (!parse_entry(entry, in));
	return true;
}

/*
 *	00  16   (unknown)       10  16   shadow copy      20  16   set
 *	30  u32  context         34  u32  (unknown)        38  u32  attributes
 *	3c  u32  (unknown)       40  u16  length, name     ..  u16  length, name
 */
enum status vss_info_parse(struct vss_info *info, const struct vss_block *store,
                           struct error *err)
{
	struct cursor c = cursor_open(store->body);
	struct vss_info found;

	*info = (struct vss_info){ 0 };
	if (store->info > store->body.n)
		return fail(err, E_CORRUPT, store->body.at,
		            "information of a shadow copy");
	c = cursor_open(cursor_take(&c, (size_t)store->info));
	cursor_skip(&c, 0x10);
	found.copy = cursor_take(&c, VSS_ID_SIZE);
	found.set = cursor_take(&c, VSS_ID_SIZE);
	found.context = cursor_le32(&c);
	cursor_skip(&c, 4);
	found.attributes = cursor_le32(&c);
	cursor_skip(&c, 4);
	found.machine = cursor_take(&c, cursor_le16(&c));
	found.service = cursor_take(&c, cursor_le16(&c));
	if (c.bad)
		return fail(err, E_TRUNCATED, store->body.at,
		            "information of a shadow copy");
	*info = found;
	return OK;
}
