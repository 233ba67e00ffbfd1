/* SPDX-License-Identifier: MIT */
/*
 * bitlocker_cipher.c - decrypt the sectors of a BitLocker volume
 *
 * J. Metz, "BitLocker Drive Encryption (BDE) format": Sector encryption.  CBC
 * is done as ECB of many sectors and one XOR with the ciphertext a block
 * before: a chain for each sector would cost half of the speed.
 */
#include "recovery/bitlocker_cipher.h"

#include "parsers/limits.h"

#define BLOCK 16
/* What is worked on at a time; whole sectors of every size. */
#define CHUNK ((size_t)16 * 1024)
#define MOST  (CHUNK / 512)
/* A sector key of the diffuser: two blocks. */
#define SECTOR_KEY ((size_t)2 * BLOCK)

static void put_le64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static void xor_into(uint8_t *dst, const uint8_t *src, size_t n)
{
	for (size_t i = 0; i < n; i += 8) {
		uint64_t a, b;

		memcpy(&a, dst + i, 8);
		memcpy(&b, src + i, 8);
		a ^= b;
		memcpy(dst + i, &a, 8);
	}
}

/* ------------------------------------------------------------------- state */

static enum status init_cbc(struct bitlocker_cipher *c,
                            const struct bitlocker_keys *keys,
                            enum block_kind kind, struct error *err)
{
	struct bytes key = secret_view(&keys->fvek);

	if (block_init(&c->inverse, kind, key, false, err) ||
	    block_init(&c->forward, kind, key, true, err))
		return err->status;
	if (!keys->tweak.n)
		return OK;
	return block_init(&c->tweak, kind, secret_view(&keys->tweak), true,
	                  err);
}

static enum status init(struct bitlocker_cipher *c,
                        const struct bitlocker_keys *keys, struct error *err)
{
	switch (keys->method) {
	case BITLOCKER_CBC_128_DIFFUSER:
	case BITLOCKER_CBC_128:
		return init_cbc(c, keys, BLOCK_AES_128, err);
	case BITLOCKER_CBC_256_DIFFUSER:
	case BITLOCKER_CBC_256:
		return init_cbc(c, keys, BLOCK_AES_256, err);
	case BITLOCKER_XTS_128:
	case BITLOCKER_XTS_256:
		return xts_init(&c->xts, secret_view(&keys->fvek), err);
	default:
		return fail(err, E_UNSUPPORTED, 0,
		            "encryption method of a BitLocker volume");
	}
}

enum status bitlocker_cipher_init(struct bitlocker_cipher *c,
                                  const struct bitlocker_keys *keys,
                                  uint32_t sector, struct error *err)
{
	enum status st;

	g_assert(sector >= 512 && sector <= LIMIT_SECTOR_SIZE &&
	         CHUNK % sector == 0);
	*c = (struct bitlocker_cipher){ .sector = sector };
	st = init(c, keys, err);
	if (st)
		bitlocker_cipher_release(c);
	return st;
}

void bitlocker_cipher_release(struct bitlocker_cipher *c)
{
	xts_release(&c->xts);
	block_release(&c->inverse);
	block_release(&c->forward);
	block_release(&c->tweak);
	*c = (struct bitlocker_cipher){ 0 };
}

/* --------------------------------------------------------------------- CBC */

/* The first vector of a sector: its place, encrypted. */
static enum status undo_chain(struct bitlocker_cipher *c, uint8_t *buf,
                              const uint8_t *was, size_t n, uint64_t offset,
                              struct error *err)
{
	uint8_t vectors[MOST][BLOCK] = { { 0 } };
	size_t sectors = n / c->sector;

	for (size_t i = 0; i < sectors; i++)
		put_le64(vectors[i], offset + i * c->sector);
	if (block_run(&c->forward, vectors[0], vectors[0], sectors * BLOCK,
	              err))
		return err->status;
	for (size_t i = 0; i < sectors; i++) {
		uint8_t *to = buf + i * c->sector;

		xor_into(to, vectors[i], BLOCK);
		xor_into(to + BLOCK, was + i * c->sector, c->sector - BLOCK);
	}
	return OK;
}

/*
 * Ferguson, section 4.2: the place encrypted, and again with 0x80 as its last
 * byte, are XORed onto the sector, over and over.
 */
static enum status undo_sector_keys(struct bitlocker_cipher *c, uint8_t *buf,
                                    size_t n, uint64_t offset,
                                    struct error *err)
{
	uint8_t keys[MOST][SECTOR_KEY] = { { 0 } };
	size_t sectors = n / c->sector;
	enum status st;

	for (size_t i = 0; i < sectors; i++) {
		put_le64(keys[i], offset + i * c->sector);
		put_le64(keys[i] + BLOCK, offset + i * c->sector);
		keys[i][SECTOR_KEY - 1] = 0x80;
	}
	st = block_run(&c->tweak, keys[0], keys[0], sectors * SECTOR_KEY, err);
	for (size_t i = 0; i < n && !st; i += SECTOR_KEY)
		xor_into(buf + i, keys[i / c->sector], SECTOR_KEY);
	crypto_wipe(keys, sizeof(keys));
	return st;
}

static enum status decrypt_chunk(struct bitlocker_cipher *c, uint8_t *buf,
                                 size_t n, uint64_t offset, struct error *err)
{
	uint8_t was[CHUNK];

	memcpy(was, buf, n);
	if (block_run(&c->inverse, buf, buf, n, err) ||
	    undo_chain(c, buf, was, n, offset, err))
		return err->status;
	if (!c->tweak.ctx)
		return OK;
	bitlocker_diffuse(buf, c->sector, n / c->sector);
	return undo_sector_keys(c, buf, n, offset, err);
}

enum status bitlocker_decrypt(struct bitlocker_cipher *c, uint8_t *buf,
                              size_t n, uint64_t offset, struct error *err)
{
	g_assert(c->sector && n % c->sector == 0 && offset % c->sector == 0);
	if (c->xts.ctx)
		return xts_decrypt(&c->xts, buf, n, c->sector,
		                   offset / c->sector, err);
	for (size_t i = 0; i < n; i += CHUNK)
		if (decrypt_chunk(c, buf + i, MIN(CHUNK, n - i), offset + i,
		                  err))
			return err->status;
	return OK;
}
