/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_vmdk.c - VMDK, in one file and in several
 */
#include "tests/fuzz/front.h"

static const char *const bases[] = { "vmdk", "vmdk-stream", "vmdk-flat",
	                             "vmdk-extents", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_AUDIT,
};
