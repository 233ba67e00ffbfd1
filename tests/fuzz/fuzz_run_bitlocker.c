/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_bitlocker.c - BitLocker volumes that open
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = {
	"bitlocker-xts-256",  "bitlocker-cbc-128-diffuser",
	"bitlocker-vista",    "bitlocker-to-go",
	"bitlocker-on-write", "bitlocker-partial",
	"bitlocker-clear",    NULL
};
static const char *const words[] = { "--bitlocker-recovery-file",
	                             "testdata/bitlocker/USB.BEK", NULL };

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_AUDIT,
	.words = words,
	.repair = repair_bitlocker,
};
