/* SPDX-License-Identifier: MIT */
/*
 * crypto.c - digests, HMAC and ciphers, by OpenSSL
 */
#include "recovery/crypto.h"
#include "recovery/alive.h"
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
	size_t size, block; /* bytes */
};

static const struct digest_about digests[] = {
	[DIGEST_MD4] = { "md4", "MD4", 16, 64 },
	[DIGEST_MD5] = { "md5", "MD5", 16, 64 },
	[DIGEST_SHA1] = { "sha1", "SHA1", 20, 64 },
	[DIGEST_SHA256] = { "sha256", "SHA256", 32, 64 },
	[DIGEST_SHA384] = { "sha384", "SHA384", 48, 128 },
	[DIGEST_SHA512] = { "sha512", "SHA512", 64, 128 },
};

struct block_about {
	const char *ecb, *cbc; /* OpenSSL's names */
	size_t key, block;     /* bytes */
};

static const struct block_about blocks[] = {
	[BLOCK_AES_128] = { "AES-128-ECB", "AES-128-CBC", 16, 16 },
	[BLOCK_AES_192] = { "AES-192-ECB", "AES-192-CBC", 24, 16 },
	[BLOCK_AES_256] = { "AES-256-ECB", "AES-256-CBC", 32, 16 },
	[BLOCK_3DES] = { "DES-EDE3-ECB", "DES-EDE3-CBC", 24, 8 },
	[BLOCK_DES] = { "DES-ECB", "DES-CBC", 8, 8 },
};

/* EVP_CipherUpdate counts in int. */
#define BLOCK_RUN_MAX ((size_t)1 << 30)

/* Found once: looking an algorithm up costs more than a unit of data. */
static EVP_MD *mds[G_N_ELEMENTS(digests)];
static EVP_CIPHER *ciphers[G_N_ELEMENTS(blocks)];
static EVP_CIPHER *chained[G_N_ELEMENTS(blocks)];
static EVP_CIPHER *rc4;

/*
 * The default context, without the machine's openssl.cnf: that must not
 * decide which evidence decrypts.  Loading any provider by name turns the
 * automatic loading of the default one off, so both are named.  A missing
 * legacy provider costs DES and old key files, and shows where they fail.
 */
