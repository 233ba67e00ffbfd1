/* SPDX-License-Identifier: MIT */
/*
 * plaintext.h - where the plaintext of a stream goes: a file and two digests
 */
#ifndef ANALYZER_PLAINTEXT_H
#define ANALYZER_PLAINTEXT_H

#include "analyzer/output.h"
#include "recovery/decrypt.h"

struct plaintext {
	struct output_file file;
	struct digest md5, sha256;
	bool (*stopped)(const void *ctx);
	const void *ctx;
};

/* Begin a file in the output folder. `stopped` is asked now and then. */
MUST_USE enum status plaintext_begin(struct plaintext *p, struct output *out,
                                     bool (*stopped)(const void *ctx),
                                     const void *ctx, struct error *err);
/* The sink to give to decrypt_stream. */
struct sink plaintext_sink(struct plaintext *p);
/* The digests in hex, once all is written. */
MUST_USE enum status plaintext_digests(struct plaintext *p,
                                       char md5[DIGEST_HEX],
                                       char sha256[DIGEST_HEX],
                                       struct error *err);
/* Throws an unfinished file away. */
void plaintext_release(struct plaintext *p);

#endif
