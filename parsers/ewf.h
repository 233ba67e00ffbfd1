/* SPDX-License-Identifier: MIT */
/*
 * ewf.h - how the files of an EnCase image (E01) or a SMART image (S01) are
 * divided
 *
 * Only as much as is needed to say which segments belong together, and which
 * part of each is whole; libewf reads what is in them.  The layout is that of
 * J. Metz's "Expert Witness Compression Format specification".
 */
#ifndef PARSERS_EWF_H
#define PARSERS_EWF_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#define EWF_HEAD_SIZE    13u   /* the file's own header */
#define EWF_SECTION_SIZE 76u   /* what is before each section's contents */
#define EWF_VOLUME_SIZE  1052u /* most that a volume's contents need */
#define EWF_SMART_SIZE   94u   /* a volume's contents in a SMART image */
#define EWF_TABLE_SIZE   24u   /* before a table's entries */
#define EWF_ENTRY_SIZE   4u
#define EWF_PLACE        UINT32_C(0x7fffffff) /* of an entry: not a flag */
#define EWF_SET_SIZE     16u

enum ewf_kind {
	EWF_NONE,
	EWF_DISK,      /* E01, S01 */
	EWF_LOGICAL,   /* L01: files, no disk */
	EWF_DISK_2,    /* Ex01 */
	EWF_LOGICAL_2, /* Lx01 */
};

/* What a file is, by its first eight bytes. */
enum ewf_kind ewf_kind(struct bytes head);

/*
 * The number of a segment, from 1, of a file that is EWF_DISK.
 * E_TRUNCATED.  E_CORRUPT: the number is 0.
 */
MUST_USE enum status ewf_segment_parse(unsigned *number, struct bytes head,
                                       struct error *err);

enum ewf_type {
	EWF_OTHER, /* a section that says nothing of the division */
	EWF_VOLUME,
	EWF_TABLE,
	EWF_TABLE_2, /* the same table once more */
	EWF_NEXT,    /* the last section, and another segment follows */
	EWF_DONE,    /* the last section of the last segment */
};

struct ewf_section {
	enum ewf_type type;
	uint64_t at;   /* offset in its file */
	uint64_t size; /* bytes, with the EWF_SECTION_SIZE */
	uint64_t next; /* offset of the next; of the last, its own */
};

/*
 * Parse the head of a section; in.at is its offset in its file.
 * E_TRUNCATED.  E_CORRUPT: the checksum, or the next section is not behind it.
 */
MUST_USE enum status ewf_section_parse(struct ewf_section *section,
                                       struct bytes in, struct error *err);

struct ewf_volume {
	uint32_t chunks;           /* in all segments */
	uint32_t chunk;            /* bytes of one */
	uint32_t sector;           /* bytes of one */
	uint64_t sectors;          /* of the medium */
	uint8_t set[EWF_SET_SIZE]; /* the same in all segments of an image;
	                              zeros: unknown */
};

/*
 * Parse the contents of a section of type EWF_VOLUME.
 * E_TRUNCATED.  E_CORRUPT: the checksum.  E_LIMIT: the size of a chunk.
 */
MUST_USE enum status ewf_volume_parse(struct ewf_volume *volume,
                                      struct bytes in, struct error *err);

/*
 * The number of chunks in a table, from its first EWF_TABLE_SIZE bytes.
 * E_TRUNCATED.  E_CORRUPT: the checksum.
 */
MUST_USE enum status ewf_table_parse(uint32_t *chunks, struct bytes in,
                                     struct error *err);

/* RFC 1950's Adler-32 of more bytes; it begins with 1. */
uint32_t ewf_checksum(uint32_t sum, struct bytes in);

/* Write the head of a section; only its type, place, size and next are used.
   Of the types EWF_TABLE_2, EWF_NEXT and EWF_DONE. */
void ewf_section_head(uint8_t to[EWF_SECTION_SIZE],
                      const struct ewf_section *section);
/* Write the header of the file of a segment. */
void ewf_segment_head(uint8_t to[EWF_HEAD_SIZE], unsigned number);

#endif
