/* SPDX-License-Identifier: MIT */
/*
 * efs_export.h - a raw export of an encrypted file, gathered for decryption
 *
 * From the export (parsers/efs_raw.h) come the $EFS value and, for each stream,
 * what `struct ciphertext` (decrypt.h) wants: where in the export its units
 * are.  Only headers are read.  Damage costs what is damaged: all else is
 * there, and each error says where.
 */
#ifndef RECOVERY_EFS_EXPORT_H
#define RECOVERY_EFS_EXPORT_H

#include "recovery/decrypt.h"

struct export_stream {
	char *name;           /* UTF-8, escaped as a path's component; NULL: the
	                         unnamed stream */
	bool encrypted;       /* else the extents are its plain bytes */
	uint64_t size;        /* bytes of plaintext */
	uint64_t initialized; /* bytes of it that are valid; then zeros */
	uint64_t cluster;     /* bytes, for struct ciphertext */
	uint64_t stored;      /* the same: 0, or where a last unit is cut */
	uint64_t holes;       /* bytes that are zero, and not stored */
	/*
	 * Of struct extent, ascending, none overlap; `at` is an offset in the
	 * export.  Multiples of EFS_UNIT if encrypted, else any.  What no
	 * extent covers is not in the export.
	 */
	GArray *extents;
	unsigned segments;
	/* A block of more than its unit is not the last of its segment: where
	   the next ones belong is not published.  They stand behind it. */
	bool doubtful;
	/*
	 * OK, or the first thing that is wrong.  E_TRUNCATED: the export ends
	 * inside of it.  E_CORRUPT: a part of it is damaged, or contradicts
	 * another.  E_UNSUPPORTED: a form that is not known.  E_LIMIT: larger
	 * than is believed; it is not to be decrypted, and has no extents.
	 */
	struct error err;
};

struct efs_export {
	GByteArray *efs; /* the $EFS value; empty if there is none */
	uint64_t efs_at; /* its offset in the export */
	GArray *streams; /* of struct export_stream, in the export's order */
	uint64_t end;    /* where the records end */
	/*
	 * OK, or why the records ended before the file did.  E_ABSENT is a
	 * trailer: bytes behind a whole export.  Others as of efs_raw_next, of
	 * the reading, and E_LIMIT: too many streams or extents.
	 */
	struct error err;
	struct error efs_err; /* OK, or what is wrong with the $EFS value */
};

/*
 * Read an export of `size` bytes.  `read` is that of struct ciphertext.
 * E_ABSENT: it is none; others are errors of the reading of its first bytes,
 * or E_NOMEM, or E_TRUNCATED.  Then `x` is empty.
 */
MUST_USE enum status efs_export_open(struct efs_export *x, uint64_t size,
                                     enum status (*read)(void *ctx, uint64_t at,
                                                         uint8_t *buf, size_t n,
                                                         struct error *err),
                                     void *ctx, struct error *err);
void efs_export_release(struct efs_export *x);

/* The ciphertext of an encrypted stream; borrows its extents. */
struct ciphertext
efs_export_ciphertext(const struct export_stream *s,
                      enum status (*read)(void *ctx, uint64_t at, uint8_t *buf,
                                          size_t n, struct error *err),
                      void *ctx);

#endif
