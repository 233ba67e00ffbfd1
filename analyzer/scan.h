/* SPDX-License-Identifier: MIT */
/*
 * scan.h - one pass over $MFT, to find what matters: encrypted files,
 * directories, and what may be key material
 */
#ifndef ANALYZER_SCAN_H
#define ANALYZER_SCAN_H

#include "analyzer/dirs.h"
#include "analyzer/ntfs.h"

struct scan {
	struct dirs *dirs;
	GArray *records;     /* uint64_t numbers of the base records with
	                        encrypted content, ascending, each once */
	GArray *keys;        /* the same, of files whose name makes them worth a
	                        look for key material */
	uint64_t bytes;      /* in the encrypted streams; UINT64_MAX: or more */
	bool keys_cut;       /* there were more than LIMIT_KEY_MATERIAL */
	uint64_t scanned;    /* records in use, or all with `deleted` */
	uint64_t unreadable; /* records that could not be read */
	uint64_t damaged;    /* records with a bad fixup or header */
};

struct scan_options {
	bool keys;     /* look for key material, too */
	bool deleted;  /* records that are not in use, too */
	unsigned jobs; /* threads; 0 is 1 */
	/* Called now and then, from the thread that called: so many of `total`
	   records are done. False stops the scan. May be NULL. */
	bool (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

/*
 * Scan the volume.  Records that cannot be read or parsed are counted and
 * passed over, so this fails only with E_ABSENT, when it was stopped: then
 * what it found is that of the records before some place.  The result does not
 * depend on the number of threads.
 */
MUST_USE enum status scan_volume(struct scan *scan, struct ntfs *fs,
                                 const struct scan_options *options,
                                 struct error *err);
void scan_release(struct scan *scan);

#endif
