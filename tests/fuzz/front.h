/* SPDX-License-Identifier: MIT */
/*
 * front.h - whole evidence through the program, from its bytes on
 *
 * An input is no evidence: it is changes of one (patch.h).  It names a folder
 * of build/fuzz, which bases.sh made, and whose first file is the evidence.
 */
#ifndef TESTS_FUZZ_FRONT_H
#define TESTS_FUZZ_FRONT_H

#include "analyzer/run.h"

#include <stddef.h>
#include <stdint.h>

/* What a target says: one of these, and that is all of it. */
struct front {
	const char *const *bases; /* folders of build/fuzz, NULL at the end */
	enum run_mode mode;       /* not RUN_INFO */
	const char *const *words; /* more options, NULL at the end; or NULL */
	/* Checksums of what was patched; `base` is what it was before, of the
	   same size or larger.  NULL: there are none. */
	void (*repair)(const uint8_t *base, uint8_t *data, size_t size);
};

extern const struct front fuzz_front;

#endif
