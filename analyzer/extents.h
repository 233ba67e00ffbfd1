/* SPDX-License-Identifier: MIT */
/*
 * extents.h - where the bytes of a stream are
 */
#ifndef ANALYZER_EXTENTS_H
#define ANALYZER_EXTENTS_H

#include "recovery/decrypt.h"

/* Zero is empty. */
struct extents {
	GArray *list;    /* of struct extent; ascending once sorted */
	uint64_t stored; /* bytes on disk */
	uint64_t holes;  /* bytes in holes */

	guint sorted;      /* so many of the first are in order */
	bool overlap;      /* two of those claim the same part */
	uint64_t resorted; /* extents that were put into order, in all turns */
};

void extents_release(struct extents *extents);
/* The pieces of a stream may come in any order: sort them by offset.  Where new
   ones follow those that were sorted, only these are looked at.
   E_CORRUPT: two claim the same part of it, so which of them has it cannot be
   told. */
MUST_USE enum status extents_sort(struct extents *extents, struct error *err);
/* The extent that holds an offset of the stream, in a sorted list; or NULL. */
const struct extent *extents_find(const struct extents *extents,
                                  uint64_t offset);

/*
 * Read n bytes of a stream, with a function that reads what the extents' `at`
 * count in: holes are zeros.  E_CORRUPT where it has no extent.
 */
MUST_USE enum status extents_read(const struct extents *extents,
                                  enum status (*read)(void *ctx, uint64_t at,
                                                      uint8_t *buf, size_t n,
                                                      struct error *err),
                                  void *ctx, uint64_t offset, uint8_t *buf,
                                  size_t n, struct error *err);

#endif
