/* SPDX-License-Identifier: MIT */
/*
 * crypto.h - digests and block ciphers
 *
 * Only the files crypto*.c know OpenSSL.  The rest of the program sees these
 * few verbs.  Objects belong to one thread at a time.
 */
#ifndef RECOVERY_CRYPTO_H
#define RECOVERY_CRYPTO_H

#include "parsers/bytes.h"
#include "parsers/status.h"
#include "recovery/secret.h"

enum digest_kind { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256 };
#define DIGEST_MAX 32 /* bytes of the longest of them */
#define DIGEST_HEX (2 * DIGEST_MAX + 1)

/* "md5", "sha1", "sha256". */
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

/* Compare secrets in a time that depends on nothing but n. */
bool crypto_equal(const void *a, const void *b, size_t n);

enum block_kind {
	BLOCK_AES_128,
	BLOCK_AES_192,
	BLOCK_AES_256,
	BLOCK_3DES, /* EDE, three keys of 8 bytes */
	BLOCK_DES,
};

/*
 * A block cipher in ECB mode over whole buffers, for one key and direction;
 * zero is empty.  The chaining that EFS wants is in cipher.c.
 */
struct block_cipher {
	void *ctx;
	size_t block; /* bytes: 16 or 8 */
};

MUST_USE enum status block_init(struct block_cipher *bc, enum block_kind kind,
                                struct bytes key, bool encrypt,
                                struct error *err);
/* n is a multiple of the block, at most 1 GiB; dst may be src. */
MUST_USE enum status block_run(struct block_cipher *bc, uint8_t *dst,
                               const uint8_t *src, size_t n, struct error *err);
void block_release(struct block_cipher *bc);

/* "OpenSSL 3.0.17 ..." */
const char *crypto_version(void);

#endif
