/* SPDX-License-Identifier: MIT */
/*
 * sample_case.h - a small case with every outcome, and every kind of bad name
 *
 * Each file that was written holds its own output path as its contents, so its
 * size and hashes are true.
 */
#ifndef TESTS_REPORTS_SAMPLE_CASE_H
#define TESTS_REPORTS_SAMPLE_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ours is that of status.h.  fail_msg() goes with it. */
#undef fail

#include "recovery/casefile.h"

/* A case in a temporary database. */
struct casefile *sample_case(void);
/* Write the files that the case says were written, below `dir`. */
void sample_outputs(struct casefile *cf, const char *dir);

/* The text that the report of that name writes; the caller frees it. */
char *sample_report(struct casefile *cf, const char *name, size_t *n);
/* Fail unless `text` is tests/reports/golden/NAME, byte for byte. */
void sample_golden(const char *text, size_t n, const char *name);

#endif
