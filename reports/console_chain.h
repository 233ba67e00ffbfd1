/* SPDX-License-Identifier: MIT */
/*
 * console_chain.h - a key, and below it what unlocks it, for a terminal
 */
#ifndef REPORTS_CONSOLE_CHAIN_H
#define REPORTS_CONSOLE_CHAIN_H

#include "reports/owners.h"
#include "reports/wrap.h"

/* Begin the line of an owner's key, or of what stands `depth` keys below. */
void chain_start(struct wrap *w, unsigned depth);
/* The key and all that is behind it, a line or more each. */
void print_chain(struct wrap *w, const struct owned_key *own);
/* Does it open keys of any number, and belong below none of them only? */
bool chain_is_source(const struct case_key *k);

#endif
