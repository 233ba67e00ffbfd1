/* SPDX-License-Identifier: MIT */
/*
 * test_hive_replay.c - what logs make of a dirty hive
 *
 * The oracle is Windows itself: of NewDirtyHive1 and OldDirtyHive of the corpus
 * there is what Windows 10 and Windows 7 wrote after they had loaded them.
 */
#include "tests/parsers/hive_sample.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/hive_log.h"

/* The hive after its logs, in a block of its own, of its new size. */
static uint8_t *apply(struct bytes hive, struct hive_replay *it, size_t *size)
{
	size_t cap = HIVE_BASE_SIZE + (size_t)0x100000;
	uint8_t *p = calloc(1, cap);
	struct hive_piece piece;

	assert_non_null(p);
	assert_true(hive.n <= cap);
	memcpy(p, hive.p, hive.n);
	while (hive_replay_next(it, &piece)) {
		assert_true(piece.to + piece.bytes.n <= cap);
		if (piece.bytes.n)
			memcpy(p + piece.to, piece.bytes.p, piece.bytes.n);
	}
	hive_replay_base(it, p);
	*size = HIVE_BASE_SIZE + (size_t)it->base.data_size;
	return p;
}

static void as_windows_10_made_it(void **state)
{
	struct bytes hive =
		corpus_file("hives/yarp/NewDirtyHive1/NewDirtyHive");
	struct bytes logs[] = {
		corpus_file("hives/yarp/NewDirtyHive1/NewDirtyHive.LOG2"),
		corpus_file("hives/yarp/NewDirtyHive1/NewDirtyHive.LOG1"),
	};
	struct bytes want =
		corpus_file("hives/yarp/NewDirtyHive1/RecoveredHive_Windows10");
	struct hive_replay it = hive_replay_open(hive, logs, COUNT(logs));
	size_t size;
	uint8_t *p = apply(hive, &it, &size);

	(void)state;
	assert_true(it.dirty);
	assert_int_equal(it.err.status, OK);
	assert_int_equal(it.applied, 4);
	/* All of it, the base block with its numbers and checksum too. */
	assert_memory_equal(p, want.p, size);
	assert_memory_not_equal(p, hive.p, size);
	free(p);
	sample_free(hive);
	sample_free(logs[0]);
	sample_free(logs[1]);
	sample_free(want);
}

/*
 * Windows 7 loaded it from another folder, and wrote it once more.  Its own
 * are: of the base block the sequence numbers (04, 08), the time (0c), the path
 * (30 to 52) and with them the checksum (1fc); the time of the first bin
 * (1014); and the largest name of a value in key "4500" (its offset 3c), which
 * it counts anew: 18 is the length of "New Value #1", a value that was renamed.
 */
static void take_what_is_windows_own(uint8_t *p, const uint8_t *want)
{
	assert_int_equal(p[0x6bdc8], 0x18);
	assert_int_equal(want[0x6bdc8], 0x02);
	p[0x6bdc8] = 0x02;
	memcpy(p + 0x1014, want + 0x1014, 8);
}

static void as_windows_7_made_it(void **state)
{
	struct bytes hive = corpus_file("hives/yarp/OldDirtyHive/OldDirtyHive");
	struct bytes log =
		corpus_file("hives/yarp/OldDirtyHive/OldDirtyHive.LOG1");
	struct bytes want =
		corpus_file("hives/yarp/OldDirtyHive/RecoveredHive_Windows7");
	struct hive_replay it = hive_replay_open(hive, &log, 1);
	struct error err;
	struct hive_base b;
	size_t size;
	uint8_t *p = apply(hive, &it, &size);

	(void)state;
	assert_int_equal(it.err.status, OK);
	assert_int_equal(it.applied, 1);
	take_what_is_windows_own(p, want.p);
	assert_memory_equal(p + 0x14, want.p + 0x14, 0x30 - 0x14);
	assert_memory_equal(p + 0x70, want.p + 0x70, 0x1fc - 0x70);
	assert_memory_equal(p + 0x200, want.p + 0x200, size - 0x200);
	assert_memory_not_equal(p + 0x200, hive.p + 0x200, size - 0x200);
	assert_int_equal(
		hive_base_parse(&b, (struct bytes){ p, size, 0 }, &err), OK);
	assert_int_equal(b.sequence1, 5);
	assert_int_equal(b.sequence2, 5);
	free(p);
	sample_free(hive);
	sample_free(log);
	sample_free(want);
}

/* Made by hand: a hive of two pages, and logs with an entry for each number. */
#define DATA  0x2000u
#define ENTRY 0x1200u

