/* SPDX-License-Identifier: MIT */
/*
 * key_blob.h - RSA and elliptic keys as Windows' programming interfaces write
 * them
 *
 * A private key here is a secret: its bytes come from decryption, and nothing
 * is copied; every range borrows from the bytes that the blob was parsed from.
 */
#ifndef PARSERS_KEY_BLOB_H
#define PARSERS_KEY_BLOB_H

#include "parsers/bytes.h"
#include "parsers/status.h"

enum key_blob_kind { KEY_BLOB_NONE, KEY_BLOB_RSA, KEY_BLOB_ECC };

struct key_blob {
	enum key_blob_kind kind;
	bool is_private;
	bool little_endian; /* the order of the bytes in every number */
	uint32_t bits;      /* of the modulus, or of the curve */
	uint32_t algorithm; /* ALG_ID of a BLOBHEADER, else 0 */
	/* RSA; from dp to qinv empty if the blob does not have them. */
	struct bytes e, n, p, q, dp, dq, qinv;
	/* A point; bits 0 if the blob does not say on which curve. */
	struct bytes x, y;
	bool agreement; /* ECDH, not ECDSA */
	struct bytes d; /* private number of both kinds */
	uint64_t size;  /* of the whole blob */
};

/*
 * Three ways to write a key.  Each may go on after it.  E_ABSENT: it is none
 * that the function knows.  E_TRUNCATED: a number lies outside.  E_CORRUPT:
 * sizes that contradict each other.  E_LIMIT: over LIMIT_RSA_BITS.  In every
 * failure `blob` is zero.
 */

/* wincrypt.h, BLOBHEADER and RSAPUBKEY: PUBLICKEYBLOB, PRIVATEKEYBLOB. */
MUST_USE enum status key_blob_parse_wincrypt(struct key_blob *blob,
                                             struct bytes in,
                                             struct error *err);
/* The same without a header, with room after each number: see capi_key.h. */
MUST_USE enum status key_blob_parse_capi(struct key_blob *blob, struct bytes in,
                                         struct error *err);
/* bcrypt.h, BCRYPT_RSAKEY_BLOB or BCRYPT_ECCKEY_BLOB: see cng_key.h. */
MUST_USE enum status key_blob_parse_bcrypt(struct key_blob *blob,
                                           struct bytes in, struct error *err);
/* The second of the two alone. */
MUST_USE enum status key_blob_parse_ecc(struct key_blob *blob, struct bytes in,
                                        struct error *err);

#endif
