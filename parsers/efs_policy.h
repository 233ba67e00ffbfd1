/* SPDX-License-Identifier: MIT */
/*
 * efs_policy.h - the recovery policy: whose certificates can open every file
 *
 * [MS-GPEF] 2.2.1.2, the registry value `EfsBlob`.  Every range borrows from
 * the bytes that it was parsed from.
 */
#ifndef PARSERS_EFS_POLICY_H
#define PARSERS_EFS_POLICY_H

#include "parsers/efs.h"

/* One recovery agent. */
struct efs_agent {
	uint64_t at; /* evidence offset of the entry */
	struct efs_credential credential;
	struct error credential_err; /* OK, or what of it is damaged */
};

struct efs_policy {
	struct cursor c;
	uint32_t left;
	struct error err; /* why the walk stopped early, if it did */
};

/*
 * Walk a policy: open, then next until it returns false, then see .err.
 * E_ABSENT: it is none.  A damaged entry ends the walk; those before it are
 * good.  A count over LIMIT_EFS_ENTRIES is E_LIMIT, after as many as that have
 * been walked.
 */
struct efs_policy efs_policy_open(struct bytes in);
MUST_USE bool efs_policy_next(struct efs_policy *it, struct efs_agent *agent);

#endif
