/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_metadata.c - one copy of BitLocker's metadata
 *
 * J. Metz, "BitLocker Drive Encryption (BDE) format": FVE metadata block.
 */
#include "parsers/bitlocker.h"

#include "parsers/limits.h"
#include "parsers/utf16.h"

#define BLOCK_HEAD   64u
#define DATASET_HEAD 48u

/* CRC-32 of IEEE 802.3, four bits at a time. */
static uint32_t crc32(struct bytes in)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	struct cursor c = cursor_open(in);
	uint32_t crc = UINT32_MAX;

	while (c.pos < in.n) {
		crc ^= cursor_u8(&c);
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

/*
 *	00  u32  size of all      04  u32  version, 1
 *	08  u32  header size, 30  0c  u32  size, again
 *	10  16   GUID             20  u32  next nonce
 *	24  u32  method           28  u64  created
 */
enum status bitlocker_dataset_parse(struct bitlocker_dataset *d,
                                    struct bytes in, struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t size = cursor_le32(&c);
	uint32_t version = cursor_le32(&c);
	uint32_t head = cursor_le32(&c);
	struct bytes all = cursor_cut(&c, 0, size);

	*d = (struct bitlocker_dataset){ .size = size };
	if (!c.bad && version != 1)
		return fail(err, E_UNSUPPORTED, in.at + 4,
		            "version of BitLocker entries");
	c.in = all;
	cursor_skip(&c, 4);
	d->guid = cursor_take(&c, BITLOCKER_GUID_SIZE);
	cursor_skip(&c, 4);
	d->method = cursor_le32(&c);
	d->created = cursor_le64(&c);
	d->entries = cursor_tail(&c, head);
	if (!c.bad && head >= DATASET_HEAD)
		return OK;
	*d = (struct bitlocker_dataset){ 0 };
	return fail(err, c.bad ? E_TRUNCATED : E_CORRUPT, in.at,
	            "header of BitLocker entries");
}

/* The same as in the block; *observed* to go on with 76 bytes, [?]. */
static enum status parse_place(struct bitlocker_meta *m, struct bytes in,
                               struct error *err)
{
	struct cursor c = cursor_open(in);
	uint64_t at = cursor_le64(&c);
	uint64_t size = cursor_le64(&c);

	if (c.bad)
		return fail(err, E_CORRUPT, in.at,
		            "place of the moved BitLocker volume header");
	if (m->version == 1)
		return OK;
	m->header_at = at;
	m->header_size = size;
	return OK;
}

static enum status parse_entry(struct bitlocker_meta *m,
                               const struct bitlocker_entry *entry,
                               struct error *err)
{
	if (entry->type == BITLOCKER_DESCRIPTION &&
	    entry->value == BITLOCKER_VALUE_TEXT)
		m->description = utf16_string(entry->data);
	else if (entry->type == BITLOCKER_FVEK &&
	         entry->value == BITLOCKER_VALUE_LOCKED)
		return bitlocker_locked_parse(&m->fvek, entry->data, err);
	else if (entry->type == BITLOCKER_HEADER_BLOCK &&
	         entry->value == BITLOCKER_VALUE_PLACE)
		return parse_place(m, entry->data, err);
	return OK;
}

static void parse_entries(struct bitlocker_meta *m)
{
	struct bitlocker_entries it = bitlocker_entries_open(m->entries);
	struct bitlocker_entry entry;
	struct error err;

	while (bitlocker_entries_next(&it, &entry))
		if (parse_entry(m, &entry, &err) && !m->err.status)
			m->err = err;
	if (!m->err.status)
		m->err = it.err;
}

/*
 * Behind the block:
 *
 *	00  u16  size of all that follows the block, with this
 *	02  u16  version, 1 or 2
 *	04  u32  CRC-32 of the block
 *	08  ..   version 2: an entry with its SHA-256, locked with the VMK
 */
static void parse_validation(struct bitlocker_meta *m, struct bytes in)
{
	struct cursor c = cursor_open(in);
	struct bitlocker_entries it;
	struct bitlocker_entry entry;
	struct error err;
	uint32_t crc;

	cursor_skip(&c, 4);
	crc = cursor_le32(&c);
	m->sound = !c.bad && crc == crc32(m->all);
	it = bitlocker_entries_open(cursor_tail(&c, c.pos));
	if (m->sound && bitlocker_entries_next(&it, &entry) &&
	    entry.value == BITLOCKER_VALUE_LOCKED &&
	    bitlocker_locked_parse(&m->hash, entry.data, &err) &&
	    !m->err.status)
		m->err = err;
}

static enum status judge(const struct bitlocker_meta *m, uint32_t sector_size,
                         struct error *err)
{
	uint64_t mask = (uint64_t)sector_size - 1;

	if (m->header_size > LIMIT_BITLOCKER_HEADER)
		return fail(err, E_LIMIT, m->all.at + 0x1c,
		            "size of the moved BitLocker volume header");
	if (m->header_at > INT64_MAX || (m->header_at & mask) ||
	    (m->header_size & mask))
		return fail(err, E_CORRUPT, m->all.at + 0x38,
		            "place of the moved BitLocker volume header");
	return OK;
}

/*
 *	00  8    "-FVE-FS-"
 *	08  u16  size; version 2: in units of 16 bytes
 *	0a  u16  version
 *	0c  u16  state              0e  u16  next state
 *	10  u64  encrypted bytes    18  u32  bytes in conversion
 *	1c  u32  sectors of the moved header
 *	20  u64  places of the copies, three
 *	38  u64  place of the moved header; version 1: $MFTMirr, in clusters
 *	40  ..   header and entries
 */
static enum status parse_block(struct bitlocker_meta *m, struct bytes in,
                               uint32_t sector_size, struct error *err)
{
	struct cursor c = cursor_open(in);
	struct bytes magic = cursor_take(&c, 8);
	struct bitlocker_dataset d;
	uint32_t size, sectors;
	uint64_t at;

	if (!bytes_begin(magic, "-FVE-FS-", 8))
		return fail(err, E_ABSENT, in.at, "no BitLocker metadata");
	size = cursor_le16(&c);
	m->version = cursor_le16(&c);
	if (!c.bad && m->version != 1 && m->version != 2)
		return fail(err, E_UNSUPPORTED, in.at + 10,
		            "version of BitLocker metadata");
	if (m->version == 2)
		size *= 16;
	m->all = cursor_cut(&c, 0, size);
	m->state = cursor_le16(&c);
	m->next_state = cursor_le16(&c);
	m->encrypted = cursor_le64(&c);
	cursor_skip(&c, 4);
	sectors = cursor_le32(&c);
	for (unsigned i = 0; i < BITLOCKER_COPIES; i++)
		m->copies[i] = cursor_le64(&c);
	at = cursor_le64(&c);
	if (m->version == 1) {
		m->mirror = at;
	} else {
		m->header_at = at;
		m->header_size = (uint64_t)sectors * sector_size;
	}
	if (c.bad || m->all.n < BLOCK_HEAD)
		return fail(err, E_TRUNCATED, in.at, "BitLocker metadata");
	c.in = m->all;
	if (bitlocker_dataset_parse(&d, cursor_tail(&c, BLOCK_HEAD), err))
		return err->status;
	m->guid = d.guid;
	m->method = (uint16_t)d.method;
	m->created = d.created;
	m->entries = d.entries;
	return OK;
}

enum status bitlocker_meta_parse(struct bitlocker_meta *m, struct bytes in,
                                 uint32_t sector_size, struct error *err)
{
	struct cursor c = cursor_open(in);
	enum status st;

	*m = (struct bitlocker_meta){ 0 };
	st = parse_block(m, in, sector_size, err);
	if (!st) {
		parse_entries(m);
		parse_validation(m, cursor_tail(&c, m->all.n));
		st = judge(m, sector_size, err);
	}
	if (st)
		*m = (struct bitlocker_meta){ 0 };
	return st;
}

const char *bitlocker_method_name(uint16_t method)
{
	switch (method) {
	case BITLOCKER_CBC_128_DIFFUSER:
		return "AES-CBC 128 with diffuser";
	case BITLOCKER_CBC_256_DIFFUSER:
		return "AES-CBC 256 with diffuser";
	case BITLOCKER_CBC_128:
		return "AES-CBC 128";
	case BITLOCKER_CBC_256:
		return "AES-CBC 256";
	case BITLOCKER_XTS_128:
		return "AES-XTS 128";
	case BITLOCKER_XTS_256:
		return "AES-XTS 256";
	default:
		return NULL;
	}
}

/* Named as dislocker prints them. */
const char *bitlocker_state_name(uint16_t state)
{
	switch (state) {
	case BITLOCKER_DECRYPTED:
		return "decrypted";
	case BITLOCKER_SWITCHING:
		return "conversion in progress";
	case BITLOCKER_ON_WRITE:
		return "encryption on write activated";
	case BITLOCKER_ENCRYPTED:
		return "encrypted";
	case BITLOCKER_PAUSED:
		return "conversion paused";
	default:
		return NULL;
	}
}
