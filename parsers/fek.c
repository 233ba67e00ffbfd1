/* SPDX-License-Identifier: MIT */
/*
 * fek.c - the file encryption key: its structure, and the padding around it
 *
 * [MS-EFSR] 2.2.2.1.5; RFC 8017 7.2.2.
 */
#include "parsers/fek.h"

#include "parsers/limits.h"

#define FEK_HEADER_SIZE 16u

/*
 * The ids are those of [MS-EFSR] 2.2.13, of which it names 3DES, DESX and
 * AES-256; the others are CryptoAPI's, which third-party writers use.
 */
static const struct algorithm {
	uint32_t id;
	uint32_t key_size;
	const char *name;
} algorithms[] = {
	{ FEK_DES, 8, "des" },          { FEK_3DES, 24, "3des" },
	{ FEK_DESX, 16, "desx" },       { FEK_AES_128, 16, "aes-128" },
	{ FEK_AES_192, 24, "aes-192" }, { FEK_AES_256, 32, "aes-256" },
};

static const struct algorithm *find(uint32_t id)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++) {
		if (algorithms[i].id == id)
			return &algorithms[i];
	}
	return NULL;
}

const char *fek_algorithm_name(uint32_t algorithm)
{
	const struct algorithm *a = find(algorithm);

	return a ? a->name : NULL;
}

size_t fek_key_size(uint32_t algorithm)
{
	const struct algorithm *a = find(algorithm);

	return a ? a->key_size : 0;
}

/*
 * [MS-EFSR] 2.2.2.1.5  FEK structure
 *
 *	00  u32  key length     04  u32  entropy
 *	08  u32  algorithm id   0c  u32  reserved, 0
 *	10  ..   key
 */
enum status fek_parse(struct fek *fek, struct bytes in, struct error *err)
{
	struct cursor c = cursor_open(in);
	struct fek found = { 0 };
	uint32_t length, reserved;
	size_t size;

	*fek = found;
	length = cursor_le32(&c);
	found.entropy = cursor_le32(&c);
	found.algorithm = cursor_le32(&c);
	reserved = cursor_le32(&c);
	found.key = cursor_tail(&c, FEK_HEADER_SIZE);
	if (c.bad || !length || length != found.key.n || in.n > LIMIT_FEK_SIZE)
		return fail(err, E_CORRUPT, in.at, "file key structure");

	size = fek_key_size(found.algorithm);
	if (size && size != length)
		return fail(err, E_CORRUPT, in.at, "length of the file key");
	/*
	 * A known id and its exact length are 64 bits of proof.  Without the
	 * id, the zero word has to make up for it.
	 */
	if (!size && reserved)
		return fail(err, E_CORRUPT, in.at, "file key structure");
	*fek = found;
	if (!size)
		return fail(err, E_UNSUPPORTED, in.at + 8, "file key cipher");
	return OK;
}

/*
 * RFC 8017 7.2.2: every byte of the block is read, whatever the others hold,
 * and no branch depends on one until the end: the time taken would tell a
 * stranger about the key.
 */
enum status fek_unpad(struct bytes *msg, struct bytes block, struct error *err)
{
	struct cursor c = cursor_open(block);
	uint32_t wrong = cursor_u8(&c);
	uint32_t found = 0;
	size_t pad = 0;

	*msg = (struct bytes){ 0 };
	wrong |= cursor_u8(&c) ^ 2u;
	while (c.pos < block.n) {
		/* 1 if the byte is 0: any other takes bit 8 away. */
		found |= (0x100u - cursor_u8(&c)) >> 8;
		pad += 1u - found;
	}
	if (c.bad || wrong || !found || pad < 8)
		return fail(err, E_KEY, block.at, "padding of the file key");
	*msg = cursor_tail(&c, 2 + pad + 1);
	return OK;
}
