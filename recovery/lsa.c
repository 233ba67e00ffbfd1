/* SPDX-License-Identifier: MIT */
/*
 * lsa.c - LSA keys and secrets, of Windows 2000 to 11
 */
#include "recovery/lsa.h"

#include "recovery/crypto.h"

#define OLD_KEY_SIZE 16u
#define KEY_SIZE     32u /* of AES-256 */
#define ROUNDS       1000u
/* Keys of one list; real ones have one, or two after a change. */
#define LIST_MOST 1024u
/* Secrets hold at most some KiB: domain backup keys are the largest. */
#define SECRET_MOST (UINT32_C(1) << 20)

/* From Vista on the policy's revision is 1.10 or more; XP has 1.5, 1.7. */
enum status lsa_is_old(bool *old, struct bytes revision, struct error *err)
{
	struct cursor c = cursor_open(revision);
	uint16_t minor = cursor_le16(&c), major = cursor_le16(&c);

	*old = false;
	if (c.bad)
		return fail(err, E_TRUNCATED, revision.at,
		            "revision of the LSA policy");
	if (major != 1)
		return fail(err, E_UNSUPPORTED, revision.at,
		            "revision of the LSA policy");
	*old = minor <= 9;
	return OK;
}

/* `out` is the digest of the key and then a thousand times the salt. */
static enum status stretch(uint8_t *out, enum digest_kind kind,
                           struct bytes key, struct bytes salt,
                           struct error *err)
{
	struct bytes parts[1 + ROUNDS];

	parts[0] = key;
	for (size_t i = 1; i <= ROUNDS; i++)
		parts[i] = salt;
	return digest_of_parts(kind, parts, 1 + ROUNDS, out, err);
}

/*
 * The record of keys and secrets since Vista:
 *
 *	00  u32  version       04  16  GUID of the key
 *	14  u32  algorithm, 3  18  u32  flags
 *	1c  32   salt          3c  ..  AES-256 in ECB mode of:
 *
 *	00  u32  length of the data   04  12  zeros   10  ..  the data
 */
struct record {
	uint32_t algorithm;
	struct bytes guid, salt, sealed;
};

static enum status parse_record(struct record *r, struct bytes in,
                                struct error *err)
{
	struct cursor c = cursor_open(in);

	cursor_skip(&c, 4);
	r->guid = cursor_take(&c, 16);
	r->algorithm = cursor_le32(&c);
	cursor_skip(&c, 4);
	r->salt = cursor_take(&c, 32);
	r->sealed = cursor_tail(&c, c.pos);
	if (c.bad || !r->sealed.n)
		return fail(err, E_TRUNCATED, in.at, "record of an LSA secret");
	if (r->algorithm != 3)
		return fail(err, E_UNSUPPORTED, in.at + 0x14,
		            "algorithm of an LSA secret");
	if (r->sealed.n > SECRET_MOST)
		return fail(err, E_LIMIT, in.at, "size of an LSA secret");
	return OK;
}

/* ECB over all of it; a record that ends inside a block goes on with zeros. */
static enum status decrypt_record(struct secret *plain, const struct record *r,
                                  struct bytes key, struct error *err)
{
	size_t n = (r->sealed.n + 15) / 16 * 16;
	struct block_cipher aes = { 0 };
	struct secret k = { 0 };
	enum status st = secret_alloc(&k, KEY_SIZE, err);

	if (!st)
		st = stretch(k.p, DIGEST_SHA256, key, r->salt, err);
	if (!st)
		st = block_init(&aes, BLOCK_AES_256, secret_view(&k), false,
		                err);
	if (!st)
		st = secret_alloc(plain, n, err);
	if (!st) {
		memset(plain->p, 0, n);
		memcpy(plain->p, r->sealed.p, r->sealed.n);
		st = block_run(&aes, plain->p, plain->p, n, err);
	}
	block_release(&aes);
	secret_release(&k);
	if (st)
		secret_release(plain);
	return st;
}

/* The data behind its length and twelve zeros, which prove the key. */
static enum status data_of(struct bytes *data, struct bytes plain,
                           struct error *err)
{
	static const uint8_t zeros[12];
	struct cursor c = cursor_open(plain);
	uint32_t n = cursor_le32(&c);
	struct bytes pad = cursor_take(&c, sizeof(zeros));

	*data = cursor_take(&c, n);
	if (c.bad || !crypto_equal(pad.p, zeros, sizeof(zeros)))
		return fail(err, E_KEY, plain.at, "key of an LSA secret");
	return OK;
}

/* Keep only the data of a decrypted record. */
static enum status keep_data(struct secret *plain, struct error *err)
{
	struct secret kept = { 0 };
	struct bytes data;
	enum status st = data_of(&data, secret_view(plain), err);

