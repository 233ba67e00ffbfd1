/* SPDX-License-Identifier: MIT */
/*
 * efs_raw.c - the raw export of an encrypted file
 *
 * [MS-EFSR] 2.2.3.  *Observed* in an export of Windows 10 or 11: names without
 * the NUL that the text promises, and segments whose header is padded so that
 * the data begins 512 bytes into them.
 */
#include "parsers/efs_raw.h"

#include "parsers/limits.h"
#include "parsers/utf16.h"

#define STREAM_HEADER    28u
#define SEGMENT_HEADER   16u
#define DATA_HEADER      28u
#define EXTENDED_SIZE    16u
#define UNIT             512u
#define UNIT_SHIFT_LEAST 9u
#define UNIT_SHIFT_MOST  30u

#define MAGIC_SIZE 8u
static const uint8_t magic_file[] = { 'R', 0, 'O', 0, 'B', 0, 'S', 0 };
static const uint8_t magic_stream[] = { 'N', 0, 'T', 0, 'F', 0, 'S', 0 };
static const uint8_t magic_segment[] = { 'G', 0, 'U', 0, 'R', 0, 'E', 0 };
static const uint8_t magic_extended[] = { 'E', 'X', 'T', 'D' };

/* `b` is the magic, or a beginning of it where the file ends. */
static bool begins(struct bytes b, const uint8_t *magic)
{
	return b.n <= MAGIC_SIZE && (!b.n || !memcmp(b.p, magic, b.n));
}

static struct bytes up_to(struct cursor *c, size_t n)
{
	size_t left = c->in.n - c->pos;

	return cursor_take(c, n < left ? n : left);
}

/*
 * [MS-EFSR] 2.2.3.1
 *
 *	00  u32  00 01 00 00, in this order   04  8  "ROBS"   0c  8  reserved
 */
struct efs_raw efs_raw_open(struct bytes head, uint64_t size)
{
	struct efs_raw it = { .next = head.at, .end = head.at };
	struct cursor c = cursor_open(head);
	uint32_t version = cursor_le32(&c);
	struct bytes magic = cursor_take(&c, MAGIC_SIZE);

	if (c.bad || version != 0x100 || !begins(magic, magic_file)) {
		(void)fail(&it.err, E_ABSENT, head.at, "no raw EFS export");
	} else if (head.n < EFS_RAW_FILE_HEADER || size < EFS_RAW_FILE_HEADER) {
		(void)fail(&it.err, E_TRUNCATED, head.at,
		           "header of a raw EFS export");
	} else {
		it.next = head.at + EFS_RAW_FILE_HEADER;
		it.end = head.at + size;
	}
	return it;
}

static enum efs_raw_kind kind_of(struct bytes magic)
{
	if (magic.n < MAGIC_SIZE)
		return 0;
	if (begins(magic, magic_stream))
		return EFS_RAW_STREAM;
	return begins(magic, magic_segment) ? EFS_RAW_SEGMENT : 0;
}

size_t efs_raw_need(const struct efs_raw *it, struct bytes peek)
{
	struct cursor c = cursor_open(peek);
	enum efs_raw_kind kind;
	size_t need = EFS_RAW_PEEK;
	uint32_t name;
	uint16_t blocks;

	(void)up_to(&c, 4);
	kind = kind_of(up_to(&c, MAGIC_SIZE));
	if (kind == EFS_RAW_STREAM) {
		cursor_skip(&c, 12);
		name = cursor_le32(&c);
		need = STREAM_HEADER;
		need += name < LIMIT_EFS_RAW_NAME ? name : LIMIT_EFS_RAW_NAME;
	} else if (kind == EFS_RAW_SEGMENT && it->encrypted) {
		cursor_skip(&c, 4 + 26);
		blocks = cursor_le16(&c);
		need = SEGMENT_HEADER + DATA_HEADER + EXTENDED_SIZE +
		       4 * (size_t)blocks;
	}
	if (need > it->end - it->next)
		need = (size_t)(it->end - it->next);
	return need;
}

static bool stop(struct efs_raw *it, struct efs_raw_record *record,
                 enum status status, uint64_t at, const char *what)
{
	(void)fail(&it->err, status, at, what);
	it->end = it->next;
	*record = (struct efs_raw_record){ 0 };
	return false;
}

static bool is_ascii(struct bytes utf16, const char *text)
{
	struct cursor c = cursor_open(utf16);

	while (*text && cursor_le16(&c) == (uint8_t)*text)
		text++;
	return !*text && !c.bad && c.pos == utf16.n;
}

/*
 * ":name:$DATA", with or without a NUL.  The metadata has the one unit 0x1910.
 * What cannot be split stays whole, and is an error: its bytes may be good.
 */
