/* SPDX-License-Identifier: MIT */
/*
 * dpapi.c - passwords, pre-keys, and the parts of a master key they open
 */
#include "recovery/dpapi_internal.h"

#include "parsers/dpapi_algorithm.h"
#include "parsers/limits.h"

#include <glib.h>

/* ------------------------------------------------------------- algorithms */

static const struct {
	uint32_t id;
	enum digest_kind kind;
	const char *refused;
} hashes[] = {
	{ DPAPI_MD5, DIGEST_MD5, "MD5 with DPAPI" },
	{ DPAPI_SHA1, DIGEST_SHA1, NULL },
	{ DPAPI_HMAC, DIGEST_SHA1, NULL },
	{ DPAPI_SHA256, DIGEST_SHA256, NULL },
	{ DPAPI_SHA384, DIGEST_SHA384, NULL },
	{ DPAPI_SHA512, DIGEST_SHA512, NULL },
};

static const struct {
	uint32_t id;
	enum block_kind kind;
	const char *refused;
} ciphers[] = {
	{ DPAPI_DES, BLOCK_DES, NULL },
	{ DPAPI_RC2, BLOCK_DES, "RC2 with DPAPI" },
	{ DPAPI_3DES, BLOCK_3DES, NULL },
	{ DPAPI_3DES_112, BLOCK_DES, "3DES-112 with DPAPI" },
	{ DPAPI_AES_128, BLOCK_AES_128, NULL },
	{ DPAPI_AES_192, BLOCK_AES_192, NULL },
	{ DPAPI_AES_256, BLOCK_AES_256, NULL },
	{ DPAPI_AES, BLOCK_DES, "AES without a key length, with DPAPI" },
	{ DPAPI_RC4, BLOCK_DES, "RC4 with DPAPI" },
};

static enum status find_hash(struct dpapi_suite *suite, uint32_t id,
                             uint64_t at, struct error *err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hashes); i++) {
		if (hashes[i].id != id)
			continue;
		if (hashes[i].refused)
			return fail(err, E_UNSUPPORTED, at, hashes[i].refused);
		suite->hash = hashes[i].kind;
		suite->digest = digest_size(suite->hash);
		return OK;
	}
	return fail(err, E_UNSUPPORTED, at, "unknown hash with DPAPI");
}

static enum status find_cipher(struct dpapi_suite *suite, uint32_t id,
                               uint64_t at, struct error *err)
{
	const struct dpapi_algorithm *about = dpapi_cipher_find(id);

	for (size_t i = 0; i < G_N_ELEMENTS(ciphers) && about; i++) {
		if (ciphers[i].id != id)
			continue;
		if (ciphers[i].refused)
			return fail(err, E_UNSUPPORTED, at, ciphers[i].refused);
		suite->cipher = ciphers[i].kind;
		suite->key = about->size;
		suite->block = about->block;
		return OK;
	}
	return fail(err, E_UNSUPPORTED, at, "unknown cipher with DPAPI");
}

enum status dpapi_suite_find(struct dpapi_suite *suite, uint32_t hash,
                             uint32_t cipher, uint64_t at, struct error *err)
{
	enum status status;

	*suite = (struct dpapi_suite){ 0 };
	status = find_hash(suite, hash, at, err);
	if (!status)
		status = find_cipher(suite, cipher, at, err);
	if (status)
		*suite = (struct dpapi_suite){ 0 };
	return status;
}

/* -------------------------------------------------------------- passwords */

/* RFC 3629: one character, or 0 with the cursor bad; U+0000 counts too. */
static uint32_t take_utf8(struct cursor *c)
{
	static const uint32_t lowest[] = { 0, 0x80, 0x800, 0x10000 };
	uint8_t first = cursor_u8(c);
	size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0;
	uint32_t v = more ? first & (0x3fu >> more) : first;

	c->bad = c->bad || (first >= 0x80 && first < 0xc0) || first > 0xf4;
	for (size_t i = 0; i < more; i++) {
		uint8_t next = cursor_u8(c);

		c->bad = c->bad || (next & 0xc0) != 0x80;
		v = v << 6 | (next & 0x3f);
	}
	c->bad = c->bad || v < lowest[more] || v > 0x10ffff ||
	         (v >= 0xd800 && v < 0xe000);
	return c->bad ? 0 : v;
}

static size_t put_le16(uint8_t *to, uint32_t unit)
{
	to[0] = (uint8_t)unit;
	to[1] = (uint8_t)(unit >> 8);
	return 2;
}

