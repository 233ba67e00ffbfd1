/* SPDX-License-Identifier: MIT */
/*
 * efsx.c - $EFS of version 4 and 5: protectors made of nested datums
 *
 * [MS-EFSR] 2.2.2.2, "EFSRPC Metadata Version 2".  No real sample is public:
 * this follows the text alone.
 */
#include "parsers/efsx.h"

#include "parsers/efs.h"
#include "parsers/limits.h"
#include "parsers/utf16.h"

#define EFSX_HEADER_SIZE 0x28u
#define DATUM_SIZE       8u
#define LIST_SIZE        6u

/* Bytes before a datum's value or children, by type. */
static size_t fixed_size(uint16_t type)
{
	static const uint8_t sizes[] = {
		[EFSX_BLOB] = 12,          [EFSX_DESCRIPTOR] = 8,
		[EFSX_PROTECTOR] = 12,     [EFSX_PROTECTOR_INFO] = 8,
		[EFSX_KEY_AGREEMENT] = 10, [EFSX_FEK_INFO] = 12,
		[EFSX_DPAPI_NG] = 10,
	};

	if (type < EFSX_BLOB || type > EFSX_DPAPI_NG)
		return DATUM_SIZE;
	return sizes[type];
}

/*
 * [MS-EFSR] 2.2.2.2  FEK info, at the end of the header
 *
 *	00  u16  size    02  u16  role    04  u16  type, 6    06  u16  flags
 *	08  u32  algorithm                0c  ..   datums
 */
static enum status parse_fek_info(struct efsx *efs, struct bytes in,
                                  struct error *err)
{
	struct cursor c = cursor_open(in);
	struct cursor peek = c;
	uint16_t type;

	c = cursor_open(cursor_take(&c, cursor_le16(&peek)));
	if (peek.bad || !c.in.n)
		return fail(err, E_TRUNCATED, in.at, "FEK info");
	cursor_skip(&c, 4);
	type = cursor_le16(&c);
	cursor_skip(&c, 2);
	efs->algorithm = cursor_le32(&c);
	efs->fek_info = cursor_tail(&c, fixed_size(EFSX_FEK_INFO));
	if (c.bad || type != EFSX_FEK_INFO)
		return fail(err, E_CORRUPT, in.at, "FEK info");
	return OK;
}

/* A protector list runs from its offset to the metadata's end; 0 is none. */
static enum status cut_list(struct bytes *list, struct bytes in, uint32_t off,
                            uint64_t at, struct error *err)
{
	struct cursor c = cursor_open(in);

	if (!off)
		return OK;
	*list = cursor_tail(&c, off);
	if (!list->n)
		return fail(err, E_CORRUPT, at, "EFS protector list offset");
	return OK;
}

/*
 * [MS-EFSR] 2.2.2.2  EFSRPC Metadata Version 2
 *
 *	00  u32  length       04  u32  reserved
 *	08  u32  version      0c  u32  reserved
 *	10  16   EFS id
 *	20  u32  DDF offset   24  u32  DRF offset
 *	28  ..   FEK info
 */
static enum status parse(struct efsx *efs, struct bytes in, struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t ddf, drf;
	struct bytes all;

	efs->length = cursor_le32(&c);
	cursor_skip(&c, 4);
	efs->version = cursor_le32(&c);
	cursor_skip(&c, 4);
	efs->id = cursor_take(&c, 16);
	ddf = cursor_le32(&c);
	drf = cursor_le32(&c);
	if (c.bad || efs->length < EFSX_HEADER_SIZE)
		return fail(err, E_TRUNCATED, in.at, "EFS metadata");
	all = cursor_cut(&c, 0, efs->length);
	if (c.bad)
		return fail(err, E_CORRUPT, in.at, "EFS metadata length");
	if (efs->length > LIMIT_EFS_SIZE)
		return fail(err, E_LIMIT, in.at, "EFS metadata length");

	c = cursor_open(all);
	if (parse_fek_info(efs, cursor_tail(&c, EFSX_HEADER_SIZE), err) ||
	    cut_list(&efs->ddf, all, ddf, in.at + 0x20, err) ||
	    cut_list(&efs->drf, all, drf, in.at + 0x24, err))
		return err->status;
	return OK;
}

enum status efsx_parse(struct efsx *efs, struct bytes in, struct error *err)
{
	struct efsx found = { 0 };
	uint32_t version;

	*efs = found;
	if (efs_version(&version, in, err))
		return err->status;
	if (version != 4 && version != 5)
		return fail(err, E_UNSUPPORTED, in.at + 8, "EFS version");
	if (parse(&found, in, err))
		return err->status;
	*efs = found;
	return OK;
}

struct efsx_walk efsx_datums_open(struct bytes datums)
{
	return (struct efsx_walk){ .c = cursor_open(datums),
		                   .ends = { datums.n },
		                   .left = LIMIT_EFS_DATUMS };
}

