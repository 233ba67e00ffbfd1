/* SPDX-License-Identifier: MIT */
/*
 * test_volume.c - what is odd about the volumes of a disk, in their facts
 *
 * Disks of 32 MiB in memory, with tables written byte by byte; the volumes are
 * the boot sector of a real one, of 2 MiB, and the mark of the first record of
 * $MFT.
 */
#include "tests/analyzer/faulty.h"

#include "analyzer/volume.h"

#include <string.h>

#define MIB     2048u /* in sectors */
#define SECTORS (32u * MIB)
#define VOLUME  4096u /* sectors of the volume, with the backup */

static uint8_t disk[SECTORS * 512];
static struct faulty medium;
static struct source *s;
static GPtrArray *list;

static void put_le(size_t at, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		disk[at + i] = (uint8_t)(v >> 8 * i);
}

static void put_ntfs(size_t sector, bool boot, bool backup)
{
	uint8_t *p;
	gsize n;

	assert_true(g_file_get_contents("testdata/ntfs/boot-512.bin",
	                                (char **)(void *)&p, &n, NULL));
	assert_int_equal(n, 512);
	if (boot)
		memcpy(disk + sector * 512, p, n);
	if (backup)
		memcpy(disk + (sector + VOLUME - 1) * 512, p, n);
	memcpy(disk + (sector + 32) * 512, "FILE", 4);
	g_free(p);
}

static void put_entry(unsigned slot, uint8_t type, uint64_t first, uint64_t n)
{
	size_t at = 446 + 16 * slot;

	disk[at + 4] = type;
	put_le(at + 8, first, 4);
	put_le(at + 12, n, 4);
	put_le(510, 0xaa55, 2);
}

static const char basic_data[] = "\xa2\xa0\xd0\xeb\xe5\xb9\x33\x44\x87\xc0\x68"
				 "\xb6\xb7\x26\x99\xc7";
static const char ldm_data[] = "\xa0\x60\x9b\xaf\x31\x14\x62\x4f\xbc\x68\x33"
			       "\x11\x71\x4a\x69\xad";
static const char ldm_metadata[] = "\xaa\xc8\x08\x58\x8f\x7e\xe0\x42\x85\xd2"
				   "\xe1\xe9\x04\x34\xcf\xb3";
static const char lvm[] = "\x79\xd3\xd6\xe6\x07\xf5\xc2\x44\xa2\x3c\x23\x8f\x2a"
			  "\x3d\xf9\x28";

static void put_gpt(void)
{
	put_entry(0, 0xee, 1, SECTORS - 1);
	memcpy(disk + 512, "EFI PART\0\0\1\0\x5c\0\0\0", 16);
	put_le(512 + 0x18, 1, 8);
	put_le(512 + 0x20, SECTORS - 1, 8);
	put_le(512 + 0x28, 34, 8);
	put_le(512 + 0x30, SECTORS - 34, 8);
	put_le(512 + 0x48, 2, 8);
	put_le(512 + 0x50, 128, 4);
	put_le(512 + 0x54, 128, 4);
}

static void put_part(unsigned slot, const char *type, uint64_t first,
                     uint64_t n, uint64_t attributes)
{
	size_t at = 1024 + 128 * slot;

	memcpy(disk + at, type, 16);
	put_le(at + 0x10, slot + 1, 8);
	put_le(at + 0x20, first, 8);
	put_le(at + 0x28, first + n - 1, 8);
	put_le(at + 0x30, attributes, 8);
}

static int blank(void **state)
{
	(void)state;
	memset(disk, 0, sizeof(disk));
	medium = (struct faulty){ .p = disk, .size = sizeof(disk) };
	s = NULL;
	list = NULL;
	return 0;
}

static int done(void **state)
{
	(void)state;
	volumes_free(list);
	source_free(s);
	return 0;
}

static enum status find(uint64_t offset)
{
	struct error err;

	s = faulty_source(&medium);
	return volumes_find(&list, s, offset, &err);
}

/* All values of this name, each with a semicolon behind it. */
static void assert_facts(const struct facts *facts, const char *name,
                         const char *wanted)
{
	GString *all = g_string_new(NULL);

	for (size_t i = 0; i < facts_count(facts); i++)
		if (!strcmp(facts_name(facts, i), name))
			g_string_append_printf(all, "%s;",
			                       facts_value(facts, i));
	assert_string_equal(all->str, wanted);
	g_string_free(all, TRUE);
}

