/* SPDX-License-Identifier: MIT */
/*
 * vhdx.c - the structures of a VHDX that say where its blocks are
 */
#include "parsers/vhdx.h"

#define GUID 16u
/* [MS-VHDX] 2.2.3.1 and 2.6.1.1: the most entries of either table. */
#define ENTRIES 2047u

static const uint8_t region_table[GUID] = "\x66\x77\xc2\x2d\x23\xf6\x00\x42"
					  "\x9d\x64\x11\x5e\x9b\xfd\x4a\x08";
static const uint8_t region_metadata[GUID] = "\x06\xa2\x7c\x8b\x90\x47\x9a\x4b"
					     "\xb8\xfe\x57\x5f\x05\x0f\x88\x6e";
static const uint8_t item_parameters[GUID] = "\x37\x67\xa1\xca\x36\xfa\x43\x4d"
					     "\xb3\xb6\x33\xf0\xaa\x44\xe7\x6b";
static const uint8_t item_size[GUID] = "\x24\x42\xa5\x2f\x1b\xcd\x76\x48"
				       "\xb2\x11\x5d\xbe\xd8\x3b\xf4\xb8";
static const uint8_t item_id[GUID] = "\xab\x12\xca\xbe\xe6\xb2\x23\x45"
				     "\x93\xef\xc3\x09\xe0\x00\xc7\x46";
static const uint8_t item_sector[GUID] = "\x1d\xbf\x41\x81\x6f\xa9\x09\x47"
					 "\xba\x47\xf2\x33\xa8\xfa\xab\x5f";
static const uint8_t item_physical[GUID] = "\xc7\x48\xa3\xcd\x5d\x44\x71\x44"
					   "\x9c\xc9\xe9\x88\x52\x51\xc5\x56";
static const uint8_t item_locator[GUID] = "\x2d\x5f\xd3\xa8\x0b\xb3\x4d\x45"
					  "\xab\xf7\xd3\xd8\x48\x34\xab\x0c";
static const uint8_t locator_type[GUID] = "\xb7\xef\x4a\xb0\x9e\xd1\x81\x4a"
					  "\xb7\x89\x25\xb8\xe9\x44\x59\x13";

/* CRC-32C of half a byte: [MS-VHDX] 2.2.2, polynomial 0x1edc6f41 mirrored. */
static const uint32_t crc_of[16] = {
	0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
	0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
	0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

/* The checksum of a structure whose own, at 4, counts as zero. */
static bool is_sound(struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < in.n; i++) {
		uint8_t v = cursor_u8(&c);

		crc ^= i >= 4 && i < 8 ? 0 : v;
		crc = crc >> 4 ^ crc_of[crc & 15];
		crc = crc >> 4 ^ crc_of[crc & 15];
	}
	c = cursor_open(cursor_cut(&c, 4, 4));
	return cursor_le32(&c) == (uint32_t)~crc;
}

static enum status check(struct bytes in, const char *magic, size_t n,
                         bool checksum, const char *what, struct error *err)
{
	if (!bytes_begin(in, magic, 4))
		return fail(err, E_ABSENT, in.at, what);
	if (in.n < n)
		return fail(err, E_TRUNCATED, in.at, what);
	in.n = n;
	if (checksum && !is_sound(in))
		return fail(err, E_CORRUPT, in.at + 4, what);
	return OK;
}

static bool is_guid(struct bytes b, const uint8_t *guid)
{
	return bytes_equal(b, (struct bytes){ guid, GUID, 0 });
}

/*
 * 2.2.2  header
 *
 *	00  "head"       04  u32  checksum    08  u64  sequence number
 *	10  file write   20  data write       30  log: GUIDs
 *	40  u16  log version                  42  u16  version
 *	44  u32  log length                   48  u64  log offset
 */
enum status vhdx_header_parse(struct vhdx_header *header, struct bytes in,
                              struct error *err)
{
	static const uint8_t none[GUID];
	struct cursor c = cursor_open(in);
	struct vhdx_header h = { 0 };
	uint16_t version;

	*header = h;
	if (check(in, "head", VHDX_HEADER_SIZE, true, "VHDX header", err))
		return err->status;
	cursor_skip(&c, 8);
	h.sequence = cursor_le64(&c);
	cursor_skip(&c, GUID);
	h.data_write = cursor_take(&c, GUID);
	h.log_in_use = !is_guid(cursor_take(&c, GUID), none);
	cursor_skip(&c, 2);
	version = cursor_le16(&c);
	h.log_size = cursor_le32(&c);
	h.log = cursor_le64(&c);
	if (version != 1)
		return fail(err, E_UNSUPPORTED, in.at + 0x42, "VHDX version");
	*header = h;
	return OK;
}

/*
 * 2.2.3  region table: "regi", checksum, u32 count; from 10 on entries:
 *
 *	00  GUID    10  u64  offset    18  u32  length    1c  u32  required
 */
enum status vhdx_regions_parse(struct vhdx_regions *regions, struct bytes in,
                               struct error *err)
{
	struct cursor c = cursor_open(in);
	struct vhdx_regions r = { 0 };
	uint32_t count;

