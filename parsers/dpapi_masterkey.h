/* SPDX-License-Identifier: MIT */
/*
 * dpapi_masterkey.h - a DPAPI master key file: Protect\SID\GUID
 *
 * Microsoft documents only the domain part ([MS-BKRP]).  The rest is *observed*
 * in the files of testdata/dpapi.  Nothing here decrypts.
 */
#ifndef PARSERS_DPAPI_MASTERKEY_H
#define PARSERS_DPAPI_MASTERKEY_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#define DPAPI_MASTERKEY_HEADER 0x80
#define DPAPI_GUID_SIZE        16
#define DPAPI_SALT_SIZE        16

/*
 * Flags: *observed* 0 (adminMasterKeyFile.bin), 5 (563e7e10-...) and 6
 * (systemMasterKeyFile.bin).  They order attempts; they exclude none.
 */
enum {
	DPAPI_FLAG_BACKUP_BOUND = 1, /* backup part needs DPAPI_SYSTEM */
	DPAPI_FLAG_SYSTEM = 2,       /* opened by DPAPI_SYSTEM, no password */
	DPAPI_FLAG_SHA1 = 4,         /* the password's SHA-1, not its NT hash */
};

/*
 * A part whose contents are wrong says so in its `err`, and fills what can
 * still be read.  An absent part is empty, and its `err` is OK.
 */

/* The password part and the local backup part: an encrypted key each. */
struct dpapi_locked_key {
	struct bytes all;  /* the whole part */
	uint32_t version;  /* 2; 1 in Windows 2000 */
	struct bytes salt; /* of the key derivation */
	uint32_t rounds;   /* of it; 1 to LIMIT_DPAPI_ROUNDS if err is OK */
	uint32_t hash;     /* see dpapi_algorithm.h */
	uint32_t cipher;   /* the same */
	struct bytes ciphertext;
	struct error err;
};

/* The CREDHIST part: which password protects the key. */
struct dpapi_credhist_link {
	struct bytes all;
	uint32_t version;
	struct bytes guid; /* as in the CREDHIST file; zero: none */
	struct error err;
};

/* The domain part: the key, wrapped for the domain's backup key. */
struct dpapi_domain_key {
	struct bytes all;
	uint32_t version;          /* 2, 3: by the client; 1: by the server */
	struct bytes guid;         /* of the backup key */
	struct bytes secret;       /* RSA, little-endian; version 1: RC4 */
	struct bytes access_check; /* version 2 and 3 */
	struct bytes r2;           /* version 1: 68 bytes for the RC4 key */
	uint32_t plain_length;     /* version 1: bytes of the secret inside */
	struct error err;
};

struct dpapi_masterkey {
	uint32_t version;              /* 1 (Windows 2000) or 2 */
	uint8_t guid[DPAPI_GUID_SIZE]; /* in the byte order of a blob's */
	struct bytes name;             /* the same as UTF-16 text */
	uint32_t policy;
	uint32_t flags; /* DPAPI_FLAG_* */
	uint64_t size;  /* of the file, from its header; 0 if it is damaged */
	struct dpapi_locked_key password;
	struct dpapi_locked_key backup;
	struct dpapi_credhist_link credhist;
	struct dpapi_domain_key domain;
};

/*
 * Parse a master key file; what follows its parts is not looked at.
 * E_UNSUPPORTED: another version.  E_CORRUPT: its GUID is none.  E_TRUNCATED:
 * shorter than its header; or than its parts, and then those that are whole are
 * filled all the same: `version` is not 0.  In every other failure `mk` is
 * zero.  What is wrong within a part is no failure here, but the part's `err`.
 */
MUST_USE enum status dpapi_masterkey_parse(struct dpapi_masterkey *mk,
                                           struct bytes in, struct error *err);

#endif
