/* SPDX-License-Identifier: MIT */
/*
 * gpt.c - the header and the entries of a GUID partition table
 *
 * UEFI Specification 2.10, 5.3.2 and 5.3.3.
 */
#include "parsers/gpt.h"

#include "parsers/limits.h"

#define HEADER_SIZE 92u
#define ENTRY_SIZE  128u

/*
 * 5.3.2  GPT header
 *
 *	00  8    "EFI PART"              08  u32  revision
 *	48  u64  sector of the entries   50  u32  number of entries
 *	54  u32  bytes of an entry
 */
enum status gpt_header_parse(struct gpt_header *header, struct bytes in,
                             struct error *err)
{
	static const uint8_t mark[] = {
		'E', 'F', 'I', ' ', 'P', 'A', 'R', 'T'
	};
	struct cursor c = cursor_open(in);
	struct gpt_header h;

	*header = (struct gpt_header){ 0 };
	if (in.n < HEADER_SIZE)
		return fail(err, E_TRUNCATED, in.at, "GPT header");
	if (!bytes_equal(cursor_take(&c, sizeof(mark)),
	                 (struct bytes){ mark, sizeof(mark), 0 }))
		return fail(err, E_ABSENT, in.at, "GPT header");
	cursor_skip(&c, 0x48 - sizeof(mark));
	h.entries = cursor_le64(&c);
	h.count = cursor_le32(&c);
	h.size = cursor_le32(&c);
	if (h.size < ENTRY_SIZE || h.size > 4096 || h.size % 8)
		return fail(err, E_CORRUPT, in.at + 0x54, "GPT entry size");
	h.claimed = h.count;
	if (h.count > LIMIT_PARTITIONS)
		h.count = LIMIT_PARTITIONS;
	*header = h;
	return OK;
}

/*
 * 5.3.3  GPT partition entry
 *
 *	00  16   type GUID               10  16   its own GUID
 *	20  u64  first sector            28  u64  last sector
 *	30  u64  attributes              38  72   name, UTF-16
 */
enum status gpt_entry_parse(struct gpt_entry *entry, struct bytes in,
                            struct error *err)
{
	static const uint8_t unused[16];
	struct cursor c = cursor_open(in);
	struct gpt_entry e;

	*entry = (struct gpt_entry){ 0 };
	if (in.n < ENTRY_SIZE)
		return fail(err, E_TRUNCATED, in.at, "GPT entry");
	e.type = cursor_take(&c, sizeof(unused));
	if (bytes_equal(e.type, (struct bytes){ unused, sizeof(unused), 0 }))
		return fail(err, E_ABSENT, in.at, "GPT entry");
	cursor_skip(&c, 16);
	e.first = cursor_le64(&c);
	e.last = cursor_le64(&c);
	e.attributes = cursor_le64(&c);
	if (e.last < e.first)
		return fail(err, E_CORRUPT, in.at + 0x28,
		            "GPT entry that ends before it begins");
	*entry = e;
	return OK;
}
