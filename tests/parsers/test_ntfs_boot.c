/* SPDX-License-Identifier: MIT */
/*
 * test_ntfs_boot.c - boot sectors of real volumes, whole and damaged
 */
#include "tests/parsers/sample.h"

#include "parsers/limits.h"
#include "parsers/ntfs_boot.h"

/* As fsstat(1) prints them, and ntfsinfo(8) for 2 MiB clusters. */
static const struct {
	const char *file;
	struct ntfs_boot boot;
} golden[] = {
	{ "ntfs/boot-512.bin",
	  { .sector = 512,
	    .cluster = 512,
	    .record = 1024,
	    .index = 4096,
	    .sectors = 4095,
	    .clusters = 4095,
	    .mft = 32,
	    .mirror = 2047,
	    .serial = UINT64_C(0x6f462fc17df91eb8) } },
	{ "ntfs/boot-4k.bin",
	  { .sector = 512,
	    .cluster = 4096,
	    .record = 1024,
	    .index = 4096,
	    .sectors = 4095,
	    .clusters = 511,
	    .mft = 4,
	    .mirror = 255,
	    .serial = UINT64_C(0x6bbf2a5514249010) } },
	{ "ntfs/boot-2m.bin",
	  { .sector = 512,
	    .cluster = 2097152,
	    .record = 1024,
	    .index = 4096,
	    .sectors = 2091007,
	    .clusters = 510,
	    .mft = 170,
	    .mirror = 1,
	    .serial = UINT64_C(0xccf05c3df05c2fc6) } },
};

static void assert_boot(const struct ntfs_boot *a, const struct ntfs_boot *b)
{
	assert_int_equal(a->sector, b->sector);
	assert_int_equal(a->cluster, b->cluster);
	assert_int_equal(a->record, b->record);
	assert_int_equal(a->index, b->index);
	assert_int_equal(a->sectors, b->sectors);
	assert_int_equal(a->clusters, b->clusters);
	assert_int_equal(a->mft, b->mft);
	assert_int_equal(a->mirror, b->mirror);
	assert_int_equal(a->serial, b->serial);
}

static void reads_real_volumes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		struct bytes in = sample_load(golden[i].file);
		struct error err = { 0 };
		struct ntfs_boot boot;

		assert_int_equal(ntfs_boot_parse(&boot, in, &err), OK);
		assert_boot(&boot, &golden[i].boot);
		sample_free(in);
	}
}

static void truncated(struct bytes in)
{
	static const struct ntfs_boot zero;
	struct error err = { 0 };
	struct ntfs_boot boot;

	assert_int_equal(ntfs_boot_parse(&boot, in, &err), E_TRUNCATED);
	assert_error(&err, E_TRUNCATED, in);
	assert_boot(&boot, &zero);
}

static void refuses_truncations(void **state)
{
	struct bytes in = sample_load(golden[0].file);

	(void)state;
	each_truncation(in, truncated);
	sample_free(in);
}

/* Whatever a parser says of a volume, others divide and shift by. */
static void assert_sound(const struct ntfs_boot *boot)
{
	assert_true(boot->sector >= 256 && boot->sector <= LIMIT_SECTOR_SIZE);
	assert_int_equal(boot->sector & (boot->sector - 1), 0);
	assert_true(boot->cluster >= boot->sector);
	assert_true(boot->cluster <= LIMIT_CLUSTER_SIZE);
	assert_int_equal(boot->cluster & (boot->cluster - 1), 0);
	assert_true(boot->record >= 512 && boot->record <= LIMIT_RECORD_SIZE);
	assert_int_equal(boot->record & (boot->record - 1), 0);
	assert_true(boot->sectors <= INT64_MAX / boot->sector);
	assert_true(boot->clusters <= INT64_MAX / boot->cluster);
	assert_true(boot->mft < boot->clusters);
}

static void corrupted(struct bytes in)
{
	struct error err = { 0 };
	struct ntfs_boot boot;
	enum status status = ntfs_boot_parse(&boot, in, &err);

	if (!status) {
		assert_sound(&boot);
		return;
	}
	assert_true(status == E_ABSENT || status == E_CORRUPT);
	assert_error(&err, status, in);
	assert_int_equal(boot.cluster, 0);
}

static void survives_corruptions(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		struct bytes in = sample_load(golden[i].file);

		each_corruption(in, in.n, corrupted);
		sample_free(in);
	}
}

