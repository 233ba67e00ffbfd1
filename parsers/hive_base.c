/* SPDX-License-Identifier: MIT */
/*
 * hive_base.c - the base block of a registry hive
 *
 * Suhanov, "Windows registry file format specification": Base block.
 */
#include "parsers/hive_base.h"

#include "parsers/utf16.h"

#define SIGNATURE    UINT32_C(0x66676572) /* "regf" */
#define CHECKSUM_OFF 0x1fcu
#define NAME_SIZE    64u

/* XOR of the words before the checksum; two values are never stored. */
static uint32_t checksum(struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint32_t sum = 0;

	while (c.pos < CHECKSUM_OFF && !c.bad)
		sum ^= cursor_le32(&c);
	if (sum == 0)
		return 1;
	return sum == UINT32_MAX ? UINT32_MAX - 1 : sum;
}

/*
 *	00  "regf"                  04  u32  sequence1
 *	08  u32  sequence2          0c  u64  last written
 *	14  u32  major version      18  u32  minor version
 *	1c  u32  type               20  u32  format, 1
 *	24  u32  root key           28  u32  size of all bins
 *	2c  u32  clustering factor  30  64   end of the file's path
 *	70  ..                      90  u32  flags
 *	94  ..                      1fc u32  checksum
 */
enum status hive_base_parse(struct hive_base *base, struct bytes in,
                            struct error *err)
{
	struct cursor c = cursor_open(in);
	bool regf = cursor_le32(&c) == SIGNATURE;
	struct cursor end = c;

	*base = (struct hive_base){ 0 };
	if (!regf)
		return fail(err, E_ABSENT, in.at, "no registry hive");
	if (in.n < HIVE_HEAD_SIZE)
		return fail(err, E_TRUNCATED, in.at, "base block of a hive");
	base->sequence1 = cursor_le32(&c);
	base->sequence2 = cursor_le32(&c);
	base->written = cursor_le64(&c);
	base->major = cursor_le32(&c);
	base->minor = cursor_le32(&c);
	base->type = cursor_le32(&c);
	base->format = cursor_le32(&c);
	base->root = cursor_le32(&c);
	base->data_size = cursor_le32(&c);
	cursor_skip(&c, 4);
	base->name = utf16_string(cursor_take(&c, NAME_SIZE));
	cursor_skip(&c, 0x20);
	base->flags = cursor_le32(&c);
	cursor_skip(&end, CHECKSUM_OFF - 4);
	base->sound = cursor_le32(&end) == checksum(in);
	if (!base->sound)
		return fail(err, E_CORRUPT, in.at + CHECKSUM_OFF,
		            "checksum of a hive's base block");
	return OK;
}

bool hive_base_dirty(const struct hive_base *base)
{
	return !base->sound || base->sequence1 != base->sequence2;
}

static void put(uint8_t *to, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (8 * i));
}

void hive_base_write(uint8_t to[HIVE_HEAD_SIZE], struct bytes from,
                     const struct hive_base *base)
{
	struct cursor c = cursor_open(from);
	struct bytes head = cursor_take(&c, HIVE_HEAD_SIZE);

	memset(to, 0, HIVE_HEAD_SIZE);
	if (head.n)
		memcpy(to, head.p, head.n);
	put(to + 0x04, base->sequence1);
	put(to + 0x08, base->sequence2);
	put(to + 0x1c, base->type);
	put(to + 0x24, base->root);
	put(to + 0x28, base->data_size);
	put(to + 0x90, base->flags);
	put(to + CHECKSUM_OFF,
	    checksum((struct bytes){ to, HIVE_HEAD_SIZE, from.at }));
}
