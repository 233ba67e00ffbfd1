/* SPDX-License-Identifier: MIT */
/*
 * ewf_set.h - the files of one EnCase or SMART image: which are there, which
 * belong to it, and which part of each is whole
 *
 * libewf leaves all that is behind the first damage, and does not say which
 * file is damaged.  So the segments are looked at before it gets them: what is
 * damaged or missing is one gap in the row of chunks, and it is given the
 * segments without the gap.
 */
#ifndef ANALYZER_EWF_SET_H
#define ANALYZER_EWF_SET_H

#include "analyzer/source.h"
#include "parsers/ewf.h"

/* A chunk is stored in no more than so many times its bytes, by libewf. */
#define EWF_CHUNK_MOST 2u

struct ewf_segment {
	char *path;      /* NULL: it lies in another container, or is missing */
	uint64_t size;   /* of the file; 0: missing */
	uint64_t keep;   /* bytes up to the end of its last whole table */
	uint64_t chunks; /* in its tables up to there */
	GArray *wild;    /* of uint64_t: those of them that the tables say are
	                    longer than any chunk, or end before they begin,
	                    ascending; NULL: missing */
	/* The table that `keep` ends in, if its copy is not there: libewf does
	   not open an image where one is missing.  Its size is 0 if not. */
	struct ewf_section table;
	bool whole;  /* all sections, up to EWF_NEXT or EWF_DONE */
	bool last;   /* it ends in EWF_DONE */
	bool volume; /* it has told the size, and perhaps the set */
	struct ewf_volume v;
};

struct ewf_set {
	GArray *list;          /* of struct ewf_segment; [i] is segment i + 1 */
	struct ewf_volume v;   /* as the first says */
	struct source *under;  /* borrowed: what the first is read from */
	bool damaged;          /* there is a gap, even if no chunk is in it */
	uint64_t gap, missing; /* first chunk that is missing; how many are */
	guint first, behind; /* the gap begins in list[first], and list[behind]
	                        is the first whole one after it */
	GArray *wild;     /* as of a segment, in the row that libewf gets, which
	                     would take up to 4 GiB for one, and write past the
	                     end of what it is given for it */
	guint all_wild;   /* of all segments; LIMIT_BAD_RANGES at most */
	GString *problem; /* what is wrong, file by file; "" if nothing */
	GString *note;    /* what is odd and does no harm */
};

/*
 * Find and look at all segments of the image whose first is `probe`.
 * E_ABSENT: the probe is a later segment.  E_CORRUPT: the first segment does
 * not say what the image is.  `what` names files.
 */
MUST_USE enum status ewf_set_open(struct ewf_set *set,
                                  const struct probe *probe, struct error *err);
/* Bytes of all segments. */
uint64_t ewf_set_held(const struct ewf_set *set);
void ewf_set_release(struct ewf_set *set);

/* Is it one of `wild`? */
bool ewf_set_is_wild(const struct ewf_set *set, uint64_t chunk);

/* ".E01" is 1, ".EAA" is 100, ".s02" is 2; 0: not a name of a segment. */
unsigned ewf_name_number(const char *name);

/* Look through one segment: its size, its sections, its tables.  Says what is
   wrong with it in set->problem. */
void ewf_segment_look(struct ewf_set *set, struct ewf_segment *segment,
                      struct source *s);

#endif
