/* SPDX-License-Identifier: MIT */
/*
 * key_blob.c - RSA keys as Windows writes them
 *
 * wincrypt.h (BLOBHEADER, RSAPUBKEY) and bcrypt.h (BCRYPT_RSAKEY_BLOB) of the
 * Windows SDK; what a CAPI key file holds is *observed* in testdata/winkeys.
 */
#include "parsers/key_blob.h"

#include "parsers/limits.h"

/* wincrypt.h: blob types and version, CALG_RSA_KEYX, CALG_RSA_SIGN. */
#define PUBLICKEYBLOB    0x06u
#define PRIVATEKEYBLOB   0x07u
#define CUR_BLOB_VERSION 0x02u
#define CALG_RSA_KEYX    0xa400u
#define CALG_RSA_SIGN    0x2400u

/* wincrypt.h and bcrypt.h: RSAPUBKEY.magic, BCRYPT_RSA*_MAGIC. */
#define RSA_PUBLIC  0x31415352u /* "RSA1" */
#define RSA_PRIVATE 0x32415352u /* "RSA2" */
#define RSA_FULL    0x33415352u /* "RSA3" */

static size_t whole_bytes(uint32_t bits)
{
	return bits / 8 + (bits % 8 != 0);
}

/* The bytes of each number but the modulus and the private exponent. */
static size_t half_bytes(uint32_t bits)
{
	return bits / 16 + (bits % 16 != 0);
}

static enum status wrong(struct key_blob *blob, enum status status, uint64_t at,
                         const char *what, struct error *err)
{
	*blob = (struct key_blob){ 0 };
	return fail(err, status, at, what);
}

/* What the three forms have in common: is what was read a key? */
static enum status finish(struct key_blob *blob, const struct cursor *c,
                          struct error *err)
{
	static const char size[] = "size of an RSA key";

	if (blob->bits > LIMIT_RSA_BITS)
		return wrong(blob, E_LIMIT, c->in.at, size, err);
	if (c->bad)
		return wrong(blob, E_TRUNCATED, c->in.at, "key blob", err);
	if (!blob->bits)
		return wrong(blob, E_CORRUPT, c->in.at, size, err);
	blob->size = c->pos;
	return OK;
}

/* n bytes of a number, then the rest of its room, which is unused. */
static struct bytes number(struct cursor *c, size_t n, size_t room)
{
	struct cursor all = cursor_open(cursor_take(c, room));

	return cursor_cut(&all, 0, n);
}

/* `room` is that of the modulus; half of it, rounded up, that of the others. */
static void read_numbers(struct key_blob *blob, struct cursor *c, size_t room)
{
	size_t whole = whole_bytes(blob->bits);
	size_t half = half_bytes(blob->bits);
	size_t half_room = room / 2 + room % 2;

	blob->little_endian = true;
	blob->n = number(c, whole, room);
	if (!blob->is_private)
		return;
	blob->p = number(c, half, half_room);
	blob->q = number(c, half, half_room);
	blob->dp = number(c, half, half_room);
	blob->dq = number(c, half, half_room);
	blob->qinv = number(c, half, half_room);
	blob->d = number(c, whole, room);
}

/*
 * wincrypt.h, BLOBHEADER, RSAPUBKEY, and the numbers, little-endian
 *
 *	00  u8   type            01  u8   version, 2     02  u16  0
 *	04  u32  algorithm
 *	08  u32  "RSA1", "RSA2"  0c  u32  bits           10  u32  exponent
 *	14  modulus (bits / 8); of a private key also prime 1, prime 2,
 *	    exponents 1 and 2, coefficient (bits / 16 each), private exponent
 */
enum status key_blob_parse_wincrypt(struct key_blob *blob, struct bytes in,
                                    struct error *err)
{
	struct cursor c = cursor_open(in);
	uint8_t type = cursor_u8(&c);
	uint8_t version = cursor_u8(&c);
	uint32_t magic, algorithm;

	*blob = (struct key_blob){ 0 };
	cursor_skip(&c, 2);
	algorithm = cursor_le32(&c);
	magic = cursor_le32(&c);
	if (version != CUR_BLOB_VERSION ||
	    (algorithm != CALG_RSA_KEYX && algorithm != CALG_RSA_SIGN) ||
	    !((type == PUBLICKEYBLOB && magic == RSA_PUBLIC) ||
	      (type == PRIVATEKEYBLOB && magic == RSA_PRIVATE)))
		return fail(err, E_ABSENT, in.at, "key blob");

