/* SPDX-License-Identifier: MIT */
/*
 * evidence.h - files of evidence that are in memory, and those of the corpus
 */
#ifndef TESTS_ANALYZER_EVIDENCE_H
#define TESTS_ANALYZER_EVIDENCE_H

#include "tests/analyzer/folder.h"

#include "analyzer/found.h"

/* A copy of n bytes as a file at `path` of the evidence; for found_free. */
struct found *evidence_of(const char *path, const void *p, size_t n);
/*
 * A file of the corpus, unpacked if it ends in .xz, as a file at `path` of the
 * evidence.  Skips the test without the corpus.
 */
struct found *evidence_corpus(const char *path, const char *name);
/* The bytes of either, to be damaged. */
uint8_t *evidence_bytes(struct found *found);

#endif
