/* SPDX-License-Identifier: MIT */
/*
 * record.h - MFT records for the tests: loaded, and put through the fixup
 */
#ifndef TESTS_PARSERS_RECORD_H
#define TESTS_PARSERS_RECORD_H

#include "tests/parsers/sample.h"

#include "parsers/ntfs_record.h"

#define RECORD_MAX 1024u

/* A record that parses: `bytes` is the test's to free. */
struct record {
	struct bytes bytes; /* after the fixup */
	struct ntfs_record rec;
};

struct record record_load(const char *name);
/* The fixup and the header of any bytes, in `buf`; false if either fails. */
bool record_try(struct ntfs_record *rec, uint8_t buf[RECORD_MAX],
                struct bytes in);
/* The attribute of that type and ASCII name, which must be there. */
struct ntfs_attr record_attr(const struct ntfs_record *rec, uint32_t type,
                             const char *name);

#endif
