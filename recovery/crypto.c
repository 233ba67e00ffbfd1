/* SPDX-License-Identifier: MIT */
/*
 * crypto.c - digests and block ciphers, by OpenSSL
 */
#include "recovery/crypto.h"
#include "recovery/crypto_internal.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <glib.h>

struct digest_about {
	const char *name;
	const char *openssl;
	size_t size;
};

static const struct digest_about digests[] = {
	[DIGEST_MD4] = { "md4", "MD4", 16 },
	[DIGEST_MD5] = { "md5", "MD5", 16 },
	[DIGEST_SHA1] = { "sha1", "SHA1", 20 },
	[DIGEST_SHA256] = { "sha256", "SHA256", 32 },
	[DIGEST_SHA384] = { "sha384", "SHA384", 48 },
	[DIGEST_SHA512] = { "sha512", "SHA512", 64 },
};

struct block_about {
	const char *openssl;
	size_t key, block; /* bytes */
};

static const struct block_about blocks[] = {
	[BLOCK_AES_128] = { "AES-128-ECB", 16, 16 },
	[BLOCK_AES_192] = { "AES-192-ECB", 24, 16 },
	[BLOCK_AES_256] = { "AES-256-ECB", 32, 16 },
	[BLOCK_3DES] = { "DES-EDE3-ECB", 24, 8 },
	[BLOCK_DES] = { "DES-ECB", 8, 8 },
};

/* EVP_CipherUpdate counts in int. */
#define BLOCK_RUN_MAX ((size_t)1 << 30)

/* Found once: looking an algorithm up costs more than a unit of data. */
static EVP_MD *mds[G_N_ELEMENTS(digests)];
static EVP_CIPHER *ciphers[G_N_ELEMENTS(blocks)];

/*
 * The default context, without the machine's openssl.cnf: that must not
 * decide which evidence decrypts.  Loading any provider by name turns the
 * automatic loading of the default one off, so both are named.  A missing
 * legacy provider costs DES and old key files, and shows where they fail.
 */
static void *load_once(void *unused)
{
	(void)unused;
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	(void)OSSL_PROVIDER_load(NULL, "default");
	(void)OSSL_PROVIDER_load(NULL, "legacy");
	for (size_t i = 0; i < G_N_ELEMENTS(digests); i++)
		mds[i] = EVP_MD_fetch(NULL, digests[i].openssl, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++)
		ciphers[i] = EVP_CIPHER_fetch(NULL, blocks[i].openssl, NULL);
	ERR_clear_error();
	return NULL;
}

void crypto_ready(void)
{
	static GOnce once = G_ONCE_INIT;

	(void)g_once(&once, load_once, NULL);
}

const char *digest_name(enum digest_kind kind)
{
	return digests[kind].name;
}

size_t digest_size(enum digest_kind kind)
{
	return digests[kind].size;
}

enum status digest_init(struct digest *d, enum digest_kind kind,
                        struct error *err)
{
	EVP_MD_CTX *ctx;

	*d = (struct digest){ 0 };
	crypto_ready();
	if (!mds[kind])
		return fail(err, E_UNSUPPORTED, 0, "digest not in OpenSSL");
	ctx = EVP_MD_CTX_new();
	if (!ctx || EVP_DigestInit_ex2(ctx, mds[kind], NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		ERR_clear_error();
		return fail(err, E_NOMEM, 0, "memory for a digest");
	}
	*d = (struct digest){ .ctx = ctx, .kind = kind };
	return OK;
}

enum status digest_update(struct digest *d, const void *p, size_t n,
                          struct error *err)
{
	assert(d->ctx);
	if (!n || EVP_DigestUpdate(d->ctx, p, n) == 1)
		return OK;
	ERR_clear_error();
	return fail(err, E_NOMEM, 0, "digest");
}

static void hex_of(char *hex, const uint8_t *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digit[p[i] >> 4];
		hex[2 * i + 1] = digit[p[i] & 15];
	}
	hex[2 * n] = '\0';
}

enum status digest_finish(struct digest *d, char hex[DIGEST_HEX],
                          struct error *err)
{
	uint8_t raw[DIGEST_MAX];
	bool good;

	assert(d->ctx);
	hex[0] = '\0';
	good = EVP_DigestFinal_ex(d->ctx, raw, NULL) == 1;
	if (good)
		hex_of(hex, raw, digests[d->kind].size);
	digest_release(d);
	if (good)
		return OK;
	ERR_clear_error();
	return fail(err, E_NOMEM, 0, "digest");
}

void digest_release(struct digest *d)
{
	EVP_MD_CTX_free(d->ctx);
	*d = (struct digest){ 0 };
}

enum status digest_of(enum digest_kind kind, struct bytes in, uint8_t *out,
                      struct error *err)
{
	crypto_ready();
	memset(out, 0, digests[kind].size);
	if (!mds[kind])
		return fail(err, E_UNSUPPORTED, 0, "digest not in OpenSSL");
	if (EVP_Digest(in.p, in.n, out, NULL, mds[kind], NULL) == 1)
		return OK;
	ERR_clear_error();
	return fail(err, E_NOMEM, 0, "digest");
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
	return !n || !CRYPTO_memcmp(a, b, n);
}

enum status block_init(struct block_cipher *bc, enum block_kind kind,
                       struct bytes key, bool encrypt, struct error *err)
{
	EVP_CIPHER_CTX *ctx;

	*bc = (struct block_cipher){ 0 };
	crypto_ready();
	if (key.n != blocks[kind].key)
		return fail(err, E_CORRUPT, key.at, "length of a cipher key");
	if (!ciphers[kind])
		return fail(err, E_UNSUPPORTED, 0,
		            "cipher not in OpenSSL (legacy provider missing)");
	ctx = EVP_CIPHER_CTX_new();
	if (!ctx ||
	    EVP_CipherInit_ex2(ctx, ciphers[kind], key.p, NULL, encrypt,
	                       NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1) {
		EVP_CIPHER_CTX_free(ctx);
		ERR_clear_error();
		return fail(err, E_NOMEM, 0, "memory for a cipher");
	}
	*bc = (struct block_cipher){ .ctx = ctx, .block = blocks[kind].block };
	return OK;
}

enum status block_run(struct block_cipher *bc, uint8_t *dst, const uint8_t *src,
                      size_t n, struct error *err)
{
	int done = 0;

	assert(bc->ctx && n % bc->block == 0 && n <= BLOCK_RUN_MAX);
	if (!n)
		return OK;
	if (EVP_CipherUpdate(bc->ctx, dst, &done, src, (int)n) == 1 &&
	    (size_t)done == n)
		return OK;
	ERR_clear_error();
	return fail(err, E_NOMEM, 0, "block cipher");
}

void block_release(struct block_cipher *bc)
{
	EVP_CIPHER_CTX_free(bc->ctx); /* wipes its key schedule */
	*bc = (struct block_cipher){ 0 };
}

const char *crypto_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}