	*regions = r;
	if (check(in, "regi", VHDX_TABLE_SIZE, true, "VHDX region table", err))
		return err->status;
	cursor_skip(&c, 8);
	count = cursor_le32(&c);
	cursor_skip(&c, 4);
	if (count > ENTRIES)
		return fail(err, E_CORRUPT, in.at + 8, "VHDX regions");
	for (; count; count--) {
		struct bytes id = cursor_take(&c, GUID);
		struct vhdx_range range = { .at = cursor_le64(&c) };
		bool required;

		range.n = cursor_le32(&c);
		required = cursor_le32(&c) & 1;
		if (is_guid(id, region_table))
			r.table = range;
		else if (is_guid(id, region_metadata))
			r.metadata = range;
		else if (required)
			return fail(err, E_UNSUPPORTED, id.at,
			            "a VHDX region that must be known");
	}
	if (!r.table.n || !r.metadata.n)
		return fail(err, E_CORRUPT, in.at, "VHDX regions");
	*regions = r;
	return OK;
}

static struct vhdx_range *item_of(struct vhdx_items *items, struct bytes id)
{
	if (is_guid(id, item_parameters))
		return &items->parameters;
	if (is_guid(id, item_size))
		return &items->size;
	if (is_guid(id, item_id))
		return &items->id;
	if (is_guid(id, item_sector))
		return &items->sector;
	if (is_guid(id, item_locator))
		return &items->locator;
	return NULL;
}

/*
 * 2.6.1  metadata table: "metadata", u16, u16 count; from 20 on entries:
 *
 *	00  GUID    10  u32  offset    14  u32  length
 *	18  u32  user, virtual disk, required    1c  u32
 */
enum status vhdx_items_parse(struct vhdx_items *items, struct bytes in,
                             struct error *err)
{
	struct cursor c = cursor_open(in);
	struct vhdx_items found = { 0 };
	unsigned count;

	*items = found;
	if (check(in, "meta", VHDX_TABLE_SIZE, false, "VHDX metadata", err))
		return err->status;
	cursor_skip(&c, 10);
	count = cursor_le16(&c);
	cursor_skip(&c, 20);
	if (count > ENTRIES)
		return fail(err, E_CORRUPT, in.at + 10, "VHDX metadata");
	for (; count; count--) {
		struct bytes id = cursor_take(&c, GUID);
		struct vhdx_range range = { .at = cursor_le32(&c) };
		struct vhdx_range *item = item_of(&found, id);
		bool required;

		range.n = cursor_le32(&c);
		required = cursor_le32(&c) & 4;
		cursor_skip(&c, 4);
		if (item)
			*item = range;
		else if (required && !is_guid(id, item_physical))
			return fail(err, E_UNSUPPORTED, id.at,
			            "a VHDX item that must be known");
	}
	*items = found;
	return OK;
}

static struct cursor item(struct bytes in, struct vhdx_range range)
{
	struct cursor c = cursor_open(in);
	struct bytes b = cursor_cut(&c, range.at, range.n);

	return cursor_open(b);
}

/* 2.6.2.1 to 2.6.2.4 */
enum status vhdx_disk_parse(struct vhdx_disk *disk,
                            const struct vhdx_items *items, struct bytes in,
                            struct error *err)
{
	struct cursor parameters = item(in, items->parameters);
	struct cursor size = item(in, items->size);
	struct cursor sector = item(in, items->sector);
	struct cursor id = item(in, items->id);
	struct vhdx_disk d = { 0 };
	uint32_t flags;

	*disk = d;
	d.block = cursor_le32(&parameters);
	flags = cursor_le32(&parameters);
	d.fixed = flags & 1;
	d.has_parent = flags & 2;
	d.size = cursor_le64(&size);
	d.sector = cursor_le32(&sector);
	d.id = cursor_take(&id, GUID);
	if (parameters.bad || size.bad || sector.bad)
		return fail(err, E_TRUNCATED, in.at, "VHDX metadata");
	if (d.block < UINT32_C(1) << 20 || d.block > UINT32_C(256) << 20 ||
	    d.block & (d.block - 1))
		return fail(err, E_CORRUPT, in.at + items->parameters.at,
		            "VHDX block size");
	if (!d.size || d.size > INT64_MAX)
		return fail(err, E_CORRUPT, in.at + items->size.at,
		            "VHDX disk size");
	if (d.sector != 512 && d.sector != 4096)
		return fail(err, E_CORRUPT, in.at + items->sector.at,
		            "VHDX sector size");
	*disk = d;
	return OK;
}

/*
 * 2.6.2.6  parent locator: GUID of its type, u16, u16 count; entries:
 *
 *	00  u32  key offset    04  u32  value offset
 *	08  u16  key length    0a  u16  value length
 */
enum status vhdx_locator_open(struct vhdx_locator *it,
                              const struct vhdx_items *items, struct bytes in,
                              struct error *err)
{
	struct cursor c = item(in, items->locator);
	struct bytes type;

	*it = (struct vhdx_locator){ .in = c.in };
	type = cursor_take(&c, GUID);
	cursor_skip(&c, 2);
	it->left = cursor_le16(&c);
	it->c = c;
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "VHDX parent locator");
	if (!is_guid(type, locator_type))
		return fail(err, E_UNSUPPORTED, type.at,
		            "VHDX parent locator of an unknown type");
	return OK;
}

bool vhdx_locator_next(struct vhdx_locator *it, struct bytes *key,
                       struct bytes *value)
{
	while (it->left) {
		uint32_t key_at = cursor_le32(&it->c);
		uint32_t value_at = cursor_le32(&it->c);
		uint16_t key_n = cursor_le16(&it->c);
		uint16_t value_n = cursor_le16(&it->c);
		struct cursor c = cursor_open(it->in);

		it->left--;
		if (it->c.bad)
			return false;
		*key = cursor_cut(&c, key_at, key_n);
		*value = cursor_cut(&c, value_at, value_n);
		if (!c.bad)
			return true;
	}
	return false;
}
