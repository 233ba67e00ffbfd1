/* SPDX-License-Identifier: MIT */
/*
 * artefact.h - the kinds of artefacts that hold keys, or lead to them
 *
 * Each kind is a descriptor in artefacts.def.  A kind bids the number of bits
 * that it verified in the content; the highest bid decodes it for `inspect`,
 * and collects it from the evidence.
 */
#ifndef ANALYZER_ARTEFACT_H
#define ANALYZER_ARTEFACT_H

#include "recovery/chain.h"
#include "reports/json.h"

struct artefact {
	const char *name; /* in a word, for messages: "$EFS attribute" */
	/* Bits of evidence that it is this kind; 0 if it is not. */
	unsigned (*bid)(struct bytes in);
	/*
	 * Add what it is ("type") and its fields to an object.  Secrets are
	 * never among them.  `pw` may open what is locked.
	 */
	enum status (*describe)(json_t *to, struct bytes in,
	                        const struct passwords *pw, struct error *err);
	/* Add it to the key chain; NULL: it is of no use there. */
	enum status (*collect)(struct chain *chain, struct bytes in,
	                       const struct origin *origin, struct error *err);
};

#define ARTEFACT(name) extern const struct artefact artefact_##name;
#include "analyzer/artefacts.def"
#undef ARTEFACT

/* NULL-terminated. */
extern const struct artefact *const artefact_table[];

/* The kind that bids highest for these bytes, and at least so much; NULL if
   none does. */
const struct artefact *artefact_find(struct bytes in, unsigned least);

/* Values of parsed structures; null for an empty range. */
void artefact_add_hex(json_t *to, const char *key, struct bytes b);
void artefact_add_utf8(json_t *to, const char *key, struct bytes b);
void artefact_add_utf16(json_t *to, const char *key, struct bytes b);
void artefact_add_guid(json_t *to, const char *key, struct bytes b);
void artefact_add_sid(json_t *to, const char *key, struct bytes b);

#endif
