/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_vhd.c - VHD, dynamic and fixed
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = { "vhd", "vhd-fixed", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_AUDIT,
	.repair = repair_vhd,
};
