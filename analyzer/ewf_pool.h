/* SPDX-License-Identifier: MIT */
/*
 * ewf_pool.h - the segments of an EnCase image as libewf takes them
 *
 * Segments that are whole are given as they are.  Of those in the gap the first
 * ends behind its last whole table, and the others are empty; so libewf sees a
 * row of chunks in which the missing ones are left out.
 */
#ifndef ANALYZER_EWF_POOL_H
#define ANALYZER_EWF_POOL_H

#include "analyzer/ewf_set.h"

struct ewf_pool {
	libbfio_pool_t *pool;
	GPtrArray *ours; /* of struct source *, which handles read from */
};

/* The set and its source are borrowed, and outlive the pool. */
MUST_USE enum status ewf_pool_open(struct ewf_pool *pool,
                                   const struct ewf_set *set,
                                   struct error *err);
void ewf_pool_release(struct ewf_pool *pool);

#endif
