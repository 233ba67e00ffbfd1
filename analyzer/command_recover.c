/* SPDX-License-Identifier: MIT */
/*
 * command_recover.c - efsleuth recover: decrypt everything that the keys open
 */
#include "analyzer/run.h"
#include "analyzer/sandbox_plan.h"

static int recover(const struct options *o)
{
	return run_all(o, RUN_RECOVER);
}

const struct command command_recover = {
	.name = "recover",
	.args = "EVIDENCE...",
	.about = "decrypt everything the keys open",
	.help = "Writes the plaintext of every encrypted file that the keys "
		"open into DIR/files, and\nwhat it found and did into "
		"DIR/case.db and the reports beside it.",
	.takes = TAKES_KEYS | TAKES_EVIDENCE | TAKES_FILTER | TAKES_REPORTS |
	         TAKES_OUTPUT | TAKES_EXPORT,
	.least = 1,
	.plan = plan_evidence,
	.run = recover,
};
