/* SPDX-License-Identifier: MIT */
/*
 * key_blob_ecc.c - elliptic keys as Windows writes them
 *
 * bcrypt.h (BCRYPT_ECCKEY_BLOB) of the Windows SDK.
 */
#include "parsers/key_blob.h"

/* bcrypt.h, BCRYPT_ECDH_*_MAGIC and BCRYPT_ECDSA_*_MAGIC. */
static const struct curve {
	char magic[5];
	bool agreement, is_private;
	uint16_t bits; /* 0: the blob does not say which curve */
} curves[] = {
	{ "ECK1", true, false, 256 },  { "ECK2", true, true, 256 },
	{ "ECK3", true, false, 384 },  { "ECK4", true, true, 384 },
	{ "ECK5", true, false, 521 },  { "ECK6", true, true, 521 },
	{ "ECKP", true, false, 0 },    { "ECKV", true, true, 0 },
	{ "ECS1", false, false, 256 }, { "ECS2", false, true, 256 },
	{ "ECS3", false, false, 384 }, { "ECS4", false, true, 384 },
	{ "ECS5", false, false, 521 }, { "ECS6", false, true, 521 },
	{ "ECDP", false, false, 0 },   { "ECDV", false, true, 0 },
};

static const struct curve *find_curve(struct bytes in)
{
	struct cursor c = cursor_open(in);
	struct bytes magic = cursor_take(&c, 4);

	for (size_t i = 0; magic.n && i < sizeof(curves) / sizeof(*curves); i++)
		if (!memcmp(curves[i].magic, magic.p, 4))
			return &curves[i];
	return NULL;
}

/*
 * bcrypt.h, BCRYPT_ECCKEY_BLOB, and the numbers, big-endian
 *
 *	00  u32  magic     04  u32  length of each number
 *	08  X, Y; of a private key also d
 */
static void read_numbers(struct key_blob *blob, struct cursor *c,
                         const struct curve *curve, uint32_t length)
{
	blob->kind = KEY_BLOB_ECC;
	blob->bits = curve->bits;
	blob->agreement = curve->agreement;
	blob->is_private = curve->is_private;
	blob->x = cursor_take(c, length);
	blob->y = cursor_take(c, length);
	if (blob->is_private)
		blob->d = cursor_take(c, length);
	blob->size = c->pos;
}

static bool length_fits(const struct curve *curve, uint32_t length)
{
	return curve->bits ? length == (curve->bits + 7u) / 8 : length > 0;
}

enum status key_blob_parse_ecc(struct key_blob *blob, struct bytes in,
                               struct error *err)
{
	const struct curve *curve = find_curve(in);
	struct cursor c = cursor_open(in);
	uint32_t length;

	*blob = (struct key_blob){ 0 };
	if (!curve)
		return fail(err, E_ABSENT, in.at, "key blob");
	cursor_skip(&c, 4);
	length = cursor_le32(&c);
	if (!c.bad && !length_fits(curve, length))
		return fail(err, E_CORRUPT, in.at + 4,
		            "size of an elliptic key");
	read_numbers(blob, &c, curve, length);
	if (!c.bad)
		return OK;
	*blob = (struct key_blob){ 0 };
	return fail(err, E_TRUNCATED, in.at, "key blob");
}
