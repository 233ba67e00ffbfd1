/* SPDX-License-Identifier: MIT */
/*
 * sam.c - the key of a SAM hive, and the NT hashes that it opens
 */
#include "recovery/sam.h"

#include "recovery/crypto.h"

#define SAM_KEY_SIZE 16u

/* Constants of Windows; their NUL counts. */
static const char qwerty[] = "!@#$%^&*()qwertyUIOPAzxcvbnmQQQQQQQQQQQQ)(*@&%";
static const char digits[] = "0123456789012345678901234567890123456789";
static const char ntpassword[] = "NTPASSWORD";

#define TEXT(s) ((struct bytes){ (const uint8_t *)(s), sizeof(s), 0 })

static const char wrong[] = "the boot key does not open the SAM";

/*
 * Revision 1, until Windows 10 1607; from 68 on of F:
 *
 *	00  u32  1     04  u32  length     08  16  salt
 *	18  32   RC4 of the key and its check
 */
static enum status open_rc4(struct secret *key, struct cursor c,
                            struct bytes boot, struct error *err)
{
	struct bytes salt, sealed;
	struct secret rc4 = { 0 }, plain = { 0 };
	uint8_t check[16];
	enum status st;

	cursor_skip(&c, 4);
	salt = cursor_take(&c, 16);
	sealed = cursor_take(&c, 32);
	if (c.bad)
		return fail(err, E_TRUNCATED, c.in.at, "key of a SAM");
	const struct bytes parts[] = { salt, TEXT(qwerty), boot, TEXT(digits) };

	st = secret_alloc(&rc4, 16, err);
	if (!st)
		st = secret_alloc(&plain, sealed.n, err);
	if (!st)
		st = digest_of_parts(DIGEST_MD5, parts, 4, rc4.p, err);
	if (!st)
		st = crypto_rc4(secret_view(&rc4), plain.p, sealed, err);
	if (!st) {
		struct bytes k = { plain.p, SAM_KEY_SIZE, 0 };
		const struct bytes of[] = { k, TEXT(digits), k, TEXT(qwerty) };

		st = digest_of_parts(DIGEST_MD5, of, 4, check, err);
	}
	if (!st && !crypto_equal(check, plain.p + SAM_KEY_SIZE, sizeof(check)))
		st = fail(err, E_KEY, c.in.at, wrong);
	if (!st)
		st = secret_alloc(key, SAM_KEY_SIZE, err);
	if (!st)
		memcpy(key->p, plain.p, SAM_KEY_SIZE);
	secret_release(&rc4);
	secret_release(&plain);
	return st;
}

/* AES-128-CBC of whole blocks, into a secret of its own. */
static enum status decrypt(struct secret *plain, struct bytes key,
                           struct bytes iv, struct bytes in, struct error *err)
{
	enum status st;

	*plain = (struct secret){ 0 };
	if (!in.n || in.n % 16)
		return fail(err, E_CORRUPT, in.at, "length of a SAM's value");
	st = secret_alloc(plain, in.n, err);
	if (!st)
		st = crypto_cbc_decrypt(BLOCK_AES_128, key, iv, plain->p, in,
		                        err);
	if (st)
		secret_release(plain);
	return st;
}

/*
 * Revision 2:
 *
 *	00  u32  2                     04  u32  length
 *	08  u32  length of the check   0c  u32  length of the data
 *	10  16   salt                  20  ..   data, then the check
 *
 * The data is the key; the check its SHA-256.
 */
static enum status open_aes(struct secret *key, struct cursor c,
                            struct bytes boot, struct error *err)
{
	struct bytes salt, data, check;
	struct secret k = { 0 }, stored = { 0 };
	uint32_t check_size, data_size;
	uint8_t hash[32];
	enum status st;

	cursor_skip(&c, 4);
	check_size = cursor_le32(&c);
	data_size = cursor_le32(&c);
	salt = cursor_take(&c, 16);
	data = cursor_take(&c, data_size);
	check = cursor_take(&c, check_size);
	if (c.bad)
		return fail(err, E_TRUNCATED, c.in.at, "key of a SAM");
	st = decrypt(&k, boot, salt, data, err);
	if (!st)
		st = decrypt(&stored, boot, salt, check, err);
	if (!st)
		st = digest_of(DIGEST_SHA256,
		               (struct bytes){ k.p, SAM_KEY_SIZE, 0 }, hash,
		               err);
	if (!st &&
	    (stored.n < 32 || !crypto_equal(hash, stored.p, sizeof(hash))))
		st = fail(err, E_KEY, c.in.at, wrong);
	if (!st)
		st = secret_alloc(key, SAM_KEY_SIZE, err);
	if (!st)
		memcpy(key->p, k.p, SAM_KEY_SIZE);
	secret_release(&k);
	secret_release(&stored);
	return st;
}

enum status sam_key_open(struct secret *key, struct bytes f,
                         struct bytes boot_key, struct error *err)
{
	struct cursor c = cursor_open(f);
	uint32_t revision;

	*key = (struct secret){ 0 };
	cursor_skip(&c, 0x68);
	revision = cursor_le32(&c);
	if (c.bad)
		return fail(err, E_TRUNCATED, f.at, "key of a SAM");
	if (revision == 1)
		return open_rc4(key, c, boot_key, err);
	if (revision == 2)
		return open_aes(key, c, boot_key, err);
	return fail(err, E_UNSUPPORTED, f.at + 0x68, "revision of a SAM");
}

