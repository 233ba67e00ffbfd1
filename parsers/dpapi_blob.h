/* SPDX-License-Identifier: MIT */
/*
 * dpapi_blob.h - a DPAPI blob: what CryptProtectData() returns
 *
 * The format has no specification; it is *observed* in testdata/dpapi.  Every
 * range borrows from the bytes that the blob was parsed from.
 */
#ifndef PARSERS_DPAPI_BLOB_H
#define PARSERS_DPAPI_BLOB_H

#include "parsers/bytes.h"
#include "parsers/status.h"

/* Version and provider: the same 20 bytes start every blob. */
#define DPAPI_BLOB_MAGIC 20

struct dpapi_blob {
	uint32_t version;           /* 1 */
	struct bytes provider;      /* GUID */
	uint32_t masterkey_version; /* 1 */
	struct bytes masterkey;     /* GUID of the master key that it needs */
	uint32_t flags;
	struct bytes description; /* UTF-16 without NUL; it is translated */
	uint32_t cipher;          /* see dpapi_algorithm.h */
	uint32_t cipher_bits;     /* of its key; 3DES says 168 or 192 */
	struct bytes salt;        /* of the session key */
	struct bytes strong_key;  /* of the strong protection; mostly empty */
	uint32_t hash;            /* see dpapi_algorithm.h */
	uint32_t hash_bits;
	struct bytes hmac_salt;
	struct bytes data;        /* ciphertext */
	struct bytes sign;        /* signature over `signed_part` */
	struct bytes signed_part; /* from masterkey_version to before it */
	uint64_t size;            /* of the whole blob */
};

/*
 * Parse a blob at the start of `in`, which may go on after it.  E_ABSENT:
 * there is none.  E_TRUNCATED: a part of it lies outside; what comes before
 * that is filled all the same, and `size` is 0: `version` is not 0 if
 * `masterkey` can be believed.  In every other failure `blob` is zero.
 * Unknown ciphers and hashes are no failure.
 */
MUST_USE enum status dpapi_blob_parse(struct dpapi_blob *blob, struct bytes in,
                                      struct error *err);

#endif
