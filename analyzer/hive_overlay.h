/* SPDX-License-Identifier: MIT */
/*
 * hive_overlay.h - a hive file as bytes, with what its logs change
 */
#ifndef ANALYZER_HIVE_OVERLAY_H
#define ANALYZER_HIVE_OVERLAY_H

#include "analyzer/found.h"

struct hive_overlay {
	struct found *file; /* borrowed */
	GHashTable *pages;  /* number of a page: its bytes; owned */
	uint64_t size;      /* bytes of the hive after its logs */
	uint64_t left;      /* bytes that may still be read; 0: no more are */
	const char *note;   /* what is wrong with logs, or NULL */
	uint32_t root;      /* cell of the root key */
	bool cut;           /* the file ends before the hive does */
};

/* Errors as of hive_open. */
MUST_USE enum status hive_overlay_open(struct hive_overlay *o,
                                       struct found *file,
                                       struct found *const *logs, size_t n,
                                       struct error *err);
void hive_overlay_release(struct hive_overlay *o);
/* Read up to n bytes; how many, 0 at the end, -1 if the file cannot be read. */
ssize_t hive_overlay_read(struct hive_overlay *o, uint64_t at, uint8_t *buf,
                          size_t n);

#endif
