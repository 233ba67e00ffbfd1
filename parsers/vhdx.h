/* SPDX-License-Identifier: MIT */
/*
 * vhdx.h - the structures of a VHDX that say where its blocks are
 *
 * Layout: [MS-VHDX].  Numbers are little-endian.
 */
#ifndef PARSERS_VHDX_H
#define PARSERS_VHDX_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#define VHDX_HEADER_SIZE UINT32_C(4096)
#define VHDX_TABLE_SIZE  UINT32_C(65536)
/* Where the two headers and the two region tables are. */
#define VHDX_HEADERS UINT64_C(0x10000)
#define VHDX_REGIONS UINT64_C(0x30000)
/* Nothing of a disk is before this. */
#define VHDX_FIRST_BLOCK UINT64_C(0x100000)

struct vhdx_header {
	uint64_t sequence;
	struct bytes data_write; /* GUID: changes with the disk's contents */
	bool log_in_use;         /* the log holds what is not in the tables */
	uint64_t log;
	uint32_t log_size;
};

struct vhdx_range {
	uint64_t at;
	uint32_t n; /* 0: there is none */
};

struct vhdx_regions {
	struct vhdx_range table; /* block allocation table */
	struct vhdx_range metadata;
};

/* Where items are within the metadata region. */
struct vhdx_items {
	struct vhdx_range parameters, size, id, sector, locator;
};

struct vhdx_disk {
	uint32_t block; /* bytes: a power of two, 1 to 256 MiB */
	bool fixed, has_parent;
	uint64_t size;   /* bytes of the disk */
	uint32_t sector; /* 512 or 4096 */
	struct bytes id; /* GUID; may be empty */
};

/*
 * Each takes the whole structure, which is 4 or 64 KiB.
 * E_ABSENT: it is none.  E_CORRUPT: the checksum or a value is wrong.
 * E_UNSUPPORTED: a version, region or item that must be known and is not.
 */
MUST_USE enum status vhdx_header_parse(struct vhdx_header *header,
                                       struct bytes in, struct error *err);
MUST_USE enum status vhdx_regions_parse(struct vhdx_regions *regions,
                                        struct bytes in, struct error *err);
MUST_USE enum status vhdx_items_parse(struct vhdx_items *items, struct bytes in,
                                      struct error *err);
/* `in` is the metadata region, or its first part. */
MUST_USE enum status vhdx_disk_parse(struct vhdx_disk *disk,
                                     const struct vhdx_items *items,
                                     struct bytes in, struct error *err);

/* A parent locator: pairs of UTF-16LE texts. */
struct vhdx_locator {
	struct cursor c;
	struct bytes in;
	unsigned left;
};

MUST_USE enum status vhdx_locator_open(struct vhdx_locator *it,
                                       const struct vhdx_items *items,
                                       struct bytes in, struct error *err);
/* False at the end; a pair that leaves the item is left out. */
bool vhdx_locator_next(struct vhdx_locator *it, struct bytes *key,
                       struct bytes *value);

/* Bits of an entry of the block allocation table. */
enum vhdx_state {
	VHDX_NOT_PRESENT = 0,
	VHDX_UNDEFINED = 1,
	VHDX_ZERO = 2,
	VHDX_UNMAPPED = 3,
	VHDX_PRESENT = 6, /* in a bitmap's entry as well */
	VHDX_PARTIAL = 7,
};

static inline uint64_t vhdx_entry_at(uint64_t entry)
{
	return entry & ~UINT64_C(0xfffff);
}

#endif
