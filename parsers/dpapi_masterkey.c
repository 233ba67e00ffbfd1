/* SPDX-License-Identifier: MIT */
/*
 * dpapi_masterkey.c - a DPAPI master key file and its four parts
 *
 * [MS-BKRP] for the domain part; the rest is *observed* in the four files of
 * testdata/dpapi, and as impacket's dpapi.py and mimikatz describe it.
 */
#include "parsers/dpapi_masterkey.h"

#include "parsers/dpapi_algorithm.h"
#include "parsers/limits.h"

#define GUID_CHARS   36u
#define GUID_AT      0x0cu
#define LENGTHS_AT   0x60u
#define PARTS        4u
#define LINK_VERSION 3u
#define R2_SIZE      68u /* [MS-BKRP], secret wrapped with a symmetric key */

/* The UTF-16 unit `i` of the name. */
static uint16_t unit(struct bytes name, size_t i)
{
	struct cursor c = cursor_open(name);

	cursor_skip(&c, 2 * i);
	return cursor_le16(&c);
}

/* The value of a hexadecimal digit; 16 or more if it is none. */
static unsigned digit(uint16_t u)
{
	if (u >= '0' && u <= '9')
		return u - (unsigned)'0';
	if (u >= 'a' && u <= 'f')
		return u - (unsigned)'a' + 10;
	if (u >= 'A' && u <= 'F')
		return u - (unsigned)'A' + 10;
	return 16;
}

/*
 * [MS-DTYP] 2.3.4.3, without the braces; 2.3.4.2 is the order of the bytes: the
 * first three numbers are little-endian.
 */
