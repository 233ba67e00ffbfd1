/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_fat.c - FAT and exFAT volumes with encrypted files and keys, damaged
 */
#include "tests/fuzz/front.h"

static const char *const bases[] = { "fat", "fat-16", "exfat", NULL };
static const char *const words[] = { "--key", "testdata/keys/ann.key",
	                             "--deleted", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_RECOVER,
	.words = words,
};
