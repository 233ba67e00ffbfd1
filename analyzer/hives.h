/* SPDX-License-Identifier: MIT */
/*
 * hives.h - what the registry hives of a Windows say about keys
 *
 * Hives belong together by folder: SYSTEM opens the SECURITY and the SAM beside
 * it, and those of other folders where its boot key fits them.  A hive whose
 * transaction log holds changes is read as Windows would: with them.
 */
#ifndef ANALYZER_HIVES_H
#define ANALYZER_HIVES_H

#include "analyzer/found.h"
#include "analyzer/people.h"
#include "recovery/chain.h"

/*
 * Does a file of this name (UTF-8, as in found_name) deserve a look?  SYSTEM,
 * SECURITY, SAM, SOFTWARE, NTUSER.DAT, their logs, StartKey.Key; any case.
 */
bool hives_want(const char *name);

/*
 * Read all hives among `files` (of struct found *; borrowed) and add to the
 * chain: DPAPI_SYSTEM, DefaultPassword, the hashes of TBAL and SAM, domain
 * backup keys, machine certificates, the recovery policy's certificates, each
 * user's current EFS certificate.  `passwords` are candidates for a startup
 * password; DefaultPassword joins them.
 * `people` gets the accounts and the recovery policies.
 * What of a hive is damaged or closed is in the ring or said, and no failure.
 */
void hives_read(struct chain *chain, struct passwords *passwords,
                struct people *people, GPtrArray *files);

#endif
