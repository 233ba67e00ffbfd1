/* SPDX-License-Identifier: MIT */
/*
 * hash_evidence.h - --hash-evidence: hash every evidence while the run works
 * on it
 *
 * A thread of its own reads one evidence after the other, from its own source:
 * what it meets changes nothing for the run, so results do not depend on who of
 * them was first.  Both share what the system keeps of the files.  The case is
 * written by the thread of the run, at its end.
 */
#ifndef ANALYZER_HASH_EVIDENCE_H
#define ANALYZER_HASH_EVIDENCE_H

#include "analyzer/run.h"

/* Hash this evidence, too, which is open or a folder; it outlives the
   hashing. */
void hash_evidence_begin(struct run *run, struct evidence *e);

/*
 * Wait for all that was begun; hashes, how they compare with those that the
 * evidence stores, and what could not be read go into the case and the
 * evidence.  If the run was stopped, so is this, and the case says so.
 */
MUST_USE enum status hash_evidence_record(struct run *run, struct error *err);

/* Stop; nothing is recorded.  NULL is nothing. */
void hashing_free(struct hashing *hashing);

#endif