struct made {
	uint8_t head[HIVE_HEAD_SIZE];
	uint8_t log[3][HIVE_HEAD_SIZE + 3 * ENTRY];
	struct bytes logs[3];
};

/* Sequence numbers wrap. */
WRAPS static struct bytes make_log(uint8_t *p, uint32_t base, uint32_t first,
                                   uint32_t n)
{
	static const uint32_t page[] = { 0 };
	size_t at = HIVE_HEAD_SIZE;

	make_base(p, base, base, HIVE_LOG_NEW, DATA);
	for (uint32_t i = 0; i < n; i++)
		at += make_entry(p + at, first + i, DATA, page, 1,
		                 (uint8_t)(first + i));
	return (struct bytes){ p, at, SAMPLE_AT };
}

/* What becomes of a hive (numbers) and two logs (first number, count). */
static const struct {
	uint32_t sequence1, sequence2, a, an, b, bn;
	uint32_t applied;
	uint8_t last; /* what fills the page at the end */
	enum status status;
} cases[] = {
	{ 5, 5, 5, 2, 0, 0, 0, 0, OK },        /* clean */
	{ 6, 5, 5, 2, 0, 0, 2, 6, OK },        /* one log */
	{ 6, 5, 5, 2, 7, 1, 3, 7, OK },        /* two, in order */
	{ 6, 5, 7, 2, 5, 2, 4, 8, OK },        /* two, out of order */
	{ 6, 5, 3, 3, 2, 1, 1, 5, OK },        /* only what is newer */
	{ 6, 5, 3, 2, 0, 0, 0, 0, E_ABSENT },  /* all of it is older */
	{ 6, 5, 5, 1, 7, 1, 1, 5, E_CORRUPT }, /* a gap between the logs */
	{ 6, 5, 6, 2, 0, 0, 0, 0, E_CORRUPT }, /* a gap before the log */
	{ 6, 5, 0, 0, 0, 0, 0, 0, E_ABSENT },
	{ 0, 0xffffffff, 0xffffffff, 3, 0, 0, 3, 1, OK }, /* wraps */
};

static void chooses_among_logs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		static struct made m;
		struct hive_replay it;
		struct hive_piece piece, last = { 0 };

		make_base(m.head, cases[i].sequence1, cases[i].sequence2,
		          HIVE_PRIMARY, DATA);
		m.logs[0] = m.logs[1] = (struct bytes){ 0 };
		if (cases[i].an)
			m.logs[0] = make_log(m.log[0], cases[i].a, cases[i].a,
			                     cases[i].an);
		if (cases[i].bn)
			m.logs[1] = make_log(m.log[1], cases[i].b, cases[i].b,
			                     cases[i].bn);
		it = hive_replay_open(BYTES(m.head), m.logs, 2);
		assert_int_equal(it.dirty,
		                 cases[i].sequence1 != cases[i].sequence2);
		while (hive_replay_next(&it, &piece))
			last = piece;
		assert_false(hive_replay_next(&it, &piece));
		assert_int_equal(it.applied, cases[i].applied);
		assert_int_equal(it.err.status, cases[i].status);
		if (it.applied)
			assert_int_equal(last.bytes.p[0], cases[i].last);
		assert_int_equal(it.base.sequence2,
		                 (uint32_t)((uint64_t)cases[i].sequence2 +
		                            cases[i].applied));
	}
}

/* A log that was used anew: behind its last entry are older ones. */
static void leaves_what_is_left_from_before(void **state)
{
	static struct made m;
	static const uint32_t page[] = { 0 };
	struct hive_replay it;
	struct hive_piece piece;

	(void)state;
	make_base(m.head, 9, 8, HIVE_PRIMARY, DATA);
	m.logs[0] = make_log(m.log[0], 8, 8, 3);
	(void)make_entry(m.log[0] + HIVE_HEAD_SIZE + ENTRY, 4, DATA, page, 1,
	                 4);
	it = hive_replay_open(BYTES(m.head), m.logs, 1);
	while (hive_replay_next(&it, &piece))
		assert_int_equal(piece.bytes.p[0], 8);
	assert_int_equal(it.applied, 1);
	assert_int_equal(it.err.status, OK);
}

