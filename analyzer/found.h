/* SPDX-License-Identifier: MIT */
/*
 * found.h - a file of the evidence that may hold key material
 *
 * It lies on an NTFS volume or in a plain directory; whoever looks into it does
 * not see which.
 */
#ifndef ANALYZER_FOUND_H
#define ANALYZER_FOUND_H

#include "parsers/status.h"
#include "recovery/origin.h"
#include "recovery/secret.h"

#include <glib.h>

struct found {
	struct origin origin; /* owned */
	uint64_t size;        /* bytes */
	bool unnamed;         /* only its content can say what it is */
	/* Read n bytes at `at`, all within the size.  As source_read. */
	enum status (*read)(struct found *found, uint64_t at, uint8_t *buf,
	                    size_t n, struct error *err);
	/* Close what the next read opens again; may be NULL. */
	void (*rest)(struct found *found);
	void (*release)(struct found *found); /* of `ctx`; may be NULL */
	void *ctx;
};

/* Takes a g_malloc'ed struct found; NULL is nothing. */
void found_free(void *found);
/* Read the whole file into a secret.  E_LIMIT: larger than `most`.  E_ABSENT:
   it is empty. */
MUST_USE enum status found_load(struct found *found, uint64_t most,
                                struct secret *s, struct error *err);
/* The last part of the path; borrowed. */
const char *found_name(const struct found *found);

#endif
