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
	bool history;          /* other views of it are worked on, too */
	uint64_t offset, size; /* bytes, within the evidence */
	/*
	 * Where its bytes are, at `offset`: the evidence, or a layer that shows
	 * what is behind BitLocker or in a shadow copy at the same offsets.
	 * `layer` is the same if it is a layer, and owned; else NULL.
	 */
	struct source *s, *layer;
	char *description;  /* of the partition table; owned; NULL if none */
	const char *holds;  /* what its type says is in it, where nothing else
	                       does; or NULL */
	bool dynamic;       /* it is shared out by Windows' LDM */
	struct facts facts; /* of BitLocker, of a shadow copy, and what is odd
	                       about its place */
	const char *filesystem; /* "NTFS", or what its first bytes say */
	bool ntfs;
	bool backup; /* its boot sector is damaged: `boot` is from the backup */
	struct ntfs_boot boot; /* of an NTFS volume */
	struct error err;      /* why an NTFS volume cannot be read */
};

/*
 * All volumes of the evidence, NTFS or not: the image itself where it begins
 * with a boot sector, else the partitions of its table, in on-disk order; and
 * behind them, again in on-disk order, the NTFS volumes in space that no
 * partition claims.  So the numbers of partitions do not depend on what was
 * there before them.
 * With `offset` not 0, the volume that begins at that byte, and no other: it
 * keeps its number if it is a partition.
 * What is to be said of the partition table is added to the facts of `s`.
 * `out` is a GPtrArray of struct volume *; the caller frees it.
 * E_ABSENT: there is no volume that we recognise.  E_CORRUPT: there is the mark
 * of a partition table, but no partition that can be read.
 */
MUST_USE enum status volumes_find(GPtrArray **out, struct source *s,
                                  uint64_t offset, struct error *err);
void volumes_free(GPtrArray *volumes);
/* A volume at this place, not recognised yet; for volume_free. */
struct volume *volume_new(struct source *s, uint64_t offset, uint64_t size);
/* Takes a g_malloc'ed struct volume. */
void volume_free(void *volume);

/*
 * Recognise what is in a volume, anew where it has got a layer: sets what is
 * below `facts`.  False if it is nothing that we know.  Where the boot sector
 * of NTFS is damaged or leads nowhere, its backup at the end of the volume is
 * taken.
 */
bool volume_recognise(struct volume *v);
/* Its bytes come from this layer from now on, which it owns. */
void volume_put_layer(struct volume *v, struct source *layer);

/* "libtsk 4.11.1" */
char *volume_library_version(void);

#endif
