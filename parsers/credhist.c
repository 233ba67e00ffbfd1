/* SPDX-License-Identifier: MIT */
/*
 * credhist.c - the CREDHIST file, from its newest entry to its oldest
 *
 * *Observed* in dpapick's CREDHIST sample of Windows XP (four entries, 3DES)
 * and NTHASH-FPC's of Windows 10 (two, AES-256); mimikatz reads the same.
 */
#include "parsers/credhist.h"

#include "parsers/dpapi_algorithm.h"
#include "parsers/limits.h"

#define FILE_VERSION 1u
#define ENTRY_TYPE   1u
#define SALT_SIZE    16u
#define ENTRY_SIZE   0x44u /* without SID and secret */

static bool stop(struct credhist *it, enum status status, uint64_t at,
                 const char *what)
{
	(void)fail(&it->err, status, at, what);
	it->next = 0;
	return false;
}

/*
 * The last 24 bytes of the file:
 *
 *	00  u32  version, 1   04  16  GUID of the password in use
 *	14  u32  length of the entry that ends here; 0: there is none
 */
struct credhist credhist_open(struct bytes in)
{
	struct credhist it = { .c = cursor_open(in) };
	struct bytes end = cursor_take_back(&it.c, CREDHIST_LINK_SIZE);
	struct cursor c = cursor_open(end);
	uint32_t version = cursor_le32(&c);

	if (version == FILE_VERSION) {
		it.version = version;
		it.guid = cursor_take(&c, 16);
		it.next = cursor_le32(&c);
		it.left = LIMIT_CREDHIST_ENTRIES;
	} else if (it.c.bad)
		(void)stop(&it, E_TRUNCATED, in.at, "CREDHIST file");
	else
		(void)stop(&it, E_UNSUPPORTED, end.at,
		           "version of a CREDHIST file");
	return it;
}

/* [MS-DTYP] 2.4.2.2: revision 1, count of parts, 6 of authority, the parts. */
static bool is_sid(struct bytes b)
{
	struct cursor c = cursor_open(b);
	uint8_t revision = cursor_u8(&c);
	uint8_t count = cursor_u8(&c);

	return revision == 1 && count <= 15 && b.n == 8 + (size_t)count * 4;
}

static enum status judge_secret(const struct credhist_entry *e,
                                struct error *err)
{
	const struct dpapi_algorithm *cipher = dpapi_cipher_find(e->cipher);
	uint64_t plain = (uint64_t)e->sha1_length + e->nt_length;

	if (!dpapi_hash_find(e->hash))
		return fail(err, E_UNSUPPORTED, e->all.at + 0x1c,
		            "hash of a CREDHIST entry");
	if (!cipher)
		return fail(err, E_UNSUPPORTED, e->all.at + 0x28,
		            "cipher of a CREDHIST entry");
	if (!e->secret.n || plain > e->secret.n || e->secret.n % cipher->block)
		return fail(err, E_CORRUPT, e->all.at + 0x2c,
		            "lengths of a CREDHIST entry's hashes");
	return OK;
}

static enum status judge(const struct credhist_entry *e, struct error *err)
{
	if (e->version != FILE_VERSION)
		return fail(err, E_UNSUPPORTED, e->all.at,
		            "version of a CREDHIST entry");
	if (e->type != ENTRY_TYPE)
		return fail(err, E_UNSUPPORTED, e->all.at + 0x18,
		            "type of a CREDHIST entry");
	if (!e->rounds)
		return fail(err, E_CORRUPT, e->all.at + 0x20,
		            "rounds of a CREDHIST entry");
	if (e->rounds > LIMIT_DPAPI_ROUNDS)
		return fail(err, E_LIMIT, e->all.at + 0x20,
		            "rounds of a CREDHIST entry");
	if (!is_sid(e->sid))
		return fail(err, E_CORRUPT, e->all.at + 0x24,
		            "SID of a CREDHIST entry");
	return judge_secret(e, err);
}

/*
 *	00  u32  version, 1    04  16   GUID of the password in here
 *	14  u32  length of the next older entry, which ends here; 0: none
 *	18  u32  type, 1       1c  u32  hash
 *	20  u32  rounds        24  u32  SID length
 *	28  u32  cipher        2c  u32  SHA-1 length
 *	30  u32  NT length     34  16   salt
 *	44  ..   SID, then the secret to the end
 */
static uint32_t parse_entry(struct credhist_entry *e, struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint32_t next, sid_length;

	e->all = in;
	e->version = cursor_le32(&c);
	e->guid = cursor_take(&c, 16);
	next = cursor_le32(&c);
	e->type = cursor_le32(&c);
	e->hash = cursor_le32(&c);
	e->rounds = cursor_le32(&c);
	sid_length = cursor_le32(&c);
	e->cipher = cursor_le32(&c);
	e->sha1_length = cursor_le32(&c);
	e->nt_length = cursor_le32(&c);
	e->salt = cursor_take(&c, SALT_SIZE);
	e->sid = cursor_take(&c, sid_length);
	e->secret = cursor_tail(&c, c.pos);
	/* A SID out of bounds leaves both empty, and is damage of its own. */
	(void)judge(e, &e->err);
	return next;
}

bool credhist_next(struct credhist *it, struct credhist_entry *entry)
{
	uint64_t end = cursor_at(&it->c) + it->c.in.n;
	struct bytes in;

	*entry = (struct credhist_entry){ 0 };
	if (it->err.status)
		return false;
	if (!it->next && it->c.in.n)
		return stop(it, E_CORRUPT, it->c.in.at,
		            "bytes before the oldest CREDHIST entry");
	if (!it->next)
		return false;
	if (!it->left)
		return stop(it, E_LIMIT, end, "number of CREDHIST entries");
	it->left--;
	in = cursor_take_back(&it->c, it->next);
	if (it->c.bad || in.n < ENTRY_SIZE)
		return stop(it, E_CORRUPT, end, "length of a CREDHIST entry");
	it->next = parse_entry(entry, in);
	return true;
}