static size_t put_utf16(uint8_t *to, uint32_t v)
{
	if (v < 0x10000)
		return put_le16(to, v);
	v -= 0x10000;
	(void)put_le16(to, 0xd800 + (v >> 10));
	return 2 + put_le16(to + 2, 0xdc00 + (v & 0x3ff));
}

/* `to` has room for twice the bytes: no character grows more than that. */
static enum status utf16_of(struct bytes *out, uint8_t *to, struct bytes utf8,
                            struct error *err)
{
	struct cursor c = cursor_open(utf8);

	*out = (struct bytes){ .p = to };
	while (!c.bad && c.pos < utf8.n) {
		uint32_t v = take_utf8(&c);

		if (!c.bad)
			out->n += put_utf16(to + out->n, v);
	}
	if (!c.bad)
		return OK;
	*out = (struct bytes){ 0 };
	return fail(err, E_CORRUPT, utf8.at, "password is not UTF-8");
}

enum status dpapi_password_hash(uint8_t *hash, enum dpapi_form form,
                                struct bytes password, struct error *err)
{
	bool sha1 = form == DPAPI_FORM_SHA1;
	struct secret room;
	struct bytes text;
	enum status status;

	memset(hash, 0, sha1 ? DPAPI_SHA1_SIZE : DPAPI_NT_SIZE);
	if (password.n > LIMIT_PASSWORD)
		return fail(err, E_LIMIT, password.at, "length of a password");
	status = secret_alloc(&room, 2 * password.n + 1, err);
	if (status)
		return status;
	status = utf16_of(&text, room.p, password, err);
	if (!status)
		status = digest_of(sha1 ? DIGEST_SHA1 : DIGEST_MD4, text, hash,
		                   err);
	secret_release(&room);
	return status;
}

/* A SID as UTF-16, and the NUL, if wanted, behind it. */
struct sid_text {
	uint8_t p[2 * TEXT_SID];
	struct bytes plain, terminated;
};

static enum status sid_text_init(struct sid_text *text, const char *sid,
                                 struct error *err)
{
	size_t n = strlen(sid);

	*text = (struct sid_text){ 0 };
	if (n >= TEXT_SID)
		return fail(err, E_LIMIT, 0, "length of a SID");
	for (size_t i = 0; i < n; i++) {
		if ((uint8_t)sid[i] >= 0x80)
			return fail(err, E_CORRUPT, 0, "text of a SID");
		text->p[2 * i] = (uint8_t)sid[i];
	}
	text->plain = (struct bytes){ text->p, 2 * n, 0 };
	text->terminated = (struct bytes){ text->p, 2 * n + 2, 0 };
	return OK;
}

/*
 * *Observed* since Windows 10 1607, in DSInternals' master key 7fc19508-...:
 * PBKDF2 twice, and the SID without its NUL.
 */
enum status dpapi_strengthen(uint8_t out[DPAPI_NT_SIZE],
                             const uint8_t nt[DPAPI_NT_SIZE], const char *sid,
                             struct error *err)
{
	struct bytes in = { nt, DPAPI_NT_SIZE, 0 };
	uint8_t middle[32];
	struct sid_text text;
	enum status status;

	status = sid_text_init(&text, sid, err);
	if (!status)
		status = crypto_kdf(KDF_PBKDF2, DIGEST_SHA256, in, text.plain,
		                    10000, middle, sizeof(middle), err);
	in = (struct bytes){ middle, sizeof(middle), 0 };
	if (!status)
		status = crypto_kdf(KDF_PBKDF2, DIGEST_SHA256, in, text.plain,
		                    1, out, DPAPI_NT_SIZE, err);
	if (status)
		memset(out, 0, DPAPI_NT_SIZE);
	crypto_wipe(middle, sizeof(middle));
	return status;
}

enum status dpapi_prekey(uint8_t prekey[DPAPI_SHA1_SIZE], struct bytes hash,
                         const char *sid, struct error *err)
{
	struct sid_text text;
	enum status status;

	status = sid_text_init(&text, sid, err);
	if (!status)
		return crypto_hmac(DIGEST_SHA1, hash, &text.terminated, 1,
		                   prekey, err);
	memset(prekey, 0, DPAPI_SHA1_SIZE);
	return status;
}

/* ------------------------------------------------------------ master keys */