static enum status split_name(struct efs_raw_stream *s, struct bytes in,
                              struct error *err)
{
	struct bytes name = utf16_string(in);
	struct cursor c = cursor_open(name);
	size_t colon = 0;
	uint16_t first = cursor_le16(&c);

	s->metadata = name.n == 2 && first == 0x1910;
	if (s->metadata)
		return OK;
	while (c.pos + 2 <= name.n)
		if (cursor_le16(&c) == ':')
			colon = c.pos;
	if (first == ':' && colon) {
		s->name = cursor_cut(&c, 2, colon - 4);
		s->type = cursor_tail(&c, colon);
	}
	if (is_ascii(s->type, "$DATA"))
		return OK;
	s->name = name;
	s->type = (struct bytes){ 0 };
	return fail(err, E_CORRUPT, in.at, "name of a stream in an export");
}

/*
 * [MS-EFSR] 2.2.3.2
 *
 *	00  u32  length      04  8    "NTFS"     0c  u32  1: not encrypted
 *	10  8    reserved    18  u32  name's bytes        1c  ..  name
 */
static bool read_stream(struct efs_raw *it, struct bytes head,
                        struct efs_raw_record *r)
{
	struct cursor c = cursor_open(head);
	uint32_t flags, name_n;
	struct bytes name;

	cursor_skip(&c, 12);
	flags = cursor_le32(&c);
	cursor_skip(&c, 8);
	name_n = cursor_le32(&c);
	if (c.bad)
		return stop(it, r, E_TRUNCATED, r->at, "stream of an export");
	if (r->length < STREAM_HEADER || name_n > r->length - STREAM_HEADER)
		return stop(it, r, E_CORRUPT, r->at,
		            "length of a stream's header in an export");
	if (name_n > LIMIT_EFS_RAW_NAME)
		return stop(it, r, E_LIMIT, r->at + 0x18,
		            "name of a stream in an export");
	name = cursor_take(&c, name_n);
	if (c.bad || r->length > it->end - r->at)
		return stop(it, r, E_TRUNCATED, r->at, "stream of an export");
	(void)split_name(&r->stream, name, &r->err);
	/* The flag of the metadata means nothing. */
	r->stream.encrypted = !r->stream.metadata && !(flags & 1);
	it->open = true;
	it->encrypted = r->stream.encrypted;
	return true;
}

/* Why the data of a segment has no place; its length is sound. */
static enum status judge(const struct efs_raw_segment *s, uint64_t at,
                         struct error *err)
{
	/* 65,535 blocks of less than 4 GiB cannot overflow. */
	uint64_t most = INT64_MAX - (UINT64_C(1) << 49);

	if (s->unit_shift < UNIT_SHIFT_LEAST || s->unit_shift > UNIT_SHIFT_MOST)
		return fail(err, E_CORRUPT, at + 0x16,
		            "data unit of a segment in an export");
	if (s->offset % UNIT || s->offset > most)
		return fail(err, E_CORRUPT, at,
		            "offset of a segment in an export");
	if (s->valid > s->size)
		return fail(err, E_CORRUPT, at + 0x10,
		            "valid bytes of a segment in an export");
	if (s->format)
		return fail(err, E_UNSUPPORTED, at + 0x14,
		            "compressed segment in an export");
	if (s->encryption != 1)
		return fail(err, E_UNSUPPORTED, at + 0x19,
		            "encryption format of a segment in an export");
	return OK;
}

static void read_extended(struct efs_raw_segment *s, struct cursor c)
{
	struct bytes magic = cursor_take(&c, sizeof(magic_extended));
	uint32_t size = cursor_le32(&c);
	uint32_t flags = cursor_le32(&c);

	if (c.bad || size < 12 || memcmp(magic.p, magic_extended, magic.n) != 0)
		return;
	s->extended = true;
	s->flags = flags;
}

/*
 * [MS-EFSR] 2.2.3.4; ENCRYPTED_DATA_INFO of winioctl.h
 *
 *	00  u64  offset in the stream     08  u32  length of this header
 *	0c  u32  bytes within the stream  10  u32  bytes within valid data
 *	14  u16  compression, 0           16  u8   data unit shift
 *	17  u8   chunk shift              18  u8   cluster shift
 *	19  u8   encryption, 1            1a  u16  number of blocks
 *	1c  u32  size of each block
 *	..  "EXTD", u32 16, u32 flags, u32 0: optional
 *
 * `room` is what the record has from here on.
 */
static enum status read_data_header(struct efs_raw_segment *s, uint32_t *length,
                                    struct cursor *c, uint64_t room,
                                    struct error *err)
{
	uint64_t at = cursor_at(c);
	uint16_t blocks;
	bool fits;

