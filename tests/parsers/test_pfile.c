/* SPDX-License-Identifier: MIT */
/*
 * test_pfile.c - the ".pfile" container
 *
 * No real sample is public: these two are made by hand from [MS-EFSR] 2.2.2.3,
 * without and with the licence length that another description has.
 */
#include "tests/parsers/sample.h"

#include "parsers/pfile.h"

#define LE32(v) ((v)&0xff), ((v) >> 8 & 0xff), ((v) >> 16 & 0xff), ((v) >> 24)

static const uint8_t by_text[] = {
	/* 00 */ '.',
	'p',
	'f',
	'i',
	'l',
	'e',
	LE32(2),
	LE32(1),
	LE32(2),
	/* 12 */ 'h',
	'i',
	/* 14: header length, extension, licence, data, size, metadata */
	/* 14 */ LE32(0x48),
	LE32(0x38),
	LE32(4),
	LE32(0x40),
	LE32(0x48),
	/* 28 */ LE32(1000),
	LE32(0),
	LE32(0x3c),
	LE32(4),
	/* 38 */ '.',
	't',
	'x',
	't',
	'm',
	'e',
	't',
	'a',
	'l',
	'i',
	'c',
	'e',
	'n',
	's',
	'e',
	'!',
	/* 48 */ 'd',
	'a',
	't',
	'a',
};

static const uint8_t with_length[] = {
	/* 00 */ '.',
	'p',
	'f',
	'i',
	'l',
	'e',
	LE32(2),
	LE32(1),
	LE32(2),
	/* 12 */ 'h',
	'i',
	/* 14: header length, extension, licence and length, data, ... */
	/* 14 */ LE32(0x4c),
	LE32(0x3c),
	LE32(4),
	LE32(0x44),
	LE32(6),
	/* 28 */ LE32(0x4c),
	LE32(1000),
	LE32(0),
	LE32(0x40),
	LE32(4),
	/* 3c */ '.',
	't',
	'x',
	't',
	'm',
	'e',
	't',
	'a',
	'l',
	'i',
	'c',
	'e',
	'n',
	's',
	'e',
	'!',
	/* 4c */ 'd',
	'a',
	't',
	'a',
};

static void assert_golden(const uint8_t *raw, size_t n, size_t base,
                          size_t licence)
{
	struct bytes in = sample_copy((struct bytes){ raw, n, SAMPLE_AT }, n);
	struct error err = { 0 };
	struct pfile pfile;

	assert_int_equal(pfile_parse(&pfile, in, &err), OK);
	assert_int_equal(pfile.major, 2);
	assert_int_equal(pfile.minor, 1);
	assert_range(pfile.redirect, in, 0x12, 2);
	assert_range(pfile.extension, in, base, 4);
	assert_range(pfile.metadata, in, base + 4, 4);
	assert_range(pfile.licence, in, base + 8, licence);
	assert_int_equal(pfile.header_length, base + 16);
	assert_int_equal(pfile.data_offset, base + 16);
	assert_int_equal(pfile.original_size, 1000);
	sample_free(in);
}

static void reads_both_descriptions(void **state)
{
	(void)state;
	assert_golden(by_text, sizeof(by_text), 0x38, 8);
	assert_golden(with_length, sizeof(with_length), 0x3c, 6);
}

/* The header alone is enough: the data may be elsewhere. */
static void needs_no_data(void **state)
{
	(void)state;
	assert_golden(by_text, 0x48, 0x38, 8);
	assert_golden(with_length, 0x4a, 0x3c, 6);
}

static void damaged(struct bytes in)
{
	struct error err = { 0 };
	struct pfile pfile;
	enum status status = pfile_parse(&pfile, in, &err);

	assert_inside(pfile.redirect, in);
	assert_inside(pfile.extension, in);
	assert_inside(pfile.licence, in);
	assert_inside(pfile.metadata, in);
	if (!status)
		return;
	assert_error(&err, status, in);
	assert_int_equal(pfile.major, 0);
	assert_int_equal(pfile.data_offset, 0);
}

static void truncated(struct bytes in)
{
	struct error err = { 0 };
	struct pfile pfile;
	enum status status = pfile_parse(&pfile, in, &err);

	if (in.n < 6)
		assert_int_equal(status, E_ABSENT);
	else if (in.n < 0x48)
		assert_int_equal(status, E_TRUNCATED);
	else
		assert_int_equal(status, OK);
	damaged(in);
}

