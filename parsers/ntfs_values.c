/* SPDX-License-Identifier: MIT */
/*
 * ntfs_values.c - what the attributes that we read hold
 *
 * Layouts: STANDARD_INFORMATION, FILE_NAME and ATTRIBUTE_LIST of the
 * Linux-NTFS documentation.
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

/*
 * $STANDARD_INFORMATION
 *
 *	00  u64  created         08  u64  data modified
 *	10  u64  record changed  18  u64  accessed
 *	20  u32  file attributes
 */
enum status ntfs_standard_parse(struct ntfs_standard *si, struct bytes value,
                                struct error *err)
{
	struct cursor c = cursor_open(value);

	si->created = cursor_le64(&c);
	si->modified = cursor_le64(&c);
	si->changed = cursor_le64(&c);
	si->accessed = cursor_le64(&c);
	si->attributes = cursor_le32(&c);
	if (!c.bad)
		return OK;
	*si = (struct ntfs_standard){ 0 };
	return fail(err, E_TRUNCATED, value.at, "$STANDARD_INFORMATION");
}

/*
 * $FILE_NAME
 *
 *	00  u64  parent directory   08  four times, two sizes, flags
 *	40  u8   name length, units 41  u8   namespace
 *	42  ..   name
 */
enum status ntfs_name_parse(struct ntfs_name *fn, struct bytes value,
                            struct error *err)
{
	struct ntfs_name found = { 0 };
	struct cursor c = cursor_open(value);
	size_t units;

	*fn = found;
	found.parent = cursor_le64(&c);
	cursor_skip(&c, 0x40 - 0x08);
	units = cursor_u8(&c);
	found.namespace_ = cursor_u8(&c);
	found.name = cursor_take(&c, units * 2);
	if (c.bad)
		return fail(err, E_TRUNCATED, value.at, "$FILE_NAME");
	if (!units || found.namespace_ > NTFS_NAME_WIN32_DOS)
		return fail(err, E_CORRUPT, value.at + 0x40, "$FILE_NAME");
	*fn = found;
	return OK;
}
