/* SPDX-License-Identifier: MIT */
/*
 * same.h - streams that are the same in several views of a volume: recovered
 * once, and referred to by the others
 *
 * Two are the same if record, sequence number, $EFS, name, flags, sizes and
 * runs are, and the ciphertext at those runs is: runs alone prove nothing, as
 * NTFS overwrites in place.  Both are read and compared: a shadow copy's list
 * of preserved blocks would be quicker, but says nothing of clusters that were
 * free when it was made.
 */
#ifndef ANALYZER_SAME_H
#define ANALYZER_SAME_H

#include "analyzer/hash_source.h"
#include "analyzer/site.h"
#include "recovery/outcome.h"

/* What became of a stream. */
struct sameness {
	const char *volume; /* "v1", "v1.s1": where it is from; lives as long
	                       as its place */
	enum outcome outcome;
	char *reason, *output, *hash[HASHES]; /* owned */
};

/* The streams of a run that were recovered; any thread may look one up. */
struct same;

struct same *same_new(void);
void same_free(struct same *same);

/*
 * Is there one of another view that is the same?  NULL if not, or if one of the
 * two cannot be read.  Only objects of the volumes in which place->history is
 * set are looked for and kept: what they are read with lives as long as the
 * site.
 */
const struct sameness *same_find(struct same *same, const struct place *place,
                                 const struct object *o,
                                 const struct stream *s);
/* Keep what became of a stream, of which all texts are copied; `volume` is
   ignored. */
void same_keep(struct same *same, const struct place *place,
               const struct object *o, const struct stream *s,
               const struct sameness *what);

#endif
