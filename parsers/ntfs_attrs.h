/* SPDX-License-Identifier: MIT */
/*
 * ntfs_attrs.h - the attributes of an MFT record, in line
 *
 * A part of ntfs_record.h, which says what it does.  A scan asks it of every
 * record of a volume: in line, nothing is passed through memory.
 *
 * Layout: ATTR_RECORD of the Linux-NTFS documentation; types and flags:
 * [MS-FSCC] 2.1.
 */
#ifndef PARSERS_NTFS_ATTRS_H
#define PARSERS_NTFS_ATTRS_H

#define NTFS_END_OF_ATTRIBUTES UINT32_C(0xffffffff)
#define NTFS_RESIDENT_SIZE     0x18u
#define NTFS_NON_RESIDENT_SIZE 0x40u
/* log2 of clusters: Windows writes 0 or 4. */
#define NTFS_UNIT_MAX 16u

static inline struct ntfs_attrs ntfs_attrs_open(const struct ntfs_record *rec)
{
	return (struct ntfs_attrs){ .c = cursor_open(rec->attrs) };
}

/*
 * Resident form
 *
 *	10  u32  value length   14  u16  value offset
 */
static inline enum status
ntfs_attr_resident(struct ntfs_attr *attr, struct cursor *c, struct error *err)
{
	uint32_t n = cursor_le32(c);
	uint16_t off = cursor_le16(c);

	attr->resident = true;
	attr->value = cursor_cut(c, off, n);
	if (c->bad || off < NTFS_RESIDENT_SIZE)
		return fail(err, E_CORRUPT, c->in.at, "attribute value");
	return OK;
}

/*
 * The VCN after the last one.  The highest is one less than the lowest where
 * there are no clusters, and so all ones in the first record of an attribute.
 */
static inline uint64_t ntfs_attr_next_vcn(const struct ntfs_attr *attr)
{
	return attr->highest_vcn == UINT64_MAX ? 0 : attr->highest_vcn + 1;
}

static inline bool ntfs_attr_possible(const struct ntfs_attr *attr)
{
	uint64_t next = ntfs_attr_next_vcn(attr);

	if (attr->lowest_vcn > next || next > INT64_MAX ||
	    attr->compression_unit > NTFS_UNIT_MAX)
		return false;
	return attr->lowest_vcn ||
	       (attr->allocated <= INT64_MAX && attr->size <= INT64_MAX &&
	        attr->initialized <= INT64_MAX);
}

/*
 * Non-resident form
 *
 *	10  u64  lowest VCN             18  u64  highest VCN
 *	20  u16  mapping pairs offset   22  u8   log2 of compression unit
 *	28  u64  allocated size         30  u64  data size
 *	38  u64  initialized size
 */
static inline enum status ntfs_attr_non_resident(struct ntfs_attr *attr,
                                                 struct cursor *c,
                                                 struct error *err)
{
	uint16_t off;

	attr->lowest_vcn = cursor_le64(c);
	attr->highest_vcn = cursor_le64(c);
	off = cursor_le16(c);
	attr->compression_unit = cursor_u8(c);
	cursor_skip(c, 5);
	attr->allocated = cursor_le64(c);
	attr->size = cursor_le64(c);
	attr->initialized = cursor_le64(c);
	attr->pairs = cursor_tail(c, off);
	if (c->bad || off < NTFS_NON_RESIDENT_SIZE)
		return fail(err, E_CORRUPT, c->in.at, "mapping pairs' place");
	if (!ntfs_attr_possible(attr))
		return fail(err, E_CORRUPT, c->in.at, "sizes of an attribute");
	return OK;
}

/*
 * Attribute header, offsets from its start
 *
 *	00  u32  type          04  u32  length
 *	08  u8   form          09  u8   name length, units
 *	0a  u16  name offset   0c  u16  flags
 *	0e  u16  id
 */
static inline enum status ntfs_attr_parse(struct ntfs_attr *attr,
                                          struct bytes in, struct error *err)
{
	struct cursor c = cursor_open(in);
	uint16_t name;
	uint8_t form;
	size_t units;

	attr->type = cursor_le32(&c);
	cursor_skip(&c, 4);
	form = cursor_u8(&c);
	units = cursor_u8(&c);
	name = cursor_le16(&c);
	attr->flags = cursor_le16(&c);
	attr->id = cursor_le16(&c);
	if (units)
		attr->name = cursor_cut(&c, name, units * 2);
	if (c.bad)
		return fail(err, E_CORRUPT, in.at, "attribute name");
	if (form > 1)
		return fail(err, E_CORRUPT, in.at + 8, "attribute form");
	return form ? ntfs_attr_non_resident(attr, &c, err)
	            : ntfs_attr_resident(attr, &c, err);
}

/* The next whole attribute; empty at the end of the list, or with it->err. */
static inline struct bytes ntfs_attrs_take(struct ntfs_attrs *it)
{
	struct cursor peek = it->c;
	uint64_t at = cursor_at(&it->c);
	uint32_t type = cursor_le32(&peek);
	uint32_t n;
	struct bytes b;

	if (type == NTFS_END_OF_ATTRIBUTES)
		return (struct bytes){ 0 };
	n = cursor_le32(&peek);
	if (peek.bad) {
		(void)fail(&it->err, E_TRUNCATED, at, "attribute list's end");
		return (struct bytes){ 0 };
	}
	if (n < NTFS_RESIDENT_SIZE || n % 8) {
		(void)fail(&it->err, E_CORRUPT, at + 4, "attribute length");
		return (struct bytes){ 0 };
	}
	b = cursor_take(&it->c, n);
	if (it->c.bad)
		(void)fail(&it->err, E_CORRUPT, at + 4, "attribute length");
	return b;
}

static inline bool ntfs_attrs_next(struct ntfs_attrs *it,
                                   struct ntfs_attr *attr)
{
	struct bytes b;

	*attr = (struct ntfs_attr){ 0 };
	if (it->err.status)
		return false;
	b = ntfs_attrs_take(it);
	if (!b.n)
		return false;
	if (!ntfs_attr_parse(attr, b, &it->err))
		return true;
	*attr = (struct ntfs_attr){ 0 };
	return false;
}

static inline bool ntfs_attr_named(const struct ntfs_attr *attr,
                                   const char *name)
{
	struct cursor c = cursor_open(attr->name);

	while (c.pos < attr->name.n) {
		if (!*name || cursor_le16(&c) != (uint8_t)*name)
			return false;
		name++;
	}
	return !*name;
}

#endif