static void *load_once(void *unused)
{
	(void)unused;
	(void)crypto_heap_use();
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	(void)OSSL_PROVIDER_load(NULL, "default");
	(void)OSSL_PROVIDER_load(NULL, "legacy");
	for (size_t i = 0; i < G_N_ELEMENTS(digests); i++)
		mds[i] = EVP_MD_fetch(NULL, digests[i].openssl, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
		ciphers[i] = EVP_CIPHER_fetch(NULL, blocks[i].ecb, NULL);
		chained[i] = EVP_CIPHER_fetch(NULL, blocks[i].cbc, NULL);
	}
	rc4 = EVP_CIPHER_fetch(NULL, "RC4", NULL);
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
	alive();
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

/* The digest itself; empties `d`, and zeroes `out` on failure. */
static enum status finish_raw(struct digest *d, uint8_t *out, struct error *err)
{
	bool good;

	assert(d->ctx);
	good = EVP_DigestFinal_ex(d->ctx, out, NULL) == 1;
	if (!good)
		memset(out, 0, digests[d->kind].size);
	digest_release(d);
	if (good)
		return OK;
	ERR_clear_error();
	return fail(err, E_NOMEM, 0, "digest");
}

enum status digest_finish(struct digest *d, char hex[DIGEST_HEX],
                          struct error *err)
{
	size_t size = digests[d->kind].size;
	uint8_t raw[DIGEST_MAX];
	enum status status;

	hex[0] = '\0';
	status = finish_raw(d, raw, err);
	if (!status)
		hex_of(hex, raw, size);
	return status;
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

static enum status update_parts(struct digest *d, const struct bytes *parts,
                                size_t n, struct error *err)
{
	enum status status = OK;

	for (size_t i = 0; i < n && !status; i++)
		status = digest_update(d, parts[i].p, parts[i].n, err);
	return status;
}

/* `head` may be empty. */
static enum status digest_headed(enum digest_kind kind, struct bytes head,
                                 const struct bytes *parts, size_t n,
                                 uint8_t *out, struct error *err)
{
	struct digest d;
	enum status status;

	status = digest_init(&d, kind, err);
	if (!status)
		status = update_parts(&d, &head, 1, err);
	if (!status)
		status = update_parts(&d, parts, n, err);
	if (!status)
		return finish_raw(&d, out, err);
	digest_release(&d);
	memset(out, 0, digests[kind].size);
	return status;
}

enum status digest_of_parts(enum digest_kind kind, const struct bytes *parts,
                            size_t n, uint8_t *out, struct error *err)
{
	return digest_headed(kind, (struct bytes){ 0 }, parts, n, out, err);
}

/* ------------------------------------------------------------------- HMAC */

enum status hmac_pad(enum digest_kind kind, struct bytes key,
                     uint8_t pad[HMAC_PAD_MAX], struct error *err)
{
	memset(pad, 0, HMAC_PAD_MAX);
	if (key.n > digests[kind].block)
		return digest_of(kind, key, pad, err);
	if (key.n)
		memcpy(pad, key.p, key.n);
	return OK;
}

void hmac_pad_xor(uint8_t pad[HMAC_PAD_MAX], uint8_t with)
{
	for (size_t i = 0; i < HMAC_PAD_MAX; i++)
		pad[i] ^= with;
}

enum status crypto_hmac(enum digest_kind kind, struct bytes key,
                        const struct bytes *parts, size_t n, uint8_t *out,
                        struct error *err)
{
	uint8_t pad[HMAC_PAD_MAX], inner[DIGEST_MAX];
	struct bytes head = { pad, digests[kind].block, 0 };
	struct bytes message = { inner, digests[kind].size, 0 };
	enum status status;

	status = hmac_pad(kind, key, pad, err);
	if (!status) {
		hmac_pad_xor(pad, HMAC_INNER);
		status = digest_headed(kind, head, parts, n, inner, err);
	}
	if (!status) {
		hmac_pad_xor(pad, HMAC_INNER ^ HMAC_OUTER);
		status = digest_headed(kind, head, &message, 1, out, err);
	}
	if (status)
		memset(out, 0, digests[kind].size);
	OPENSSL_cleanse(pad, sizeof(pad));
	OPENSSL_cleanse(inner, sizeof(inner));
	return status;
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
	return !n || !CRYPTO_memcmp(a, b, n);
}

void crypto_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

/* ---------------------------------------------------------------- ciphers */

static enum status init_mode(struct block_cipher *bc, enum block_kind kind,
                             EVP_CIPHER *const mode[], struct bytes key,
                             bool encrypt, struct error *err)
{
	static const uint8_t iv[EVP_MAX_IV_LENGTH];
	EVP_CIPHER_CTX *ctx;

	*bc = (struct block_cipher){ 0 };
	crypto_ready();
	if (key.n != blocks[kind].key)
		return fail(err, E_CORRUPT, key.at, "length of a cipher key");
	if (!mode[kind])
		return fail(err, E_UNSUPPORTED, 0,
		            "cipher not in OpenSSL (legacy provider missing)");
	ctx = EVP_CIPHER_CTX_new();
	if (!ctx ||
	    EVP_CipherInit_ex2(ctx, mode[kind], key.p, iv, encrypt, NULL) !=
	            1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1) {
		EVP_CIPHER_CTX_free(ctx);
		ERR_clear_error();
		return fail(err, E_NOMEM, 0, "memory for a cipher");
	}
	*bc = (struct block_cipher){ .ctx = ctx, .block = blocks[kind].block };
	return OK;
}

enum status block_init(struct block_cipher *bc, enum block_kind kind,
                       struct bytes key, bool encrypt, struct error *err)
{
	return init_mode(bc, kind, ciphers, key, encrypt, err);
}

enum status block_init_stream(struct block_cipher *bc, enum block_kind kind,
                              struct bytes key, struct error *err)
{
	return init_mode(bc, kind, chained, key, false, err);
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

static enum status check_chained(enum block_kind kind, struct bytes key,
                                 struct bytes iv, struct bytes src,
                                 struct error *err)
{
	if (key.n != blocks[kind].key)
		return fail(err, E_CORRUPT, key.at, "length of a cipher key");
	if (iv.n != blocks[kind].block)
		return fail(err, E_CORRUPT, iv.at, "length of a cipher's IV");
	if (src.n % blocks[kind].block)
		return fail(err, E_CORRUPT, src.at, "length of a ciphertext");
	if (src.n > BLOCK_RUN_MAX)
		return fail(err, E_LIMIT, src.at, "length of a ciphertext");
	if (!chained[kind])
		return fail(err, E_UNSUPPORTED, 0,
		            "cipher not in OpenSSL (legacy provider missing)");
	return OK;
}

/* `ctx` is ready; its last answers are checked here, and it is freed. */
static enum status run_once(EVP_CIPHER_CTX *ctx, bool ready, uint8_t *dst,
                            struct bytes src, struct error *err)
{
	int done = 0;
	bool good;

	good = ready && (!src.n || EVP_DecryptUpdate(ctx, dst, &done, src.p,
	                                             (int)src.n) == 1);
	EVP_CIPHER_CTX_free(ctx); /* wipes its key schedule */
	if (good && (size_t)done == src.n)
		return OK;
	if (src.n)
		OPENSSL_cleanse(dst, src.n);
	ERR_clear_error();
	return fail(err, E_NOMEM, 0, "cipher");
}

enum status crypto_cbc_decrypt(enum block_kind kind, struct bytes key,
                               struct bytes iv, uint8_t *dst, struct bytes src,
                               struct error *err)
{
	EVP_CIPHER_CTX *ctx;
	enum status status;
	bool ready;

	crypto_ready();
	status = check_chained(kind, key, iv, src, err);
	if (status)
		return status;
	ctx = EVP_CIPHER_CTX_new();
	ready = ctx &&
	        EVP_DecryptInit_ex2(ctx, chained[kind], key.p, iv.p, NULL) ==
	                1 &&
	        EVP_CIPHER_CTX_set_padding(ctx, 0) == 1;
	return run_once(ctx, ready, dst, src, err);
}

#define RC4_KEY_MAX 256

enum status crypto_rc4(struct bytes key, uint8_t *dst, struct bytes src,
                       struct error *err)
{
	EVP_CIPHER_CTX *ctx;
	bool ready;

	crypto_ready();
	if (!key.n || key.n > RC4_KEY_MAX)
		return fail(err, E_CORRUPT, key.at, "length of a cipher key");
	if (src.n > BLOCK_RUN_MAX)
		return fail(err, E_LIMIT, src.at, "length of a ciphertext");
	if (!rc4)
		return fail(err, E_UNSUPPORTED, 0,
		            "RC4 not in OpenSSL (legacy provider missing)");
	ctx = EVP_CIPHER_CTX_new();
	ready = ctx && EVP_DecryptInit_ex2(ctx, rc4, NULL, NULL, NULL) == 1 &&
	        EVP_CIPHER_CTX_set_key_length(ctx, (int)key.n) == 1 &&
	        EVP_DecryptInit_ex2(ctx, NULL, key.p, NULL, NULL) == 1;
	return run_once(ctx, ready, dst, src, err);
}

const char *crypto_version(void)
{
	(void)crypto_heap_use();
	return OpenSSL_version(OPENSSL_VERSION);
}

const char *crypto_modules(void)
{
	const char *named = g_getenv("OPENSSL_MODULES");

	(void)crypto_heap_use();
	return named ? named : OPENSSL_info(OPENSSL_INFO_MODULES_DIR);
}
