/* SPDX-License-Identifier: MIT */
/*
 * hive_log.h - transaction logs of registry hives, and what is due from them
 *
 * Windows writes changes to a log first, and to the hive some time later.  A
 * hive that was not unloaded is dirty: what is in it is old, or torn.  Then the
 * logs are due, and are given here as pieces that lie over the hive.  The
 * layout is that of M. Suhanov's "Windows registry file format specification".
 * Ranges borrow from the logs.
 */
#ifndef PARSERS_HIVE_LOG_H
#define PARSERS_HIVE_LOG_H

#include "parsers/hive_base.h"

/* .LOG of Windows 2000 to 2003, .LOG1 and .LOG2 of later ones. */
#define HIVE_LOGS_MOST 3

/* One transaction: whole and proved by its hashes, or not given at all. */
struct hive_log_entry {
	uint64_t at;        /* evidence offset */
	uint32_t sequence;  /* rises by one from entry to entry */
	uint32_t data_size; /* bytes of all bins, from here on */
	uint32_t pages;     /* references; of an old log 0 */
	struct bytes map;   /* references or, of an old log, the bitmap */
	struct bytes data;  /* the pages, in the order of the map */
};

struct hive_log {
	struct hive_base base;
	struct cursor c;
	bool old;
	uint32_t sequence; /* of the next entry */
	struct error err;  /* why the walk ended early, if it did */
};

/*
 * Open, then next until it returns false, then see .err.
 * E_ABSENT: no log.  E_TRUNCATED: shorter than its base block.  E_CORRUPT: its
 * base block is damaged or of a write that did not end, or an entry is, or
 * entries are missing: that ends the walk.  E_UNSUPPORTED: a file type that is
 * no log's.
 * A log is used anew from its start, so older entries behind the last are what
 * is left of the time before.  A log of the old format is one entry.
 */
struct hive_log hive_log_open(struct bytes in);
MUST_USE bool hive_log_next(struct hive_log *it, struct hive_log_entry *entry);

/* What lies over the hive at `to`, an offset in its file. */
struct hive_piece {
	uint64_t to;
	struct bytes bytes;
};

/* The pages of an entry, in the order in which they are to be applied. */
struct hive_pages {
	struct cursor map;
	struct cursor data;
	uint32_t left; /* references, or bits of the bitmap */
	uint32_t bit;  /* of an old log: the next one */
	bool old;
};

struct hive_pages hive_pages_open(const struct hive_log_entry *entry);
MUST_USE bool hive_pages_next(struct hive_pages *it, struct hive_piece *piece);

struct hive_replay {
	bool dirty;            /* the hive needs its logs */
	struct hive_base base; /* as it is after the pieces given so far */
	struct bytes head;     /* base block that it began as */
	uint32_t applied;      /* entries that gave pieces */
	struct error err;      /* why entries are missing, if any are */
	struct hive_log log[HIVE_LOGS_MOST]; /* in the order of their use */
	unsigned logs, next;
	struct hive_pages pages;
};

/*
 * What is due to a hive that starts with `head` (HIVE_HEAD_SIZE bytes or more)
 * from its logs, n of them, in any order; empty ones are none.  Open, then next
 * until it returns false; the base block after it all is hive_replay_base.
 *
 * A hive that is not dirty needs nothing.  Logs of the new format are applied
 * from the hive's second sequence number on without a gap, the log with the
 * lower numbers first; if the hive's base block is damaged, only the log with
 * the latest ones.  One log of the old format is applied: that of the same time
 * as the hive, and of these the latest.
 *
 * .err at the end.  E_ABSENT: the hive is dirty, and no log is due to it.
 * E_CORRUPT: an entry is damaged, or numbers are missing before it: it and all
 * later ones are not applied.  For a log that was being written when the power
 * failed this is how it should be.  A base block that is no hive's, and cannot
 * be had from a log, is as of hive_base_parse; nothing is given then.
 */
struct hive_replay hive_replay_open(struct bytes head, const struct bytes *logs,
                                    size_t n);
MUST_USE bool hive_replay_next(struct hive_replay *it,
                               struct hive_piece *piece);
/* The base block after the last piece, for offset 0 of the hive. */
void hive_replay_base(const struct hive_replay *it, uint8_t to[HIVE_HEAD_SIZE]);

/* The hash of log entries, with their seed. */
uint64_t hive_marvin32(struct bytes in);

#endif
