/* SPDX-License-Identifier: MIT */
/*
 * fek.h - the file encryption key: its structure, and the padding around it
 *
 * [MS-EFSR] 2.2.2.1.5.  The bytes given here are secrets: these parsers copy
 * none of them, and every range borrows.
 */
#ifndef PARSERS_FEK_H
#define PARSERS_FEK_H

#include "parsers/bytes.h"
#include "parsers/status.h"

enum {
	FEK_DES = 0x6601,
	FEK_3DES = 0x6603,
	FEK_DESX = 0x6604,
	FEK_AES_128 = 0x660e,
	FEK_AES_192 = 0x660f,
	FEK_AES_256 = 0x6610,
};

struct fek {
	uint32_t entropy;   /* as stored; Windows 10 writes bytes, not bits */
	uint32_t algorithm; /* FEK_*, checked against the key's length */
	struct bytes key;
};

/* Names as in the reports ("aes-256"), or NULL for an id that is not ours. */
const char *fek_algorithm_name(uint32_t algorithm);
/* Bytes of its key; 0 for an id that is not ours. */
size_t fek_key_size(uint32_t algorithm);

/*
 * Parse a plain FEK structure.
 * E_CORRUPT: not one (this is how a wrong private key shows).
 * E_UNSUPPORTED: sound, of an algorithm id that we do not know; `algorithm`
 * and `key` are filled all the same.
 */
MUST_USE enum status fek_parse(struct fek *fek, struct bytes in,
                               struct error *err);

/*
 * RFC 8017 7.2.2: the message inside a decrypted PKCS#1 v1.5 block of type 2:
 * 00 02, at least eight bytes that are not 00, 00, message.  The time taken
 * does not depend on the contents.  E_KEY if the padding is not there.
 */
MUST_USE enum status fek_unpad(struct bytes *msg, struct bytes block,
                               struct error *err);

#endif
