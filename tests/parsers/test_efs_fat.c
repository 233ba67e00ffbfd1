/* SPDX-License-Identifier: MIT */
/*
 * test_efs_fat.c - the header of an encrypted file of FAT
 *
 * Ten real files are looked at by tests/program/inspect-loose.t.
 */
#include "tests/parsers/sample.h"

#include <string.h>

#include "parsers/efs_fat.h"
#include "parsers/limits.h"

/* As in the files of Windows, whose names were their sizes. */
static const struct {
	uint32_t length, version;
	uint16_t told;
	uint64_t file;
	enum status status;
	uint64_t header, data, size;
	bool cut;
} cases[] = {
	{ 4096, 2, 0x8001, 4112, OK, 4096, 16, 1, false },
	{ 4096, 2, 0x8002, 4112, OK, 4096, 16, 2, false },
	{ 4096, 2, 0x800f, 4112, OK, 4096, 16, 15, false },
	{ 4096, 2, 0x8010, 4112, OK, 4096, 16, 16, false },
	{ 4096, 2, 0x8011, 4128, OK, 4096, 32, 17, false },
	{ 4096, 2, 0x801f, 4128, OK, 4096, 32, 31, false },
	{ 4096, 2, 0x8020, 4128, OK, 4096, 32, 32, false },
	{ 0x2a8, 2, 0, 4096, OK, 4096, 0, 0, false }, /* empty */
	/* not observed */
	{ 8192, 2, 0x8011, 8224, OK, 8192, 32, 17, false },
	{ 4096, 2, 0x8001, 4096 + 0x10000, OK, 4096, 65536, 65521, false },
	{ 4096, 2, 0x8000, 4096 + 0x10000, OK, 4096, 65536, 65536, false },
	{ 4096, 2, 0x8011, 4120, OK, 4096, 24, 17, true },
	{ 4096, 2, 0x8010, 4096, OK, 4096, 0, 0, true },
	{ 4096, 2, 0x8000, 4096, OK, 4096, 0, 0, false },
	{ 4096, 4, 0x8001, 4112, OK, 4096, 16, 1, false },
	{ 0x1234, 2, 0, 8192, OK, 8192, 0, 0, false },
	{ 0x2a8, 2, 0, 0x2a8, E_ABSENT, 0, 0, 0, false }, /* a bare $EFS */
	{ 0x2a8, 2, 0, 4097, E_ABSENT, 0, 0, 0, false },
	{ 0x2a8, 2, 0x8001, 4112, E_ABSENT, 0, 0, 0, false },
	{ 4096, 2, 1, 4112, E_ABSENT, 0, 0, 0, false },
	{ 4096, 2, 0x8001, 4095, E_ABSENT, 0, 0, 0, false },
	{ 4096, 0, 0x8001, 4112, E_ABSENT, 0, 0, 0, false },
	{ 4096, 6, 0x8001, 4112, E_ABSENT, 0, 0, 0, false },
	{ 0, 2, 0x8001, 4112, E_ABSENT, 0, 0, 0, false },
	{ 0, 2, 0, 0, E_ABSENT, 0, 0, 0, false },
	{ 0x41000, 2, 0x8001, 0x41010, E_LIMIT, 0, 0, 0, false },
	{ 0x40000, 2, 0x8001, 0x40010, OK, 0x40000, 16, 1, false },
	{ 0xfffff000, 2, 0x8001, UINT64_MAX, E_LIMIT, 0, 0, 0, false },
	{ 4096, 2, 0x8001, UINT64_MAX, OK, 4096, UINT64_MAX - 4096,
	  UINT64_MAX - 4096 - 14, true },
};

static struct bytes head(size_t i, size_t n)
{
	static uint8_t p[EFS_FAT_PAGE];
	struct bytes b;

	b = sample_copy((struct bytes){ p, sizeof(p), SAMPLE_AT }, n);
	sample_le32(b, 0, cases[i].length);
	sample_le32(b, 8, cases[i].version);
	sample_le16(b, 12, cases[i].told);
	return b;
}

static void reads_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t n = cases[i].file < 4096 ? cases[i].file : 4096;
		struct bytes in = head(i, n > 14 ? (size_t)n : 14);
		struct efs_fat fat;
		struct error err = { 0 };
		enum status st = efs_fat_parse(&fat, in, cases[i].file, &err);

		if (st != cases[i].status || fat.size != cases[i].size)
			print_message("case %zu\n", i);
		assert_int_equal(st, cases[i].status);
		if (st)
			assert_error(&err, st, in);
		assert_int_equal(fat.header, cases[i].header);
		assert_int_equal(fat.data, cases[i].data);
		assert_int_equal(fat.size, cases[i].size);
		assert_int_equal(fat.cut, cases[i].cut);
		sample_free(in);
	}
}

static void truncated(struct bytes in)
{
	struct efs_fat fat;
	struct error err;

	/* Fourteen bytes are enough, of a file that is larger. */
	assert_int_equal(efs_fat_parse(&fat, in, 4112, &err) == OK, in.n >= 14);
	assert_int_equal(efs_fat_parse(&fat, in, in.n, &err), E_ABSENT);
}

static void corrupted(struct bytes in)
{
	struct efs_fat fat;
	struct error err;

	if (efs_fat_parse(&fat, in, 4112, &err))
		assert_int_equal(fat.header, 0);
	else
		assert_int_equal(fat.header, 4096);
}

/* What is behind the value of an empty file is zeros, or it is something else
   than a file. */
static void survives_damage(void **state)
{
	struct bytes in = head(0, 4095);
	struct efs_fat fat;
	struct error err;

	(void)state;
	each_truncation(in, truncated);
	each_corruption(in, 14, corrupted);
	sample_free(in);
	in = head(7, 4096);
	assert_int_equal(efs_fat_parse(&fat, in, 4096, &err), OK);
	sample_le32(in, 4000, 1);
	assert_int_equal(efs_fat_parse(&fat, in, 4096, &err), E_ABSENT);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