static void survives_damage(void **state)
{
	(void)state;
	each_truncation(BYTES(by_text), truncated);
	each_truncation(BYTES(with_length), damaged);
	each_corruption(BYTES(by_text), sizeof(by_text), damaged);
	each_corruption(BYTES(with_length), sizeof(with_length), damaged);
}

/* One word of the first sample changed. */
static const struct {
	size_t off;
	uint32_t v;
	enum status status;
} words[] = {
	{ 0x00, 0x4649502e, E_ABSENT },
	{ 0x06, 1, E_UNSUPPORTED },
	{ 0x06, 3, E_UNSUPPORTED },
	{ 0x0a, 7, OK }, /* a later minor version */
	{ 0x0e, 0xffffffff, E_TRUNCATED },
	{ 0x14, 0, E_CORRUPT },
	{ 0x14, 0x49, E_CORRUPT },
	{ 0x18, 0x37, E_CORRUPT }, /* inside the fixed part */
	{ 0x18, 0x45, E_CORRUPT },
	{ 0x18, 0, E_CORRUPT }, /* a length without a place */
	{ 0x1c, 0xffffffff, E_CORRUPT },
	{ 0x20, 0, OK },
	{ 0x20, 0x49, E_CORRUPT },
	{ 0x24, 0x37, E_CORRUPT },
	{ 0x24, 0xffffffff, E_TRUNCATED }, /* the licence runs to there */
	{ 0x2c, 0x80000000, E_CORRUPT },
	{ 0x30, 0x45, E_CORRUPT },
	{ 0x34, 13, E_CORRUPT },
	{ 0x34, 12, OK },
};

static void judges_each_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct bytes in = sample_copy(BYTES(by_text), sizeof(by_text));
		struct error err = { 0 };
		struct pfile pfile;

		sample_le32(in, words[i].off, words[i].v);
		assert_int_equal(pfile_parse(&pfile, in, &err),
		                 words[i].status);
		sample_free(in);
	}
}

/* Without a length, the licence ends at the next part or at the data. */
static void the_licence_ends_at_the_next_part(void **state)
{
	static const struct {
		uint32_t extension, licence, metadata;
		size_t n;
	} cases[] = {
		{ 0x38, 0x40, 0x3c, 8 }, { 0x38, 0x3c, 0x40, 4 },
		{ 0x40, 0x3c, 0x38, 4 }, { 0x44, 0x38, 0x40, 8 },
		{ 0x40, 0x38, 0x44, 8 }, { 0x40, 0x40, 0x40, 8 },
		{ 0x3c, 0x48, 0x38, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes in = sample_copy(BYTES(by_text), sizeof(by_text));
		struct error err = { 0 };
		struct pfile pfile;

		sample_le32(in, 0x18, cases[i].extension);
		sample_le32(in, 0x20, cases[i].licence);
		sample_le32(in, 0x30, cases[i].metadata);
		assert_int_equal(pfile_parse(&pfile, in, &err), OK);
		assert_range(pfile.licence, in, cases[i].licence, cases[i].n);
		sample_free(in);
	}
}

/* A size as large as can be, and a place of the version that is not ours. */
static void judges_the_extremes(void **state)
{
	struct bytes in = sample_copy(BYTES(by_text), sizeof(by_text));
	struct error err = { 0 };
	struct pfile pfile;

	(void)state;
	sample_le64(in, 0x28, INT64_MAX);
	assert_int_equal(pfile_parse(&pfile, in, &err), OK);
	assert_int_equal(pfile.original_size, INT64_MAX);
	sample_le32(in, 6, 9);
	assert_int_equal(pfile_parse(&pfile, in, &err), E_UNSUPPORTED);
	assert_int_equal(err.at, in.at + 6);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_both_descriptions),
		cmocka_unit_test(needs_no_data),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(judges_each_word),
		cmocka_unit_test(the_licence_ends_at_the_next_part),
		cmocka_unit_test(judges_the_extremes),
	};

	return cmocka_run_group_tests_name("pfile", tests, NULL, NULL);
}
