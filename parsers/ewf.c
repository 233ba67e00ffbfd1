/* SPDX-License-Identifier: MIT */
/*
 * ewf.c - files, sections, volumes and tables of an EnCase or SMART image
 *
 * J. Metz, "Expert Witness Compression Format specification": file header,
 * section descriptor, volume section, table section.
 */
#include "parsers/ewf.h"
#include "parsers/limits.h"

#include <string.h>

#define MAGIC_SIZE 8u
#define TYPE_SIZE  16u

static const struct {
	uint8_t magic[MAGIC_SIZE];
	enum ewf_kind kind;
} kinds[] = {
	{ { 'E', 'V', 'F', 0x09, 0x0d, 0x0a, 0xff, 0 }, EWF_DISK },
	{ { 'L', 'V', 'F', 0x09, 0x0d, 0x0a, 0xff, 0 }, EWF_LOGICAL },
	{ { 'E', 'V', 'F', '2', 0x0d, 0x0a, 0x81, 0 }, EWF_DISK_2 },
	{ { 'L', 'E', 'F', '2', 0x0d, 0x0a, 0x81, 0 }, EWF_LOGICAL_2 },
};

/* SMART and the first EnCase say "volume" or "disk"; the copy in each later
   segment is "data". */
static const struct {
	char name[TYPE_SIZE];
	enum ewf_type type;
} types[] = {
	{ "volume", EWF_VOLUME },  { "disk", EWF_VOLUME },
	{ "data", EWF_VOLUME },    { "table", EWF_TABLE },
	{ "table2", EWF_TABLE_2 }, { "next", EWF_NEXT },
	{ "done", EWF_DONE },
};

enum ewf_kind ewf_kind(struct bytes head)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (head.n >= MAGIC_SIZE &&
		    !memcmp(head.p, kinds[i].magic, MAGIC_SIZE))
			return kinds[i].kind;
	return EWF_NONE;
}

/*
 *	00  signature, 8 bytes
 *	08  u8   1: start of the fields
 *	09  u16  number of the segment
 *	0b  u16  0: end of the fields
 */
enum status ewf_segment_parse(unsigned *number, struct bytes head,
                              struct error *err)
{
	struct cursor c = cursor_open(head);
	unsigned n;

	*number = 0;
	cursor_skip(&c, 9);
	n = cursor_le16(&c);
	cursor_skip(&c, 2);
	if (c.bad)
		return fail(err, E_TRUNCATED, head.at, "header of a segment");
	if (!n)
		return fail(err, E_CORRUPT, head.at + 9, "number of a segment");
	*number = n;
	return OK;
}

uint32_t ewf_checksum(uint32_t sum, struct bytes in)
{
	uint32_t a = sum & 0xffff, b = sum >> 16;
	size_t i = 0;

	while (i < in.n) {
		/* So many sums fit into 32 bits. */
		size_t end = in.n - i > 5552 ? i + 5552 : in.n;

		for (; i < end; i++) {
			a += in.p[i];
			b += a;
		}
		a %= 65521;
		b %= 65521;
	}
	return b << 16 | a;
}

/* The last four bytes are the checksum of the others. */
static bool is_whole(struct bytes in)
{
	struct cursor c = cursor_open(in);
	struct bytes summed = cursor_take(&c, in.n - 4);

	return ewf_checksum(1, summed) == cursor_le32(&c);
}

/* What is behind the first zero says nothing, to libewf either. */
static enum ewf_type find_type(struct bytes name)
{
	size_t n = 0;

	while (name.p && n < name.n && name.p[n])
		n++;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (n < TYPE_SIZE && !types[i].name[n] &&
		    bytes_begin(name, types[i].name, n))
			return types[i].type;
	return EWF_OTHER;
}

/*
 *	00  type, 16 bytes
 *	10  u64  offset of the next section
 *	18  u64  size
 *	20  40 bytes of padding
 *	48  u32  checksum
 */
enum status ewf_section_parse(struct ewf_section *section, struct bytes in,
                              struct error *err)
{
	struct cursor c = cursor_open(in);
	struct bytes all = cursor_cut(&c, 0, EWF_SECTION_SIZE);
	bool last;

