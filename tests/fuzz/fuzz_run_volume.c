/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_volume.c - an NTFS volume, from its bytes to recovered files
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = { "volume", NULL };
static const char *const words[] = { "--key",     "testdata/keys/rsa512.key",
	                             "--key",     "testdata/keys/rsa1024.key",
	                             "--deleted", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_RECOVER,
	.words = words,
	.repair = repair_ntfs,
};
