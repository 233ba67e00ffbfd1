/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_snapshots.c - an NTFS volume with a shadow copy
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = { "snapshots", NULL };
static const char *const words[] = { "--key",       "testdata/keys/rsa512.key",
	                             "--key",       "testdata/keys/rsa1024.key",
	                             "--snapshots", "all",
	                             NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_RECOVER,
	.words = words,
	.repair = repair_ntfs,
};
