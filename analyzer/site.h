/* SPDX-License-Identifier: MIT */
/*
 * site.h - a place where encrypted objects are: an NTFS volume, a shadow copy,
 * a FAT volume, a collection of loose files
 *
 * A site knows the numbers of its objects from a scan; each is loaded when it
 * is worked on.
 */
#ifndef ANALYZER_SITE_H
#define ANALYZER_SITE_H

#include "analyzer/object.h"
#include "recovery/casefile.h"
#include "recovery/origin.h"

struct run;
struct site;

/* How the objects of one kind of site are had. */
struct finder {
	/*
	 * Load object `number` into an object that is initialised, and that the
	 * caller releases, also on error.  E_ABSENT: there is none after all.
	 */
	enum status (*load)(void *from, uint64_t number, struct object *object,
	                    struct error *err);
	/* Its path where it cannot be loaded, to be freed.  NULL: only its
	   number, that of a record of $MFT, is known. */
	char *(*path)(void *from, uint64_t number);
	/*
	 * How many of a deleted stream's bytes, up to `limit` of them, lie
	 * where others may have written since.  NULL: nothing that is listed
	 * here is deleted.
	 */
	enum status (*count_used)(void *from, const struct stream *stream,
	                          uint64_t limit, uint64_t *used,
	                          struct error *err);
	/*
	 * Append what may be key material, as struct found *; they stay the
	 * site's.  The caller adds the evidence and the volume to each origin.
	 * Called once; may be NULL.
	 */
	void (*keys)(void *from, GPtrArray *to);
	void (*free)(void *from);
	/* What is read of its objects may be read by several threads, also
	   while another object is loaded. */
	bool shared;
};

/* What a record needs to know of the site that it is on. */
struct place {
	struct run *run;
	const struct finder *finder;
	void *from;           /* what the finder finds in; owned by the site */
	const char *evidence; /* unique name */
	char volume[ORIGIN_LABEL]; /* "v1", "v1.s2"; "" for loose files */
	int64_t volume_id;         /* in the case */
	uint64_t begun; /* bytes of its streams, see object.h: together */
	bool history;   /* other views of the volume are worked on, too */
};

/* Around what reads an object, where only one thread may at a time. */
void place_lock(const struct place *place);
void place_unlock(const struct place *place);

/* From its scan to the end of the run. */
struct site {
	struct place place;
	const GArray *records;  /* uint64_t: numbers of its objects, each once;
	                           borrowed from place.from */
	uint64_t bytes;         /* in the encrypted streams: for the progress */
	struct case_volume row; /* borrows from its evidence */
	char *reason;           /* what of it could not be read, or NULL */
	bool keys_only;         /* its files are not listed */
};

/* Takes a g_malloc'ed struct site. */
void site_free(void *site);

#endif