/* The end of the first log is torn; the second proves that none is missing. */
static void goes_on_in_the_second_log(void **state)
{
	static struct made m;
	struct hive_replay it;
	struct hive_piece piece;

	(void)state;
	make_base(m.head, 6, 5, HIVE_PRIMARY, DATA);
	m.logs[0] = make_log(m.log[0], 5, 5, 2);
	m.log[0][HIVE_HEAD_SIZE + 2 * ENTRY - 1] ^= 1;
	m.logs[1] = make_log(m.log[1], 6, 6, 1);
	it = hive_replay_open(BYTES(m.head), m.logs, 2);
	while (hive_replay_next(&it, &piece))
		continue;
	assert_int_equal(it.applied, 2);
	assert_int_equal(it.err.status, OK);
	it = hive_replay_open(BYTES(m.head), m.logs, 1);
	while (hive_replay_next(&it, &piece))
		continue;
	assert_int_equal(it.applied, 1);
	assert_int_equal(it.err.status, E_CORRUPT);
	assert_int_equal(it.err.at, SAMPLE_AT + HIVE_HEAD_SIZE + ENTRY);
}

/* A base block that is lost comes from the log with the latest entries. */
static void takes_the_base_block_of_a_log(void **state)
{
	static struct made m;
	uint8_t to[HIVE_HEAD_SIZE];
	struct hive_replay it;
	struct hive_piece piece;
	struct hive_base b;
	struct error err;

	(void)state;
	memset(m.head, 0, sizeof(m.head));
	m.logs[0] = make_log(m.log[0], 7, 7, 2);
	m.logs[1] = make_log(m.log[1], 5, 5, 2);
	it = hive_replay_open(BYTES(m.head), m.logs, 2);
	assert_true(it.dirty);
	while (hive_replay_next(&it, &piece))
		assert_true(piece.bytes.p[0] >= 7);
	assert_int_equal(it.applied, 2);
	hive_replay_base(&it, to);
	assert_int_equal(hive_base_parse(&b, BYTES(to), &err), OK);
	assert_int_equal(b.type, HIVE_PRIMARY);
	assert_int_equal(b.sequence1, 9);
	assert_int_equal(b.data_size, DATA);
	it = hive_replay_open(BYTES(m.head), m.logs, 0);
	assert_false(hive_replay_next(&it, &piece));
	assert_int_equal(it.err.status, E_ABSENT);
}

static void make_old(uint8_t *p, uint32_t sequence)
{
	memset(p, 0, HIVE_HEAD_SIZE + ENTRY);
	make_base(p, sequence, sequence, HIVE_LOG_OLD, DATA);
	memcpy(p + 0x200, "DIRT\x01\x00", 6);
	memset(p + 0x400, (int)sequence, 0x200);
}

/* An old log is of the hive only if their times are the same. */
static void an_old_log_is_of_one_time(void **state)
{
	static struct made m;
	struct hive_replay it;
	struct hive_piece piece;

	(void)state;
	make_base(m.head, 6, 5, HIVE_PRIMARY, DATA);
	make_old(m.log[0], 6);
	make_old(m.log[1], 4);
	for (size_t i = 0; i < 2; i++)
		m.logs[i] = (struct bytes){ m.log[i], HIVE_HEAD_SIZE + ENTRY,
			                    SAMPLE_AT };
	it = hive_replay_open(BYTES(m.head), m.logs, 2);
	while (hive_replay_next(&it, &piece))
		assert_int_equal(piece.bytes.p[0], 6);
	assert_int_equal(it.applied, 1);
	assert_int_equal(it.base.sequence2, 6);
	for (size_t i = 0; i < 2; i++) {
		put_le32(m.log[i] + 0x0c, 1);
		seal_base(m.log[i]);
	}
	it = hive_replay_open(BYTES(m.head), m.logs, 2);
	assert_false(hive_replay_next(&it, &piece));
	assert_int_equal(it.err.status, E_ABSENT);
}

static void a_log_is_no_hive(void **state)
{
	static struct made m;
	struct hive_replay it;
	struct hive_piece piece;

	(void)state;
	make_base(m.head, 6, 5, HIVE_LOG_NEW, DATA);
	m.logs[0] = make_log(m.log[0], 5, 5, 1);
	it = hive_replay_open(BYTES(m.head), m.logs, 1);
	assert_false(hive_replay_next(&it, &piece));
	assert_int_equal(it.err.status, E_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_windows_10_made_it),
		cmocka_unit_test(as_windows_7_made_it),
		cmocka_unit_test(chooses_among_logs),
		cmocka_unit_test(leaves_what_is_left_from_before),
		cmocka_unit_test(goes_on_in_the_second_log),
		cmocka_unit_test(takes_the_base_block_of_a_log),
		cmocka_unit_test(an_old_log_is_of_one_time),
		cmocka_unit_test(a_log_is_no_hive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
