/* SPDX-License-Identifier: MIT */
/*
 * efsx.h - $EFS of version 4 and 5: protectors made of nested datums
 *
 * [MS-EFSR] 2.2.2.2.  Windows writes version 4 where an elliptic-curve key
 * takes part, and 5 for DPAPI-NG.  The derivation of their keys is not public:
 * these files are described, not opened.
 */
#ifndef PARSERS_EFSX_H
#define PARSERS_EFSX_H

#include "parsers/bytes.h"
#include "parsers/status.h"

struct efsx {
	uint32_t version;
	uint32_t length;
	struct bytes id;       /* GUID */
	uint32_t algorithm;    /* of the FEK info datum */
	struct bytes fek_info; /* the datums inside it */
	struct bytes ddf, drf; /* protector lists; drf may be empty */
};

MUST_USE enum status efsx_parse(struct efsx *efs, struct bytes in,
                                struct error *err);

enum efsx_type {
	EFSX_BLOB = 1,
	EFSX_DESCRIPTOR = 2,
	EFSX_PROTECTOR = 3,
	EFSX_PROTECTOR_INFO = 4,
	EFSX_KEY_AGREEMENT = 5,
	EFSX_FEK_INFO = 6,
	EFSX_DPAPI_NG = 7,
};

enum efsx_role {
	EFSX_ROLE_NONE = 0,
	EFSX_ROLE_CERTIFICATE = 1,
	EFSX_ROLE_PROTECTOR_DATA = 2,
	EFSX_ROLE_DISPLAY = 3,
	EFSX_ROLE_CONTAINER = 4,
	EFSX_ROLE_PROVIDER = 5,
	EFSX_ROLE_SID = 6,
	EFSX_ROLE_ENCRYPTED_FMK = 7,
	EFSX_ROLE_USER_PUBLIC_KEY = 8,
	EFSX_ROLE_EPHEMERAL_KEY = 9,
	EFSX_ROLE_ENCRYPTED_FEK = 10,
	EFSX_ROLE_ENCRYPTED_IV = 11,
	EFSX_ROLE_DESCRIPTION =
		12, /* protection descriptor string, version 5 */
};

/* One datum, and where it stands in the tree: depth 0 is the list itself. */
struct efsx_datum {
	uint64_t at;
	uint16_t type, role, flags;
	unsigned depth;
	/* type 1: BlobType; type 3: ProtectorType, then its flags */
	uint16_t kind, kind_flags;
	struct bytes value; /* blob bytes, or UTF-16LE text without NUL */
};

#define EFSX_DEPTH 8

/*
 * Walk a protector list, or the inside of the FEK info datum, depth first.
 * `ends` is the stack of open parents: no recursion over evidence.
 */
struct efsx_walk {
	struct cursor c;
	size_t ends[EFSX_DEPTH];
	unsigned depth;
	uint32_t left; /* budget, LIMIT_EFS_DATUMS */
	struct error err;
};

/* A protector list begins with its size and count, datums do not. */
struct efsx_walk efsx_protectors_open(struct bytes list);
struct efsx_walk efsx_datums_open(struct bytes datums);
MUST_USE bool efsx_next(struct efsx_walk *it, struct efsx_datum *datum);

#endif
