/* SPDX-License-Identifier: MIT */
/*
 * pipeline.h - one large stream on all cores: read, decrypted, written, hashed
 *
 * Its spans go through a few buffers that are used again and again.  A thread
 * of the crew takes what is most urgent of what can be done right now: the next
 * span for a digest, slowest digest first, for only one thread can be at it; or
 * one more span to read, decrypt and write where it belongs.
 */
#ifndef ANALYZER_PIPELINE_H
#define ANALYZER_PIPELINE_H

#include "analyzer/crew.h"
#include "analyzer/plaintext.h"

struct pipeline;

struct pipeline_order {
	struct ciphertext in;  /* what it points to outlives the pipeline */
	const struct fek *fek; /* the same */
	struct plaintext *to;  /* begun; the caller ends it */
	uint64_t order;        /* of its tasks */
	unsigned buffers;      /* at least 1: so many spans are under way */
	/* Once all is done, or nothing more can be: called from the thread that
	   ended it, which may end the pipeline. */
	void (*done)(struct pipeline *p, void *ctx);
	void *ctx;
};

/* Begin.  With a crew of one it is done when this returns. */
void pipeline_start(struct crew *crew, const struct pipeline_order *order);
/*
 * Once it is done: what proves the plaintext, which the caller releases in any
 * case; and free the pipeline.  Errors are those of decrypt_stream and of the
 * plaintext.
 */
MUST_USE enum status pipeline_end(struct pipeline *p, struct proof *proof,
                                  struct error *err);

#endif
