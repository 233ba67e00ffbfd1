/* SPDX-License-Identifier: MIT */
/*
 * test_filesystem.c - the names of file systems, whole and damaged
 */
#include "tests/parsers/sample.h"

#include "parsers/filesystem.h"

#include <string.h>

static const struct {
	const char *file, *name;
} golden[] = {
	{ "filesystem/fat12.bin", "FAT12" },
	{ "filesystem/fat16.bin", "FAT16" },
	{ "filesystem/fat32.bin", "FAT32" },
	{ "filesystem/exfat.bin", "exFAT" },
	{ "filesystem/ext.bin", "ext" },
	{ "filesystem/swap.bin", "Linux swap" },
	{ "filesystem/luks.bin", "LUKS" },
};

static void names_real_volumes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		struct bytes in = sample_load(golden[i].file);

		assert_string_equal(filesystem_name(in), golden[i].name);
		sample_free(in);
	}
}

/* NTFS is not for this parser to name. */
static void leaves_ntfs(void **state)
{
	struct bytes in = sample_load("ntfs/boot-4k.bin");

	(void)state;
	assert_null(filesystem_name(in));
	sample_free(in);
}

static void any(struct bytes in)
{
	const char *name = filesystem_name(in);

	assert_true(!name || *name);
}

static void survives_damage(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++) {
		struct bytes in = sample_load(golden[i].file);

		each_truncation(in, any);
		each_corruption(in, in.n < 128 ? in.n : 128, any);
		sample_free(in);
	}
}

/* Bytes put into a volume of zeros, or into a FAT32 boot sector. */
static const struct {
	bool fat;
	size_t at, n;
	const char *p, *name;
} marks[] = {
	{ false, 0, 0, "", NULL },
	{ false, 3, 8, "-FVE-FS-", "BitLocker" },
	{ true, 3, 8, "-FVE-FS-", "BitLocker" },
	{ true, 3, 8, "MSWIN4.1", "FAT32" },
	{ false, 3, 8, "MSWIN4.1", NULL },
	/* manage-bde's GUID, as on a removable drive */
	{ true, 424, 16,
	  "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01",
	  "BitLocker" },
	{ false, 3, 8, "EXFAT   ", "exFAT" },
	{ false, 3, 8, "ReFS\0\0\0\0", "ReFS" },
	{ false, 0, 4, "XFSB", "XFS" },
	{ false, 32, 4, "NXSB", "APFS" },
	{ false, 82, 8, "FAT32   ", "FAT32" },
	{ false, 54, 8, "FAT16   ", "FAT16" },
	{ false, 54, 8, "FAT12   ", "FAT12" },
	{ false, 536, 8, "LVM2 001", "LVM" },
	{ false, 1024, 4, "H+\0\4", "HFS+" },
	{ false, 1024, 4, "H+\0\7", NULL },
	{ false, 4086, 10, "SWAPSPACE2", "Linux swap" },
	{ false, 4096, 4, "\xfc\x4e\x2b\xa9", "Linux RAID" },
	{ false, 1080, 2, "\x53\xef", "ext" },
	{ true, 16, 1, "\0", "FAT32" }, /* by its text only */
};

static void knows_each_mark(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(marks); i++) {
		struct bytes fat = sample_load("filesystem/fat32.bin");
		uint8_t buf[FILESYSTEM_HEAD] = { 0 };
		struct bytes in;
		const char *name;

		if (marks[i].fat)
			memcpy(buf, fat.p, fat.n);
		memcpy(buf + marks[i].at, marks[i].p, marks[i].n);
		in = sample_copy(BYTES(buf), sizeof(buf));
		name = filesystem_name(in);
		if (marks[i].name)
			assert_string_equal(name ? name : "", marks[i].name);
		else
			assert_null(name);
		sample_free(in);
		sample_free(fat);
	}
}

/* [FAT: General Overview of On-Disk Format] 4,085 and 65,525 clusters. */
static void counts_clusters(void **state)
{
	static const struct {
		uint32_t clusters;
		const char *name;
	} cases[] = { { 4084, "FAT12" },
		      { 4085, "FAT16" },
		      { 65524, "FAT16" },
		      { 65525, "FAT32" } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes in = sample_load("filesystem/fat16.bin");

		/* one sector a cluster, one reserved, two FATs of 300, a root
		   of 512 entries */
		sample_le16(in, 0x0d, 0x0101);
		sample_le16(in, 0x0f, 0x0200);
		sample_le16(in, 0x11, 0x0200);
		sample_le16(in, 0x13, 0);
		sample_le16(in, 0x16, 300);
		sample_le32(in, 0x20, 1 + 600 + 32 + cases[i].clusters);
		assert_string_equal(filesystem_name(in), cases[i].name);
		sample_free(in);
	}
}

/* Two bytes where ext has its mark, but no block size that it could have. */
static void wants_more_than_two_bytes(void **state)
{
	struct bytes in = sample_load("filesystem/ext.bin");

	(void)state;
	sample_le32(in, 1024 + 0x18, 7);
	assert_null(filesystem_name(in));
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_real_volumes),
		cmocka_unit_test(leaves_ntfs),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(knows_each_mark),
		cmocka_unit_test(counts_clusters),
		cmocka_unit_test(wants_more_than_two_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
