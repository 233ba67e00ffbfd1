/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_ewf.c - EnCase and SMART images
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = { "e01", "s01", "segments", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_AUDIT,
	.repair = repair_ewf,
};
