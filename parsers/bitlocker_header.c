/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_header.c - the first sector of a BitLocker volume
 *
 * J. Metz, "BitLocker Drive Encryption (BDE) format": Volume header.
 */
#include "parsers/bitlocker.h"

#include "parsers/limits.h"

#define OEM_OFF     3u
#define OEM_SIZE    8u
#define SECTOR_OFF  11u
#define CLUSTER_OFF 13u
#define VISTA_OFF   56u
#define SEVEN_OFF   160u
#define TO_GO_OFF   424u

/* 4967d63b-2e29-4ad8-8399-f6a339e3d001 */
static const uint8_t whole[] = {
	0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a,
	0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01
};
/* 92a84d3b-dd80-4d0e-9e4e-b1e3284eaed8 */
static const uint8_t on_write[] = { 0x3b, 0x4d, 0xa8, 0x92, 0x80, 0xdd,
	                            0x0e, 0x4d, 0x9e, 0x4e, 0xb1, 0xe3,
	                            0x28, 0x4e, 0xae, 0xd8 };

static struct cursor cursor_from(struct bytes in, size_t off)
{
	struct cursor c = cursor_open(in);

	cursor_skip(&c, off);
	return c;
}

static bool is(struct bytes b, const void *what, size_t n)
{
	return b.n == n && !memcmp(b.p, what, n);
}

/*
 *	00  16   GUID
 *	10  u64  metadata; three of them
 *	28  u64  *observed*: information on encryption on write; two of them
 */
static enum status parse_places(struct bitlocker_header *h, struct bytes in,
                                size_t off, struct error *err)
{
	struct cursor c = cursor_from(in, off);
	struct bytes guid = cursor_take(&c, BITLOCKER_GUID_SIZE);

	h->on_write = is(guid, on_write, sizeof(on_write));
	if (!h->on_write && !is(guid, whole, sizeof(whole)))
		return fail(err,
		            h->form == BITLOCKER_TO_GO ? E_ABSENT
		                                       : E_UNSUPPORTED,
		            guid.at, "GUID of a BitLocker volume");
	for (unsigned i = 0; i < BITLOCKER_COPIES; i++)
		h->metadata[i] = cursor_le64(&c);
	for (unsigned i = 0; i < 2 && h->on_write; i++)
		h->on_write_info[i] = cursor_le64(&c);
	return OK;
}

/* The place of $MFTMirr is that of the metadata, in clusters. */
static enum status parse_vista(struct bitlocker_header *h, struct bytes in,
                               struct error *err)
{
	struct cursor c = cursor_from(in, CLUSTER_OFF);
	uint64_t cluster = (uint64_t)cursor_u8(&c) * h->sector_size;
	uint64_t lcn;

	c = cursor_from(in, VISTA_OFF);
	lcn = cursor_le64(&c);
	if (!cluster || cluster > LIMIT_CLUSTER_SIZE ||
	    lcn > INT64_MAX / cluster)
		return fail(err, E_CORRUPT, in.at + VISTA_OFF,
		            "place of BitLocker metadata");
	h->metadata[0] = lcn * cluster;
	return OK;
}

static enum status parse_sector_size(struct bitlocker_header *h,
                                     struct bytes in, struct error *err)
{
	struct cursor c = cursor_from(in, SECTOR_OFF);
	uint32_t size = cursor_le16(&c);

	if (size < 512 || size > LIMIT_SECTOR_SIZE || (size & (size - 1)))
		return fail(err, E_CORRUPT, in.at + SECTOR_OFF,
		            "sector size of a BitLocker volume");
	h->sector_size = size;
	return OK;
}

static bool is_sector(const struct bitlocker_header *h, uint64_t at)
{
	return at <= INT64_MAX && at % h->sector_size == 0;
}

static enum status judge(struct bitlocker_header *h, struct bytes in,
                         struct error *err)
{
	bool any = false;

	for (unsigned i = 0; i < BITLOCKER_COPIES; i++) {
		/* The others may still be good. */
		if (!is_sector(h, h->metadata[i]))
			h->metadata[i] = 0;
		any |= h->metadata[i] != 0;
	}
	if (!any)
		return fail(err, E_CORRUPT, in.at,
		            "no place of BitLocker metadata");
	return OK;
}

/*
 *	00  jump: eb 52 90 (Vista), eb 58 90
 *	03  8    "-FVE-FS-", or "MSWIN4.1"
 *	0b  u16  bytes per sector   0d  u8  sectors per cluster
 *	38  u64  Vista: cluster of the metadata
 *	a0  ..   GUID and places; To Go: at 1a8
 */
static enum status parse(struct bitlocker_header *h, struct bytes in,
                         struct error *err)
{
	struct cursor c = cursor_open(in);
	struct bytes jump = cursor_take(&c, OEM_OFF);
	struct bytes oem = cursor_take(&c, OEM_SIZE);
	bool fve = is(oem, "-FVE-FS-", OEM_SIZE);
	enum status st;

	if (!fve && !is(oem, "MSWIN4.1", OEM_SIZE))
		return fail(err, E_ABSENT, in.at, "no BitLocker volume");
	if (in.n < BITLOCKER_HEADER)
		return fail(err, E_TRUNCATED, in.at, "BitLocker volume header");
	if (!fve)
		h->form = BITLOCKER_TO_GO;
	else
		h->form = jump.p[1] == 0x52 ? BITLOCKER_VISTA : BITLOCKER_SEVEN;
	/* Of FAT32 first the GUID: every other volume of that name is plain. */
	if (!fve) {
		st = parse_places(h, in, TO_GO_OFF, err);
		return st ? st : parse_sector_size(h, in, err);
	}
	st = parse_sector_size(h, in, err);
	if (st)
		return st;
	if (h->form == BITLOCKER_VISTA)
		return parse_vista(h, in, err);
	return parse_places(h, in, SEVEN_OFF, err);
}

enum status bitlocker_header_parse(struct bitlocker_header *h, struct bytes in,
                                   struct error *err)
{
	enum status st;

	*h = (struct bitlocker_header){ 0 };
	st = parse(h, in, err);
	if (!st)
		st = judge(h, in, err);
	if (st)
		*h = (struct bitlocker_header){ 0 };
	return st;
}
