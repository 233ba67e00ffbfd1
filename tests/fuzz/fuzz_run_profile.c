/* SPDX-License-Identifier: MIT */
/*
 * fuzz_run_profile.c - keys, certificates and hives of a collected profile
 */
#include "tests/fuzz/front.h"
#include "tests/fuzz/repair.h"

static const char *const bases[] = {
	"profile-machine",    "profile-machine-dirty", "profile-machine-dirty7",
	"profile-machine-xp", "profile-credhist",      NULL
};

const struct front fuzz_front = {
	.bases = bases,
	.mode = RUN_KEYS,
	.repair = repair_tar,
};
