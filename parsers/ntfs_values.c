/* SPDX-License-Identifier: MIT */
/*
 * ntfs_values.c - what $ATTRIBUTE_LIST holds
 *
 * Layout: ATTRIBUTE_LIST of the Linux-NTFS documentation.
 */
#include "parsers/limits.h"
#include "parsers/ntfs_record.h"

struct ntfs_list ntfs_list_open(struct bytes value)
{
	struct ntfs_list it = { .c = cursor_open(value) };

	if (value.n > LIMIT_ATTRIBUTE_LIST)
		(void)fail(&it.err, E_LIMIT, value.at, "attribute list size");
	return it;
}

static bool stop(struct ntfs_list *it, enum status status, uint64_t at)
{
	(void)fail(&it->err, status, at, "attribute list entry");
	return false;
}

/*
 * $ATTRIBUTE_LIST entry, offsets from its start
 *
 *	00  u32  type                 04  u16  length
 *	06  u8   name length, units   07  u8   name offset
 *	08  u64  lowest VCN           10  u64  file reference
 *	18  u16  attribute id
 */
bool ntfs_list_next(struct ntfs_list *it, struct ntfs_list_entry *e)
{
	struct ntfs_list_entry found = { 0 };
	uint64_t at = cursor_at(&it->c);
	struct cursor peek = it->c, c;
	size_t units, name;
	uint16_t length;

	*e = found;
	if (it->err.status || it->c.pos == it->c.in.n)
		return false;
	found.type = cursor_le32(&peek);
	length = cursor_le16(&peek);
	c = cursor_open(cursor_take(&it->c, length));
	if (peek.bad || it->c.bad)
		return stop(it, E_TRUNCATED, at);
	cursor_skip(&c, 6);
	units = cursor_u8(&c);
	name = cursor_u8(&c);
	found.lowest_vcn = cursor_le64(&c);
	found.ref = cursor_le64(&c);
	found.id = cursor_le16(&c);
	if (units)
		found.name = cursor_cut(&c, name, units * 2);
	/* A length under the fixed part leaves the cursor bad too. */
	if (c.bad)
		return stop(it, E_CORRUPT, at);
	*e = found;
	return true;
}
