/* SPDX-License-Identifier: MIT */
/*
 * command_info.c - efsleuth info: containers, partitions, NTFS volumes
 */
#include "analyzer/run.h"

static int info(const struct options *o)
{
	return run_all(o, RUN_INFO);
}

const struct command command_info = {
	.name = "info",
	.args = "EVIDENCE...",
	.about = "containers, partitions, NTFS volumes",
	.help = "Lists the volumes of each evidence, with the numbers that "
		"--volume takes.",
	.takes = TAKES_EVIDENCE | TAKES_REPORTS,
	.least = 1,
	.run = info,
};
