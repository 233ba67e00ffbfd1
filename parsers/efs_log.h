/* SPDX-License-Identifier: MIT */
/*
 * efs_log.h - EFSn.LOG: the log of an encryption that is under way
 *
 * While Windows encrypts or decrypts a file that exists, "System Volume
 * Information\EFSn.LOG" says which, and where the copy is: the clusters of that
 * EFSn.TMP may still hold the plaintext.  No published text: *observed* in the
 * one log of Windows (2022, exFAT) that is public, deleted but whole.  What
 * other versions write, and what the states mean, is not known.
 */
#ifndef PARSERS_EFS_LOG_H
#define PARSERS_EFS_LOG_H

#include "parsers/bytes.h"
#include "parsers/status.h"

/* One of the two copies of the state, a sector each. */
struct efs_log_state {
	uint64_t at;    /* evidence offset; 0: it is not there */
	bool there;     /* its sector is inside the bytes */
	bool sound;     /* its checksum is right */
	uint32_t size;  /* of its payload; 8 in the sample */
	uint32_t state; /* 10 after an encryption that ended well */
};

struct efs_log {
	uint32_t version;       /* 100 in the sample */
	uint32_t sector;        /* bytes */
	uint32_t used;          /* bytes of the header that are used */
	uint32_t header;        /* bytes of the header with its checksum */
	bool sound;             /* the header's checksum is right */
	struct bytes target;    /* path of the file, UTF-16LE, no NUL */
	struct bytes temporary; /* of its copy */
	/* 8 bytes each, or empty.  On exFAT the offset in the volume of the
	   directory entry; on NTFS perhaps the file's reference. */
	struct bytes target_id, temporary_id;
	struct efs_log_state states[2];
};

/*
 * E_ABSENT: no log.  E_TRUNCATED: less than its header.  E_CORRUPT: a checksum
 * is wrong, or a part has an impossible place or is missing: it is left empty,
 * and all the rest is filled: `header` is not 0.  In every other failure `log`
 * is zero.  E_UNSUPPORTED: its sizes are of no form that is known.
 */
MUST_USE enum status efs_log_parse(struct efs_log *log, struct bytes in,
                                   struct error *err);

#endif