	s->offset = cursor_le64(c);
	*length = cursor_le32(c);
	s->size = cursor_le32(c);
	s->valid = cursor_le32(c);
	s->format = cursor_le16(c);
	s->unit_shift = cursor_u8(c);
	s->chunk_shift = cursor_u8(c);
	s->cluster_shift = cursor_u8(c);
	s->encryption = cursor_u8(c);
	blocks = cursor_le16(c);
	fits = *length <= room && *length >= DATA_HEADER + 4u * blocks;
	if (!c->bad && !fits)
		return fail(err, E_CORRUPT, at + 8,
		            "length of a segment's header in an export");
	s->blocks = cursor_take(c, 4 * (size_t)blocks);
	if (c->bad)
		return fail(err, E_TRUNCATED, at,
		            "header of a segment in an export");
	if (*length >= DATA_HEADER + 4u * blocks + EXTENDED_SIZE)
		read_extended(s, *c);
	return judge(s, at, err);
}

/*
 * [MS-EFSR] 2.2.3.3
 *
 *	00  u32  length      04  8  "GURE"     0c  u32  reserved
 *	10  ..   of an encrypted stream its header; data
 */
static bool read_segment(struct efs_raw *it, struct bytes head,
                         struct efs_raw_record *r)
{
	struct efs_raw_segment *s = &r->segment;
	struct cursor c = cursor_open(head);
	uint64_t left = it->end - r->at;
	uint64_t skip = SEGMENT_HEADER;
	uint32_t header = 0;

	cursor_skip(&c, SEGMENT_HEADER);
	if (r->length < SEGMENT_HEADER)
		return stop(it, r, E_CORRUPT, r->at,
		            "length of a segment in an export");
	if (c.bad)
		return stop(it, r, E_TRUNCATED, r->at, "segment of an export");
	if (!it->open)
		(void)fail(&r->err, E_CORRUPT, r->at,
		           "segment before the first stream of an export");
	s->encrypted = it->encrypted;
	if (s->encrypted && r->length > SEGMENT_HEADER)
		(void)read_data_header(s, &header, &c, r->length - skip,
		                       &r->err);
	skip += r->err.status ? 0 : header;
	s->cut = r->length > left;
	s->data_at = r->at + (skip < left ? skip : left);
	s->data_n = (s->cut ? left : r->length) - (s->data_at - r->at);
	return true;
}

bool efs_raw_next(struct efs_raw *it, struct bytes head,
                  struct efs_raw_record *r)
{
	struct cursor c = cursor_open(head);
	struct bytes magic;
	uint64_t left;
	bool good;

	*r = (struct efs_raw_record){ .at = it->next };
	if (it->err.status || it->next >= it->end)
		return stop(it, r, it->err.status, it->err.at, it->err.what);
	(void)up_to(&c, 4);
	magic = up_to(&c, MAGIC_SIZE);
	if (!begins(magic, magic_stream) && !begins(magic, magic_segment))
		return stop(it, r, E_ABSENT, r->at, "bytes behind an export");
	if (magic.n < MAGIC_SIZE)
		return stop(it, r, E_TRUNCATED, r->at, "record of an export");
	c.pos = 0;
	r->length = cursor_le32(&c);
	r->kind = kind_of(magic);
	good = r->kind == EFS_RAW_STREAM ? read_stream(it, head, r)
	                                 : read_segment(it, head, r);
	if (!good)
		return false;
	left = it->end - it->next;
	if (r->length > left)
		(void)fail(&it->err, E_TRUNCATED, r->at,
		           "segment of an export");
	it->next += r->length < left ? r->length : left;
	return true;
}

struct efs_raw_blocks efs_raw_blocks_open(const struct efs_raw_segment *s)
{
	return (struct efs_raw_blocks){
		.sizes = cursor_open(s->blocks),
		.offset = s->offset,
		.at = s->data_at,
		.left = s->data_n,
		.unit = UINT64_C(1) << s->unit_shift,
	};
}

bool efs_raw_blocks_next(struct efs_raw_blocks *it, struct efs_raw_block *b)
{
	uint64_t span;

	*b = (struct efs_raw_block){ 0 };
	if (it->sizes.pos >= it->sizes.in.n)
		return false;
	b->offset = it->offset;
	b->at = it->at;
	b->stored = cursor_le32(&it->sizes);
	b->present = b->stored < it->left ? b->stored : it->left;
	b->over = b->stored > it->unit;
	span = b->over ? (b->stored + UNIT - 1) / UNIT * UNIT : it->unit;
	b->span = span;
	it->offset += span;
	it->at += b->present;
	it->left -= b->present;
	return true;
}