static void assert_volume(unsigned number, uint64_t sector,
                          const char *filesystem, const char *notes)
{
	const struct volume *v;

	assert_true(number <= list->len);
	v = list->pdata[number - 1];
	assert_int_equal(v->number, number);
	assert_int_equal(v->offset, sector * 512);
	assert_string_equal(v->filesystem, filesystem);
	assert_facts(&v->facts, "note", notes);
}

static const struct volume *at(unsigned number)
{
	return list->pdata[number - 1];
}

static void test_hidden(void **state)
{
	(void)state;
	put_entry(0, 0x17, MIB, VOLUME);
	put_entry(1, 0x27, 4 * MIB, VOLUME);
	put_entry(2, 0x07, 8 * MIB, VOLUME);
	put_ntfs(MIB, true, true);
	put_ntfs(4 * MIB, true, true);
	put_ntfs(8 * MIB, true, true);
	assert_int_equal(find(0), OK);
	assert_int_equal(list->len, 3);
	assert_volume(1, MIB, "NTFS", "hidden;");
	assert_volume(2, 4 * MIB, "NTFS", "hidden;");
	assert_volume(3, 8 * MIB, "NTFS", "");
	assert_facts(&s->facts, "partition table",
	             "MBR, in sectors of 512 bytes;");
}

static void test_overlaps(void **state)
{
	(void)state;
	put_entry(0, 0x07, MIB, VOLUME);
	put_entry(1, 0x07, MIB, 2 * VOLUME);
	put_entry(2, 0x07, MIB + VOLUME, MIB);
	put_ntfs(MIB, true, true);
	assert_int_equal(find(0), OK);
	assert_int_equal(list->len, 3);
	assert_volume(1, MIB, "NTFS", "overlaps v2 by 2097152 bytes;");
	assert_true(at(1)->ntfs);
	assert_volume(2, MIB, "NTFS",
	              "begins where v1 does: not read twice;overlaps v1 by "
	              "2097152 bytes;overlaps v3 by 1048576 bytes;");
	assert_false(at(2)->ntfs);
	assert_volume(3, MIB + VOLUME, "unknown",
	              "overlaps v2 by 1048576 bytes;");
}

static void test_backup(void **state)
{
	(void)state;
	put_entry(0, 0x07, MIB, VOLUME);
	put_entry(1, 0x07, 4 * MIB, VOLUME);
	put_ntfs(MIB, false, true);
	put_ntfs(4 * MIB, true, false);
	/* A backup that does not fit is another volume's. */
	put_entry(2, 0x07, 8 * MIB, VOLUME - 8);
	put_ntfs(8 * MIB - 8, false, true);
	memset(disk + (8 * MIB + 24) * 512, 0, 512);
	assert_int_equal(find(0), OK);
	assert_volume(1, MIB, "NTFS", "");
	assert_true(at(1)->ntfs && at(1)->backup);
	assert_int_equal(at(1)->boot.sectors, VOLUME - 1);
	assert_facts(&at(1)->facts, "boot sector",
	             "damaged; its backup at byte 3145216 of the evidence was "
	             "used;");
	assert_true(at(2)->ntfs);
	assert_false(at(2)->backup);
	assert_volume(3, 8 * MIB, "unknown", "");
	assert_int_equal(list->len, 3);
}

/* A first sector that cannot be read is as good as damaged. */
static void test_unreadable(void **state)
{
	static const uint64_t bad[] = { MIB, 4 * MIB };

	(void)state;
	put_entry(0, 0x07, MIB, VOLUME);
	put_entry(1, 0x07, 4 * MIB, VOLUME);
	put_ntfs(MIB, true, true);
	put_ntfs(4 * MIB, true, false);
	medium.bad = bad;
	medium.n_bad = 2;
	assert_int_equal(find(0), OK);
	assert_true(at(1)->ntfs && at(1)->backup);
	assert_int_equal(at(1)->err.status, OK);
	assert_volume(2, 4 * MIB, "unreadable", "");
	assert_int_equal(at(2)->err.status, E_IO);
	assert_int_equal(at(2)->err.at, 4 * MIB * 512);
}

