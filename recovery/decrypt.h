/* SPDX-License-Identifier: MIT */
/*
 * decrypt.h - one encrypted stream, from its extents to its plaintext
 *
 * The stream is cut into spans of up to 256 KiB, in constant memory.  Each span
 * is read, decrypted and proved by itself, in any order and on any thread; what
 * they prove adds up.  decrypt_stream does all of them in order.
 *
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
#include <stdbool.h>

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
	/* Reads n bytes, or fails: then smaller pieces are tried.  From several
	   threads at once, if the spans are. */
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

/* Bytes of a span: with its plaintext it stays in a second-level cache. */
#define SPAN_BYTES ((size_t)256 * 1024)

enum span_kind {
	SPAN_CIPHER, /* to be read and decrypted */
	SPAN_ZEROS,  /* a hole, or past the initialised size */
	SPAN_LOST,   /* no extent holds it, or the copy was cut: zeros */
};

/* A part of a stream; all in bytes. */
struct span {
	enum span_kind kind;
	uint64_t offset; /* in the stream */
	uint64_t plain;  /* of plaintext */
	/* SPAN_CIPHER: */
	uint64_t at;  /* of its ciphertext, for `read` */
	size_t n;     /* of ciphertext, up to SPAN_BYTES: `plain`, but more at
	                 the end of the data */
	size_t slack; /* of ciphertext behind the last one that may prove it */
};

/* On the way through the spans of a stream, which is borrowed. */
struct spans {
	const struct ciphertext *in;
	uint64_t data_end;   /* where the plaintext that was encrypted ends */
	uint64_t cipher_end; /* the same, rounded up to whole units; less where
	                        the copy ends before: to whole blocks */
	uint64_t stored;     /* where the ciphertext that exists ends */
	uint64_t pos;        /* next byte of the stream */
	size_t i;            /* the extent that it may be in */
};

/* `block` is that of the cipher, in bytes. */
struct spans spans_open(const struct ciphertext *in, size_t block);
/* The next one, in order: together they are `size` bytes of plaintext.  False
   after the last. */
bool spans_next(struct spans *spans, struct span *span);

/* What a span is worked on in; belongs to one thread at a time. */
struct span_buffers {
	uint8_t *cipher, *plain; /* SPAN_BYTES each */
	uint8_t *work;           /* CIPHER_WORK bytes */
};

/* NULL: no memory.  One block, to be freed by span_buffers_free. */
struct span_buffers *span_buffers_new(void);
void span_buffers_free(struct span_buffers *buf);

/*
 * Read a SPAN_CIPHER and decrypt it into buf->plain, and learn what proves it.
 * Units that cannot be read become zeros and are listed; that is no error.
 * The caller releases `proof`, which is set in any case.  Errors are those of
 * the cipher.
 */
MUST_USE enum status span_decrypt(struct proof *proof, struct cipher *c,
                                  const struct ciphertext *in,
                                  const struct span *span,
                                  struct span_buffers *buf, struct error *err);

/* Begin with nothing decrypted; allocates. */
void proof_init(struct proof *proof);
/* Add what the next span in order says: of a SPAN_CIPHER its own `part`, which
   is NULL for the others. */
void proof_add(struct proof *proof, const struct span *span,
               const struct proof *part);

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
