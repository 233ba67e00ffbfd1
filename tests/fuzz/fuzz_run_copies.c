/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_copies.c - ciphertext with its $EFS beside it, and archives of both
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = { "copy",        "copy-short",
	                             "pair",        "copies-ntfs3g",
	                             "copies-pair", "copies-pfile",
	                             NULL };
static const char *const words[] = { "--key", "testdata/keys/rsa512.key",
	                             "--key", "testdata/keys/rsa1024.key",
	                             NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_RECOVER,
	.words = words,
	.repair = repair_tar,
};