/* The second sector is none of the boot sector's matter. */
static void test_unreadable_behind(void **state)
{
	static const uint64_t bad[] = { MIB + 1 };

	(void)state;
	put_entry(0, 0x07, MIB, VOLUME);
	put_ntfs(MIB, true, false);
	medium.bad = bad;
	medium.n_bad = 1;
	assert_int_equal(find(0), OK);
	assert_true(at(1)->ntfs);
	assert_false(at(1)->backup);
}

static void test_gpt(void **state)
{
	(void)state;
	put_gpt();
	put_part(0, basic_data, MIB, VOLUME, UINT64_C(1) << 62);
	put_part(1, basic_data, 4 * MIB, VOLUME, UINT64_C(3) << 62);
	put_part(2, lvm, 8 * MIB, VOLUME, UINT64_C(3) << 62);
	put_part(3, basic_data, 12 * MIB, VOLUME, 0);
	put_ntfs(MIB, true, true);
	put_ntfs(4 * MIB, true, true);
	assert_int_equal(find(0), OK);
	assert_int_equal(list->len, 4);
	assert_volume(1, MIB, "NTFS", "hidden;");
	assert_volume(2, 4 * MIB, "NTFS", "hidden;without a drive letter;");
	assert_volume(3, 8 * MIB, "LVM", "");
	assert_volume(4, 12 * MIB, "unknown", "");
	assert_facts(&s->facts, "partition table",
	             "GPT, in sectors of 512 bytes;");
}

static void test_gpt_backup(void **state)
{
	(void)state;
	put_gpt();
	put_part(0, basic_data, MIB, VOLUME, UINT64_C(1) << 63);
	put_ntfs(MIB, true, true);
	memcpy(disk + (SECTORS - 33) * 512, disk + 1024, 512);
	memcpy(disk + (SECTORS - 1) * 512, disk + 512, 512);
	put_le((SECTORS - 1) * 512 + 0x48, SECTORS - 33, 8);
	memset(disk + 512, 0, 1024);
	assert_int_equal(find(0), OK);
	assert_int_equal(list->len, 1);
	assert_volume(1, MIB, "NTFS", "without a drive letter;");
	assert_facts(&s->facts, "partition table",
	             "GPT, in sectors of 512 bytes; it is damaged: its backup "
	             "at the end of the disk was used;");
}

static void test_dynamic(void **state)
{
	(void)state;
	put_gpt();
	put_part(0, ldm_metadata, MIB, MIB, 0);
	put_part(1, ldm_data, 2 * MIB, 20 * MIB, 0);
	put_ntfs(2 * MIB, true, true);
	put_ntfs(10 * MIB, true, true);
	put_ntfs(25 * MIB, true, true);
	assert_int_equal(find(0), OK);
	assert_int_equal(list->len, 4);
	assert_volume(1, MIB, "metadata of a dynamic disk (LDM)", "");
	assert_volume(2, 2 * MIB, "NTFS", "");
	assert_volume(3, 10 * MIB, "NTFS",
	              "in a dynamic disk, read as a simple volume of one "
	              "piece;");
	assert_volume(4, 25 * MIB, "NTFS",
	              "in space that no partition claims;");
}

/* Those that are there keep their numbers, whatever was there before. */
static void test_lost(void **state)
{
	static const char note[] = "in space that no partition claims;";

	(void)state;
	put_entry(0, 0x07, 8 * MIB, VOLUME);
	put_ntfs(8 * MIB, true, true);
	put_ntfs(10 * MIB, true, true);       /* right behind it */
	put_ntfs(63, true, false);            /* as before Vista */
	put_ntfs(5 * MIB - 777, false, true); /* no, it ends nowhere */
	put_ntfs(16 * MIB - VOLUME, false, true);
	put_ntfs(SECTORS - VOLUME, false, true);
	/* a boot sector without a file system */
	put_ntfs(20 * MIB, true, false);
	memset(disk + (20 * MIB + 32) * 512, 0, 512);
	assert_int_equal(find(0), OK);
	assert_int_equal(list->len, 5);
	assert_volume(1, 8 * MIB, "NTFS", "");
	assert_volume(2, 63, "NTFS", note);
	assert_volume(3, 10 * MIB, "NTFS", note);
	assert_volume(4, 16 * MIB - VOLUME, "NTFS", note);
	assert_volume(5, SECTORS - VOLUME, "NTFS", note);
	assert_false(at(3)->backup);
	assert_true(at(4)->backup && at(5)->backup);
}

