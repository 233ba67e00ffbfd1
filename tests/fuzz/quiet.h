/* SPDX-License-Identifier: MIT */
/*
 * quiet.h - what the program prints goes nowhere
 *
 * The GNU C library lets both streams be assigned.  Sanitizers and libFuzzer
 * write elsewhere; an assertion's text is lost, and the trace has its place.
 */
#ifndef TESTS_FUZZ_QUIET_H
#define TESTS_FUZZ_QUIET_H

#include <stdio.h>
#include <stdlib.h>

static FILE *quiet_out, *quiet_err, *quiet_null;

static inline void quiet_begin(void)
{
	if (!quiet_null)
		quiet_null = fopen("/dev/null", "w");
	if (!quiet_null)
		abort();
	quiet_out = stdout;
	quiet_err = stderr;
	stdout = stderr = quiet_null;
}

static inline void quiet_end(void)
{
	stdout = quiet_out;
	stderr = quiet_err;
}

#endif