	if (!st && !data.n)
		st = fail(err, E_ABSENT, 0, "an empty LSA secret");
	if (!st)
		st = secret_alloc(&kept, data.n, err);
	if (!st)
		memcpy(kept.p, data.p, data.n);
	secret_release(plain);
	secret_move(plain, &kept);
	return st;
}

/*
 * The list of keys:
 *
 *	00  u32   04  16  GUID of the key in use   14  u32   18  u32  count
 *	1c  {16 GUID, u32 algorithm, u32 length, key} each
 */
static struct cursor list_open(struct bytes list, uint32_t *count)
{
	struct cursor c = cursor_open(list);

	cursor_skip(&c, 0x18);
	*count = cursor_le32(&c);
	*count = *count < LIST_MOST ? *count : LIST_MOST;
	return c;
}

static bool list_next(struct cursor *c, struct bytes *guid, struct bytes *key)
{
	*guid = cursor_take(c, 16);
	cursor_skip(c, 4);
	*key = cursor_take(c, cursor_le32(c));
	return !c->bad;
}

static enum status open_list(struct secret *plain, struct bytes value,
                             struct bytes boot_key, struct error *err)
{
	struct record r;
	enum status st = parse_record(&r, value, err);

	if (!st)
		st = decrypt_record(plain, &r, boot_key, err);
	if (!st)
		st = keep_data(plain, err);
	if (st == E_KEY)
		return fail(err, E_KEY, value.at,
		            "the boot key does not open the LSA keys");
	return st;
}

/*
 * Of Windows 2000 to 2003: 0c 48 bytes, RC4; 3c 16 bytes of salt.  Plain: a
 * constant, which proves the boot key; the key; another one.
 */
static enum status open_old(struct secret *key, struct bytes value,
                            struct bytes boot_key, struct error *err)
{
	/* *observed* in the values of two machines. */
	static const uint8_t constant[16] = { 0x80, 0x3a, 0xce, 0xf0,
		                              0x5f, 0x15, 0xd3, 0x11,
		                              0xb7, 0xe6, 0x00, 0x80,
		                              0x5f, 0x48, 0xca, 0xeb };
	struct cursor c = cursor_open(value);
	struct bytes sealed = cursor_cut(&c, 0x0c, 48);
	struct bytes salt = cursor_cut(&c, 0x3c, 16);
	struct secret rc4 = { 0 }, plain = { 0 };
	enum status st;

	if (c.bad)
		return fail(err, E_TRUNCATED, value.at, "LSA key");
	st = secret_alloc(&rc4, 16, err);
	if (!st)
		st = secret_alloc(&plain, sealed.n, err);
	if (!st)
		st = stretch(rc4.p, DIGEST_MD5, boot_key, salt, err);
	if (!st)
		st = crypto_rc4(secret_view(&rc4), plain.p, sealed, err);
	if (!st && !crypto_equal(plain.p, constant, sizeof(constant)))
		st = fail(err, E_KEY, value.at,
		          "the boot key does not open the LSA keys");
	if (!st)
		st = secret_alloc(key, OLD_KEY_SIZE, err);
	if (!st)
		memcpy(key->p, plain.p + 16, OLD_KEY_SIZE);
	secret_release(&rc4);
	secret_release(&plain);
	return st;
}

enum status lsa_keys_open(struct lsa_keys *keys, bool old, struct bytes value,
                          struct bytes boot_key, struct error *err)
{
	enum status st;

	*keys = (struct lsa_keys){ .old = old };
	if (old)
		st = open_old(&keys->plain, value, boot_key, err);
	else
		st = open_list(&keys->plain, value, boot_key, err);
	if (st)
		lsa_keys_release(keys);
	return st;
}

void lsa_keys_release(struct lsa_keys *keys)
{
	secret_release(&keys->plain);
	*keys = (struct lsa_keys){ 0 };
}

/* The key that the record names; else each one. */
static enum status open_new(struct secret *plain, const struct lsa_keys *keys,
                            struct bytes value, struct error *err)
{
	struct bytes guid, key;
	struct record r;
	enum status st = parse_record(&r, value, err);

	if (st)
		return st;
	for (int named = 1; named >= 0; named--) {
		uint32_t count;
		struct cursor c = list_open(secret_view(&keys->plain), &count);

		for (; count && list_next(&c, &guid, &key); count--) {
			if (bytes_equal(guid, r.guid) != named)
				continue;
			st = decrypt_record(plain, &r, key, err);
			if (!st)
				st = keep_data(plain, err);
			if (st != E_KEY)
				return st;
		}
	}
	return fail(err, E_KEY, value.at, "key of an LSA secret");
}

