/* SPDX-License-Identifier: MIT */
/*
 * work_result.h - what became of one stream, on its way into the case
 */
#ifndef ANALYZER_WORK_RESULT_H
#define ANALYZER_WORK_RESULT_H

#include "analyzer/plaintext.h"
#include "analyzer/work.h"

/* All owned. */
struct result {
	enum outcome outcome;
	char *reason;
	char *output;
	const char *same_as; /* borrowed from a place */
	char md5[DIGEST_HEX], sha256[DIGEST_HEX];
	GArray *holes; /* of struct case_hole */
};

/* Takes the reason over. */
void result_set(struct result *r, enum outcome outcome, char *reason);
/* It could not be written: the run knows, and the first is said. */
void result_failed(struct work *w, struct result *r, const struct error *err);
/* Give what was written its name, and note it with its digests. */
MUST_USE enum status result_publish(struct work *w, const struct stream *s,
                                    struct plaintext *p, struct result *r,
                                    struct error *err);
/* For plaintext_begin, with the run. */
bool result_stopped(const void *run);

/* Decrypt a stream into the output folder, and say what proves it. */
void result_decrypt(struct work *w, struct stream *s, struct result *r);
/* A stream in the clear beside encrypted ones: the file is not whole without
   it. */
void result_copy(struct work *w, struct stream *s, struct result *r);

#endif
