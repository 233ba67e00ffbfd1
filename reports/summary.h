/* SPDX-License-Identifier: MIT */
/*
 * summary.h - the result of a case in numbers, and in one sentence
 */
#ifndef REPORTS_SUMMARY_H
#define REPORTS_SUMMARY_H

#include "recovery/casefile.h"

#include <glib.h>

struct summary {
	struct case_totals totals;
	uint64_t files[OUTCOME_COUNT]; /* they add up to totals.files */
	uint64_t bytes[OUTCOME_COUNT];
	uint64_t keys;    /* unlocked private keys of the run */
	unsigned runs;    /* several, where cases were put together */
	bool interrupted; /* one of them */
};

MUST_USE enum status summary_read(struct summary *summary, struct casefile *cf,
                                  struct error *err);
/* "2 ranges of the evidence could not be ..."; nothing if there is none. */
void summary_bad(GString *to, const struct case_totals *totals);
/* "12 of 20 encrypted files were recovered, 10 of them verified; ..." */
void summary_sentence(GString *to, const struct summary *summary);

#endif