/* 56 bits spread over eight bytes; the parity bits are nobody's. */
static void spread(uint8_t to[8], const uint8_t from[7])
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 7; i++)
		bits = bits << 8 | from[i];
	for (unsigned i = 0; i < 8; i++)
		to[i] = (uint8_t)(bits >> (49 - 7 * i) << 1);
}

/* SystemFunction005(): DES, its key seven bytes further on for each block. */
static enum status slide(struct secret *plain, struct bytes key,
                         struct bytes sealed, struct error *err)
{
	struct secret des = { 0 };
	enum status st = secret_alloc(&des, 8, err);
	size_t at = 0;

	for (size_t i = 0; !st && i < sealed.n; i += 8) {
		struct block_cipher bc = { 0 };

		spread(des.p, key.p + at);
		st = block_init(&bc, BLOCK_DES, secret_view(&des), false, err);
		if (!st)
			st = block_run(&bc, plain->p + i, sealed.p + i, 8, err);
		block_release(&bc);
		at += 7;
		if (at + 7 > key.n)
			at = key.n - at;
	}
	secret_release(&des);
	return st;
}

/*
 * Of Windows 2000 to 2003: u32 length of the encrypted part, which is at the
 * end.  Plain: u32 length of the data, u32 1, data.
 */
static enum status open_slid(struct secret *out, const struct lsa_keys *keys,
                             struct bytes value, struct error *err)
{
	struct cursor c = cursor_open(value);
	uint32_t n = cursor_le32(&c);
	struct bytes sealed = cursor_take_back(&c, n);
	struct secret plain = { 0 };
	uint32_t size, version;
	struct bytes data;
	enum status st;

	if (c.bad || !n || n % 8 || n > SECRET_MOST)
		return fail(err, n ? E_CORRUPT : E_ABSENT, value.at,
		            "length of an LSA secret");
	st = secret_alloc(&plain, n, err);
	if (!st)
		st = slide(&plain, secret_view(&keys->plain), sealed, err);
	c = cursor_open(secret_view(&plain));
	size = cursor_le32(&c);
	version = cursor_le32(&c);
	data = cursor_take(&c, size);
	if (!st && (c.bad || version != 1))
		st = fail(err, E_KEY, value.at, "key of an LSA secret");
	if (!st && !size)
		st = fail(err, E_ABSENT, value.at, "an empty LSA secret");
	if (!st)
		st = secret_alloc(out, size, err);
	if (!st)
		memcpy(out->p, data.p, size);
	secret_release(&plain);
	return st;
}

enum status lsa_secret_open(struct secret *plain, const struct lsa_keys *keys,
                            struct bytes value, struct error *err)
{
	*plain = (struct secret){ 0 };
	if (!value.n)
		return fail(err, E_ABSENT, value.at, "an empty LSA secret");
	if (keys->old)
		return open_slid(plain, keys, value, err);
	return open_new(plain, keys, value, err);
}

/*	00  u32  version, 1   04  20  key of the machine   18  20  of users */
enum status lsa_dpapi_parse(struct lsa_dpapi *keys, struct bytes secret,
                            struct error *err)
{
	struct cursor c = cursor_open(secret);
	uint32_t version = cursor_le32(&c);

	keys->machine = cursor_take(&c, DPAPI_SHA1_SIZE);
	keys->user = cursor_take(&c, DPAPI_SHA1_SIZE);
	if (!c.bad && version == 1)
		return OK;
	*keys = (struct lsa_dpapi){ 0 };
	if (c.bad)
		return fail(err, E_TRUNCATED, 0, "secret DPAPI_SYSTEM");
	return fail(err, E_UNSUPPORTED, 0, "version of DPAPI_SYSTEM");
}

static struct bytes unless_zero(struct bytes b)
{
	static const uint8_t zeros[DPAPI_SHA1_SIZE];

	if (b.n && crypto_equal(b.p, zeros, b.n))
		b = (struct bytes){ 0 };
	return b;
}

/* *observed*: 10 16 NT hash, 20 16 LM hash or zeros, 30 20 SHA-1. */
enum status lsa_tbal_parse(struct lsa_tbal *hashes, struct bytes secret,
                           struct error *err)
{
	struct cursor c = cursor_open(secret);

	cursor_skip(&c, 0x10);
	hashes->nt = unless_zero(cursor_take(&c, DPAPI_NT_SIZE));
	cursor_skip(&c, 0x10);
	hashes->sha1 = unless_zero(cursor_take(&c, DPAPI_SHA1_SIZE));
	if (!c.bad && (hashes->nt.n || hashes->sha1.n))
		return OK;
	*hashes = (struct lsa_tbal){ 0 };
	return fail(err, E_ABSENT, 0, "hashes in a TBAL secret");
}
