/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_chain.c - NTFS volumes that hold the keys of their own files,
 * damaged
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = { "chain", "machine", NULL };
static const char *const words[] = { "--password-file",
	                             "build/fuzz/words/chain", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_RECOVER,
	.words = words,
	.repair = repair_ntfs,
};
