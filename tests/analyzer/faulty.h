/* SPDX-License-Identifier: MIT */
/*
 * faulty.h - a medium in memory, of which some sectors cannot be read
 */
#ifndef TESTS_ANALYZER_FAULTY_H
#define TESTS_ANALYZER_FAULTY_H

#include "tests/analyzer/folder.h"

#include "analyzer/source.h"

struct faulty {
	const uint8_t *p; /* borrowed */
	uint64_t size;
	const uint64_t *bad; /* numbers of sectors of 512 bytes */
	size_t n_bad;
	enum status status; /* of the failure; OK: E_IO */
	size_t most;        /* longer reads fail, too; 0: none do */
	unsigned reads;     /* how often it was asked */
};

/* A source over it, which the caller frees before it. */
struct source *faulty_source(struct faulty *f);

#endif