enum status dpapi_unseal(uint8_t plain[DPAPI_SEALED_MAX],
                         struct dpapi_suite *suite,
                         const struct dpapi_sealed *sealed, struct bytes prekey,
                         struct error *err)
{
	uint8_t keys[64];
	struct bytes key, iv;
	enum status status;

	memset(plain, 0, DPAPI_SEALED_MAX);
	status = dpapi_suite_find(suite, sealed->hash, sealed->cipher,
	                          sealed->salt.at, err);
	if (status)
		return status;
	if (sealed->ciphertext.n > DPAPI_SEALED_MAX)
		return fail(err, E_LIMIT, sealed->ciphertext.at,
		            "length of what DPAPI locked");
	key = (struct bytes){ keys, suite->key, 0 };
	iv = (struct bytes){ keys + suite->key, suite->block, 0 };
	status = crypto_kdf(KDF_DPAPI, suite->hash, prekey, sealed->salt,
	                    sealed->rounds, keys, key.n + iv.n, err);
	if (!status)
		status = crypto_cbc_decrypt(suite->cipher, key, iv, plain,
		                            sealed->ciphertext, err);
	crypto_wipe(keys, sizeof(keys));
	return status;
}

/*
 * What a part holds, *observed*
 *
 *	00  16   salt of the MAC       10  ..   MAC, one digest
 *	..  zeros up to a block        ..  64   key (32 in the backup part)
 *
 * MAC = HMAC(HMAC(pre-key, salt), key).
 */
struct opened {
	struct bytes salt, mac, key;
};

static enum status cut_opened(struct opened *o, struct bytes plain,
                              const struct dpapi_suite *suite,
                              struct error *err)
{
	struct cursor c = cursor_open(plain);
	size_t n = DPAPI_KEY_SIZE;

	o->salt = cursor_take(&c, DPAPI_SALT_SIZE);
	o->mac = cursor_take(&c, suite->digest);
	if (!c.bad && c.in.n - c.pos < n)
		n = DPAPI_BACKUP_SIZE;
	o->key = cursor_take_back(&c, n);
	if (c.bad || c.in.n - c.pos >= suite->block)
		return fail(err, E_CORRUPT, plain.at, "length of the key");
	return OK;
}

static enum status prove(const struct opened *o,
                         const struct dpapi_suite *suite, struct bytes prekey,
                         struct error *err)
{
	uint8_t key[DIGEST_MAX], mac[DIGEST_MAX];
	struct bytes k = { key, suite->digest, 0 };
	enum status status;

	status = crypto_hmac(suite->hash, prekey, &o->salt, 1, key, err);
	if (!status)
		status = crypto_hmac(suite->hash, k, &o->key, 1, mac, err);
	if (!status && !crypto_equal(mac, o->mac.p, suite->digest))
		status = fail(err, E_KEY, o->salt.at, "MAC of the master key");
	crypto_wipe(key, sizeof(key));
	crypto_wipe(mac, sizeof(mac));
	return status;
}

static enum status take_key(struct secret *key, struct bytes plain,
                            const struct dpapi_suite *suite,
                            struct bytes prekey, struct error *err)
{
	struct opened o;
	enum status status;

	status = cut_opened(&o, plain, suite, err);
	if (!status)
		status = prove(&o, suite, prekey, err);
	if (!status)
		status = secret_alloc(key, o.key.n, err);
	if (!status)
		memcpy(key->p, o.key.p, o.key.n);
	return status;
}

enum status dpapi_open_part(struct secret *key,
                            const struct dpapi_locked_key *part,
                            struct bytes prekey, struct error *err)
{
	const struct dpapi_sealed sealed = {
		part->hash, part->cipher,     part->rounds,
		part->salt, part->ciphertext,
	};
	uint8_t plain[DPAPI_SEALED_MAX];
	struct bytes view = { plain, part->ciphertext.n, part->ciphertext.at };
	struct dpapi_suite suite;
	enum status status;

	*key = (struct secret){ 0 };
	if (!part->all.n)
		return fail(err, E_ABSENT, part->all.at, "no such part");
	if (part->err.status) {
		*err = part->err;
		return err->status;
	}
	status = dpapi_unseal(plain, &suite, &sealed, prekey, err);
	if (!status)
		status = take_key(key, view, &suite, prekey, err);
	crypto_wipe(plain, sizeof(plain));
	return status;
}

enum status dpapi_masterkey_hash(uint8_t out[DPAPI_SHA1_SIZE], struct bytes key,
                                 struct error *err)
{
	return digest_of(DIGEST_SHA1, key, out, err);
}
