/* SPDX-License-Identifier: MIT */
/*
 * verify.h - the hashes of an evidence, beside those that it stores
 */
#ifndef ANALYZER_VERIFY_H
#define ANALYZER_VERIFY_H

#include "analyzer/hash_source.h"
#include "analyzer/run.h"

/*
 * Read the contents of an evidence that is open from the first byte to the
 * last.  Its hashes, and whether they are those that it stores, become facts of
 * its source; e->sha256 is set.  What cannot be read, or is not as it was
 * stored, is added to the source's `problem`.
 *
 * There are no hashes where a byte cannot be read, or the user stops it.
 */
void verify_evidence(struct run *run, struct evidence *e);

/*
 * The same for hashes of the source that somebody computed and the user did not
 * stop: facts, and what is wrong, added to *problem; each digest that is not
 * empty is a fact, each that the source stores is compared.
 */
void verify_hashed(struct facts *facts, char **problem, const struct source *s,
                   const struct hashed *h);

#endif
