/* SPDX-License-Identifier: MIT */
/*
 * volume.h - the volumes of an evidence: partitions, or the image itself
 */
#ifndef ANALYZER_VOLUME_H
#define ANALYZER_VOLUME_H

#include "analyzer/source.h"
#include "parsers/ntfs_boot.h"

struct volume {
	unsigned number;       /* vN: from 1, in on-disk order */
	unsigned snapshot;     /* sM: a shadow copy; 0: the volume itself */
	uint64_t made;         /* FILETIME of a shadow copy */
	uint64_t offset, size; /* bytes, within the evidence */
	/*
	 * Where its bytes are, at `offset`: the evidence, or a layer that shows
	 * what is behind BitLocker or in a shadow copy at the same offsets.
	 * `layer` is the same if it is a layer, and owned; else NULL.
	 */
	struct source *s, *layer;
	char *description;  /* of the partition table; owned; NULL if none */
	struct facts facts; /* of BitLocker, of a shadow copy, and what is odd
	                       about its place */
	const char *filesystem; /* "NTFS", or what its first bytes say */
	bool ntfs;
	struct ntfs_boot boot; /* of an NTFS volume */
	struct error err;      /* why an NTFS volume cannot be read */
};

/*
 * All volumes of the evidence, NTFS or not: the image itself where it begins
 * with a boot sector, else the partitions of its table, MBR or GPT, in sectors
 * of 512 or 4096 bytes.  With `offset` not 0, the volume that begins at that
 * byte, and no other.
 * `out` is a GPtrArray of struct volume *; the caller frees it.
 * E_ABSENT: there is no volume that we recognise.  E_CORRUPT: there is the mark
 * of a partition table, but no partition that can be read.
 */
MUST_USE enum status volumes_find(GPtrArray **out, struct source *s,
                                  uint64_t offset, struct error *err);
void volumes_free(GPtrArray *volumes);
/* Takes a g_malloc'ed struct volume. */
void volume_free(void *volume);

/* Recognise what is in a volume, anew where it has got a layer: sets what is
   below `facts`.  False if it is nothing that we know. */
bool volume_recognise(struct volume *v);
/* Its bytes come from this layer from now on, which it owns. */
void volume_put_layer(struct volume *v, struct source *layer);

/* "libtsk 4.11.1" */
char *volume_library_version(void);

#endif
