/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_qcow.c - QCOW2, compressed, and with a backing file
 */
#include "tests/fuzz/front.h"

static const char *const bases[] = { "qcow", "qcow-packed", "qcow-child",
	                             NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_AUDIT,
};
