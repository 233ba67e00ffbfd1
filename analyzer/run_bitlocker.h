/* SPDX-License-Identifier: MIT */
/*
 * run_bitlocker.h - BitLocker volumes of a run: what the user gave to open
 * them, and what is behind it
 */
#ifndef ANALYZER_RUN_BITLOCKER_H
#define ANALYZER_RUN_BITLOCKER_H

#include "analyzer/run.h"
#include "analyzer/volume.h"

/*
 * Read the files that the options name.  Passwords join those of the run;
 * recovery passwords and .BEK files are kept in run->bitlocker.  Counts in
 * `given` and `bad` what was given, and what of it cannot be used, which is
 * said.
 */
void run_bitlocker_secrets(struct run *run, unsigned *given, unsigned *bad);
void run_bitlocker_release(struct bitlocker_given *given);

/*
 * Unlock a volume of an evidence, and recognise what is in it.  Its facts tell
 * of BitLocker, also where it stays closed.  NULL, or why it does, to be freed.
 */
MUST_USE char *run_bitlocker_unlock(struct run *run, struct evidence *e,
                                    struct volume *v);

#endif
