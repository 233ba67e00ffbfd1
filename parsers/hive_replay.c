/* SPDX-License-Identifier: MIT */
/*
 * hive_replay.c - which transaction logs are due to a hive, and how far
 *
 * Suhanov, "Windows registry file format specification": Dirty state of a hive;
 * checked against what Windows 7 and 10 made of dirty hives (M. Suhanov's
 * OldDirtyHive and NewDirtyHive1).
 */
#include "parsers/hive_log.h"

/* Keep the log, in the order of first sequence numbers. */
static void insert(struct hive_replay *it, const struct hive_log *log)
{
	unsigned i = it->logs++;

	while (i && hive_sequence_after(it->log[i - 1].base.sequence1,
	                                log->base.sequence1)) {
		it->log[i] = it->log[i - 1];
		i--;
	}
	it->log[i] = *log;
}

/* A log of the old format belongs to the hive of the same time only. */
static bool is_due(const struct hive_replay *it, const struct hive_log *log)
{
	if (log->err.status)
		return false;
	return !log->old || !it->base.sound ||
	       it->base.written == log->base.written;
}

/* The last log alone if it must be, else all that are of its format. */
static void keep_last(struct hive_replay *it)
{
	const struct hive_log last = it->log[it->logs - 1];
	bool alone = last.old || !it->base.sound;
	unsigned kept = 0;

	for (unsigned i = 0; i + 1 < it->logs; i++)
		if (!alone && !it->log[i].old)
			it->log[kept++] = it->log[i];
	it->log[kept++] = last;
	it->logs = kept;
}

/* Where the hive's own base block is damaged, a log has a copy of it. */
static void base_from_log(struct hive_replay *it)
{
	const struct hive_log *log = &it->log[0];

	it->base = log->base;
	it->base.type = HIVE_PRIMARY;
	it->head = log->c.in;
	it->head.n = HIVE_HEAD_SIZE;
}

static void choose(struct hive_replay *it, const struct bytes *logs, size_t n)
{
	struct error first = { 0 };

	for (size_t i = 0; i < n && i < HIVE_LOGS_MOST; i++) {
		struct hive_log log = hive_log_open(logs[i]);

		if (is_due(it, &log))
			insert(it, &log);
		else if (log.err.status && logs[i].n && !first.status)
			first = log.err;
	}
	if (!it->logs && first.status)
		it->err = first;
	else if (!it->logs)
		(void)fail(&it->err, E_ABSENT, it->head.at,
		           "transaction log of a dirty hive");
	if (it->logs)
		keep_last(it);
}

struct hive_replay hive_replay_open(struct bytes head, const struct bytes *logs,
                                    size_t n)
{
	struct hive_replay it = { .head = head };
	struct error err = { 0 };
	enum status st = hive_base_parse(&it.base, head, &err);

	it.dirty = hive_base_dirty(&it.base);
	if (!st && it.base.type != HIVE_PRIMARY) {
		(void)fail(&it.err, E_UNSUPPORTED, head.at + 0x1c,
		           "a log where a hive is wanted");
		it.dirty = false;
	}
	if (!it.dirty)
		return it;
	choose(&it, logs, n);
	if (st && it.logs)
		base_from_log(&it);
	else if (st)
		it.err = err;
	return it;
}

/* An old log's copy of the base block is newer than the hive's own. */
static void apply(struct hive_replay *it, const struct hive_log *log,
                  const struct hive_log_entry *e)
{
	uint32_t next =
		log->old ? e->sequence : hive_sequence_next(e->sequence);

	if (log->old)
		it->base.root = log->base.root;
	it->base.data_size = e->data_size;
	it->base.sequence1 = next;
	it->base.sequence2 = next;
	it->err = (struct error){ 0 };
	it->applied++;
	it->pages = hive_pages_open(e);
}

/*
 * Apply the next entry that is due: those from before the hive's state are not.
 * Damage in one log is none if the next one goes on where it ended.
 */
static void next_entry(struct hive_replay *it)
{
	struct hive_log *log = &it->log[it->next];
	struct hive_log_entry e;

	while (hive_log_next(log, &e)) {
		if (log->old || e.sequence == it->base.sequence2) {
			apply(it, log, &e);
			return;
		}
		if (hive_sequence_after(e.sequence, it->base.sequence2)) {
			if (!it->err.status)
				(void)fail(&it->err, E_CORRUPT, e.at,
				           "missing entries of a hive's log");
			it->next = it->logs;
			return;
		}
	}
	if (!it->err.status)
		it->err = log->err;
	it->next++;
}

bool hive_replay_next(struct hive_replay *it, struct hive_piece *piece)
{
	while (!hive_pages_next(&it->pages, piece)) {
		if (it->next < it->logs) {
			next_entry(it);
			continue;
		}
		if (it->dirty && !it->applied && !it->err.status)
			(void)fail(&it->err, E_ABSENT, it->head.at,
			           "entries for a dirty hive in its log");
		return false;
	}
	return true;
}

void hive_replay_base(const struct hive_replay *it, uint8_t to[HIVE_HEAD_SIZE])
{
	hive_base_write(to, it->head, &it->base);
}
