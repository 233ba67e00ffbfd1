/* SPDX-License-Identifier: MIT */
/*
 * outcome.c - the closed list of statuses
 */
#include "recovery/outcome.h"

#include <assert.h>
#include <string.h>

static const char *const names[OUTCOME_COUNT] = {
	[OUTCOME_OPENABLE] = "openable",
	[OUTCOME_RECOVERED_VERIFIED] = "recovered_verified",
	[OUTCOME_RECOVERED_UNVERIFIED] = "recovered_unverified",
	[OUTCOME_RECOVERED_PARTIAL] = "recovered_partial",
	[OUTCOME_NO_KEY] = "no_key",
	[OUTCOME_KEY_LOCKED] = "key_locked",
	[OUTCOME_UNSUPPORTED_PROTECTOR] = "unsupported_protector",
	[OUTCOME_UNSUPPORTED_ALGORITHM] = "unsupported_algorithm",
	[OUTCOME_METADATA_MISSING] = "metadata_missing",
	[OUTCOME_METADATA_DAMAGED] = "metadata_damaged",
	[OUTCOME_DATA_UNREADABLE] = "data_unreadable",
	[OUTCOME_OUTPUT_FAILED] = "output_failed",
};

const char *outcome_name(enum outcome outcome)
{
	assert(outcome < OUTCOME_COUNT);
	return names[outcome];
}

bool outcome_find(enum outcome *outcome, const char *name)
{
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*outcome = (enum outcome)i;
		return true;
	}
	return false;
}

bool outcome_recovered(enum outcome outcome)
{
	return outcome == OUTCOME_RECOVERED_VERIFIED ||
	       outcome == OUTCOME_RECOVERED_UNVERIFIED;
}
