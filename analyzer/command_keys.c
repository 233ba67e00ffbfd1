/* SPDX-License-Identifier: MIT */
/*
 * command_keys.c - efsleuth keys: the key chain, link by link
 */
#include "analyzer/run.h"
#include "analyzer/sandbox_plan.h"

static int keys(const struct options *o)
{
	return run_all(o, RUN_KEYS);
}

const struct command command_keys = {
	.name = "keys",
	.args = "EVIDENCE...",
	.about = "key material found, what unlocks it, what is missing",
	.help = "Prints the chain from password to private key as a tree: what "
		"was found in the\nevidence, what opened it, what is missing, "
		"and how many encrypted objects each missing\nsecret would "
		"open. EVIDENCE may be a plain directory, such as a copied "
		"profile.",
	.takes = TAKES_KEYS | TAKES_EVIDENCE | TAKES_FILTER | TAKES_REPORTS |
	         TAKES_EXPORT,
	.least = 1,
	.plan = plan_evidence,
	.run = keys,
};
