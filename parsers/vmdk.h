/* SPDX-License-Identifier: MIT */
/*
 * vmdk.h - the header of a sparse VMDK extent, and the text that describes a
 * disk
 *
 * Layout: VMware, "Virtual Disk Format 5.0", and its predecessor 1.1 for
 * COWD.  Numbers are little-endian.
 */
#ifndef PARSERS_VMDK_H
#define PARSERS_VMDK_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#define VMDK_SECTOR UINT32_C(512)

struct vmdk_header {
	const char *name; /* "VMDK" or "COWD" */
	uint32_t version;
	uint64_t size;      /* bytes that the extent stands for */
	uint32_t grain;     /* bytes: a power of two, 512 to 16 MiB */
	uint32_t entries;   /* of a grain table; a power of two up to 4096 */
	uint64_t tables;    /* number of grain tables */
	uint64_t directory; /* offset of the list of them; UINT64_MAX: a footer
	                       says it, 1024 bytes before the end */
	struct {
		uint64_t at, n;
	} text;              /* the description; n 0: none */
	bool zeroed_grains;  /* an entry of 1 is a grain of zeros */
	bool packed, marked; /* compressed; each with its length */
	bool unclean;        /* was not shut down */
};

/*
 * Parse the header of a sparse extent: `in` is its first sector.
 * E_ABSENT: it is none.  E_UNSUPPORTED: a version or compression.
 */
MUST_USE enum status vmdk_header_parse(struct vmdk_header *header,
                                       struct bytes in, struct error *err);

enum vmdk_extent_type { VMDK_FLAT, VMDK_SPARSE, VMDK_ZERO, VMDK_OTHER };

/* A line of the description. */
struct vmdk_line {
	bool is_extent;
	struct bytes key, value; /* key = value; without quotation marks */
	/* RW 4192256 SPARSE "name" 0 */
	enum vmdk_extent_type type;
	struct bytes type_name, name;
	uint64_t size;   /* bytes */
	uint64_t offset; /* in the file, in bytes */
};

/* Is this the start of a description? */
bool vmdk_is_text(struct bytes in);
/*
 * The next line that says something; false at the end, which is a zero byte or
 * the end of the range.  Lines that are neither are left out.
 */
bool vmdk_text_next(struct bytes *rest, struct vmdk_line *line);

#endif
