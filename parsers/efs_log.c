/* SPDX-License-Identifier: MIT */
/*
 * efs_log.c - EFSn.LOG: the log of an encryption that is under way
 */
#include "parsers/efs_log.h"

#include "parsers/limits.h"
#include "parsers/utf16.h"
#include "parsers/wrap.h"

#define FIXED_SIZE  0x60u
#define ID_SIZE     8u
#define STATE_LEAST 12u

static void note(struct error *err, uint64_t at, const char *what)
{
	if (!err->status)
		(void)fail(err, E_CORRUPT, at, what);
}

/* The last word of a block is the sum of all words before it, in 32 bits.
 */
WRAPS static bool sum_is_right(struct bytes block)
{
	struct cursor c = cursor_open(block);
	uint32_t sum = 0;

	while (c.pos + 8 <= block.n)
		sum += cursor_le32(&c);
	return cursor_le32(&c) == sum && !c.bad;
}

/* A path inside the header; bytes with its NUL. */
static struct bytes read_path(struct bytes header, uint32_t off, uint32_t n,
                              struct error *err)
{
	struct cursor c = cursor_open(header);
	struct bytes path = cursor_cut(&c, off, n);

	if (c.bad || (n && off < FIXED_SIZE) || n % 2) {
		note(err, header.at, "path of an EFS log");
		return (struct bytes){ 0 };
	}
	return utf16_string(path);
}

/* u64 size, then as many bytes: only 8 are known. */
static struct bytes read_id(struct cursor *c)
{
	uint64_t size = cursor_le64(c);
	struct bytes id = cursor_take(c, ID_SIZE);

	return size == ID_SIZE ? id : (struct bytes){ 0 };
}

/*
 * One sector
 *
 *	00  u32  size of what follows, 8     04  u32  state
 *	end-4  u32  checksum
 */
static void read_state(struct efs_log_state *s, const struct efs_log *log,
                       struct bytes in, uint32_t off, struct error *err)
{
	struct cursor c = cursor_open(in);
	struct bytes block = cursor_cut(&c, off, log->sector);

	s->at = in.at + off;
	s->there = !c.bad && off >= log->header;
	if (!s->there) {
		note(err, in.at, "state of an EFS log");
		return;
	}
	s->sound = sum_is_right(block);
	c = cursor_open(block);
	s->size = cursor_le32(&c);
	s->state = cursor_le32(&c);
	if (!s->sound)
		note(err, s->at, "checksum of an EFS log's state");
}

/* Sizes that sums can be made over. */
static bool sizes_are_possible(const struct efs_log *log)
{
	return log->header >= FIXED_SIZE + 4 && log->header % 4 == 0 &&
	       log->header <= LIMIT_EFS_LOG && log->sector % 4 == 0 &&
	       log->sector >= STATE_LEAST && log->sector <= LIMIT_SECTOR_SIZE;
}

/*
 *	00  "GUJR", UTF-16          08  u32  version, 100
 *	0c  u32  sector             10  u32  used bytes of the header
 *	14  u32  header             18  u32  0
 *	1c  u32  target path        20  u32  its bytes
 *	24  u32  temporary path     28  u32  its bytes
 *	2c  u32  first state        30  u32  second state
 *	34  12   0
 *	40  u64  8, target's id     50  u64  8, temporary file's id
 *	60  ..   the paths          header-4  u32  checksum
 */
static void read_rest(struct efs_log *log, struct bytes in, struct cursor c,
                      struct error *err)
{
	struct cursor all = cursor_open(in);
	struct bytes header = cursor_cut(&all, 0, log->header);
	uint32_t target, target_n, temporary, temporary_n, states[2];

	cursor_skip(&c, 4);
	target = cursor_le32(&c);
	target_n = cursor_le32(&c);
	temporary = cursor_le32(&c);
	temporary_n = cursor_le32(&c);
	states[0] = cursor_le32(&c);
	states[1] = cursor_le32(&c);
	cursor_skip(&c, 12);
	log->target_id = read_id(&c);
	log->temporary_id = read_id(&c);
	log->sound = sum_is_right(header);
	if (!log->sound)
		note(err, in.at + log->header - 4, "checksum of an EFS log");
	log->target = read_path(header, target, target_n, err);
	log->temporary = read_path(header, temporary, temporary_n, err);
	for (unsigned i = 0; i < 2; i++)
		read_state(&log->states[i], log, in, states[i], err);
}

enum status efs_log_parse(struct efs_log *log, struct bytes in,
                          struct error *err)
{
	static const uint8_t magic[] = { 'G', 0, 'U', 0, 'J', 0, 'R', 0 };
	struct cursor c = cursor_open(in);
	struct bytes signature = cursor_take(&c, sizeof(magic));
	struct efs_log found = { 0 };

	*log = found;
	*err = (struct error){ 0 };
	if (!bytes_equal(signature, (struct bytes){ magic, sizeof(magic), 0 }))
		return fail(err, E_ABSENT, in.at, "no EFS log");
	found.version = cursor_le32(&c);
	found.sector = cursor_le32(&c);
	found.used = cursor_le32(&c);
	found.header = cursor_le32(&c);
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "header of an EFS log");
	if (!sizes_are_possible(&found))
		return fail(err, E_UNSUPPORTED, in.at + 0x0c,
		            "sizes in the header of an EFS log");
	if (found.header > in.n)
		return fail(err, E_TRUNCATED, in.at, "header of an EFS log");
	read_rest(&found, in, c, err);
	*log = found;
	return err->status;
}
