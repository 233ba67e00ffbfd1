/* SPDX-License-Identifier: MIT */
/*
 * ntfs_record.h - MFT records, their attributes, runs and attribute lists
 *
 * Nothing here allocates.  Everything borrows from the record's bytes, which
 * must outlive it.  What a scan asks of every record of a volume is in line:
 * its results are many, and a call would pass them through memory.  Attribute
 * layouts: [MS-FSCC] 2.1 for the types and flags, the Linux-NTFS documentation
 * for the record.
 */
#ifndef PARSERS_NTFS_RECORD_H
#define PARSERS_NTFS_RECORD_H

#include "parsers/bytes.h"
#include "parsers/status.h"

/* A file reference: 48 bits of record number, 16 of sequence number. */
#define NTFS_REF_RECORD(ref)   ((ref)&UINT64_C(0xffffffffffff))
#define NTFS_REF_SEQUENCE(ref) ((uint16_t)((ref) >> 48))

#define NTFS_RECORD_ROOT UINT64_C(5)
/* Records below this one are the volume's own metadata files. */
#define NTFS_RECORD_FIRST_USER UINT64_C(16)

enum {
	NTFS_STANDARD_INFORMATION = 0x10,
	NTFS_ATTRIBUTE_LIST = 0x20,
	NTFS_FILE_NAME = 0x30,
	NTFS_DATA = 0x80,
	NTFS_BITMAP = 0xb0,
	NTFS_LOGGED_UTILITY_STREAM = 0x100,
};

/* Attribute header flags. */
enum {
	NTFS_ATTR_COMPRESSED = 0x00ff, /* mask; 1 is LZNT1 */
	NTFS_ATTR_ENCRYPTED = 0x4000,
	NTFS_ATTR_SPARSE = 0x8000,
};

/* FILE_ATTRIBUTE_* of $STANDARD_INFORMATION. */
enum {
	NTFS_FILE_ENCRYPTED = 0x4000,
};

struct ntfs_record {
	uint64_t number; /* as stored in the record; 0 before NTFS 3.1 */
	uint16_t sequence;
	uint16_t links;
	bool in_use;
	bool directory;
	uint64_t base; /* reference of the base record; 0 in a base record */
	struct bytes attrs; /* from the first attribute to the used size */
};

/*
 * Undo the update sequence of a record in place: check that the last two bytes
 * of each 512-byte stride are the sequence number, and put the originals back.
 * `rec` is n bytes, from evidence offset `at`.
 * E_ABSENT: no "FILE" signature (an unused or wiped record).
 * E_CORRUPT: a torn write, a "BAAD" record, or an impossible array.
 */
MUST_USE enum status ntfs_record_fixup(uint8_t *rec, size_t n, uint64_t at,
                                       struct error *err);

/* Parse a record header after the fixup. */
MUST_USE enum status ntfs_record_parse(struct ntfs_record *rec, struct bytes in,
                                       struct error *err);

/* Undo the update sequence of a record, and parse its header; errors as both.
 */
MUST_USE enum status ntfs_record_open(struct ntfs_record *rec, uint8_t *p,
                                      size_t n, uint64_t at, struct error *err);

struct ntfs_attr {
	uint32_t type;
	uint16_t flags;
	uint16_t id;
	struct bytes name; /* UTF-16LE, empty for the unnamed attribute */
	bool resident;
	struct bytes value; /* resident: the value */
	/* not resident: */
	uint64_t lowest_vcn, highest_vcn;
	uint16_t compression_unit; /* log2 of clusters */
	/* bytes; valid where lowest_vcn is 0 (a later extent repeats nothing)
	 */
	uint64_t allocated, size, initialized;
	struct bytes pairs; /* the mapping pairs */
};

struct ntfs_attrs {
	struct cursor c;
	struct error err; /* why the walk stopped early, if it did */
};

/* Walk the attributes of a record: open, next until false, then see .err. */
static inline struct ntfs_attrs ntfs_attrs_open(const struct ntfs_record *rec);
MUST_USE static inline bool ntfs_attrs_next(struct ntfs_attrs *it,
                                            struct ntfs_attr *attr);

/* Is the attribute's name this ASCII text, to the letter? */
static inline bool ntfs_attr_named(const struct ntfs_attr *attr,
                                   const char *name);

/* One run of clusters. */
#define NTFS_LCN_HOLE UINT64_MAX
struct ntfs_run {
	uint64_t vcn; /* first cluster within the stream */
	uint64_t lcn; /* first cluster on the volume, or NTFS_LCN_HOLE */
	uint64_t n;   /* clusters, at least 1 */
};

struct ntfs_runs {
	struct cursor c;
	uint64_t vcn, lcn;
	struct error err;
};

/*
 * Walk the mapping pairs of a non-resident attribute.  Sums that would pass
 * 2^63 clusters, a negative LCN or a length of 0 end the walk: E_CORRUPT.
 * Whether a run lies inside the volume is for the caller, who knows its size.
 */
struct ntfs_runs ntfs_runs_open(const struct ntfs_attr *attr);
MUST_USE bool ntfs_runs_next(struct ntfs_runs *it, struct ntfs_run *run);

/* One entry of an $ATTRIBUTE_LIST value. */
struct ntfs_list_entry {
	uint32_t type;
	struct bytes name; /* UTF-16LE */
	uint64_t lowest_vcn;
	uint64_t ref; /* the record that holds the attribute */
	uint16_t id;
};

struct ntfs_list {
	struct cursor c;
	struct error err;
};

struct ntfs_list ntfs_list_open(struct bytes value);
MUST_USE bool ntfs_list_next(struct ntfs_list *it, struct ntfs_list_entry *e);

/* $STANDARD_INFORMATION; the times are FILETIMEs. */
struct ntfs_standard {
	uint64_t created, modified, changed, accessed;
	uint32_t attributes; /* FILE_ATTRIBUTE_* */
};

MUST_USE static inline enum status ntfs_standard_parse(struct ntfs_standard *si,
                                                       struct bytes value,
                                                       struct error *err);

enum {
	NTFS_NAME_POSIX = 0,
	NTFS_NAME_WIN32 = 1,
	NTFS_NAME_DOS = 2,
	NTFS_NAME_WIN32_DOS = 3
};

/* $FILE_NAME: one name of a file in one directory. */
struct ntfs_name {
	uint64_t parent;    /* reference of the directory */
	uint8_t namespace_; /* NTFS_NAME_* */
	struct bytes name;  /* UTF-16LE, 1 to 255 units */
};

MUST_USE static inline enum status
ntfs_name_parse(struct ntfs_name *fn, struct bytes value, struct error *err);

/* The bodies of what is in line. */
#include "parsers/ntfs_attrs.h"
#include "parsers/ntfs_values.h"

#endif
