/* SPDX-License-Identifier: MIT */
/*
 * hive_log.c - entries and pages of a registry transaction log
 *
 * Suhanov, "Windows registry file format specification": Format of transaction
 * log files, old and new.
 */
#include "parsers/hive_log.h"
#include "parsers/wrap.h"

#define ENTRY_SIGNATURE UINT32_C(0x454c7648) /* "HvLE" */
#define DIRTY_SIGNATURE UINT32_C(0x54524944) /* "DIRT" */
#define SECTOR          512u
#define PAGE            4096u
#define ENTRY_HEAD      0x28u
#define REFERENCE       8u
#define MARVIN_SEED     UINT64_C(0x82ef4d887a4e55c5)

struct marvin {
	uint32_t lo, hi;
};

/* Marvin32 adds and rotates words. */
WRAPS static uint32_t rotate(uint32_t v, unsigned bits)
{
	return v << bits | v >> (32 - bits);
}

WRAPS static void mix(struct marvin *m, uint32_t v)
{
	m->lo += v;
	m->hi ^= m->lo;
	m->lo = rotate(m->lo, 20) + m->hi;
	m->hi = rotate(m->hi, 9) ^ m->lo;
	m->lo = rotate(m->lo, 27) + m->hi;
	m->hi = rotate(m->hi, 19);
}

/* Marvin32: US patent 20130262421, with the seed that the format fixes. */
uint64_t hive_marvin32(struct bytes in)
{
	struct marvin m = { (uint32_t)MARVIN_SEED, MARVIN_SEED >> 32 };
	struct cursor c = cursor_open(in);
	size_t rest = in.n % 4;

	while (c.pos < in.n - rest)
		mix(&m, cursor_le32(&c));
	mix(&m, (uint32_t)cursor_le(&c, rest) | UINT32_C(0x80) << (8 * rest));
	mix(&m, 0);
	return (uint64_t)m.hi << 32 | m.lo;
}

static bool stop(struct hive_log *it, enum status status, uint64_t at,
                 const char *what)
{
	(void)fail(&it->err, status, at, what);
	it->c.in.n = it->c.pos;
	return false;
}

struct hive_log hive_log_open(struct bytes in)
{
	struct hive_log it = { .c = cursor_open(in) };
	const struct hive_base *b = &it.base;

	if (hive_base_parse(&it.base, in, &it.err))
		return it;
	it.old = b->type == HIVE_LOG_OLD || b->type == HIVE_LOG_OLD_2;
	it.sequence = b->sequence1;
	cursor_skip(&it.c, HIVE_HEAD_SIZE);
	if (!it.old && b->type != HIVE_LOG_NEW)
		(void)stop(&it, E_UNSUPPORTED, in.at + 0x1c,
		           "file type of a hive's log");
	else if (hive_base_dirty(b))
		(void)stop(&it, E_CORRUPT, in.at + 4,
		           "hive log of a write that did not end");
	return it;
}

/* Every page lies in the bins, and in the entry. */
static bool pages_fit(const struct hive_log_entry *e)
{
	struct cursor map = cursor_open(e->map);
	struct cursor data = cursor_open(e->data);

	for (uint32_t i = 0; i < e->pages; i++) {
		uint32_t to = cursor_le32(&map);
		uint32_t n = cursor_le32(&map);

		if (to > e->data_size || n > e->data_size - to)
			return false;
		cursor_skip(&data, n);
	}
	return !map.bad && !data.bad;
}

/*
 *	00  "HvLE"                 04  u32  size, of whole sectors
 *	08  u32  flags             0c  u32  sequence number
 *	10  u32  size of all bins  14  u32  count of pages
 *	18  u64  hash of all from 28 on
 *	20  u64  hash of all before 20
 *	28  ..   {u32 offset in the bins, u32 size} of each page, then the pages
 */
static const char *parse_entry(struct hive_log_entry *e, struct bytes in)
{
	struct cursor c = cursor_open(in);
	struct bytes head = cursor_cut(&c, 0, 0x20);
	struct bytes body = cursor_tail(&c, ENTRY_HEAD);
	uint64_t body_hash, head_hash;

	e->at = in.at;
	cursor_skip(&c, 0x0c);
	e->sequence = cursor_le32(&c);
	e->data_size = cursor_le32(&c);
	e->pages = cursor_le32(&c);
	body_hash = cursor_le64(&c);
	head_hash = cursor_le64(&c);
	if (c.bad || hive_marvin32(head) != head_hash ||
	    hive_marvin32(body) != body_hash)
		return "hash of a hive's log entry";
	if (e->data_size % PAGE || e->data_size > UINT32_MAX - HIVE_BASE_SIZE)
		return "size of a hive in its log";
	if (e->pages > body.n / REFERENCE)
		return "number of pages in a hive's log entry";
	e->map = cursor_take(&c, (size_t)e->pages * REFERENCE);
	e->data = cursor_tail(&c, c.pos);
	return pages_fit(e) ? NULL : "page of a hive's log entry";
}

