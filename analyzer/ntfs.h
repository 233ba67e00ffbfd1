/* SPDX-License-Identifier: MIT */
/*
 * ntfs.h - an NTFS volume: its $MFT, its records, its clusters
 *
 * The records are read with our own parser and not through a library: one
 * sequential pass over $MFT finds everything, and the ciphertext must come from
 * the runs as they are, past the initialised size and up to 2 MiB a cluster.
 * All places are byte offsets within the evidence.
 */
#ifndef ANALYZER_NTFS_H
#define ANALYZER_NTFS_H

#include "analyzer/extents.h"
#include "analyzer/volume.h"
#include "parsers/ntfs_record.h"

/* Where a run outside of the volume is put: no evidence is that large. */
#define NTFS_NOWHERE (UINT64_C(1) << 62)

struct ntfs {
	struct source *s;
	uint64_t offset, end; /* of the volume; end is cut to the evidence's */
	struct ntfs_boot boot;
	struct extents mft;    /* where $MFT is */
	struct extents bitmap; /* where $Bitmap is; read when first asked for */
	bool bitmap_known;
	uint64_t records; /* in $MFT */
	uint64_t claimed; /* the same, as $MFT says */
	/* What was spent on its objects so far, which has limits. */
	uint64_t paths;    /* bytes of those that they were given */
	uint64_t metadata; /* bytes of their lists and $EFS in clusters */
	uint64_t strays;   /* records in their lists that are not theirs */
	bool mirror;       /* its first record came from $MFTMirr */
	/*
	 * Only $MFT is here, and no cluster of the volume.  Lists of attributes
	 * that lie in clusters are missing, so the scan notes which record
	 * belongs to which: struct ntfs_extension, by base, once sorted.
	 */
	bool lone, cluster_known;
	GArray *extensions;
};

struct ntfs_extension {
	uint64_t base, number;
};

/*
 * Open the volume: find $MFT through its first record, or through the copy in
 * $MFTMirr where that is damaged.  `volume` must be NTFS.
 */
MUST_USE enum status ntfs_open(struct ntfs *fs, const struct volume *volume,
                               struct error *err);
/*
 * Open a file that is a $MFT as if it were a volume of which nothing else can
 * be read.  The size of a cluster, and of the volume, is what its own metadata
 * files say, if they do.  `s` is borrowed.  E_CORRUPT: it is none.
 */
MUST_USE enum status ntfs_open_lone(struct ntfs *fs, struct source *s,
                                    struct error *err);
void ntfs_release(struct ntfs *fs);

/*
 * Read n bytes of the volume; the `read` of struct ciphertext, with the
 * struct ntfs as its context.  E_ABSENT: of a lone $MFT.
 */
MUST_USE enum status ntfs_read(void *fs, uint64_t at, uint8_t *buf, size_t n,
                               struct error *err);

/* Read n bytes of a stream of this volume; as extents_read. */
MUST_USE enum status ntfs_read_extents(struct ntfs *fs,
                                       const struct extents *extents,
                                       uint64_t offset, uint8_t *buf, size_t n,
                                       struct error *err);

/*
 * Append the runs of a non-resident attribute to `extents`.  Runs outside of
 * the volume become extents that cannot be read.  E_CORRUPT: the mapping pairs
 * are damaged (what was good is appended).  E_LIMIT: too many, or more clusters
 * than the volume has.
 */
MUST_USE enum status ntfs_extents_add(const struct ntfs *fs,
                                      struct extents *extents,
                                      const struct ntfs_attr *attr,
                                      struct error *err);

/*
 * Before so many bytes of metadata in clusters are read for an object: E_LIMIT
 * where all together are more than the volume can hold.
 */
MUST_USE enum status ntfs_spend(struct ntfs *fs, uint64_t n, uint64_t at,
                                struct error *err);

/*
 * Read and check one record; `buf` is boot.record bytes, and `rec` borrows
 * from it.  E_ABSENT: never used.
 */
MUST_USE enum status ntfs_record_load(struct ntfs *fs, uint64_t number,
                                      uint8_t *buf, struct ntfs_record *rec,
                                      struct error *err);

/*
 * The $ATTRIBUTE_LIST of a record, read whole, or an empty GByteArray.  The
 * caller frees `out`, also on error.
 */
MUST_USE enum status ntfs_attribute_list(struct ntfs *fs,
                                         const struct ntfs_record *rec,
                                         GByteArray **out, struct error *err);

/*
 * How many bytes of these extents lie in clusters that $Bitmap calls used, up
 * to `limit` bytes of the stream: for a deleted file, what others may have
 * written over.  E_CORRUPT or another error where $Bitmap cannot be read.
 */
MUST_USE enum status ntfs_count_used(struct ntfs *fs,
                                     const struct extents *extents,
                                     uint64_t limit, uint64_t *used,
                                     struct error *err);

/*
 * The extension records that an attribute list names, each once, in order:
 * a GArray of uint64_t references.  The base record itself is left out.
 */
GArray *ntfs_extension_records(struct bytes list, uint64_t base);

/* The cluster of a lone $MFT's volume that an extent begins with. */
uint64_t ntfs_lone_cluster(const struct ntfs *fs, const struct extent *e);
/* Once the scan has noted all extension records. */
void ntfs_lone_sort(struct ntfs *fs);
/* The same for a lone $MFT whose list is not there, from what the scan saw. */
GArray *ntfs_lone_extensions(const struct ntfs *fs, uint64_t base);

#endif
