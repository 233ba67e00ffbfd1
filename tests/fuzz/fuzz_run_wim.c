/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_wim.c - WIM, of each compression
 */
#include "tests/fuzz/front.h"

static const char *const bases[] = { "wim-none", "wim-XPRESS", "wim-LZX",
	                             "wim-solid", NULL };
static const char *const words[] = { "--no-evidence-keys", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_AUDIT,
	.words = words,
};