	*section = (struct ewf_section){ .at = in.at };
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "head of a section");
	if (!is_whole(all))
		return fail(err, E_CORRUPT, in.at, "head of a section");
	section->type = find_type(cursor_take(&c, TYPE_SIZE));
	section->next = cursor_le64(&c);
	section->size = cursor_le64(&c);
	last = section->type == EWF_NEXT || section->type == EWF_DONE;
	if (last) {
		/* observed: some writers leave either at 0 */
		section->next = in.at;
		section->size = EWF_SECTION_SIZE;
	} else if (section->next < in.at + EWF_SECTION_SIZE) {
		*section = (struct ewf_section){ 0 };
		return fail(err, E_CORRUPT, in.at + 0x10,
		            "offset of the next section");
	}
	/* observed: some writers leave the size at 0 */
	if (section->size < EWF_SECTION_SIZE ||
	    section->size > section->next - in.at)
		section->size = last ? EWF_SECTION_SIZE : section->next - in.at;
	return OK;
}

/*
 *	00  media type
 *	04  u32  chunks            08  u32  sectors of a chunk
 *	0c  u32  bytes of a sector
 *	10  u64  sectors (SMART: u32)
 *	40  identifier of the set, 16 bytes (not SMART)
 *
 * and, at the end of its 1052 or 94 bytes, the checksum
 */
enum status ewf_volume_parse(struct ewf_volume *volume, struct bytes in,
                             struct error *err)
{
	bool smart = in.n < EWF_VOLUME_SIZE;
	struct cursor c = cursor_open(in);
	struct bytes all =
		cursor_cut(&c, 0, smart ? EWF_SMART_SIZE : EWF_VOLUME_SIZE);
	uint32_t per_chunk;
	struct bytes set;

	*volume = (struct ewf_volume){ 0 };
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "volume section");
	if (!is_whole(all))
		return fail(err, E_CORRUPT, in.at, "volume section");
	cursor_skip(&c, 4);
	volume->chunks = cursor_le32(&c);
	per_chunk = cursor_le32(&c);
	volume->sector = cursor_le32(&c);
	volume->sectors = smart ? cursor_le32(&c) : cursor_le64(&c);
	set = cursor_cut(&c, 0x40, EWF_SET_SIZE);
	if (!smart && set.p)
		memcpy(volume->set, set.p, EWF_SET_SIZE);
	if (!per_chunk || !volume->sector ||
	    per_chunk > LIMIT_EWF_CHUNK / volume->sector) {
		*volume = (struct ewf_volume){ 0 };
		return fail(err, E_LIMIT, in.at + 8, "size of a chunk");
	}
	volume->chunk = per_chunk * volume->sector;
	return OK;
}

/*
 *	00  u32  entries           08  u64  base offset
 *	14  u32  checksum          18  u32  entries, a checksum behind them
 */
enum status ewf_table_parse(uint32_t *chunks, struct bytes in,
                            struct error *err)
{
	struct cursor c = cursor_open(in);
	struct bytes all = cursor_cut(&c, 0, EWF_TABLE_SIZE);

	*chunks = 0;
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "table of chunks");
	if (!is_whole(all))
		return fail(err, E_CORRUPT, in.at, "table of chunks");
	*chunks = cursor_le32(&c);
	return OK;
}

static void put(uint8_t *to, size_t width, uint64_t v)
{
	for (size_t i = 0; i < width; i++)
		to[i] = (uint8_t)(v >> (8 * i));
}

void ewf_section_head(uint8_t to[EWF_SECTION_SIZE],
                      const struct ewf_section *section)
{
	struct bytes summed = { to, EWF_SECTION_SIZE - 4, section->at };

	memset(to, 0, EWF_SECTION_SIZE);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].type == section->type)
			memcpy(to, types[i].name, TYPE_SIZE);
	put(to + 0x10, 8, section->next);
	put(to + 0x18, 8, section->size);
	put(to + 0x48, 4, ewf_checksum(1, summed));
}

void ewf_segment_head(uint8_t to[EWF_HEAD_SIZE], unsigned number)
{
	memset(to, 0, EWF_HEAD_SIZE);
	memcpy(to, kinds[0].magic, MAGIC_SIZE);
	to[8] = 1;
	put(to + 9, 2, number);
}
