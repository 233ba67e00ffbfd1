/* SPDX-License-Identifier: MIT */
/*
 * decrypt.h - one encrypted stream, from its extents to its plaintext
 *
 * The stream is read in pieces of up to 1 MiB, in order, in constant memory.
 * What lies past the initialised size is zeros and was never encrypted, and so
 * are the holes of a sparse stream.  The last unit is always read whole, also
 * past the end of the data, because it was encrypted whole.
 *
 * Copies outside of NTFS may be cut behind their data: EFS on FAT keeps a
 * multiple of 16 bytes, other tools cut anywhere.  A block of CBC needs nothing
 * behind itself, so all whole blocks that are left are decrypted; the bytes of
 * plaintext in a block that is not whole are lost.
 */
#ifndef RECOVERY_DECRYPT_H
#define RECOVERY_DECRYPT_H

#include "recovery/cipher.h"

#include <glib.h>

#define EXTENT_HOLE UINT64_MAX

/* A contiguous part of a stream; all in bytes, multiples of EFS_UNIT. */
struct extent {
	uint64_t offset; /* within the stream */
	uint64_t at;     /* of the ciphertext, for `read`; or EXTENT_HOLE */
	uint64_t n;
};

struct ciphertext {
	const struct extent *extents; /* ascending, none overlap */
	size_t n;
	uint64_t size;        /* bytes of plaintext */
	uint64_t initialized; /* bytes from the start that were ever written */
	uint64_t cluster;     /* bytes; what is behind the data up to here may
	                         have been encrypted with it; 0: nothing is */
	/* Reads n bytes, or fails: then smaller pieces are tried. */
	enum status (*read)(void *ctx, uint64_t at, uint8_t *buf, size_t n,
	                    struct error *err);
	void *read_ctx;
	uint64_t stored; /* bytes of the stream whose ciphertext exists, where a
	                    copy was cut behind its data: nothing further is
	                    read.  0: all of the last unit (and cluster) */
};

/* Where the plaintext goes.  An error of either ends the decryption. */
struct sink {
	enum status (*write)(void *ctx, const uint8_t *p, size_t n,
	                     struct error *err);
	/* n zero bytes that need not be stored */
	enum status (*zeros)(void *ctx, uint64_t n, struct error *err);
	void *ctx;
};

/* Bytes of a stream that could not be read. */
struct missing {
	uint64_t offset, size;
};

/* What the data itself says about the plaintext; released by the caller. */
struct proof {
	uint64_t decrypted; /* bytes that went through the cipher */
	uint64_t padding;   /* bytes behind the data in its last unit, so far as
	                       their ciphertext exists */
	bool padding_zero;  /* they all decrypt to zeros (true if none) */
	uint64_t slack;  /* bytes behind that unit, to the cluster's end, that
	                    decrypt to zeros */
	bool recoded;    /* re-encryption gives the ciphertext of all of it */
	uint64_t lost;   /* bytes of plaintext that could not be read */
	GArray *missing; /* of struct missing, ascending: whole units, but for
	                    the end of the data and of a copy that was cut */
};

/* Zero bytes that must follow the data before they prove it: one wrong key
   in 2^64 would pass. */
#define PROOF_BYTES 8

/*
 * Decrypt a stream into a sink, and learn what proves it.
 * Unreadable units, and what a copy was cut off from, become zeros and are
 * listed; that is no error.
 * Errors are those of the sink, and E_NOMEM.
 */
MUST_USE enum status decrypt_stream(struct proof *proof, struct cipher *c,
                                    const struct ciphertext *in,
                                    const struct sink *sink, struct error *err);

void proof_release(struct proof *proof);
/* Does the data hold what a wrong file key would have failed? */
bool proof_holds(const struct proof *proof);

#endif
