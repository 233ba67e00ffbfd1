/* SPDX-License-Identifier: MIT */
/*
 * test_efs_log.c - EFSn.LOG, real, made in Python, and damaged
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/efs_log.h"
#include "parsers/wrap.h"

/* Parse; whatever it says lies inside. */
static enum status parse(struct efs_log *log, struct bytes in,
                         struct error *err)
{
	enum status st = efs_log_parse(log, in, err);

	assert_int_equal(st, err->status);
	assert_inside(log->target, in);
	assert_inside(log->temporary, in);
	assert_inside(log->target_id, in);
	assert_inside(log->temporary_id, in);
	if (st)
		assert_error(err, st, in);
	if (st && st != E_CORRUPT)
		assert_int_equal(log->header, 0);
	return st;
}

static uint64_t id(struct bytes b)
{
	struct cursor c = cursor_open(b);

	assert_int_equal(b.n, 8);
	return cursor_le64(&c);
}

static void assert_state(const struct efs_log_state *s, uint64_t at, bool sound,
                         uint32_t state)
{
	assert_true(s->there);
	assert_int_equal(s->at, SAMPLE_AT + at);
	assert_int_equal(s->sound, sound);
	assert_int_equal(s->size, 8);
	assert_int_equal(s->state, state);
}

static void reads_ours(void **state)
{
	struct bytes in = sample_load("efs-log/EFS0.LOG");
	struct efs_log log;
	struct error err;

	(void)state;
	assert_int_equal(parse(&log, in, &err), OK);
	assert_int_equal(log.version, 100);
	assert_int_equal(log.sector, 512);
	assert_int_equal(log.used, 0xba);
	assert_int_equal(log.header, 1024);
	assert_true(log.sound);
	assert_range(log.target, in, 0x60, 44);
	assert_text(log.temporary, "C:\\Users\\ann\\EFS0.TMP");
	assert_int_equal(id(log.target_id), UINT64_C(0x0003000000000029));
	assert_int_equal(id(log.temporary_id), UINT64_C(0x000100000000002a));
	assert_state(&log.states[0], 0x400, true, 10);
	assert_state(&log.states[1], 0x600, true, 10);
	sample_free(in);
}

static void reads_a_real_one(void **state)
{
	struct bytes in = sample_corpus("efs-exfat/EFS0.LOG.bin");
	struct efs_log log;
	struct error err;

	(void)state;
	assert_int_equal(parse(&log, in, &err), OK);
	assert_int_equal(log.version, 100);
	assert_true(log.sound);
	assert_range(log.target, in, 0x60, 0x1fa - 2);
	assert_int_equal(log.target.p[0], 'E');
	assert_text(log.temporary, "E:\\EFS0.TMP");
	assert_int_equal(id(log.target_id), 0x231a0);
	assert_int_equal(id(log.temporary_id), 0x234c0);
	assert_state(&log.states[0], 0x400, true, 10);
	assert_state(&log.states[1], 0x600, true, 10);
	sample_free(in);
}

static void reads_a_torn_one(void **state)
{
	struct bytes in = sample_load("efs-log/EFS0-torn.LOG");
	struct efs_log log;
	struct error err;

	(void)state;
	assert_int_equal(parse(&log, in, &err), E_CORRUPT);
	assert_int_equal(err.at, in.at + 0x400);
	assert_text(log.temporary, "C:\\Users\\ann\\EFS0.TMP");
	assert_state(&log.states[0], 0x400, false, 10);
	assert_state(&log.states[1], 0x600, true, 7);
	sample_free(in);
}

static void truncated(struct bytes in)
{
	struct efs_log log;
	struct error err;
	enum status st = parse(&log, in, &err);

	if (in.n < 8)
		assert_int_equal(st, E_ABSENT);
	else if (in.n < 0x400)
		assert_int_equal(st, E_TRUNCATED);
	else
		assert_int_equal(st, E_CORRUPT);
	assert_int_equal(log.target.n != 0, in.n >= 0x400);
	assert_int_equal(log.states[0].there, in.n >= 0x600);
	assert_false(log.states[1].there);
}