static bool next_entry(struct hive_log *it, struct hive_log_entry *e)
{
	struct cursor peek = it->c;
	bool is_entry = cursor_le32(&peek) == ENTRY_SIGNATURE;
	uint32_t size = cursor_le32(&peek);
	uint64_t at = cursor_at(&it->c);
	const char *wrong = "size of a hive's log entry";
	struct bytes in;

	/* What is behind the last entry is nothing, or an older write's. */
	if (!is_entry || peek.bad)
		return false;
	in = cursor_take(&it->c, size);
	if (it->c.bad || size < ENTRY_HEAD || size % SECTOR)
		return stop(it, E_CORRUPT, at, wrong);
	wrong = parse_entry(e, in);
	if (!wrong && e->sequence == it->sequence) {
		it->sequence = hive_sequence_next(it->sequence);
		return true;
	}
	if (!wrong && hive_sequence_after(e->sequence, it->sequence))
		wrong = "missing entries of a hive's log";
	*e = (struct hive_log_entry){ 0 };
	it->c.in.n = it->c.pos;
	return wrong ? stop(it, E_CORRUPT, at, wrong) : false;
}

static size_t count_bits(struct bytes map)
{
	struct cursor c = cursor_open(map);
	size_t n = 0;

	while (c.pos < map.n)
		for (uint8_t b = cursor_u8(&c); b; b &= (uint8_t)(b - 1))
			n++;
	return n;
}

/*
 *	00  "DIRT"   04  ..  a bit for each sector of the bins, the lowest first
 * and from the next sector on those whose bit is set.
 */
static bool old_entry(struct hive_log *it, struct hive_log_entry *e)
{
	uint64_t at = cursor_at(&it->c);
	bool is_map = cursor_le32(&it->c) == DIRTY_SIGNATURE;
	struct bytes map = cursor_take(&it->c, it->base.data_size / PAGE);
	size_t pad = (SECTOR - it->c.pos % SECTOR) % SECTOR;
	struct bytes data;

	cursor_skip(&it->c, pad);
	data = cursor_take(&it->c, count_bits(map) * SECTOR);
	if (!is_map)
		return stop(it, E_CORRUPT, at, "bitmap of a hive's log");
	if (it->base.data_size % PAGE ||
	    it->base.data_size > UINT32_MAX - HIVE_BASE_SIZE)
		return stop(it, E_CORRUPT, it->c.in.at + 0x28,
		            "size of a hive in its log");
	if (it->c.bad)
		return stop(it, E_TRUNCATED, at, "pages of a hive's log");
	*e = (struct hive_log_entry){ .at = at,
		                      .sequence = it->base.sequence1,
		                      .data_size = it->base.data_size,
		                      .map = map,
		                      .data = data };
	/* There is one, whatever is behind it. */
	it->c.in.n = it->c.pos;
	return true;
}

bool hive_log_next(struct hive_log *it, struct hive_log_entry *entry)
{
	*entry = (struct hive_log_entry){ 0 };
	if (it->err.status || it->c.pos == it->c.in.n)
		return false;
	return it->old ? old_entry(it, entry) : next_entry(it, entry);
}

struct hive_pages hive_pages_open(const struct hive_log_entry *entry)
{
	bool old = entry->map.n && !entry->pages;

	return (struct hive_pages){
		.map = cursor_open(entry->map),
		.data = cursor_open(entry->data),
		.left = old ? entry->data_size / SECTOR : entry->pages,
		.old = old,
	};
}

static bool bit_of(const struct hive_pages *it, uint32_t bit)
{
	struct cursor c = it->map;

	cursor_skip(&c, bit / 8);
	return cursor_u8(&c) >> bit % 8 & 1;
}

/* Sectors that follow each other are one piece. */
static bool next_sectors(struct hive_pages *it, struct hive_piece *piece)
{
	uint32_t from, n;

	while (it->bit < it->left && !bit_of(it, it->bit))
		it->bit++;
	from = it->bit;
	while (it->bit < it->left && bit_of(it, it->bit))
		it->bit++;
	n = it->bit - from;
	piece->to = HIVE_BASE_SIZE + (uint64_t)from * SECTOR;
	piece->bytes = cursor_take(&it->data, (size_t)n * SECTOR);
	return n && !it->data.bad;
}

bool hive_pages_next(struct hive_pages *it, struct hive_piece *piece)
{
	bool good;

	*piece = (struct hive_piece){ 0 };
	if (it->old) {
		good = next_sectors(it, piece);
	} else {
		good = it->left > 0;
		it->left -= good;
		piece->to = HIVE_BASE_SIZE + (uint64_t)cursor_le32(&it->map);
		piece->bytes = cursor_take(&it->data, cursor_le32(&it->map));
		good = good && !it->map.bad && !it->data.bad;
	}
	if (!good)
		*piece = (struct hive_piece){ 0 };
	return good;
}
