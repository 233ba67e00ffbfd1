/* SPDX-License-Identifier: MIT */
/*
 * efs_raw.h - the raw export of an encrypted file
 *
 * [MS-EFSR] 2.2.3, the EFSRPC Raw Data Format: what ReadEncryptedFileRaw gives,
 * and so what ntbackup, WIM images and forensic tools keep.  A header, then a
 * flat sequence of records: a stream begins ("NTFS"), or a segment of it
 * follows ("GURE").  The first stream is the $EFS value.
 *
 * An export may be of many GB, so its data is never asked for.  The walk says
 * where the next record is; the caller reads EFS_RAW_PEEK bytes there, asks
 * how many its header needs, reads these, and gets the record.  Bytes that the
 * export does not have are simply not in the range.
 *
 *	it = efs_raw_open(first EFS_RAW_FILE_HEADER bytes, size of the file);
 *	for (;;) {
 *		peek = read(it.next, EFS_RAW_PEEK);
 *		head = read(it.next, efs_raw_need(&it, peek));
 *		if (!efs_raw_next(&it, head, &record))
 *			break;
 *	}
 */
#ifndef PARSERS_EFS_RAW_H
#define PARSERS_EFS_RAW_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#define EFS_RAW_FILE_HEADER 20u
#define EFS_RAW_PEEK        44u
/* What efs_raw_need asks for at most: a segment of 65,535 blocks. */
#define EFS_RAW_HEADER_MOST (16u + 28u + 4u * 65535u + 16u)

enum efs_raw_kind { EFS_RAW_STREAM = 1, EFS_RAW_SEGMENT };

/* A stream begins. */
struct efs_raw_stream {
	bool metadata;     /* its bytes are the $EFS value */
	bool encrypted;    /* with the file key; else its bytes are plain */
	struct bytes name; /* UTF-16LE; empty: unnamed, or the metadata */
	struct bytes type; /* UTF-16LE, "$DATA" without the colon */
};

/* A part of the stream that began last. */
struct efs_raw_segment {
	uint64_t data_at; /* offset in the file of its bytes */
	uint64_t data_n;  /* how many; those that the export still has */
	bool cut;         /* the export ends before all of them */
	/* The rest is zero where the stream is not encrypted. */
	bool encrypted;
	uint64_t offset;    /* in its stream; a multiple of 512 */
	uint32_t size;      /* bytes from there that the stream has */
	uint32_t valid;     /* of these, below the valid data length */
	uint16_t format;    /* of compression; 0: none */
	uint8_t unit_shift; /* a data unit is 1 << unit_shift bytes */
	uint8_t chunk_shift, cluster_shift;
	uint8_t encryption;  /* format; 1 */
	struct bytes blocks; /* u32 each, for efs_raw_blocks_open */
	bool extended;       /* flags are there ("EXTD") */
	uint32_t flags;      /* 1: a sparse file */
};

struct efs_raw_record {
	enum efs_raw_kind kind;
	uint64_t at;     /* in the file */
	uint64_t length; /* of the whole record, as it says */
	struct efs_raw_stream stream;
	struct efs_raw_segment segment;
	/*
	 * OK, or why its data cannot be placed.  Its length is sound, so the
	 * walk goes on behind it.
	 */
	struct error err;
};

struct efs_raw {
	uint64_t next; /* where the next record would be */
	uint64_t end;  /* of the file */
	bool open;     /* a stream has begun */
	bool encrypted;
	struct error err; /* why the walk ended before the file did */
};

/*
 * Open with the first bytes of a file of `size` bytes; E_ABSENT: it is none;
 * E_TRUNCATED: it ends in its header.  Then .err says so, and nothing follows.
 */
struct efs_raw efs_raw_open(struct bytes head, uint64_t size);

/* Bytes of the record's header, at it->next; `peek` begins there. */
size_t efs_raw_need(const struct efs_raw *it, struct bytes peek);

/*
 * The record whose header `head` is, at it->next.  False at the end, then see
 * .err.  E_ABSENT: what follows is no record but a trailer, at .err.at, and
 * the export is whole.  E_TRUNCATED: the file ends inside a record: if inside
 * its data, the record was given, and is `cut`.  E_CORRUPT: a length that
 * cannot be.
 */
MUST_USE bool efs_raw_next(struct efs_raw *it, struct bytes head,
                           struct efs_raw_record *record);

/* One data unit of an encrypted segment, or several if `over`. */
struct efs_raw_block {
	uint64_t offset;  /* in the stream */
	uint64_t span;    /* bytes of the stream that it stands for */
	uint64_t at;      /* in the file, of its ciphertext */
	uint64_t stored;  /* bytes of ciphertext; behind them, zeros */
	uint64_t present; /* of these, those that the export still has */
	bool over;        /* it stores more than a data unit */
};

struct efs_raw_blocks {
	struct cursor sizes;
	uint64_t offset, at, left, unit;
};

/*
 * Walk the blocks of an encrypted segment without error.  A block of size 0 is
 * a hole.  Blocks larger than a data unit are allowed where they span the valid
 * data length or a hole; how they move the next one is not said.  *Assumed*: by
 * their own size.
 */
struct efs_raw_blocks efs_raw_blocks_open(const struct efs_raw_segment *s);
MUST_USE bool efs_raw_blocks_next(struct efs_raw_blocks *it,
                                  struct efs_raw_block *block);

#endif
