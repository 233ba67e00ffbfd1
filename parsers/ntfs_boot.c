/* SPDX-License-Identifier: MIT */
/*
 * ntfs_boot.c - the boot sector of an NTFS volume
 *
 * Layout: NTFS_BOOT_SECTOR of the Linux-NTFS documentation.
 */
#include "parsers/ntfs_boot.h"

#include "parsers/limits.h"

#define BOOT_SIZE 512u

static bool power_of_two(uint64_t v, uint64_t least, uint64_t most)
{
	return v >= least && v <= most && !(v & (v - 1));
}

/* 2 to the power of a negative byte, or 0 if that is over 32 bits. */
static uint64_t exponent(uint8_t v)
{
	return v > 0x100 - 32 ? UINT64_C(1) << (0x100 - v) : 0;
}

/*
 * A number up to 128.  Windows 10 writes its clusters of more than 128 sectors
 * as minus an exponent.
 */
static uint64_t cluster_sectors(uint8_t v)
{
	return v <= 0x80 ? v : exponent(v);
}

/* A number of clusters, or minus the exponent of a number of bytes. */
static uint64_t record_size(uint8_t v, uint64_t cluster)
{
	return v < 0x80 ? v * cluster : exponent(v);
}

struct sizes {
	uint64_t sector, cluster, record, index;
};

static enum status check_sizes(const struct sizes *s, uint64_t at,
                               struct error *err)
{
	if (!power_of_two(s->sector, 256, LIMIT_SECTOR_SIZE))
		return fail(err, E_CORRUPT, at + 0x0b, "NTFS sector size");
	if (!power_of_two(s->cluster, s->sector, LIMIT_CLUSTER_SIZE))
		return fail(err, E_CORRUPT, at + 0x0d, "NTFS cluster size");
	if (!power_of_two(s->record, 512, LIMIT_RECORD_SIZE))
		return fail(err, E_CORRUPT, at + 0x40, "NTFS record size");
	if (!power_of_two(s->index, 512, LIMIT_CLUSTER_SIZE))
		return fail(err, E_CORRUPT, at + 0x44, "NTFS index size");
	return OK;
}

/* A bad mirror is no reason to refuse the volume: nothing is read there. */
static enum status check_places(const struct ntfs_boot *boot, uint64_t at,
                                struct error *err)
{
	if (!boot->clusters || boot->sectors > INT64_MAX / boot->sector)
		return fail(err, E_CORRUPT, at + 0x28, "NTFS volume size");
	if (boot->mft >= boot->clusters)
		return fail(err, E_CORRUPT, at + 0x30, "NTFS $MFT cluster");
	return OK;
}

/*
 * Boot sector
 *
 *	03  8    "NTFS    "                0b  u16  bytes per sector
 *	0d  u8   sectors per cluster       28  u64  sectors
 *	30  u64  first cluster of $MFT     38  u64  first cluster of $MFTMirr
 *	40  u8   clusters per MFT record   44  u8   clusters per index record
 *	48  u64  serial number
 */
static enum status parse(struct ntfs_boot *boot, struct bytes in,
                         struct error *err)
{
	struct cursor c = cursor_open(in);
	struct sizes s;

	cursor_skip(&c, 0x0b);
	s.sector = cursor_le16(&c);
	s.cluster = s.sector * cluster_sectors(cursor_u8(&c));
	cursor_skip(&c, 0x28 - 0x0e);
	boot->sectors = cursor_le64(&c);
	boot->mft = cursor_le64(&c);
	boot->mirror = cursor_le64(&c);
	s.record = record_size(cursor_u8(&c), s.cluster);
	cursor_skip(&c, 3);
	s.index = record_size(cursor_u8(&c), s.cluster);
	cursor_skip(&c, 3);
	boot->serial = cursor_le64(&c);

	if (check_sizes(&s, in.at, err))
		return err->status;
	boot->sector = (uint32_t)s.sector;
	boot->cluster = (uint32_t)s.cluster;
	boot->record = (uint32_t)s.record;
	boot->index = (uint32_t)s.index;
	boot->clusters = boot->sectors / (boot->cluster / boot->sector);
	return check_places(boot, in.at, err);
}

enum status ntfs_boot_parse(struct ntfs_boot *boot, struct bytes in,
                            struct error *err)
{
	static const uint8_t oem[] = { 'N', 'T', 'F', 'S', ' ', ' ', ' ', ' ' };
	struct cursor c = cursor_open(in);
	struct ntfs_boot found = { 0 };

	*boot = (struct ntfs_boot){ 0 };
	if (in.n < BOOT_SIZE)
		return fail(err, E_TRUNCATED, in.at, "NTFS boot sector");
	if (!bytes_equal(cursor_cut(&c, 3, sizeof(oem)),
	                 (struct bytes){ oem, sizeof(oem), 0 }))
		return fail(err, E_ABSENT, in.at + 3, "NTFS boot sector");
	if (parse(&found, in, err))
		return err->status;
	*boot = found;
	return OK;
}

uint64_t ntfs_boot_backup(struct bytes in)
{
	struct cursor c = cursor_open(in);
	uint64_t sector, sectors;

	cursor_skip(&c, 0x0b);
	sector = cursor_le16(&c);
	cursor_skip(&c, 0x28 - 0x0d);
	sectors = cursor_le64(&c);
	if (c.bad || !power_of_two(sector, 256, LIMIT_SECTOR_SIZE) ||
	    sectors > INT64_MAX / sector)
		return 0;
	return sectors * sector;
}
