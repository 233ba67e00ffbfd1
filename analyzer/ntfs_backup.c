/* SPDX-License-Identifier: MIT */
/*
 * ntfs_backup.c - the backup of an NTFS volume's boot sector
 *
 * Observed: Windows 2000 and later, and mkntfs(8), keep it in the last sector
 * of the partition, which the volume's number of sectors does not count.
 */
#include "analyzer/ntfs_backup.h"

#include <string.h>

#define SECTOR 512u
/* A partition may be larger than its volume, but hardly by more. */
#define NEAR_END (UINT64_C(128) * SECTOR)

static uint64_t volume_size(const struct ntfs_boot *boot)
{
	return boot->sectors * boot->sector;
}

static bool parse_at(struct ntfs_boot *boot, struct source *s, uint64_t place)
{
	uint8_t buf[SECTOR];
	struct error ignored;

	return place <= s->size && s->size - place >= SECTOR &&
	       !source_read(s, place, buf, SECTOR, &ignored) &&
	       !ntfs_boot_parse(boot, (struct bytes){ buf, SECTOR, place },
	                        &ignored);
}

/* Is there a backup at this place that belongs to the volume at `at`? */
static bool belongs(struct ntfs_boot *boot, struct source *s, uint64_t at,
                    uint64_t place)
{
	return place > at && parse_at(boot, s, place) &&
	       volume_size(boot) == place - at;
}

bool ntfs_backup_find(struct ntfs_boot *boot, uint64_t *place, struct source *s,
                      uint64_t at, uint64_t n, struct bytes head)
{
	uint64_t named = ntfs_boot_backup(head);
	uint64_t end = at + MIN(n, s->size - at);

	for (*place = end - (end - at) % SECTOR;
	     *place > at && end - *place < NEAR_END; *place -= SECTOR)
		if (belongs(boot, s, at, *place))
			return true;
	if (!named || named >= s->size - at)
		return false;
	*place = at + named;
	return belongs(boot, s, at, *place);
}

bool ntfs_backup_at(struct ntfs_boot *boot, uint64_t *at, struct source *s,
                    uint64_t from, uint64_t end)
{
	for (uint64_t sector = SECTOR; sector <= 4096; sector *= 2) {
		uint64_t place = end < sector ? 0 : end - sector;

		if (!place || !parse_at(boot, s, place) ||
		    boot->sector != sector || volume_size(boot) > place)
			continue;
		*at = place - volume_size(boot);
		if (*at >= from)
			return true;
	}
	return false;
}

static bool is_record(struct source *s, uint64_t at)
{
	uint8_t mark[4];
	struct error ignored;

	return at < s->size && !source_read(s, at, mark, 4, &ignored) &&
	       !memcmp(mark, "FILE", 4);
}

bool ntfs_boot_leads(const struct ntfs_boot *boot, struct source *s,
                     uint64_t at)
{
	return is_record(s, at + boot->mft * boot->cluster) ||
	       (boot->mirror < boot->clusters &&
	        is_record(s, at + boot->mirror * boot->cluster));
}