/* The last 24 bytes: S-1-5-21 and three more parts. */
enum status sam_machine_sid(struct bytes *sid, struct bytes v,
                            struct error *err)
{
	static const uint8_t head[] = { 1, 4, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0 };
	struct cursor c = cursor_open(v);
	struct bytes b = cursor_take_back(&c, 24);

	*sid = (struct bytes){ 0 };
	if (c.bad)
		return fail(err, E_TRUNCATED, v.at, "SID of a machine");
	if (memcmp(b.p, head, sizeof(head)) != 0)
		return fail(err, E_CORRUPT, v.at, "SID of a machine");
	*sid = b;
	return OK;
}

/*
 * 17 entries {u32 offset, u32 length, u32}, the offset from their end; the
 * second is the name, the fifteenth the NT hash.
 */
static struct bytes entry(struct cursor *c, unsigned i)
{
	struct cursor e = *c;
	uint32_t off, n;

	cursor_skip(&e, 12 * (size_t)i);
	off = cursor_le32(&e);
	n = cursor_le32(&e);
	if (e.bad || off > UINT32_MAX - 0xcc) {
		c->bad = true;
		return (struct bytes){ 0 };
	}
	return cursor_cut(c, 0xcc + (size_t)off, n);
}

enum status sam_user_parse(struct sam_user *user, struct bytes v,
                           struct error *err)
{
	struct cursor c = cursor_open(v);

	user->name = entry(&c, 1);
	user->nt = entry(&c, 14);
	if (!c.bad)
		return OK;
	*user = (struct sam_user){ 0 };
	return fail(err, E_CORRUPT, v.at, "account of a SAM");
}

/* 56 bits of the RID spread over eight bytes of a DES key. */
static void des_key(uint8_t to[8], uint32_t rid, unsigned first)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 7; i++)
		bits = bits << 8 | (rid >> 8 * ((first + i) % 4) & 0xff);
	for (unsigned i = 0; i < 8; i++)
		to[i] = (uint8_t)(bits >> (49 - 7 * i) << 1);
}

/* The last layer: a key made of the RID for each half. */
static enum status undo_des(struct secret *nt, const uint8_t *in, uint32_t rid,
                            struct error *err)
{
	enum status st = secret_alloc(nt, DPAPI_NT_SIZE, err);

	for (unsigned half = 0; !st && half < 2; half++) {
		struct block_cipher bc = { 0 };
		uint8_t key[8];

		des_key(key, rid, half ? 3 : 0);
		st = block_init(&bc, BLOCK_DES,
		                (struct bytes){ key, sizeof(key), 0 }, false,
		                err);
		if (!st)
			st = block_run(&bc, nt->p + 8 * (size_t)half,
			               in + 8 * (size_t)half, 8, err);
		block_release(&bc);
	}
	if (st)
		secret_release(nt);
	return st;
}

/* Form 1: u16, u16 1, RC4 with MD5 of key, RID and a constant. */
static enum status undo_rc4(struct secret *out, struct cursor c, uint32_t rid,
                            struct bytes key, struct error *err)
{
	const uint8_t id[4] = { (uint8_t)rid, (uint8_t)(rid >> 8),
		                (uint8_t)(rid >> 16), (uint8_t)(rid >> 24) };
	const struct bytes parts[] = { key,
		                       { id, sizeof(id), 0 },
		                       TEXT(ntpassword) };
	struct bytes sealed = cursor_take(&c, DPAPI_NT_SIZE);
	struct secret rc4 = { 0 };
	enum status st;

	if (c.bad)
		return fail(err, E_ABSENT, c.in.at, "NT hash of an account");
	st = secret_alloc(&rc4, 16, err);
	if (!st)
		st = secret_alloc(out, sealed.n, err);
	if (!st)
		st = digest_of_parts(DIGEST_MD5, parts, 3, rc4.p, err);
	if (!st)
		st = crypto_rc4(secret_view(&rc4), out->p, sealed, err);
	secret_release(&rc4);
	return st;
}

/* Form 2: u16, u16 2, u32 data offset, 16 bytes of salt, AES-128-CBC. */
static enum status undo_aes(struct secret *out, struct cursor c,
                            struct bytes key, struct error *err)
{
	struct bytes salt, sealed;

	cursor_skip(&c, 4);
	salt = cursor_take(&c, 16);
	sealed = cursor_tail(&c, c.pos);
	if (c.bad || !sealed.n)
		return fail(err, E_ABSENT, c.in.at, "NT hash of an account");
	if (sealed.n < DPAPI_NT_SIZE)
		return fail(err, E_CORRUPT, c.in.at, "NT hash of an account");
	return decrypt(out, key, salt, sealed, err);
}

enum status sam_user_nt(struct secret *nt, const struct sam_user *user,
                        uint32_t rid, struct bytes key, struct error *err)
{
	struct cursor c = cursor_open(user->nt);
	struct secret layer = { 0 };
	uint16_t form;
	enum status st;

	*nt = (struct secret){ 0 };
	cursor_skip(&c, 2);
	form = cursor_le16(&c);
	if (c.bad)
		return fail(err, E_ABSENT, user->nt.at,
		            "NT hash of an account");
	if (form == 1)
		st = undo_rc4(&layer, c, rid, key, err);
	else if (form == 2)
		st = undo_aes(&layer, c, key, err);
	else
		st = fail(err, E_UNSUPPORTED, user->nt.at,
		          "form of an account's NT hash");
	if (!st)
		st = undo_des(nt, layer.p, rid, err);
	secret_release(&layer);
	return st;
}