/* Do exactly `count` datums fill the rest of the list? */
static bool filled_by(struct cursor c, uint16_t count)
{
	for (uint16_t i = 0; i < count && !c.bad; i++) {
		struct cursor peek = c;
		uint16_t size = cursor_le16(&peek);

		if (size < DATUM_SIZE)
			return false;
		cursor_skip(&c, size);
	}
	return !c.bad && c.pos == c.in.n;
}

/* [MS-EFSR] 2.2.2.2  Protector list: u32 size of all, u16 count, datums. */
struct efsx_walk efsx_protectors_open(struct bytes list)
{
	struct cursor c = cursor_open(list);
	size_t size = cursor_le32(&c);
	uint16_t count = cursor_le16(&c);
	struct efsx_walk it = { 0 };
	struct error err = { 0 };

	if (!list.n)
		return it;
	if (c.bad) {
		(void)fail(&it.err, E_TRUNCATED, list.at, "protector list");
		return it;
	}
	/* A wrong size or count is told, and the walk made all the same. */
	if (size < LIST_SIZE || size > list.n) {
		(void)fail(&err, E_CORRUPT, list.at, "protector list size");
		size = list.n;
	}
	it = efsx_datums_open(cursor_cut(&c, 0, size));
	it.err = err;
	cursor_skip(&it.c, LIST_SIZE);
	if (!err.status && !filled_by(it.c, count))
		(void)fail(&it.err, E_CORRUPT, list.at + 4, "protector count");
	return it;
}

static bool stop(struct efsx_walk *it, enum status status, uint64_t at,
                 const char *what)
{
	(void)fail(&it->err, status, at, what);
	it->depth = 0;
	it->c.pos = it->ends[0];
	return false;
}

/*
 * By its type, not by its flags: the text names flag 1 "nested" and 2 "complex"
 * without saying on which side of the nesting they stand.
 */
static bool is_parent(const struct efsx_datum *d)
{
	return d->type >= EFSX_PROTECTOR && d->type <= EFSX_DPAPI_NG;
}

/*
 * [MS-EFSR] 2.2.2.2  Datum
 *
 *	00  u16  size    02  u16  role    04  u16  type    06  u16  flags
 *
 *	blob       08  u16  blob type        0a  u16  blob flags   0c  bytes
 *	text       08  ..   UTF-16 with NUL
 *	protector  08  u16  protector type   0a  u16  its flags    0c  datums
 */
static bool parse_datum(struct efsx_datum *d, struct bytes in)
{
	struct cursor c = cursor_open(in);
	size_t fixed;

	d->at = in.at;
	cursor_skip(&c, 2);
	d->role = cursor_le16(&c);
	d->type = cursor_le16(&c);
	d->flags = cursor_le16(&c);
	fixed = fixed_size(d->type);
	if (d->type == EFSX_BLOB || d->type == EFSX_PROTECTOR) {
		d->kind = cursor_le16(&c);
		d->kind_flags = cursor_le16(&c);
	}
	d->value = cursor_tail(&c, fixed);
	if (is_parent(d))
		d->value = (struct bytes){ 0 };
	else if (d->type == EFSX_DESCRIPTOR)
		d->value = utf16_string(d->value);
	return !c.bad;
}

/* Past a datum without children; into one that has some. */
static bool step(struct efsx_walk *it, const struct efsx_datum *d, size_t size)
{
	size_t end = it->c.pos + size;

	if (!is_parent(d)) {
		cursor_skip(&it->c, size);
		return true;
	}
	if (it->depth + 1 >= EFSX_DEPTH)
		return false;
	it->ends[++it->depth] = end;
	cursor_skip(&it->c, fixed_size(d->type));
	return true;
}

/* The next datum's bytes, which must lie inside its parent. */
static struct bytes take_datum(struct efsx_walk *it)
{
	struct cursor c = it->c;
	struct cursor peek;

	c = cursor_open(cursor_cut(&c, 0, it->ends[it->depth]));
	cursor_skip(&c, it->c.pos);
	peek = c;
	return cursor_take(&c, cursor_le16(&peek));
}

bool efsx_next(struct efsx_walk *it, struct efsx_datum *datum)
{
	struct efsx_datum found = { 0 };
	uint64_t at = cursor_at(&it->c);
	struct bytes in;

	*datum = found;
	while (it->depth && it->c.pos >= it->ends[it->depth])
		it->depth--;
	if (it->c.pos >= it->ends[it->depth])
		return false;
	if (!it->left)
		return stop(it, E_LIMIT, at, "number of EFS datums");
	it->left--;

	in = take_datum(it);
	if (!in.n)
		return stop(it, E_CORRUPT, at, "size of an EFS datum");
	found.depth = it->depth;
	if (!parse_datum(&found, in))
		return stop(it, E_CORRUPT, at, "EFS datum");
	if (!step(it, &found, in.n))
		return stop(it, E_LIMIT, at, "depth of EFS datums");
	*datum = found;
	return true;
}
