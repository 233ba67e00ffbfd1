/* SPDX-License-Identifier: MIT */
/*
 * verify.h - read all of an evidence, hash it, and compare with what it stores
 */
#ifndef ANALYZER_VERIFY_H
#define ANALYZER_VERIFY_H

#include "analyzer/run.h"

/*
 * Read the contents of an evidence that is open from the first byte to the
 * last.  Its hashes, and whether they are those that it stores, become facts of
 * its source; e->sha256 is set.  What cannot be read, or is not as it was
 * stored, is added to the source's `problem`.
 *
 * There are no hashes where a byte cannot be read, or the user stops it.
 */
void verify_evidence(const struct run *run, struct evidence *e);

#endif
