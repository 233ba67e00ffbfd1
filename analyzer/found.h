/* SPDX-License-Identifier: MIT */
/*
 * found.h - a file of the evidence that may hold key material, or be encrypted
 * in a form of its own
 *
 * It lies on an NTFS volume, in a plain directory or in an archive; whoever
 * looks into it does not see which.
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
	uint64_t slack;       /* bytes behind them, in the last cluster, that
	                         can be read too */
	char *collected;      /* its path as a collector escaped it: two of them
	                         may stand for one path; or NULL; owned */
	uint64_t modified, accessed; /* FILETIMEs, 0 if unknown; the creation is
	                                in the origin */
	uint64_t number;             /* of its entry on a FAT volume; else 0 */
	bool unnamed;                /* only its content can say what it is */
	bool directory;              /* it has no content */
	bool encrypted;              /* what holds it says so */
	bool deleted;
	struct found *info; /* the value of its extended attribute
	                       FOUND_INFO, as a file; or NULL; owned */
	/* Read n bytes at `at`, all within size and slack.  As source_read. */
	enum status (*read)(struct found *found, uint64_t at, uint8_t *buf,
	                    size_t n, struct error *err);
	/* Close what the next read opens again; may be NULL. */
	void (*rest)(struct found *found);
	void (*release)(struct found *found); /* of `ctx`; may be NULL */
	void *ctx;
};

/* ntfs-3g shows $EFS so, and copies take it along. */
#define FOUND_INFO "user.ntfs.efsinfo"

/* Takes a g_malloc'ed struct found; NULL is nothing. */
void found_free(void *found);
/* Read the whole file into a secret.  E_LIMIT: larger than `most`.  E_ABSENT:
   it is empty. */
MUST_USE enum status found_load(struct found *found, uint64_t most,
                                struct secret *s, struct error *err);
/* Around what reads a file of the evidence as key material: its spot; see
   spot.h. */
MUST_USE enum status found_enter(const struct found *found, struct error *err);
void found_leave(void);
/* The last part of the path; borrowed. */
const char *found_name(const struct found *found);

/* Collected files of up to so many bytes are looked into whatever their name:
   Windows' own key files are a few KiB. */
#define FOUND_SMALL 65536

/*
 * The path of a collected file as it was where it was collected: valid UTF-8,
 * and what collectors escape as %XX (C%3A) undone; to be freed.
 */
char *found_path(const char *collected);
/* Is a file of this path key material, by its name? */
bool found_wanted(const char *path);
/* The FILETIME of a time since 1970; 0: before 1601 or after 4147. */
uint64_t found_time(int64_t seconds, long nanoseconds);

#endif