/* No change of a byte goes unseen. */
static void corrupted(struct bytes in)
{
	struct efs_log log;
	struct error err;

	assert_int_not_equal(parse(&log, in, &err), OK);
}

static void survives_damage(void **state)
{
	struct bytes in = sample_load("efs-log/EFS0.LOG");

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, 0xc0, corrupted);
	sample_free(in);
}

/* One word changed, and the header's sum made right again. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
	size_t at;
	bool target, temporary;
} words[] = {
	{ 0x08, 101, OK, 0, true, true },
	{ 0x0c, 0, E_UNSUPPORTED, 0x0c, false, false },
	{ 0x0c, 510, E_UNSUPPORTED, 0x0c, false, false },
	{ 0x0c, 0x80000000, E_UNSUPPORTED, 0x0c, false, false },
	{ 0x0c, 4096, E_CORRUPT, 0, true, true },
	{ 0x10, UINT32_MAX, OK, 0, true, true },
	{ 0x14, 0, E_UNSUPPORTED, 0x0c, false, false },
	{ 0x14, 0x60, E_UNSUPPORTED, 0x0c, false, false },
	{ 0x14, 0x401, E_UNSUPPORTED, 0x0c, false, false },
	{ 0x14, UINT32_MAX - 3, E_UNSUPPORTED, 0x0c, false, false },
	{ 0x14, 0x804, E_TRUNCATED, 0, false, false },
	{ 0x18, 1, OK, 0, true, true },
	{ 0x1c, 0, E_CORRUPT, 0, false, true },
	{ 0x1c, 0x5e, E_CORRUPT, 0, false, true },
	{ 0x1c, UINT32_MAX, E_CORRUPT, 0, false, true },
	{ 0x20, UINT32_MAX, E_CORRUPT, 0, false, true },
	{ 0x20, 45, E_CORRUPT, 0, false, true },
	{ 0x20, 0, OK, 0, false, true },
	{ 0x24, 0x400, E_CORRUPT, 0, true, false },
	{ 0x28, 0x400, E_CORRUPT, 0, true, false },
	{ 0x28, 0, OK, 0, true, false },
	{ 0x2c, 0x3fc, E_CORRUPT, 0, true, true },
	{ 0x2c, UINT32_MAX, E_CORRUPT, 0, true, true },
	{ 0x30, 0x601, E_CORRUPT, 0, true, true },
	{ 0x30, 0x400, OK, 0, true, true },
	{ 0x34, UINT32_MAX, OK, 0, true, true },
	{ 0x40, 4, OK, 0, true, true },
	{ 0x44, 1, OK, 0, true, true },
};

/* Of all words of a block but the last, in 32 bits. */
WRAPS static uint32_t sum_of(struct bytes block)
{
	struct cursor c = cursor_open(block);
	uint32_t sum = 0;

	while (c.pos < 0x3fc)
		sum += cursor_le32(&c);
	return sum;
}

static void judges_each_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = sample_load("efs-log/EFS0.LOG");
		struct efs_log log;
		struct error err;

		sample_le32(in, words[i].off, words[i].v);
		sample_le32(in, 0x3fc, sum_of(in));
		if (parse(&log, in, &err) != words[i].status)
			print_message("word %zu: %s\n", i, err.what);
		assert_int_equal(err.status, words[i].status);
		if (err.status)
			assert_int_equal(err.at, in.at + words[i].at);
		assert_int_equal(log.target.n != 0, words[i].target);
		assert_int_equal(log.temporary.n != 0, words[i].temporary);
		sample_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_ours),
		cmocka_unit_test(reads_a_real_one),
		cmocka_unit_test(reads_a_torn_one),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
