/* SPDX-License-Identifier: MIT */
/*
 * bitlocker.h - a BitLocker volume in the evidence: find its metadata, and say
 * what it says of itself
 */
#ifndef ANALYZER_BITLOCKER_H
#define ANALYZER_BITLOCKER_H

#include "analyzer/source.h"
#include "parsers/bitlocker.h"

/* Zero is empty. */
struct bitlocker_volume {
	struct source *under;  /* borrowed */
	uint64_t offset, size; /* bytes, within `under`; whole sectors */
	struct bitlocker_header header;
	struct bitlocker_meta meta; /* borrows from `area` */
	uint8_t *area;              /* owned: the copy that is used */
	unsigned copy;              /* from 0: which */
	/* Why those before it are not; all, if it is one that is not sound. */
	struct error damaged[BITLOCKER_COPIES];
};

/*
 * Look at the volume of `size` bytes at `offset`.  Of the three copies of its
 * metadata the first is taken whose checksum holds, else the first that can be
 * read at all.  E_ABSENT: it is no BitLocker volume.  Other errors: it is one,
 * but no copy can be used.  Errors cite offsets of `under`.
 */
MUST_USE enum status bitlocker_volume_open(struct bitlocker_volume *v,
                                           struct source *under,
                                           uint64_t offset, uint64_t size,
                                           struct error *err);
void bitlocker_volume_release(struct bitlocker_volume *v);

/*
 * Call `add` with what the volume says of itself, in order; the texts end with
 * the call.  Text of evidence in them is UTF-8, and shown with care.
 */
typedef void bitlocker_fact(void *ctx, const char *name, const char *value);

void bitlocker_facts(const struct bitlocker_volume *v, bitlocker_fact *add,
                     void *ctx);

#endif
