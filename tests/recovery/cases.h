/* SPDX-License-Identifier: MIT */
/*
 * cases.h - what the tests of the case share: new cases, and simple rows
 */
#ifndef TESTS_RECOVERY_CASES_H
#define TESTS_RECOVERY_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ours is that of status.h. */
#undef fail

#include "recovery/casefile.h"

struct casefile *new_case(const char *path);
/* Volume v1.s3 of "disk.dd"; its id. */
int64_t add_volume(struct casefile *cf);
/* A file of one stream, without a $EFS. */
void add_file(struct casefile *cf, int64_t volume, const char *path);
uint64_t count_files(struct casefile *cf);

#endif