static void test_no_table(void **state)
{
	(void)state;
	put_ntfs(4 * MIB, true, true);
	assert_int_equal(find(0), OK);
	assert_int_equal(list->len, 1);
	assert_volume(1, 4 * MIB, "NTFS",
	              "there is no partition table that can be read: found by "
	              "its boot sector;");
}

/* Without a table, and with the backup at the very end, it is the volume. */
static void test_bare(void **state)
{
	(void)state;
	medium.size = VOLUME * 512;
	put_ntfs(0, false, true);
	assert_int_equal(find(0), OK);
	assert_int_equal(list->len, 1);
	assert_volume(1, 0, "NTFS", "");
	assert_true(at(1)->backup);
	assert_int_equal(at(1)->size, (VOLUME - 1) * 512);
}

static void test_offset(void **state)
{
	(void)state;
	put_entry(0, 0x07, MIB, VOLUME);
	put_entry(1, 0x17, 4 * MIB, VOLUME);
	put_ntfs(MIB, true, true);
	put_ntfs(4 * MIB, false, true);
	put_ntfs(8 * MIB, true, true);
	assert_int_equal(find(4 * MIB * 512), OK);
	assert_int_equal(list->len, 1);
	assert_int_equal(at(1)->number, 2);
	assert_true(at(1)->ntfs && at(1)->backup);
	assert_facts(&at(1)->facts, "note", "hidden;");
	volumes_free(list);
	source_free(s);
	/* where no partition begins */
	assert_int_equal(find(8 * MIB * 512), OK);
	assert_int_equal(list->len, 1);
	assert_volume(1, 8 * MIB, "NTFS", "");
	volumes_free(list);
	source_free(s);
	assert_int_equal(find(sizeof(disk)), E_TRUNCATED);
}

/* Apple's map: "ER" and a "PM" entry a sector. */
static void test_apple(void **state)
{
	static const char *const kinds[] = { "Apple_partition_map",
		                             "Apple_HFS" };

	(void)state;
	memcpy(disk, "ER\2\0", 4);
	for (size_t i = 0; i < 2; i++) {
		uint8_t *p = disk + (i + 1) * 512;

		memcpy(p, "PM", 2);
		p[7] = 2;
		p[11] = i ? 64 : 1;
		p[14] = i ? 8 : 0;
		p[15] = i ? 0 : 63;
		memcpy(p + 48, kinds[i], strlen(kinds[i]));
		p[91] = 0x33; /* valid, allocated, readable, writable */
	}
	memcpy(disk + 64 * 512 + 1024, "H+\0\4", 4);
	assert_int_equal(find(0), OK);
	assert_true(list->len >= 1);
	assert_facts(&s->facts, "partition table",
	             "Apple partition map, in sectors of 512 bytes;");
	assert_string_equal(at(list->len)->filesystem, "HFS+");
	assert_string_equal(at(list->len)->description, "Apple_HFS");
}

static void test_nothing(void **state)
{
	static const uint64_t bad[] = { 0 };

	(void)state;
	assert_int_equal(find(0), E_ABSENT);
	volumes_free(list);
	source_free(s);
	put_le(510, 0xaa55, 2);
	assert_int_equal(find(0), E_CORRUPT);
	volumes_free(list);
	source_free(s);
	medium.bad = bad;
	medium.n_bad = 1;
	assert_int_equal(find(0), E_IO);
	volumes_free(list);
	source_free(s);
	/* less than a sector */
	medium = (struct faulty){ .p = disk, .size = 100 };
	assert_int_equal(find(0), E_ABSENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, blank, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_hidden),     TEST(test_overlaps),
		TEST(test_backup),     TEST(test_unreadable),
		TEST(test_gpt),        TEST(test_unreadable_behind),
		TEST(test_gpt_backup), TEST(test_dynamic),
		TEST(test_lost),       TEST(test_no_table),
		TEST(test_bare),       TEST(test_offset),
		TEST(test_apple),      TEST(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
