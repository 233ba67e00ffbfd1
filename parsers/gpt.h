/* SPDX-License-Identifier: MIT */
/*
 * gpt.h - the header and the entries of a GUID partition table
 *
 * UEFI Specification 2.10, 5.3.  The table itself is read by libtsk; this is
 * for what libtsk does not tell of an entry: its type and its attributes.
 */
#ifndef PARSERS_GPT_H
#define PARSERS_GPT_H

#include "parsers/bytes.h"
#include "parsers/status.h"

struct gpt_header {
	uint64_t entries; /* sector of the first entry */
	uint32_t count;   /* of entries, up to LIMIT_PARTITIONS */
	uint32_t claimed; /* how many it says there are */
	uint32_t size;    /* bytes of an entry, 128 to 4096 */
};

/* Of Windows' basic data partitions; the others have other meanings there. */
#define GPT_READ_ONLY   (UINT64_C(1) << 60)
#define GPT_SHADOW_COPY (UINT64_C(1) << 61)
#define GPT_HIDDEN      (UINT64_C(1) << 62)
#define GPT_NO_LETTER   (UINT64_C(1) << 63)

struct gpt_entry {
	struct bytes type;    /* GUID, 16 bytes as they are on disk */
	uint64_t first, last; /* sectors; the last one is in it */
	uint64_t attributes;
};

/* E_ABSENT: this is no header.  E_CORRUPT: one with impossible entries. */
MUST_USE enum status gpt_header_parse(struct gpt_header *header,
                                      struct bytes in, struct error *err);
/* `in` is one entry.  E_ABSENT: it is not in use. */
MUST_USE enum status gpt_entry_parse(struct gpt_entry *entry, struct bytes in,
                                     struct error *err);

#endif
