/* SPDX-License-Identifier: MIT */
/*
 * filesystem.c - what the first bytes of a volume say that it is
 *
 * Marks: the libyal documents (BDE, FVE, FSEXT, FSHFS, FSAPFS, FSXFS, LUKSDE,
 * VSLVM), the Linux RAID wiki; Microsoft's "FAT: General Overview of On-Disk
 * Format" 1.03.
 */
#include "parsers/filesystem.h"

struct mark {
	size_t at, n;
	const char *magic, *name;
};

/*
 * The GUIDs are 4967d63b-2e29-4ad8-8399-f6a339e3d001, of BitLocker, and
 * 92a84d3b-dd80-4d0e-9e4e-b1e3284eaed8, of a volume of which only the used part
 * is encrypted.  A removable drive keeps them in what looks like FAT32.
 */
#define FVE "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01"
#define FVE_USED \
	"\x3b\x4d\xa8\x92\x80\xdd\x0e\x4d\x9e\x4e\xb1\xe3\x28\x4e\xae\xd8"

/* These go before FAT, whose boot sector some of them imitate. */
static const struct mark before_fat[] = {
	{ 3, 8, "-FVE-FS-", "BitLocker" },
	{ 424, 16, FVE, "BitLocker" },
	{ 424, 16, FVE_USED, "BitLocker" },
	{ 3, 8, "EXFAT   ", "exFAT" },
	{ 3, 5, "ReFS\0", "ReFS" },
	{ 0, 6, "LUKS\xba\xbe", "LUKS" },
	{ 0, 4, "XFSB", "XFS" },
	{ 32, 4, "NXSB", "APFS" },
};

static const struct mark after_fat[] = {
	{ 82, 5, "FAT32", "FAT32" },
	{ 54, 5, "FAT16", "FAT16" },
	{ 54, 5, "FAT12", "FAT12" },
	{ 54, 3, "FAT", "FAT" },
	{ 536, 8, "LVM2 001", "LVM" },
	{ 1024, 4, "H+\0\4", "HFS+" },
	{ 1024, 4, "HX\0\5", "HFS+" },
	{ 4086, 10, "SWAPSPACE2", "Linux swap" },
	{ 4096, 4, "\xfc\x4e\x2b\xa9", "Linux RAID" },
};

static bool has(struct bytes head, size_t at, const char *magic, size_t n)
{
	struct cursor c = cursor_open(head);

	return bytes_begin(cursor_cut(&c, at, n), magic, n);
}

static const char *marked(struct bytes head, const struct mark *marks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (has(head, marks[i].at, marks[i].magic, marks[i].n))
			return marks[i].name;
	return NULL;
}

static bool power_of_two(uint64_t v)
{
	return v && !(v & (v - 1));
}

/* The fields of a FAT boot sector that tell the three apart. */
struct fat {
	uint32_t sector, cluster, reserved, fats, root, sectors, fat;
	bool wide; /* the FAT's size is where only FAT32 has it */
};

/*
 * BIOS parameter block
 *
 *	0b  u16  bytes per sector       0d  u8   sectors per cluster
 *	0e  u16  reserved sectors       10  u8   number of FATs
 *	11  u16  root entries           13  u16  sectors, or 0
 *	15  u8   media                  16  u16  sectors per FAT; 0: FAT32
 *	20  u32  sectors                24  u32  sectors per FAT, FAT32
 */
static bool parse_fat(struct fat *f, struct bytes head)
{
	struct cursor c = cursor_open(head);
	uint8_t jump = cursor_u8(&c), media;
	uint32_t sectors, fat;

	cursor_skip(&c, 0x0a);
	f->sector = cursor_le16(&c);
	f->cluster = cursor_u8(&c);
	f->reserved = cursor_le16(&c);
	f->fats = cursor_u8(&c);
	f->root = cursor_le16(&c);
	f->sectors = cursor_le16(&c);
	media = cursor_u8(&c);
	f->fat = cursor_le16(&c);
	cursor_skip(&c, 0x20 - 0x18);
	sectors = cursor_le32(&c);
	fat = cursor_le32(&c);
	f->wide = !f->fat;
	f->fat = f->fat ? f->fat : fat;
	f->sectors = f->sectors ? f->sectors : sectors;
	return !c.bad && (jump == 0xeb || jump == 0xe9) && media >= 0xf0 &&
	       f->sector >= 512 && f->sector <= 4096 &&
	       power_of_two(f->sector) && power_of_two(f->cluster) &&
	       f->reserved && f->fats && f->fats <= 4 && f->fat;
}

/* The number of clusters decides, and nothing else. */
static const char *fat_name(struct bytes head)
{
	struct fat f;
	uint64_t used, clusters;

	if (!parse_fat(&f, head))
		return NULL;
	used = f.reserved + (uint64_t)f.fats * f.fat +
	       (f.root * UINT64_C(32) + f.sector - 1) / f.sector;
	if (f.sectors <= used)
		return NULL;
	if (f.wide)
		return "FAT32";
	clusters = (f.sectors - used) / f.cluster;
	return clusters < 4085 ? "FAT12" : clusters < 65525 ? "FAT16" : "FAT32";
}

/* Two bytes are a weak mark, so its block size has to be one, too. */
static bool is_ext(struct bytes head)
{
	struct cursor c = cursor_open(head);

	cursor_skip(&c, 1024 + 0x18);
	return cursor_le32(&c) <= 6 && !c.bad &&
	       has(head, 1024 + 0x38, "\x53\xef", 2);
}

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

const char *filesystem_name(struct bytes head)
{
	const char *name = marked(head, before_fat, COUNT(before_fat));

	if (!name)
		name = fat_name(head);
	if (!name)
		name = marked(head, after_fat, COUNT(after_fat));
	if (!name && is_ext(head))
		name = "ext";
	return name;
}
