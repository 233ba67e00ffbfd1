/* SPDX-License-Identifier: MIT */
/*
 * capi_key.h - a CryptoAPI private key file: Crypto\RSA\<SID>\<name>
 *
 * One container, and up to two key pairs in it.  EFS uses the exchange pair.
 * The format has no specification; it is *observed* in testdata/winkeys.  Every
 * range borrows from the bytes that the file was parsed from.
 */
#ifndef PARSERS_CAPI_KEY_H
#define PARSERS_CAPI_KEY_H

#include "parsers/bytes.h"
#include "parsers/status.h"

/* Each part is empty if it is absent. */
struct capi_key_pair {
	struct bytes public_key;  /* see key_blob_parse_capi() */
	struct bytes private_key; /* DPAPI blob of such a blob */
	struct bytes export_flag; /* DPAPI blob of a u32; opens nothing */
};

struct capi_key {
	uint32_t version;  /* 2 */
	struct bytes name; /* of the container: ASCII, without its NUL */
	struct bytes hash; /* 20 bytes; zero wherever seen */
	struct capi_key_pair signature, exchange;
	uint64_t size; /* of the whole */
};

/*
 * Parse a file, which may go on after its parts.  E_ABSENT: it is none.
 * E_TRUNCATED: a part lies outside; if the header is whole, `version` is not 0
 * and the parts before that one are filled all the same, and `size` is 0.  In
 * every other failure `key` is zero.
 */
MUST_USE enum status capi_key_parse(struct capi_key *key, struct bytes in,
                                    struct error *err);

#endif
