/* SPDX-License-Identifier: MIT */
/*
 * ntfs_record.c - MFT records: update sequence and header
 *
 * Layout: FILE_RECORD_HEADER of the Linux-NTFS documentation.
 */
#include "parsers/ntfs_record.h"

#include <assert.h>

#include "parsers/limits.h"

/* The update sequence protects strides of this size, whatever the sector's. */
#define STRIDE 512u
/* First byte after the header fields that every version of NTFS has. */
#define HEADER_SIZE 0x2au
/* Where NTFS 3.1 puts the update sequence, after the record's own number. */
#define HEADER_SIZE_3_1 0x30u

/* "FILE" and "BAAD" */
#define SIGNATURE     UINT32_C(0x454c4946)
#define SIGNATURE_BAD UINT32_C(0x44414142)

static uint32_t signature(struct bytes in)
{
	struct cursor c = cursor_open(in);

	return cursor_le32(&c);
}

/* The update sequence array: the number, then one original a stride. */
static struct bytes find_array(struct bytes in, uint64_t *bad_at)
{
	struct cursor c = cursor_open(in);
	uint16_t off, count;

	cursor_skip(&c, 4);
	off = cursor_le16(&c);
	count = cursor_le16(&c);
	*bad_at = in.at + 4;
	/* Clear of the header, and of the first word that it protects. */
	if (off < HEADER_SIZE || off % 2 || count != in.n / STRIDE + 1 ||
	    off + count * 2u > STRIDE - 2)
		return (struct bytes){ 0 };
	return cursor_cut(&c, off, count * (size_t)2);
}

/* Does each stride end in the number?  Nothing is changed unless all do. */
static bool whole(struct bytes in, struct bytes array, uint64_t *bad_at)
{
	struct cursor a = cursor_open(array);
	uint16_t number = cursor_le16(&a);
	struct cursor c = cursor_open(in);

	while (c.pos < in.n) {
		cursor_skip(&c, STRIDE - 2);
		*bad_at = cursor_at(&c);
		if (cursor_le16(&c) != number)
			return false;
	}
	return true;
}

enum status ntfs_record_fixup(uint8_t *rec, size_t n, uint64_t at,
                              struct error *err)
{
	struct bytes in = { rec, n, at };
	uint64_t bad_at = at;
	struct bytes array;
	struct cursor a;

	if (!n || n % STRIDE || n > LIMIT_RECORD_SIZE)
		return fail(err, E_TRUNCATED, at, "MFT record size");
	if (signature(in) == SIGNATURE_BAD)
		return fail(err, E_CORRUPT, at, "MFT record marked bad");
	if (signature(in) != SIGNATURE)
		return fail(err, E_ABSENT, at, "MFT record signature");
	array = find_array(in, &bad_at);
	if (!array.n)
		return fail(err, E_CORRUPT, bad_at, "MFT update sequence");
	if (!whole(in, array, &bad_at))
		return fail(err, E_CORRUPT, bad_at, "torn MFT record");

	a = cursor_open(array);
	cursor_skip(&a, 2);
	for (size_t end = STRIDE; end <= n; end += STRIDE) {
		struct bytes original = cursor_take(&a, 2);

		assert(original.n == 2);
		memcpy(rec + (end - 2), original.p, 2);
	}
	return OK;
}

enum {
	RECORD_IN_USE = 1,
	RECORD_DIRECTORY = 2,
};

/*
 * MFT record
 *
 *	00  4    "FILE"                04  u16  update sequence offset
 *	06  u16  its count             08  u64  log sequence number
 *	10  u16  sequence              12  u16  links
 *	14  u16  first attribute       16  u16  flags
 *	18  u32  used size             1c  u32  allocated size
 *	20  u64  base record           28  u16  next attribute id
 *	2c  u32  record number, if the update sequence leaves room for it
 */
static struct cursor parse(struct ntfs_record *rec, struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint16_t array, first, flags;
	uint32_t used, number;

	cursor_skip(&c, 4);
	array = cursor_le16(&c);
	cursor_skip(&c, 10);
	rec->sequence = cursor_le16(&c);
	rec->links = cursor_le16(&c);
	first = cursor_le16(&c);
	flags = cursor_le16(&c);
	used = cursor_le32(&c);
	cursor_skip(&c, 4);
	rec->base = cursor_le64(&c);
	cursor_skip(&c, 4);
	number = cursor_le32(&c);

	rec->number = array >= HEADER_SIZE_3_1 ? number : 0;
	rec->in_use = flags & RECORD_IN_USE;
	rec->directory = flags & RECORD_DIRECTORY;
	/* An impossible place leaves the cursor bad. */
	if (first < HEADER_SIZE || first % 8 || used < first)
		c.bad = true;
	else
		rec->attrs = cursor_cut(&c, first, used - first);
	return c;
}

/* A pointer, since a range that is handed on goes through memory. */
static enum status parse_checked(struct ntfs_record *rec,
                                 const struct bytes *in, struct error *err)
{
	struct ntfs_record found = { 0 };

	*rec = found;
	if (in->n < HEADER_SIZE_3_1)
		return fail(err, E_TRUNCATED, in->at, "MFT record header");
	if (signature(*in) != SIGNATURE)
		return fail(err, E_ABSENT, in->at, "MFT record signature");
	if (parse(&found, *in).bad)
		return fail(err, E_CORRUPT, in->at + 0x14, "MFT record sizes");
	*rec = found;
	return OK;
}

enum status ntfs_record_parse(struct ntfs_record *rec, struct bytes in,
                              struct error *err)
{
	return parse_checked(rec, &in, err);
}

enum status ntfs_record_open(struct ntfs_record *rec, uint8_t *p, size_t n,
                             uint64_t at, struct error *err)
{
	const struct bytes in = { p, n, at };

	*rec = (struct ntfs_record){ 0 };
	if (ntfs_record_fixup(p, n, at, err))
		return err->status;
	return parse_checked(rec, &in, err);
}
