/* SPDX-License-Identifier: MIT */
/*
 * dpapi_blob.c - a DPAPI blob
 *
 * *Observed* in blob_entropy.bin, blob_noentropy.bin and credentialFile.bin of
 * testdata/dpapi, and as impacket's dpapi.py and mimikatz describe it.
 */
#include "parsers/dpapi_blob.h"

#include "parsers/utf16.h"

/* Version 1, and the provider {df9d8cd0-1501-11d1-8c7a-00c04fc297eb}. */
static const uint8_t magic[DPAPI_BLOB_MAGIC] = {
	0x01, 0x00, 0x00, 0x00, 0xd0, 0x8c, 0x9d, 0xdf, 0x01, 0x15,
	0xd1, 0x11, 0x8c, 0x7a, 0x00, 0xc0, 0x4f, 0xc2, 0x97, 0xeb,
};

/* A part of variable size: u32 length in bytes, then the bytes. */
static struct bytes part(struct cursor *c)
{
	return cursor_take(c, cursor_le32(c));
}

/*
 *	00  u32  version, 1             04  16   provider GUID
 *	14  u32  master key version, 1  18  16   master key GUID
 *	28  u32  flags                  2c  ..   description
 */
static void read_head(struct dpapi_blob *blob, struct cursor *c)
{
	blob->version = cursor_le32(c);
	blob->provider = cursor_take(c, 16);
	blob->masterkey_version = cursor_le32(c);
	blob->masterkey = cursor_take(c, 16);
	blob->flags = cursor_le32(c);
	if (c->bad)
		*blob = (struct dpapi_blob){ 0 };
	blob->description = utf16_string(part(c));
}

/*
 * After the description, without gaps; "part" is a u32 length and its bytes:
 *
 *	u32 cipher, u32 bits of its key, part salt, part strong key
 *	u32 hash, u32 bits of it, part salt of the HMAC, part ciphertext
 *	part signature
 */
static void read_body(struct dpapi_blob *blob, struct cursor *c)
{
	struct cursor whole;
	size_t end;

	blob->cipher = cursor_le32(c);
	blob->cipher_bits = cursor_le32(c);
	blob->salt = part(c);
	blob->strong_key = part(c);
	blob->hash = cursor_le32(c);
	blob->hash_bits = cursor_le32(c);
	blob->hmac_salt = part(c);
	blob->data = part(c);
	end = c->pos;
	blob->sign = part(c);
	whole = cursor_open(cursor_cut(c, 0, end));
	blob->signed_part = cursor_tail(&whole, DPAPI_BLOB_MAGIC);
}

enum status dpapi_blob_parse(struct dpapi_blob *blob, struct bytes in,
                             struct error *err)
{
	struct cursor c = cursor_open(in);
	struct bytes start = cursor_cut(&c, 0, sizeof(magic));

	*blob = (struct dpapi_blob){ 0 };
	if (!bytes_equal(start, (struct bytes){ magic, sizeof(magic), 0 }))
		return fail(err, E_ABSENT, in.at, "DPAPI blob");
	read_head(blob, &c);
	read_body(blob, &c);
	if (c.bad)
		return fail(err, E_TRUNCATED, cursor_at(&c), "DPAPI blob");
	blob->size = c.pos;
	return OK;
}
