/* SPDX-License-Identifier: MIT */
/*
 * efs.c - the $EFS attribute: metadata header and key lists
 *
 * [MS-EFSR] 2.2.2.1, "EFSRPC Metadata Version 1": EFS_Version 1, 2 and 3.
 */
#include "parsers/efs.h"

#include "parsers/limits.h"

#define EFS_VERSION_AT    8u
#define EFS_VERSION_PFILE 6u
#define KEY_HEADER_SIZE   0x14u

const char *efs_ring_name(enum efs_ring ring)
{
	return ring == EFS_DRF ? "drf" : "ddf";
}

static bool is_pfile(struct bytes in)
{
	static const uint8_t magic[] = { '.', 'p', 'f', 'i', 'l', 'e' };
	struct cursor c = cursor_open(in);

	return bytes_equal(cursor_take(&c, sizeof(magic)),
	                   (struct bytes){ magic, sizeof(magic), 0 });
}

enum status efs_version(uint32_t *version, struct bytes in, struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t v;

	*version = 0;
	cursor_skip(&c, EFS_VERSION_AT);
	v = cursor_le32(&c);
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "EFS metadata");
	if (is_pfile(in))
		v = EFS_VERSION_PFILE;
	else if (v < 1 || v > 5)
		return fail(err, E_CORRUPT, in.at + EFS_VERSION_AT,
		            "EFS version");
	*version = v;
	return OK;
}

/* The metadata proper: `in` may be longer than its Length, or cut short. */
static enum status cut_metadata(struct bytes *out, struct bytes in,
                                struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t length = cursor_le32(&c);
	bool wrong = length < EFS_HEADER_SIZE || length > in.n;

	if (in.n < EFS_HEADER_SIZE)
		return fail(err, E_TRUNCATED, in.at, "EFS metadata");
	*out = cursor_cut(&c, 0, wrong ? in.n : length);
	if (out->n > LIMIT_EFS_SIZE)
		return fail(err, E_LIMIT, in.at, "EFS metadata length");
	return wrong ? fail(err, E_CORRUPT, in.at, "EFS metadata length") : OK;
}

/* A key list runs from its offset to the metadata's end; 0 means none. */
static enum status cut_ring(struct bytes *ring, struct bytes in, uint32_t off,
                            uint64_t at, struct error *err)
{
	struct cursor c = cursor_open(in);

	if (!off)
		return OK;
	*ring = cursor_tail(&c, off);
	if (!ring->n)
		return fail(err, E_CORRUPT, at, "EFS key list offset");
	return OK;
}

/*
 * [MS-EFSR] 2.2.2.1  EFSRPC Metadata Version 1
 *
 *	00  u32  length       04  u32  reserved
 *	08  u32  version      0c  u32  reserved, not 0 on FAT
 *	10  16   EFS id       20  16   hash, zero since Windows XP
 *	30  16   reserved
 *	40  u32  DDF offset   44  u32  DRF offset
 *	48  12   reserved
 */
static enum status parse(struct efs *efs, struct bytes in, struct error *err)
{
	struct cursor c = cursor_open(in);
	struct error ring_err = { 0 };
	uint32_t ddf, drf;

	efs->length = cursor_le32(&c);
	cursor_skip(&c, 4);
	efs->version = cursor_le32(&c);
	cursor_skip(&c, 4);
	efs->id = cursor_take(&c, 16);
	efs->hash = cursor_take(&c, 16);
	cursor_skip(&c, 16);
	ddf = cursor_le32(&c);
	drf = cursor_le32(&c);

	/* Each is cut whether or not the other is: half is better than none. */
	(void)cut_ring(&efs->drf, in, drf, in.at + 0x44, &ring_err);
	(void)cut_ring(&efs->ddf, in, ddf, in.at + 0x40, &ring_err);
	if (ring_err.status)
		*err = ring_err;
	return ring_err.status;
}

enum status efs_parse(struct efs *efs, struct bytes in, struct error *err)
{
	struct bytes metadata = { 0 };
	struct error ring_err;
	uint32_t version;
	enum status st;

	*efs = (struct efs){ 0 };
	if (efs_version(&version, in, err))
		return err->status;
	if (version > 3)
		return fail(err, E_UNSUPPORTED, in.at + EFS_VERSION_AT,
		            "EFS version");
	st = cut_metadata(&metadata, in, err);
	if (st && st != E_CORRUPT)
		return st;
	if (parse(efs, metadata, &ring_err) && !st) {
		*err = ring_err;
		st = err->status;
	}
	return st;
}

bool efs_has_hash(const struct efs *efs)
{
	struct cursor c = cursor_open(efs->hash);
	uint8_t any = 0;

	while (c.pos < efs->hash.n)
		any |= cursor_u8(&c);
	return any;
}

/* [MS-EFSR] 2.2.2.1.1  Key list: u32 number of entries, then the entries. */
struct efs_keys efs_keys_open(struct bytes list)
{
	struct efs_keys it = { .c = cursor_open(list) };

	it.left = cursor_le32(&it.c);
	if (it.c.bad && list.n)
		(void)fail(&it.err, E_TRUNCATED, list.at, "EFS key list");
	if (it.left > LIMIT_EFS_ENTRIES) {
		/* The walk goes on: what there is of entries is still good. */
		(void)fail(&it.err, E_LIMIT, list.at, "EFS key list count");
		it.left = LIMIT_EFS_ENTRIES;
	}
	return it;
}

static bool stop(struct efs_keys *it, enum status status, uint64_t at,
                 const char *what)
{
	(void)fail(&it->err, status, at, what);
	it->left = 0;
	return false;
}

/* A credential out of place is damage to itself, not to the file key. */
static void parse_credential(struct efs_key *key, struct bytes entry,
                             uint32_t off)
{
	struct cursor c = cursor_open(entry);
	struct bytes b = cursor_tail(&c, off);
	struct error *err = &key->credential_err;

	err->status =
		c.bad ? fail(err, E_CORRUPT, entry.at + 4, "credential offset")
		      : efs_credential_parse(&key->credential, b, err);
}

/*
 * [MS-EFSR] 2.2.2.1.2  Key list entry, offsets from its start
 *
 *	00  u32  length       04  u32  credential offset
 *	08  u32  FEK length   0c  u32  FEK offset
 *	10  u32  flags
 */
static bool parse_key(struct efs_key *key, struct bytes entry)
{
	struct cursor c = cursor_open(entry);
	uint32_t credential, fek, fek_length;

	key->at = entry.at;
	cursor_skip(&c, 4);
	credential = cursor_le32(&c);
	fek_length = cursor_le32(&c);
	fek = cursor_le32(&c);
	key->flags = cursor_le32(&c);
	key->fek = cursor_cut(&c, fek, fek_length);
	if (c.bad)
		return false;
	parse_credential(key, entry, credential);
	return true;
}

bool efs_keys_next(struct efs_keys *it, struct efs_key *key)
{
	uint64_t at = cursor_at(&it->c);
	struct cursor peek = it->c;
	struct bytes entry;
	uint32_t length;

	*key = (struct efs_key){ 0 };
	if (!it->left)
		return false;
	it->left--;

	length = cursor_le32(&peek);
	entry = cursor_take(&it->c, length);
	if (peek.bad || it->c.bad)
		return stop(it, E_TRUNCATED, at, "EFS key list entry");
	if (length < KEY_HEADER_SIZE)
		return stop(it, E_CORRUPT, at, "EFS key list entry length");
	if (parse_key(key, entry))
		return true;
	*key = (struct efs_key){ 0 };
	return stop(it, E_CORRUPT, at + 8, "place of a wrapped file key");
}
