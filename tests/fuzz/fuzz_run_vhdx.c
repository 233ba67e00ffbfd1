/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_vhdx.c - VHDX
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = { "vhdx", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_AUDIT,
	.repair = repair_vhdx,
};
