/* SPDX-License-Identifier: MIT */
/*
 * efs.h - the $EFS attribute: who can open a file, and with what
 *
 * [MS-EFSR] 2.2.2.  Nothing here allocates.  Every range in a parsed structure
 * borrows from the bytes that it was parsed from, which must outlive it.
 */
#ifndef PARSERS_EFS_H
#define PARSERS_EFS_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#define EFS_HEADER_SIZE 0x54
/* The certificate's SHA-1. */
#define EFS_THUMBPRINT_SIZE 20

enum efs_ring { EFS_DDF, EFS_DRF };

/* "ddf" or "drf". */
const char *efs_ring_name(enum efs_ring ring);

struct efs {
	uint32_t version;  /* EFS_Version */
	uint32_t length;   /* of the metadata, bytes */
	struct bytes id;   /* GUID, different in every file */
	struct bytes hash; /* 16 bytes; zero since Windows XP */
	struct bytes ddf;  /* key list of the file's users, to the end */
	struct bytes drf;  /* key list of recovery agents; empty if none */
};

/*
 * The version field alone, of anything that could be a $EFS value: 1 to 5, or
 * 6 for a ".pfile" container.  E_TRUNCATED under 12 bytes, E_CORRUPT if it is
 * none of them.
 */
MUST_USE enum status efs_version(uint32_t *version, struct bytes in,
                                 struct error *err);

/*
 * Parse metadata of version 1, 2 or 3 ([MS-EFSR] 2.2.2.1).
 * E_UNSUPPORTED: another version that the format knows (see efsx.h, pfile.h).
 * E_TRUNCATED: shorter than its header.  E_LIMIT: over LIMIT_EFS_SIZE.
 * E_CORRUPT: no version that exists; or a Length that cannot be, and all the
 * bytes there are taken instead; or a list whose offset cannot be, which is
 * left empty.  In these two cases the rest is filled all the same: `version` is
 * not 0.  In every other failure `efs` is zero.
 */
MUST_USE enum status efs_parse(struct efs *efs, struct bytes in,
                               struct error *err);

/* Is there an EFS_Hash (Windows 2000), that is, is it not all zero? */
bool efs_has_hash(const struct efs *efs);

/* Credential types of the Public Key Information. */
enum {
	EFS_CREDENTIAL_CONTAINER = 1,   /* CryptoAPI container */
	EFS_CREDENTIAL_CERTIFICATE = 2, /* the certificate itself */
	EFS_CREDENTIAL_THUMBPRINT = 3,  /* its hash and names: the usual one */
};

/* [MS-EFSR] 2.2.2.1.3, 2.2.2.1.4: whose public key wrapped the file key. */
struct efs_credential {
	uint32_t type;           /* EFS_CREDENTIAL_*, or an unknown number */
	struct bytes sid;        /* binary SID; empty if absent */
	struct bytes thumbprint; /* 20 bytes; empty if absent */
	struct bytes container;  /* these three UTF-16LE, without NUL */
	struct bytes provider;
	struct bytes name;        /* display name */
	struct bytes certificate; /* DER, type 2 only */
	struct bytes public_key;  /* PUBLICKEYBLOB, type 1 only */
};

/*
 * Parse a Public Key Information.  A part whose place is impossible is left
 * empty and named in `err` (E_CORRUPT or E_TRUNCATED), and the parts that are
 * sound are filled all the same.
 */
MUST_USE enum status efs_credential_parse(struct efs_credential *cred,
                                          struct bytes in, struct error *err);

enum {
	EFS_FLAG_RSA = 0,
	EFS_FLAG_SMARTCARD =
		1, /* AES key derived from a signature, version 3 */
};

/* [MS-EFSR] 2.2.2.1.2: one wrapped copy of the file encryption key (FEK). */
struct efs_key {
	uint64_t at;      /* evidence offset of the entry */
	uint32_t flags;   /* EFS_FLAG_*, or an unknown number */
	struct bytes fek; /* still encrypted */
	struct efs_credential credential;
	struct error credential_err; /* OK, or what of it is damaged */
};

struct efs_keys {
	struct cursor c;
	uint32_t left;
	struct error err; /* why the walk stopped early, if it did */
};

/*
 * Walk a key list: open, then next until it returns false, then see .err.
 * A damaged entry ends the walk; those before it are good.  A count over
 * LIMIT_EFS_ENTRIES is E_LIMIT, after as many as that have been walked.
 */
struct efs_keys efs_keys_open(struct bytes list);
MUST_USE bool efs_keys_next(struct efs_keys *it, struct efs_key *key);

#endif