	blob->kind = KEY_BLOB_RSA;
	blob->is_private = type == PRIVATEKEYBLOB;
	blob->algorithm = algorithm;
	blob->bits = cursor_le32(&c);
	blob->e = cursor_take(&c, 4);
	read_numbers(blob, &c, whole_bytes(blob->bits));
	return finish(blob, &c, err);
}

/*
 * Of a CAPI key file; the numbers little-endian, each in a room
 *
 *	00  u32  "RSA1", "RSA2"        04  u32  L, the room for the modulus
 *	08  u32  bits                  0c  u32  largest message, bits / 8 - 1
 *	10  u32  exponent
 *	14  modulus (L); of a private key also prime 1, prime 2, exponents 1
 *	    and 2, coefficient (L / 2 each), private exponent (L)
 */
enum status key_blob_parse_capi(struct key_blob *blob, struct bytes in,
                                struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t magic = cursor_le32(&c);
	uint32_t room = cursor_le32(&c);
	uint32_t bits = cursor_le32(&c);

	*blob = (struct key_blob){ 0 };
	if (magic != RSA_PUBLIC && magic != RSA_PRIVATE)
		return fail(err, E_ABSENT, in.at, "key blob");
	if (!c.bad && (room < whole_bytes(bits) || room % 2))
		return fail(err, E_CORRUPT, in.at + 4, "size of an RSA key");

	blob->kind = KEY_BLOB_RSA;
	blob->is_private = magic == RSA_PRIVATE;
	blob->bits = bits;
	cursor_skip(&c, 4);
	blob->e = cursor_take(&c, 4);
	read_numbers(blob, &c, room);
	return finish(blob, &c, err);
}

/*
 * bcrypt.h, BCRYPT_RSAKEY_BLOB, and the numbers, big-endian
 *
 *	00  u32  "RSA1", "RSA2", "RSA3"   04  u32  bits
 *	08  u32  exponent length          0c  u32  modulus length
 *	10  u32  prime 1 length           14  u32  prime 2 length
 *	18  exponent, modulus; but for RSA1 prime 1, prime 2; RSA3 only:
 *	    exponent 1 (as long as prime 1), exponent 2 (prime 2),
 *	    coefficient (prime 1), private exponent (modulus)
 */
static enum status parse_rsa(struct key_blob *blob, struct bytes in,
                             struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t magic = cursor_le32(&c);
	uint32_t bits = cursor_le32(&c);
	uint32_t exponent = cursor_le32(&c);
	uint32_t modulus = cursor_le32(&c);
	uint32_t prime1 = cursor_le32(&c);
	uint32_t prime2 = cursor_le32(&c);

	if (!c.bad && (!exponent || modulus != whole_bytes(bits)))
		return fail(err, E_CORRUPT, in.at + 8, "size of an RSA key");
	blob->kind = KEY_BLOB_RSA;
	blob->bits = bits;
	blob->is_private = magic != RSA_PUBLIC;
	blob->e = cursor_take(&c, exponent);
	blob->n = cursor_take(&c, modulus);
	if (blob->is_private) {
		blob->p = cursor_take(&c, prime1);
		blob->q = cursor_take(&c, prime2);
	}
	if (magic == RSA_FULL) {
		blob->dp = cursor_take(&c, prime1);
		blob->dq = cursor_take(&c, prime2);
		blob->qinv = cursor_take(&c, prime1);
		blob->d = cursor_take(&c, modulus);
	}
	return finish(blob, &c, err);
}

enum status key_blob_parse_bcrypt(struct key_blob *blob, struct bytes in,
                                  struct error *err)
{
	struct cursor c = cursor_open(in);
	uint32_t magic = cursor_le32(&c);

	*blob = (struct key_blob){ 0 };
	if (magic == RSA_PUBLIC || magic == RSA_PRIVATE || magic == RSA_FULL)
		return parse_rsa(blob, in, err);
	return key_blob_parse_ecc(blob, in, err);
}
