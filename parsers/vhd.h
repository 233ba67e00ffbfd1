/* SPDX-License-Identifier: MIT */
/*
 * vhd.h - the footer and the header of a VHD
 *
 * Layout: "Virtual Hard Disk Image Format Specification", version 1.0.
 * Numbers are big-endian.
 */
#ifndef PARSERS_VHD_H
#define PARSERS_VHD_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#define VHD_FOOTER_SIZE UINT32_C(512)
#define VHD_HEADER_SIZE UINT32_C(1024)
#define VHD_LOCATORS    8u
#define VHD_SECTOR      UINT32_C(512)
/* An entry of the block allocation table: the block is not in this file. */
#define VHD_UNUSED UINT32_MAX

enum vhd_type { VHD_FIXED = 2, VHD_DYNAMIC = 3, VHD_DIFFERENCING = 4 };

struct vhd_footer {
	uint32_t version; /* 0x00010000 */
	uint64_t header;  /* where the header is; all ones in a fixed disk */
	uint32_t made;    /* seconds since 2000-01-01 00:00:00 UTC */
	struct bytes creator, host; /* 4 bytes each */
	uint32_t creator_version;
	uint64_t size; /* bytes of the disk */
	enum vhd_type type;
	struct bytes id; /* 16 bytes, as printed from left to right */
	bool sound;      /* the checksum is right */
};

/* Where the path of the parent is, for one platform. */
struct vhd_locator {
	struct bytes platform; /* "W2ru": relative, "W2ku": absolute */
	uint32_t n;            /* bytes of UTF-16LE */
	uint64_t at;
};

struct vhd_header {
	uint64_t table;      /* where the block allocation table is */
	uint32_t entries;    /* of it */
	uint32_t block;      /* bytes of a block: a power of two, 512 or more */
	struct bytes parent; /* its identifier, 16 bytes */
	struct bytes parent_name; /* UTF-16 in big-endian, 512 bytes, padded */
	struct vhd_locator locators[VHD_LOCATORS];
	bool sound; /* the checksum is right */
};

/*
 * Parse a footer, or the copy of it at the start of the file.
 * E_ABSENT: it is none.  E_UNSUPPORTED: another version or type.
 */
MUST_USE enum status vhd_footer_parse(struct vhd_footer *footer,
                                      struct bytes in, struct error *err);
/* Parse the header of a dynamic or differencing disk; errors as above. */
MUST_USE enum status vhd_header_parse(struct vhd_header *header,
                                      struct bytes in, struct error *err);
/* Bytes of the sector bitmap before each block, whole sectors. */
static inline uint32_t vhd_bitmap_size(uint32_t block)
{
	uint32_t bits = block / VHD_SECTOR;

	return (bits / 8 + (bits % 8 != 0) + VHD_SECTOR - 1) / VHD_SECTOR *
	       VHD_SECTOR;
}

#endif
