/* SPDX-License-Identifier: MIT */
/*
 * html_chain.h - the chains of keys that the HTML page draws
 *
 * A chain leads from a secret over keys to objects.  It has a place for each
 * layer of the drawing, and most are empty.  Chains that go through the same
 * key have links with the same `id` there, and are neighbours.
 */
#ifndef REPORTS_HTML_CHAIN_H
#define REPORTS_HTML_CHAIN_H

#include "recovery/casefile.h"

#define MOST_CHAINS 40

enum layer { SECRET, UPPER, MIDDLE, PRIVATE, CERTIFICATE, OBJECTS, LAYERS };

struct chain_link {
	char *id; /* NULL: there is none in this layer */
	char *label, *detail, *title;
	bool open;
};

struct chain {
	struct chain_link at[LAYERS];
	int64_t behind; /* id of a key that is not in it yet, or 0 */
	unsigned rank[LAYERS];
};

struct chains {
	struct chain all[MOST_CHAINS];
	unsigned n;
	uint64_t more; /* keys of more chains */
};

/* The most useful keys first, then those that are missing; the caller
   releases them. */
MUST_USE enum status chains_read(struct chains *chains, struct casefile *cf,
                                 struct error *err);
void chains_release(struct chains *chains);

#endif
