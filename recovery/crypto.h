/* SPDX-License-Identifier: MIT */
/*
 * crypto.h - digests, HMAC, key derivation and ciphers
 *
 * Only the files crypto*.c know OpenSSL.  The rest of the program sees these
 * few verbs.  Objects belong to one thread at a time.
 */
#ifndef RECOVERY_CRYPTO_H
#define RECOVERY_CRYPTO_H

#include "parsers/bytes.h"
#include "parsers/status.h"
#include "recovery/secret.h"

enum digest_kind {
	DIGEST_MD4,
	DIGEST_MD5,
	DIGEST_SHA1,
	DIGEST_SHA256,
	DIGEST_SHA384,
	DIGEST_SHA512,
};
#define DIGEST_MAX 64 /* bytes of the longest of them */
#define DIGEST_HEX (2 * DIGEST_MAX + 1)

/* "md5", "sha256". */
const char *digest_name(enum digest_kind kind);
size_t digest_size(enum digest_kind kind);

/* A running digest; zero is empty. */
struct digest {
	void *ctx;
	enum digest_kind kind;
};

MUST_USE enum status digest_init(struct digest *d, enum digest_kind kind,
                                 struct error *err);
MUST_USE enum status digest_update(struct digest *d, const void *p, size_t n,
                                   struct error *err);
/* Writes the digest in lower-case hex, and empties `d`. */
MUST_USE enum status digest_finish(struct digest *d, char hex[DIGEST_HEX],
                                   struct error *err);
void digest_release(struct digest *d);

/* One digest of one range; `out` is digest_size(kind) bytes. */
MUST_USE enum status digest_of(enum digest_kind kind, struct bytes in,
                               uint8_t *out, struct error *err);

/* The digest of several ranges, one after the other. */
MUST_USE enum status digest_of_parts(enum digest_kind kind,
                                     const struct bytes *parts, size_t n,
                                     uint8_t *out, struct error *err);

/* RFC 2104, of several ranges; `out` is digest_size(kind) bytes. */
MUST_USE enum status crypto_hmac(enum digest_kind kind, struct bytes key,
                                 const struct bytes *parts, size_t n,
                                 uint8_t *out, struct error *err);

/* How the rounds of a key derivation feed into each other. */
enum kdf_kind {
	KDF_PBKDF2, /* RFC 8018 5.2: the last result */
	KDF_DPAPI,  /* *observed*: the sum of all results so far */
};

/*
 * Derive n bytes from a password with HMAC, fast with any SHA.  E_CORRUPT: no
 * rounds.  Allocates nothing that outlives it; safe from any thread.
 */
MUST_USE enum status crypto_kdf(enum kdf_kind kind, enum digest_kind hash,
                                struct bytes password, struct bytes salt,
                                uint32_t rounds, uint8_t *out, size_t n,
                                struct error *err);

/* Compare secrets in a time that depends on nothing but n. */
bool crypto_equal(const void *a, const void *b, size_t n);
/* Overwrite a secret on the stack; the compiler cannot leave it out. */
void crypto_wipe(void *p, size_t n);

enum block_kind {
	BLOCK_AES_128,
	BLOCK_AES_192,
	BLOCK_AES_256,
	BLOCK_3DES, /* EDE, three keys of 8 bytes */
	BLOCK_DES,
};

/*
 * A block cipher over whole buffers, for one key and direction; zero is empty.
 * In ECB mode: the chaining that EFS wants is in cipher.c.
 */
struct block_cipher {
	void *ctx;
	size_t block; /* bytes: 16 or 8 */
};

MUST_USE enum status block_init(struct block_cipher *bc, enum block_kind kind,
                                struct bytes key, bool encrypt,
                                struct error *err);
/*
 * The same in CBC mode, to decrypt.  All runs are one stream: the IV is zeros,
 * and then the last block of ciphertext of the run before.
 */
MUST_USE enum status block_init_stream(struct block_cipher *bc,
                                       enum block_kind kind, struct bytes key,
                                       struct error *err);
/* n is a multiple of the block, at most 1 GiB; dst may be src. */
MUST_USE enum status block_run(struct block_cipher *bc, uint8_t *dst,
                               const uint8_t *src, size_t n, struct error *err);
void block_release(struct block_cipher *bc);

/*
 * Decrypt a range in CBC mode, without a look at the padding; dst holds as
 * much, and may be src.p.  E_CORRUPT: the length of the key or the IV is not
 * the cipher's, or src.n is no multiple of its block.
 */
MUST_USE enum status crypto_cbc_decrypt(enum block_kind kind, struct bytes key,
                                        struct bytes iv, uint8_t *dst,
                                        struct bytes src, struct error *err);
/*
 * RC4 both ways; dst holds src.n bytes, and may be src.p.  E_CORRUPT: a key of
 * no bytes, or of more than 256.
 */
MUST_USE enum status crypto_rc4(struct bytes key, uint8_t *dst,
                                struct bytes src, struct error *err);

/* "OpenSSL 3.0.17 ..." */
const char *crypto_version(void);

/* The folder from which OpenSSL loads what was not needed so far. */
const char *crypto_modules(void);

#endif
