/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_loose.c - encrypted files outside of a volume, and a lone $MFT
 */
#include "tests/fuzz/front.h"

static const char *const bases[] = { "raw-windows", "raw-directory",
	                             "raw-trailer", "pfile",
	                             "mft",         NULL };
static const char *const words[] = { "--key", "testdata/keys/rsa512.key",
	                             "--key", "testdata/keys/rsa1024.key",
	                             NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_RECOVER,
	.words = words,
};
