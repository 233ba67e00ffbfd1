/* SPDX-License-Identifier: MIT */
/*
 * efsattr.h - build the value of an $EFS attribute: [MS-EFSR] 2.2.2.1
 */
#ifndef GENERATOR_EFSATTR_H
#define GENERATOR_EFSATTR_H

#include "tests/generator/key.h"

enum { ENTRIES_MAX = 4096 };

struct entries {
	const struct key *key[ENTRIES_MAX];
	size_t n;
};

struct efsattr {
	uint32_t version;
	bool hash;     /* EFS_Hash as Windows 2000 computes it */
	uint64_t seed; /* of EFS_ID and the paddings */
	const struct fek *fek;
	const struct entries *ddf, *drf;
};

void efsattr_build(struct buf *out, const struct efsattr *spec);

#endif
