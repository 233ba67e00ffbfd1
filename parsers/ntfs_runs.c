/* SPDX-License-Identifier: MIT */
/*
 * ntfs_runs.c - mapping pairs: where a non-resident attribute's clusters are
 *
 * Layout: "Data Runs" of the Linux-NTFS documentation.
 */
#include "parsers/ntfs_record.h"
#include "parsers/wrap.h"

struct ntfs_runs ntfs_runs_open(const struct ntfs_attr *attr)
{
	return (struct ntfs_runs){ .c = cursor_open(attr->pairs),
		                   .vcn = attr->lowest_vcn };
}

/* A two's complement number of 0 to 8 bytes, as 64 bits of it. */
static uint64_t read_signed(struct cursor *c, size_t width)
{
	uint64_t sign = width ? UINT64_C(1) << (8 * width - 1) : 0;
	uint64_t v = cursor_le(c, width);

	return v & sign ? v | ~(sign | (sign - 1)) : v;
}

/* By a number in two's complement: one that is negative makes the sum wrap. */
WRAPS static uint64_t moved(uint64_t lcn, uint64_t by)
{
	return lcn + by;
}

static bool stop(struct ntfs_runs *it, enum status status, uint64_t at)
{
	(void)fail(&it->err, status, at, "mapping pairs");
	return false;
}

/*
 * One pair.  The length counts clusters; the place is relative to that of the
 * last run that had one, and is left out of a hole.
 *
 *	00  u8  low half: bytes of the length; high half: bytes of the place
 *	01  the length, then the place, both signed
 */
bool ntfs_runs_next(struct ntfs_runs *it, struct ntfs_run *run)
{
	uint64_t at = cursor_at(&it->c);
	struct cursor c = it->c;
	uint8_t widths = cursor_u8(&c);
	size_t n_width = widths & 15, lcn_width = widths >> 4;
	uint64_t n, lcn;

	*run = (struct ntfs_run){ 0 };
	if (it->err.status || (!c.bad && !widths))
		return false;
	if (n_width > 8 || lcn_width > 8)
		return stop(it, E_CORRUPT, at);
	n = read_signed(&c, n_width);
	lcn = moved(it->lcn, read_signed(&c, lcn_width));
	if (c.bad)
		return stop(it, E_TRUNCATED, at);
	/* Both sums are of 63-bit numbers, so that they cannot wrap unseen. */
	if (!n || n > INT64_MAX || n > INT64_MAX - it->vcn)
		return stop(it, E_CORRUPT, at);
	if (lcn_width && (lcn > INT64_MAX || n > INT64_MAX - lcn))
		return stop(it, E_CORRUPT, at);

	*run = (struct ntfs_run){ it->vcn, lcn_width ? lcn : NTFS_LCN_HOLE, n };
	it->c = c;
	it->vcn += n;
	it->lcn = lcn;
	return true;
}
