/* SPDX-License-Identifier: MIT */
/*
 * crypto_bitlocker.c - the cryptography of BitLocker, from OpenSSL
 *
 * A round of the stretching is two compressions.  The old interface of OpenSSL
 * does a million of them in 0.117 s where its new one takes 0.170.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "recovery/crypto_bitlocker.h"

#include "recovery/crypto_internal.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

/* ------------------------------------------------------------- stretching */

#define ROUNDS UINT64_C(0x100000)
/* last result, hash, salt, round: 88 bytes; FIPS 180-4 5.1 pads to 128. */
#define HASH_OFF  BITLOCKER_HASH_SIZE
#define SALT_OFF  ((size_t)2 * BITLOCKER_HASH_SIZE)
#define ROUND_OFF (SALT_OFF + BITLOCKER_SALT_SIZE)
#define PAD_OFF   (ROUND_OFF + 8)

struct stretch {
	SHA256_CTX start, work;
	uint8_t message[2 * SHA256_CBLOCK];
};

static void put_be32(uint8_t *to, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void put_le64(uint8_t *to, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		to[i] = (uint8_t)(v >> (8 * i));
}

static void stretch_round(struct stretch *s, uint64_t round)
{
	put_le64(s->message + ROUND_OFF, round);
	s->work = s->start;
	SHA256_Transform(&s->work, s->message);
	SHA256_Transform(&s->work, s->message + (size_t)SHA256_CBLOCK);
	for (size_t i = 0; i < G_N_ELEMENTS(s->work.h); i++)
		put_be32(s->message + 4 * i, s->work.h[i]);
}

void crypto_bitlocker_stretch(uint8_t out[BITLOCKER_HASH_SIZE],
                              const uint8_t hash[BITLOCKER_HASH_SIZE],
                              const uint8_t salt[BITLOCKER_SALT_SIZE])
{
	struct stretch s = { 0 };

	(void)SHA256_Init(&s.start);
	memcpy(s.message + HASH_OFF, hash, BITLOCKER_HASH_SIZE);
	memcpy(s.message + SALT_OFF, salt, BITLOCKER_SALT_SIZE);
	s.message[PAD_OFF] = 0x80;
	put_be32(s.message + sizeof(s.message) - 4, 8 * PAD_OFF);
	for (uint64_t round = 0; round < ROUNDS; round++)
		stretch_round(&s, round);
	memcpy(out, s.message, BITLOCKER_HASH_SIZE);
	OPENSSL_cleanse(&s, sizeof(s));
}

/* -------------------------------------------------------------------- CCM */

static bool ccm_open(EVP_CIPHER_CTX *ctx, uint8_t *plain, struct bytes key,
                     struct bytes nonce, struct bytes tag, struct bytes data)
{
	int n = 0;

	/* The tag's parameter is not const, but only read. */
	if (!EVP_DecryptInit_ex(ctx, EVP_aes_256_ccm(), NULL, NULL, NULL) ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, (int)nonce.n,
	                        NULL) <= 0 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)tag.n,
	                        /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	                        (void *)(uintptr_t)tag.p) <= 0 ||
	    !EVP_DecryptInit_ex(ctx, NULL, NULL, key.p, nonce.p))
		return false;
	/* In CCM this is where the tag is held against the data. */
	return EVP_DecryptUpdate(ctx, plain, &n, data.p, (int)data.n) > 0 &&
	       (size_t)n == data.n;
}

enum status crypto_ccm_open(struct secret *plain, struct bytes key,
                            struct bytes nonce, struct bytes tag,
                            struct bytes data, struct error *err)
{
	EVP_CIPHER_CTX *ctx;
	bool opened;

	*plain = (struct secret){ 0 };
	crypto_ready();
	if (key.n != 32 || nonce.n != 12 || tag.n != 16 || !data.n ||
	    data.n > UINT16_MAX)
		return fail(err, E_CORRUPT, data.at, "length of AES-CCM data");
	if (secret_alloc(plain, data.n, err))
		return err->status;
	ctx = EVP_CIPHER_CTX_new();
	opened = ctx && ccm_open(ctx, plain->p, key, nonce, tag, data);
	EVP_CIPHER_CTX_free(ctx);
	if (opened)
		return OK;
	secret_release(plain);
	return fail(err, E_KEY, data.at, "another key, or damaged");
}

/* -------------------------------------------------------------------- XTS */

enum status xts_init(struct xts_cipher *xts, struct bytes key,
                     struct error *err)
{
	static const uint8_t zero[16];
	const EVP_CIPHER *cipher =
		key.n == 32 ? EVP_aes_128_xts() : EVP_aes_256_xts();
	EVP_CIPHER_CTX *ctx;

	*xts = (struct xts_cipher){ 0 };
	crypto_ready();
	if (key.n != 32 && key.n != 64)
		return fail(err, E_CORRUPT, key.at, "length of an AES-XTS key");
	ctx = EVP_CIPHER_CTX_new();
	xts->ctx = ctx;
	if (ctx && EVP_DecryptInit_ex(ctx, cipher, NULL, key.p, zero))
		return OK;
	xts_release(xts);
	return fail(err, E_NOMEM, key.at, "AES-XTS");
}

enum status xts_decrypt(struct xts_cipher *xts, uint8_t *buf, size_t n,
                        uint32_t unit, uint64_t first, struct error *err)
{
	uint8_t tweak[16] = { 0 };

	g_assert(unit && unit <= INT_MAX && n % unit == 0);
	for (size_t i = 0; i < n; i += unit) {
		int done;

		put_le64(tweak, first++);
		if (!EVP_DecryptInit_ex(xts->ctx, NULL, NULL, NULL, tweak) ||
		    !EVP_DecryptUpdate(xts->ctx, buf + i, &done, buf + i,
		                       (int)unit))
			return fail(err, E_NOMEM, 0, "AES-XTS");
	}
	return OK;
}

void xts_release(struct xts_cipher *xts)
{
	EVP_CIPHER_CTX_free(xts->ctx);
	*xts = (struct xts_cipher){ 0 };
}
