/* SPDX-License-Identifier: MIT */
/*
 * ntfs_values.h - what the attributes hold that every file has, in line
 *
 * A part of ntfs_record.h, for the same reason as ntfs_attrs.h.
 *
 * Layouts: STANDARD_INFORMATION and FILE_NAME of the Linux-NTFS documentation.
 */
#ifndef PARSERS_NTFS_VALUES_H
#define PARSERS_NTFS_VALUES_H

/*
 * $STANDARD_INFORMATION
 *
 *	00  u64  created         08  u64  data modified
 *	10  u64  record changed  18  u64  accessed
 *	20  u32  file attributes
 */
static inline enum status ntfs_standard_parse(struct ntfs_standard *si,
                                              struct bytes value,
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
static inline enum status ntfs_name_parse(struct ntfs_name *fn,
                                          struct bytes value, struct error *err)
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

#endif
