/* SPDX-License-Identifier: MIT */
/*
 * spot.h - what of the evidence is being read right now
 *
 * If it crashes this process, or keeps it busy for ever (watch.h), another one
 * begins again without it (contain.h).
 * So that no more is lost than must be, spots lie in spots: a block in an
 * object on a volume of an evidence; and each is the same wherever it is read
 * again.  Each thread is at a spot of its own.
 */
#ifndef ANALYZER_SPOT_H
#define ANALYZER_SPOT_H

#include "parsers/limits.h"
#include "parsers/status.h"

#include <stdbool.h>
#include <stddef.h>

enum spot_kind {
	SPOT_EVIDENCE, /* by its unique name */
	SPOT_CONTENT,  /* what is in it, by its path or number */
	SPOT_TABLE,    /* its partition table, of one kind */
	SPOT_VOLUME,   /* by its label, "v1.s2" */
	SPOT_SHADOWS,  /* the catalog of its shadow copies */
	SPOT_RECORDS,  /* several of its $MFT; the crash is of one of them */
	SPOT_OBJECT,   /* one record of it, or one encrypted file */
	SPOT_KEY_FILE, /* key material, by its path */
	SPOT_BLOCKS,   /* several at once; the crash is of one of them */
	SPOT_BLOCK,    /* of a container, wherever it is read from */
};

struct spot {
	enum spot_kind kind;
	uint32_t of; /* a hash of the names of what it lies in */
	uint64_t at; /* a number or an offset, as the kind has it */
	bool still;  /* of one to avoid: it did not crash, it did not end */
};

/* Spots in spots: a block of each container in a container, and what lies in
   the last of them. */
#define SPOTS_DEEP (LIMIT_NESTING + 8u)

/* Where a thread is: the last one lies in all others. */
struct spots {
	unsigned n;
	struct spot s[SPOTS_DEEP];
	const char *evidence; /* the name of it; borrowed */
};

/*
 * Enter a spot that lies where this thread is.  `name` is a part of what it is
 * known by, or NULL.  E_CRASHED: reading it crashed a process before, or did
 * not come to an end, and it is not entered.  What is entered is left again, in
 * reverse order.
 */
MUST_USE enum status spot_enter(enum spot_kind kind, const char *name,
                                uint64_t at, struct error *err);
void spot_leave(void);

/* The same where it is known that it can be read. */
void spot_push(enum spot_kind kind, const char *name, uint64_t at);

/* Where this thread is, for another one that goes on there. */
void spots_save(struct spots *to);
/* Be there; what is there lives on in between. */
void spots_restore(const struct spots *from);

/* Did a process before this one crash?  Then what was read as a whole is read
   piece by piece, to find the one. */
bool spots_careful(void);

/* ------------------------------------------------------- for contain.c */

/* This thread's, or the first one's where this is a thread of some library;
   without a copy: for a signal's handler. */
const struct spots *spots_here(void);
/* These are not to be entered: n of them, borrowed.  Before the first thread.
 */
void spots_avoid(const struct spot *list, size_t n);
bool spot_is(const struct spot *a, const struct spot *b);
/* Is this thread at a spot of its own?  For a handler, too. */
bool spots_any(void);
/* "record 41", "block at 0x8000": what it is, without what it lies in; to be
   freed. */
char *spot_text(const struct spot *spot);

#endif
