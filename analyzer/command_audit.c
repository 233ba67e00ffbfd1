/* SPDX-License-Identifier: MIT */
/*
 * command_audit.c - efsleuth audit: who can decrypt what
 */
#include "analyzer/run.h"
#include "analyzer/sandbox_plan.h"

static int audit(const struct options *o)
{
	return run_all(o, RUN_AUDIT);
}

const struct command command_audit = {
	.name = "audit",
	.args = "EVIDENCE...",
	.about = "who can decrypt what (needs no key)",
	.help = "Lists every encrypted file and folder with the users (DDF) "
		"and "
		"recovery agents\n(DRF) who can open it. With keys it also "
		"says "
		"which of them those keys open.",
	.takes = TAKES_KEYS | TAKES_EVIDENCE | TAKES_FILTER | TAKES_REPORTS |
	         TAKES_AUDIT,
	.least = 1,
	.plan = plan_evidence,
	.run = audit,
};
