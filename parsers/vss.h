/* SPDX-License-Identifier: MIT */
/*
 * vss.h - where an NTFS volume keeps its shadow copies
 *
 * "Volume Shadow Snapshot (VSS) format", J. Metz, and what Windows Server 2003
 * to 10 wrote (observed).  A header names a chain of catalog blocks; an entry
 * of the catalog names a shadow copy, another one its store: blocks that hold
 * what was overwritten, and the lists of them.  Offsets count from the volume's
 * first byte, sizes in bytes.
 */
#ifndef PARSERS_VSS_H
#define PARSERS_VSS_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#define VSS_HEADER_AT   UINT64_C(0x1e00)
#define VSS_HEADER_SIZE 0x60u
#define VSS_BLOCK_SIZE  0x4000u
#define VSS_ID_SIZE     16u /* a GUID */

enum vss_type {
	VSS_VOLUME = 1,
	VSS_CATALOG = 2,
	VSS_BLOCK_LIST = 3,
	VSS_STORE = 4,
	VSS_RANGE_LIST = 5,
	VSS_BITMAP = 6,
};

struct vss_header {
	uint64_t catalog;     /* of its first block; 0: no shadow copies */
	struct bytes volume;  /* GUID of this volume */
	struct bytes storage; /* and of that with the stores */
};

/* `in` begins at VSS_HEADER_AT of the volume.  E_ABSENT: shadow copies were
   never made of it. */
MUST_USE enum status vss_header_parse(struct vss_header *header,
                                      struct bytes in, struct error *err);

/* What every block of the chains begins with. */
struct vss_block {
	uint32_t type;     /* enum vss_type */
	uint64_t place;    /* of itself */
	uint64_t next;     /* of the chain; 0: it is the last */
	uint64_t info;     /* VSS_STORE: bytes of information in the body */
	struct bytes body; /* what is behind this */
};

/* `in` is VSS_BLOCK_SIZE bytes.  E_CORRUPT: it is no block of this type. */
MUST_USE enum status vss_block_parse(struct vss_block *block, struct bytes in,
                                     enum vss_type type, struct error *err);

/* A shadow copy, or where its store is. */
struct vss_entry {
	bool store;      /* the second of the two */
	struct bytes id; /* of the store; what joins them */
	/* a shadow copy */
	uint64_t size; /* of the volume when it was made */
	uint64_t made; /* FILETIME */
	/* its store */
	uint64_t header, list, ranges, bitmap; /* of the first block of each */
	uint64_t previous;                     /* a second bitmap, or 0 */
};

/* The entries of a block of the catalog; `c` is a cursor over its body, and
   each call moves it.  False at its end. */
MUST_USE bool vss_entry_next(struct vss_entry *entry, struct cursor *c);

/* What a store says of its shadow copy. */
struct vss_info {
	struct bytes copy, set;        /* GUIDs */
	uint32_t context;              /* _VSS_SNAPSHOT_CONTEXT */
	uint32_t attributes;           /* _VSS_VOLUME_SNAPSHOT_ATTRIBUTES */
	struct bytes machine, service; /* UTF-16: names of computers */
};

MUST_USE enum status vss_info_parse(struct vss_info *info,
                                    const struct vss_block *store,
                                    struct error *err);

#endif
