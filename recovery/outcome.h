/* SPDX-License-Identifier: MIT */
/*
 * outcome.h - what became of an encrypted object: the closed list of statuses
 */
#ifndef RECOVERY_OUTCOME_H
#define RECOVERY_OUTCOME_H

#include <stdbool.h>

enum outcome {
	OUTCOME_OPENABLE,             /* a key at hand opens the file key */
	OUTCOME_RECOVERED_VERIFIED,   /* written, and proved */
	OUTCOME_RECOVERED_UNVERIFIED, /* written; nothing allows a proof */
	OUTCOME_RECOVERED_PARTIAL,    /* written, with units that are missing */
	OUTCOME_NO_KEY,               /* no key at hand matches */
	OUTCOME_KEY_LOCKED,           /* the matching key is here but locked */
	OUTCOME_UNSUPPORTED_PROTECTOR,
	OUTCOME_UNSUPPORTED_ALGORITHM,
	OUTCOME_METADATA_MISSING, /* no $EFS */
	OUTCOME_METADATA_DAMAGED,
	OUTCOME_DATA_UNREADABLE, /* no ciphertext could be read at all */
	OUTCOME_OUTPUT_FAILED,   /* decrypted but could not be written */
	OUTCOME_COUNT,
};

/* The name that every report uses, such as "recovered_verified". */
const char *outcome_name(enum outcome outcome);
/* The outcome of that name; false if there is none. */
bool outcome_find(enum outcome *outcome, const char *name);
/* Is the plaintext on disk, in whole (partial is not)? */
bool outcome_recovered(enum outcome outcome);

#endif