static bool parse_guid(uint8_t guid[DPAPI_GUID_SIZE], struct bytes name)
{
	static const uint8_t hyphens[] = { 8, 13, 18, 23 };
	static const uint8_t places[DPAPI_GUID_SIZE] = { 6,  4,  2,  0,  11, 9,
		                                         16, 14, 19, 21, 24, 26,
		                                         28, 30, 32, 34 };

	for (size_t i = 0; i < sizeof(hyphens); i++)
		if (unit(name, hyphens[i]) != '-')
			return false;
	for (size_t i = 0; i < sizeof(places); i++) {
		unsigned high = digit(unit(name, places[i]));
		unsigned low = digit(unit(name, places[i] + (size_t)1));

		if (high > 15 || low > 15)
			return false;
		guid[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static enum status judge_key(const struct dpapi_locked_key *key,
                             struct error *err)
{
	const struct dpapi_algorithm *cipher = dpapi_cipher_find(key->cipher);
	uint64_t at = key->all.at;

	if (!dpapi_hash_find(key->hash))
		return fail(err, E_UNSUPPORTED, at + 0x18, "hash of the key");
	if (!cipher)
		return fail(err, E_UNSUPPORTED, at + 0x1c, "cipher of the key");
	if (!key->rounds)
		return fail(err, E_CORRUPT, at + 0x14, "rounds of the key");
	if (key->rounds > LIMIT_DPAPI_ROUNDS)
		return fail(err, E_LIMIT, at + 0x14, "rounds of the key");
	if (!key->ciphertext.n || key->ciphertext.n % cipher->block)
		return fail(err, E_CORRUPT, at + 0x20, "length of the key");
	if (key->version == 1)
		return fail(err, E_UNSUPPORTED, at, "key of version 1");
	return OK;
}

/*
 *	00  u32  version      04  16   salt
 *	14  u32  rounds       18  u32  hash
 *	1c  u32  cipher       20  ..   ciphertext
 *
 * No file of version 1 is known: that it has the same layout is unproven, so
 * its numbers are believed only if they name a hash and a cipher.
 */
static void parse_key(struct dpapi_locked_key *key, struct bytes in)
{
	struct cursor c = cursor_open(in);
	struct dpapi_locked_key k = { .all = in };

	k.version = cursor_le32(&c);
	k.salt = cursor_take(&c, DPAPI_SALT_SIZE);
	k.rounds = cursor_le32(&c);
	k.hash = cursor_le32(&c);
	k.cipher = cursor_le32(&c);
	k.ciphertext = cursor_tail(&c, c.pos);
	*key = (struct dpapi_locked_key){ .all = in, .version = k.version };
	if (!in.n)
		return;
	if (c.bad)
		(void)fail(&key->err, E_TRUNCATED, in.at, "encrypted key");
	else if (k.version != 1 && k.version != 2)
		(void)fail(&key->err, E_UNSUPPORTED, in.at,
		           "version of the key");
	else if (k.version == 2 ||
	         (dpapi_hash_find(k.hash) && dpapi_cipher_find(k.cipher))) {
		*key = k;
		(void)judge_key(&k, &key->err);
	} else
		(void)fail(&key->err, E_UNSUPPORTED, in.at, "key of version 1");
}

/*
 *	00  u32  version, 3   04  16  GUID of the password
 */
static void parse_link(struct dpapi_credhist_link *credhist, struct bytes in)
{
	struct cursor c = cursor_open(in);

	*credhist = (struct dpapi_credhist_link){ .all = in };
	if (!in.n)
		return;
	credhist->version = cursor_le32(&c);
	if (credhist->version == LINK_VERSION)
		credhist->guid = cursor_take(&c, DPAPI_GUID_SIZE);
	if (c.bad)
		(void)fail(&credhist->err, E_TRUNCATED, in.at, "CREDHIST part");
	else if (credhist->version != LINK_VERSION)
		(void)fail(&credhist->err, E_UNSUPPORTED, in.at,
		           "version of the CREDHIST part");
}

/*
 * [MS-BKRP]  Client-side-wrapped secret, version 2 and 3
 *
 *	00  u32  version               04  u32  secret length
 *	08  u32  access check length   0c  16   GUID of the backup key
 *	1c  ..   secret, then access check
 *
 * [MS-BKRP]  Secret wrapped with a symmetric key, version 1
 *
 *	00  u32  version               04  u32  length of the plain secret
 *	08  u32  ciphertext length     0c  16   GUID of the backup key
 *	1c  68   R2                    60  ..   ciphertext
 */
static void read_domain(struct dpapi_domain_key *domain, struct cursor *c)
{
	uint32_t first, second;

	domain->version = cursor_le32(c);
	first = cursor_le32(c);
	second = cursor_le32(c);
	domain->guid = cursor_take(c, DPAPI_GUID_SIZE);
	if (domain->version == 1) {
		domain->plain_length = first;
		domain->r2 = cursor_take(c, R2_SIZE);
		domain->secret = cursor_take(c, second);
	} else if (domain->version == 2 || domain->version == 3) {
		domain->secret = cursor_take(c, first);
		domain->access_check = cursor_take(c, second);
	}
}

static void parse_domain(struct dpapi_domain_key *domain, struct bytes in)
{
	struct cursor c = cursor_open(in);

	*domain = (struct dpapi_domain_key){ .all = in };
	if (!in.n)
		return;
	read_domain(domain, &c);
	if (c.bad)
		(void)fail(&domain->err, E_TRUNCATED, in.at, "domain part");
	else if (domain->version < 1 || domain->version > 3)
		(void)fail(&domain->err, E_UNSUPPORTED, in.at,
		           "version of the domain part");
	else if (!domain->secret.n)
		(void)fail(&domain->err, E_CORRUPT, in.at + 4,
		           "length of the domain part's secret");
}

/*
 *	60  u64  password part length   68  u64  backup part length
 *	70  u64  CREDHIST part length   78  u64  domain part length
 *	80  ..   the parts, back to back in this order
 *
 * So the domain part is where the CREDHIST part would be if there is none.
 */
static enum status cut_parts(struct bytes parts[PARTS], uint64_t *size,
                             struct bytes in, struct error *err)
{
	struct cursor lengths = cursor_open(in), c = lengths;

	cursor_skip(&lengths, LENGTHS_AT);
	cursor_skip(&c, DPAPI_MASTERKEY_HEADER);
	for (size_t i = 0; i < PARTS; i++) {
		uint64_t n = cursor_le64(&lengths);

		parts[i] = cursor_take(&c, n > in.n ? SIZE_MAX : (size_t)n);
		if (c.bad)
			return fail(err, E_TRUNCATED,
			            in.at + LENGTHS_AT + 8 * i,
			            "parts of a master key file");
	}
	*size = c.pos;
	return OK;
}

/*
 *	00  u32  version, 1 or 2   04  u64  0
 *	0c  72   GUID as text      54  u32  what the writer's buffer held
 *	58  u32  policy            5c  u32  flags
 */
static enum status parse_header(struct dpapi_masterkey *mk, struct bytes in,
                                struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t version = cursor_le32(&c);

	if (in.n < DPAPI_MASTERKEY_HEADER)
		return fail(err, E_TRUNCATED, in.at, "master key file");
	if (version != 1 && version != 2)
		return fail(err, E_UNSUPPORTED, in.at,
		            "version of a master key file");
	cursor_skip(&c, 8);
	mk->name = cursor_take(&c, 2 * (size_t)GUID_CHARS);
	cursor_skip(&c, 4);
	mk->policy = cursor_le32(&c);
	mk->flags = cursor_le32(&c);
	if (!parse_guid(mk->guid, mk->name))
		return fail(err, E_CORRUPT, in.at + GUID_AT,
		            "GUID of a master key file");
	mk->version = version;
	return OK;
}

enum status dpapi_masterkey_parse(struct dpapi_masterkey *mk, struct bytes in,
                                  struct error *err)
{
	struct dpapi_masterkey m = { 0 };
	struct bytes parts[PARTS] = { { 0 } };
	enum status st;

	*mk = m;
	if (parse_header(&m, in, err))
		return err->status;
	st = cut_parts(parts, &m.size, in, err);
	parse_key(&m.password, parts[0]);
	parse_key(&m.backup, parts[1]);
	parse_link(&m.credhist, parts[2]);
	parse_domain(&m.domain, parts[3]);
	*mk = m;
	return st;
}
