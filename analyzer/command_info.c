/* SPDX-License-Identifier: MIT */
/*
 * command_info.c - efsleuth info: containers, partitions, shadow copies, NTFS
 * volumes
 */
#include "analyzer/run.h"
#include "analyzer/sandbox_plan.h"

static int info(const struct options *o)
{
	return run_all(o, RUN_INFO);
}

const struct command command_info = {
	.name = "info",
	.args = "EVIDENCE...",
	.about = "containers, partitions, shadow copies, NTFS volumes",
	.help = "Lists the volumes of each evidence, with the numbers that "
		"--volume\nand --snapshots take.",
	.takes =
		TAKES_EVIDENCE | TAKES_PASSWORDS | TAKES_VERIFY | TAKES_REPORTS,
	.least = 1,
	.plan = plan_evidence,
	.run = info,
};
