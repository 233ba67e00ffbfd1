/* SPDX-License-Identifier: MIT */
/*
 * fuzz_hive_log.c - a hive's base block and its logs, and what they come to
 *
 * The input is the base block and up to three logs; a log begins where "regf"
 * begins a sector.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

#include "parsers/hive_log.h"

static void check_replay(struct bytes head, const struct bytes *logs, size_t n,
                         struct bytes in)
{
	struct hive_replay it = hive_replay_open(head, logs, n);
	uint8_t base[HIVE_HEAD_SIZE];
	struct hive_piece piece;

	while (hive_replay_next(&it, &piece)) {
		assert(it.dirty && it.applied);
		fuzz_inside(piece.bytes, in);
		assert(piece.to >= HIVE_BASE_SIZE);
		assert(piece.to + piece.bytes.n <=
		       (uint64_t)it.base.data_size + HIVE_BASE_SIZE);
	}
	assert(!piece.bytes.n);
	assert(!it.dirty || it.applied || it.err.status);
	fuzz_error(it.err.status, &it.err, in);
	hive_replay_base(&it, base);
}

static void check_log(struct bytes in)
{
	struct hive_log it = hive_log_open(in);
	struct hive_log_entry e;
	uint64_t at = in.at;

	while (hive_log_next(&it, &e)) {
		assert(e.at > at);
		at = e.at;
		fuzz_inside(e.map, in);
		fuzz_inside(e.data, in);
	}
	fuzz_error(it.err.status, &it.err, in);
}

void fuzz_repair(uint8_t *data, size_t size)
{
	repair_hive_log(NULL, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size, FUZZ_AT };
	struct bytes parts[1 + HIVE_LOGS_MOST] = { in };
	size_t n = 0;

	for (size_t at = 512; at + 4 <= size && n < HIVE_LOGS_MOST; at += 512) {
		if (memcmp(data + at, "regf", 4))
			continue;
		parts[n].n = (size_t)(in.at + at - parts[n].at);
		parts[++n] = (struct bytes){ data + at, size - at, in.at + at };
	}
	for (size_t i = 0; i <= n; i++)
		check_log(parts[i]);
	check_replay(parts[0], parts + 1, n, in);
	return 0;
}