/* One field of the second sample changed, and what comes of it. */
static const struct {
	size_t off, width;
	uint64_t v;
	enum status status;
	uint64_t at;
	uint32_t cluster, record;
} fields[] = {
	{ 0x03, 2, 0x4558, E_ABSENT, 0x03, 0, 0 }, /* "EX", as in exFAT */
	{ 0x0b, 2, 0, E_CORRUPT, 0x0b, 0, 0 },
	{ 0x0b, 2, 128, E_CORRUPT, 0x0b, 0, 0 },
	{ 0x0b, 2, 513, E_CORRUPT, 0x0b, 0, 0 },
	{ 0x0b, 2, 8192, E_CORRUPT, 0x0b, 0, 0 },
	{ 0x0b, 2, 256, OK, 0, 2048, 1024 },
	{ 0x0b, 2, 4096, OK, 0, 32768, 1024 },
	{ 0x0d, 2, 0, E_CORRUPT, 0x0d, 0, 0 },
	{ 0x0d, 2, 3, E_CORRUPT, 0x0d, 0, 0 },
	{ 0x0d, 2, 0x80, OK, 0, 65536, 1024 },
	{ 0x0d, 2, 0x81, E_CORRUPT, 0x0d, 0, 0 },
	{ 0x0d, 2, 0xff, OK, 0, 1024, 1024 },
	{ 0x0d, 2, 0xf8, OK, 0, 131072, 1024 },
	{ 0x0d, 2, 0xf4, E_CORRUPT, 0x28, 0, 0 }, /* over the volume */
	{ 0x0d, 2, 0xf3, E_CORRUPT, 0x0d, 0, 0 }, /* 4 MiB */
	{ 0x28, 8, 0, E_CORRUPT, 0x28, 0, 0 },
	{ 0x28, 8, INT64_MAX / 512, OK, 0, 4096, 1024 },
	{ 0x28, 8, INT64_MAX / 512 + 1, E_CORRUPT, 0x28, 0, 0 },
	{ 0x30, 8, 510, OK, 0, 4096, 1024 },
	{ 0x30, 8, 511, E_CORRUPT, 0x30, 0, 0 },
	{ 0x30, 8, UINT64_MAX, E_CORRUPT, 0x30, 0, 0 },
	{ 0x38, 8, UINT64_MAX, OK, 0, 4096, 1024 }, /* a lost mirror */
	{ 0x40, 2, 0, E_CORRUPT, 0x40, 0, 0 },
	{ 0x40, 2, 1, OK, 0, 4096, 4096 },
	{ 0x40, 2, 3, E_CORRUPT, 0x40, 0, 0 },
	{ 0x40, 2, 0xf7, OK, 0, 4096, 512 },
	{ 0x40, 2, 0xf8, E_CORRUPT, 0x40, 0, 0 }, /* under a stride */
	{ 0x40, 2, 0xef, E_CORRUPT, 0x40, 0, 0 }, /* 128 KiB */
	{ 0x40, 2, 0x80, E_CORRUPT, 0x40, 0, 0 },
	{ 0x44, 2, 0, E_CORRUPT, 0x44, 0, 0 },
	{ 0x44, 2, 0xf7, OK, 0, 4096, 1024 }, /* index records of 512 */
};

static void judges_each_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct bytes in = sample_load(golden[1].file);
		struct error err = { 0 };
		struct ntfs_boot boot;

		if (fields[i].width == 8)
			sample_le64(in, fields[i].off, fields[i].v);
		else
			sample_le16(in, fields[i].off, (uint16_t)fields[i].v);
		assert_int_equal(ntfs_boot_parse(&boot, in, &err),
		                 fields[i].status);
		assert_int_equal(boot.cluster, fields[i].cluster);
		assert_int_equal(boot.record, fields[i].record);
		if (fields[i].status)
			assert_int_equal(err.at, SAMPLE_AT + fields[i].at);
		sample_free(in);
	}
}

/* The backup of a damaged boot sector: behind the sectors that it names. */
static void finds_the_backup(void **state)
{
	struct bytes in = sample_load(golden[1].file);

	(void)state;
	assert_int_equal(ntfs_boot_backup(in), 4095 * 512);
	/* all else may be damaged */
	sample_le64(in, 0x03, 0);
	sample_le64(in, 0x30, UINT64_MAX);
	assert_int_equal(ntfs_boot_backup(in), 4095 * 512);
	sample_le64(in, 0x28, UINT64_MAX);
	assert_int_equal(ntfs_boot_backup(in), 0);
	sample_le64(in, 0x28, INT64_MAX / 512);
	assert_int_equal(ntfs_boot_backup(in), INT64_MAX / 512 * 512);
	sample_le16(in, 0x0b, 500);
	assert_int_equal(ntfs_boot_backup(in), 0);
	in.n = 0x2f;
	sample_le16(in, 0x0b, 512);
	assert_int_equal(ntfs_boot_backup(in), 0);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_real_volumes),
		cmocka_unit_test(refuses_truncations),
		cmocka_unit_test(survives_corruptions),
		cmocka_unit_test(judges_each_field),
		cmocka_unit_test(finds_the_backup),
	};

	return cmocka_run_group_tests_name("ntfs_boot", tests, NULL, NULL);
}
