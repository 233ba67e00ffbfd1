/* SPDX-License-Identifier: MIT */
/*
 * efsneeds.c - which bytes of an NTFS image each of its files depends on
 *
 * One line for each range, parted by tabs:
 *
 *	mft	the record's number, or - for the volume
 *	stream	canonical text; - for the unnamed one, * for the whole file
 *	part	what it is; below
 *	at, n	bytes of the image
 *
 * A file needs its "record"s (the base and its extensions), the clusters of its
 * "list" of attributes and of its "efs"; a stream needs the clusters of its
 * "data", too.  The volume needs the records and the list of file 0, which is
 * $MFT, and what the "boot" sector says of its layout; "mirror" and "backup"
 *are the copies of that record and of that sector.  Nobody needs "index" and
 *"system" (what the files of the volume itself hold); "mft" says where $MFT is,
 *"free" where a record of it is that no file has.
 */
#include "tests/generator/names.h"
#include "tests/generator/ntfs.h"
#include "tests/generator/util.h"

#include <stdlib.h>
#include <string.h>

#include <ntfs-3g/logging.h>

struct needs {
	ntfs_volume *vol;
	int64_t mft;
	uint64_t last; /* record that was listed */
};

static void put(const struct needs *n, const char *stream, const char *part,
                uint64_t at, uint64_t size)
{
	if (n->mft < 0)
		printf("-");
	else
		printf("%lld", (long long)n->mft);
	printf("\t%s\t%s\t%llu\t%llu\n", stream, part, (unsigned long long)at,
	       (unsigned long long)size);
}

static void put_runs(const struct needs *n, const char *stream,
                     const char *part, const runlist_element *rl)
{
	uint64_t cluster = n->vol->cluster_size;

	for (; rl && rl->length; rl++)
		if (rl->lcn >= 0)
			put(n, stream, part, (uint64_t)rl->lcn * cluster,
			    (uint64_t)rl->length * cluster);
}

static void put_record(struct needs *n, const char *part, uint64_t number)
{
	uint64_t size = n->vol->mft_record_size;
	uint64_t cluster = n->vol->cluster_size;
	const runlist_element *rl = n->vol->mft_na->rl;
	uint64_t off = number * size;

	if (n->last == number)
		return;
	n->last = number;
	while (rl->length && off >= (uint64_t)(rl->vcn + rl->length) * cluster)
		rl++;
	if (!rl->length || rl->lcn < 0)
		die("record %llu is nowhere", (unsigned long long)number);
	put(n, "*", part,
	    (uint64_t)rl->lcn * cluster + off - (uint64_t)rl->vcn * cluster,
	    size);
}

static const char *part_of(const struct needs *n, const ATTR_RECORD *a)
{
	if (a->type == AT_ATTRIBUTE_LIST)
		return "list";
	if (a->type == AT_LOGGED_UTILITY_STREAM)
		return "efs";
	if (a->type == AT_INDEX_ALLOCATION)
		return "index";
	if (a->type == AT_DATA && n->mft >= FILE_first_user)
		return "data";
	return "system";
}

static void put_attr(const struct needs *n, const ATTR_RECORD *a)
{
	const uint8_t *at = (const uint8_t *)a + le16_to_cpu(a->name_offset);
	struct name name = { .n = a->name_length };
	char *text = NULL;
	runlist_element *rl;

	if (!a->non_resident)
		return;
	memcpy(name.u, at, 2 * (size_t)name.n);
	if (a->type == AT_DATA)
		text = name.n ? name_encode(&name) : xstrdup("-");
	rl = ntfs_mapping_pairs_decompress(n->vol, a, NULL);
	if (!rl)
		die("runs of record %lld: %s", (long long)n->mft,
		    strerror(errno));
	put_runs(n, text ? text : "*", part_of(n, a), rl);
	free(rl);
	free(text);
}

static void put_file(struct needs *n, ntfs_inode *ni)
{
	ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(ni, NULL);

	if (!ctx || ntfs_inode_attach_all_extents(ni))
		die("cannot look at record %lld", (long long)n->mft);
	put_record(n, "record", (uint64_t)n->mft);
	for (int i = 0; i < ni->nr_extents; i++)
		put_record(n, "record", ni->extent_nis[i]->mft_no);
	while (!ntfs_attrs_walk(ctx))
		put_attr(n, ctx->attr);
	ntfs_attr_put_search_ctx(ctx);
}

static bool is_extension(ntfs_volume *vol, int64_t number)
{
	MFT_RECORD *rec = NULL;
	bool yes = !ntfs_file_record_read(vol, (MFT_REF)number, &rec, NULL) &&
	           rec->flags & MFT_RECORD_IN_USE && rec->base_mft_record;

	free(rec);
	return yes;
}

/* An inode that is deleted cannot be opened. */
static void put_files(struct needs *n)
{
	int64_t total = n->vol->mft_na->data_size / n->vol->mft_record_size;

	for (n->mft = 0; n->mft < total; n->mft++) {
		ntfs_inode *ni;

		if (is_extension(n->vol, n->mft))
			continue;
		n->last = UINT64_MAX;
		ni = ntfs_inode_open(n->vol, (MFT_REF)n->mft);
		if (ni)
			put_file(n, ni);
		else
			put_record(n, "free", (uint64_t)n->mft);
		if (ni && ntfs_inode_close(ni))
			die("cannot close record %lld", (long long)n->mft);
	}
}

static void put_volume(struct needs *n)
{
	ntfs_volume *vol = n->vol;
	uint64_t size = (uint64_t)vol->dev->d_ops->seek(vol->dev, 0, SEEK_END);
	uint64_t sector = vol->sector_size;

	n->mft = -1;
	/* From the mark "NTFS" to the size of a record. */
	put(n, "*", "boot", 0x03, 0x45);
	put(n, "*", "backup", size / sector * sector - sector, sector);
	put(n, "*", "mirror", (uint64_t)vol->mftmirr_lcn * vol->cluster_size,
	    vol->mft_record_size);
	put_runs(n, "*", "mft", vol->mft_na->rl);
}

int main(int argc, char **argv)
{
	struct needs n = { 0 };

	program_name = "efsneeds";
	if (argc != 2) {
		fputs("usage: efsneeds IMAGE\n"
		      "Say which bytes of an NTFS image each file needs.\n",
		      stderr);
		return 2;
	}
	ntfs_log_set_handler(ntfs_log_handler_null);
	n.vol = ntfs_mount(argv[1], NTFS_MNT_RDONLY);
	if (!n.vol)
		die("%s: no NTFS volume: %s", argv[1], strerror(errno));
	if (ntfs_attr_map_whole_runlist(n.vol->mft_na))
		die("%s: cannot map $MFT", argv[1]);
	put_volume(&n);
	put_files(&n);
	if (ntfs_umount(n.vol, FALSE))
		die("cannot unmount: %s", strerror(errno));
	return 0;
}
