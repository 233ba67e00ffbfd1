/* SPDX-License-Identifier: MIT */
/*
 * hive_base.h - the base block, which starts a registry hive and its logs
 *
 * Microsoft published no specification; the layout is that of M. Suhanov's
 * "Windows registry file format specification".  Ranges borrow from the bytes
 * that were parsed.
 */
#ifndef PARSERS_HIVE_BASE_H
#define PARSERS_HIVE_BASE_H

#include "parsers/bytes.h"
#include "parsers/status.h"
#include "parsers/wrap.h"

#define HIVE_BASE_SIZE 4096u /* of the block: the hive bins begin behind it */
#define HIVE_HEAD_SIZE 512u  /* of it that is under the checksum */

enum hive_file_type {
	HIVE_PRIMARY = 0,
	HIVE_LOG_OLD = 1,   /* a bitmap of pages, then the pages */
	HIVE_LOG_OLD_2 = 2, /* the same */
	HIVE_LOG_NEW = 6,   /* entries, since Windows 8.1 */
};

struct hive_base {
	uint32_t sequence1; /* of the write that began last */
	uint32_t sequence2; /* of the write that ended last */
	uint64_t written;   /* FILETIME */
	uint32_t major;
	uint32_t minor;
	uint32_t type;      /* enum hive_file_type */
	uint32_t format;    /* 1 */
	uint32_t root;      /* offset of the root key, from the first bin */
	uint32_t data_size; /* bytes of all bins */
	uint32_t flags;
	struct bytes name; /* end of the file's path, UTF-16 without NUL */
	bool sound;        /* the checksum is right */
};

/*
 * Parse the first HIVE_HEAD_SIZE bytes of a hive or a log; `in` may be longer.
 * E_ABSENT: neither of them.  E_TRUNCATED: shorter.  Those leave `base` zero.
 * E_CORRUPT: the checksum is wrong; the fields are filled all the same.
 */
MUST_USE enum status hive_base_parse(struct hive_base *base, struct bytes in,
                                     struct error *err);

/* Is it that of a hive whose last write did not end, or was damaged? */
bool hive_base_dirty(const struct hive_base *base);

/* Sequence numbers may wrap. */
WRAPS static inline uint32_t hive_sequence_next(uint32_t a)
{
	return a + 1;
}

/* Is sequence number a later than b? */
WRAPS static inline bool hive_sequence_after(uint32_t a, uint32_t b)
{
	return a != b && a - b <= INT32_MAX;
}

/*
 * Copy the first HIVE_HEAD_SIZE bytes of `from`, a base block that was parsed,
 * with the sequence numbers, type, root, data_size and flags of `base`, and a
 * checksum that fits.
 */
void hive_base_write(uint8_t to[HIVE_HEAD_SIZE], struct bytes from,
                     const struct hive_base *base);

#endif
