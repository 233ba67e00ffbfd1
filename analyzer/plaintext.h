/* SPDX-License-Identifier: MIT */
/*
 * plaintext.h - where the plaintext of a stream goes: a file, and digests
 */
#ifndef ANALYZER_PLAINTEXT_H
#define ANALYZER_PLAINTEXT_H

#include "analyzer/hash_source.h"
#include "analyzer/output.h"
#include "recovery/decrypt.h"

/* Zero is empty. */
struct plaintext {
	struct output_file file;
	struct digest digests[HASHES]; /* those that are wanted */
	bool wanted[HASHES];
	bool sparse;   /* it has zeros that were not written */
	uint64_t size; /* bytes that went through its sink */
};

/* Begin a file in the output folder. */
MUST_USE enum status plaintext_begin(struct plaintext *p, struct output *out,
                                     const bool wanted[HASHES],
                                     struct error *err);
/* Or the digests alone. */
MUST_USE enum status plaintext_begin_digests(struct plaintext *p,
                                             const bool wanted[HASHES],
                                             struct error *err);
/* All of it in order, by one thread: the sink to give to decrypt_stream. */
struct sink plaintext_sink(struct plaintext *p);
/* Or parts of it by several threads, at their offsets, in any order. */
MUST_USE enum status plaintext_write(struct plaintext *p, uint64_t at,
                                     const uint8_t *buf, size_t n,
                                     struct error *err);
/* n zeros are left out of the file: not while another thread is at it. */
void plaintext_skip(struct plaintext *p, uint64_t n);
/* Hash the next n bytes, NULL for zeros: one thread at a time a digest. */
MUST_USE enum status plaintext_hash(struct plaintext *p, enum hash hash,
                                    const uint8_t *buf, uint64_t n,
                                    struct error *err);
/*
 * All of it is there, so many bytes: close the file, with its times (FILETIMEs,
 * or 0), and give the digests in hex, empty where not wanted.
 */
MUST_USE enum status plaintext_end(struct plaintext *p, uint64_t size,
                                   uint64_t accessed, uint64_t modified,
                                   char hex[HASHES][DIGEST_HEX],
                                   struct error *err);
/* Throws an unfinished file away. */
void plaintext_release(struct plaintext *p);

#endif
