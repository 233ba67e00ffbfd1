/* SPDX-License-Identifier: MIT */
/*
 * hash_source.h - digests of all bytes of a source, in one read
 */
#ifndef ANALYZER_HASH_SOURCE_H
#define ANALYZER_HASH_SOURCE_H

#include "analyzer/source.h"
#include "recovery/crypto.h"

#include <stdbool.h>

enum hash { HASH_MD5, HASH_SHA1, HASH_SHA256, HASHES };

/* "MD5", "SHA-1", "SHA-256" */
extern const char *const hash_name[HASHES];
extern const enum digest_kind hash_kind[HASHES];

/*
 * "md5,sha256": each at most once, in any order, or "none".  False if it is
 * anything else.
 */
MUST_USE bool hash_parse(bool wanted[HASHES], const char *list);

struct hash_plan {
	bool wanted[HASHES];
	bool past_bad; /* read on behind what cannot be read, so that all of
	                  that is known; there are no digests all the same */
	/* Has the user asked to stop? */
	bool (*stopped)(void *ctx);
	/* So many bytes are behind us. */
	void (*reached)(void *ctx, uint64_t at);
	void *ctx;
};

struct hashed {
	bool whole; /* all bytes were read; else there are no digests */
	/* lower-case hex; empty: not wanted, or OpenSSL refuses it */
	char hex[HASHES][DIGEST_HEX];
};

/*
 * Read the source from the first byte to the last, in this thread, and hash it
 * in one thread for each digest.  What cannot be read is in `s->bad` then.
 */
void hash_source(struct hashed *out, struct source *s,
                 const struct hash_plan *plan);

#endif
