/* SPDX-License-Identifier: MIT */
/*
 * fuzz_efs_policy.c - a recovery policy
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/efs_policy.h"
#include "parsers/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct efs_policy it = efs_policy_open(in);
	struct efs_agent agent;
	uint64_t last = 0;
	size_t n = 0;

	while (efs_policy_next(&it, &agent)) {
		assert(agent.at > last && ++n <= LIMIT_EFS_ENTRIES);
		last = agent.at;
		fuzz_inside(agent.credential.sid, in);
		fuzz_inside(agent.credential.certificate, in);
		fuzz_inside(agent.credential.container, in);
		fuzz_inside(agent.credential.public_key, in);
		fuzz_error(agent.credential_err.status, &agent.credential_err,
		           in);
	}
	fuzz_error(it.err.status, &it.err, in);
	assert(!n || it.err.status != E_ABSENT);
	return 0;
}
