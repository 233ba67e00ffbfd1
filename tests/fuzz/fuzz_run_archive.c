/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_archive.c - archives of collected files
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = { "zip",    "zip-stored", "7z", "tar",
	                             "tar-gz", "tar-zst",    NULL };
static const char *const words[] = { "--no-evidence-keys", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_AUDIT,
	.words = words,
	.repair = repair_7z,
};
