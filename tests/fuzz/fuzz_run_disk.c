/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_disk.c - partition tables, and a disk in pieces
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = { "gpt", "mbr", "split", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_AUDIT,
	.repair = repair_ntfs,
};
