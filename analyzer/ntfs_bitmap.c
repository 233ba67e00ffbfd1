/* SPDX-License-Identifier: MIT */
/*
 * ntfs_bitmap.c - which clusters of a volume are in use
 */
#include "analyzer/ntfs.h"

#define NTFS_RECORD_BITMAP UINT64_C(6)
/* Bytes of $Bitmap that are looked at together. */
#define PIECE 4096

static enum status find_bitmap(struct ntfs *fs, struct error *err)
{
	uint8_t *buf = g_malloc(fs->boot.record);
	struct ntfs_record rec;
	struct ntfs_attrs it;
	struct ntfs_attr attr;
	enum status st =
		ntfs_record_load(fs, NTFS_RECORD_BITMAP, buf, &rec, err);

	if (st)
		goto out;
	it = ntfs_attrs_open(&rec);
	st = fail(err, E_CORRUPT, rec.attrs.at, "$Bitmap has no runs");
	while (st && ntfs_attrs_next(&it, &attr))
		if (attr.type == NTFS_DATA && !attr.resident && !attr.name.n)
			st = ntfs_extents_add(fs, &fs->bitmap, &attr, err);
out:
	fs->bitmap_known = !st;
	g_free(buf);
	return st;
}

/* Used ones among the clusters [first, first + n), which one piece covers. */
static enum status count_piece(struct ntfs *fs, uint64_t first, uint64_t n,
                               uint64_t *used, struct error *err)
{
	uint8_t bits[PIECE];
	uint64_t from = first / 8, end = (first + n + 7) / 8;
	enum status st = ntfs_read_extents(fs, &fs->bitmap, from, bits,
	                                   (size_t)(end - from), err);

	for (uint64_t i = first; !st && i < first + n; i++)
		*used += bits[i / 8 - from] >> i % 8 & 1;
	return st;
}

static enum status count_extent(struct ntfs *fs, const struct extent *e,
                                uint64_t bytes, uint64_t *used,
                                struct error *err)
{
	uint64_t first = (e->at - fs->offset) / fs->boot.cluster;
	uint64_t left = (bytes + fs->boot.cluster - 1) / fs->boot.cluster;
	enum status st = OK;

	/* Out of the volume: it cannot be read, and so not be another's. */
	if (first >= fs->boot.clusters || left > fs->boot.clusters - first)
		return OK;
	while (left && !st) {
		uint64_t n = MIN(left, (PIECE - 1) * UINT64_C(8));

		st = count_piece(fs, first, n, used, err);
		first += n;
		left -= n;
	}
	return st;
}

enum status ntfs_count_used(struct ntfs *fs, const struct extents *extents,
                            uint64_t limit, uint64_t *used, struct error *err)
{
	const GArray *list = extents->list;
	enum status st = fs->bitmap_known ? OK : find_bitmap(fs, err);

	*used = 0;
	for (guint i = 0; !st && list && i < list->len; i++) {
		const struct extent *e = &g_array_index(list, struct extent, i);

		if (e->at != EXTENT_HOLE && e->offset < limit)
			st = count_extent(fs, e, MIN(e->n, limit - e->offset),
			                  used, err);
	}
	*used *= fs->boot.cluster;
	return st;
}
