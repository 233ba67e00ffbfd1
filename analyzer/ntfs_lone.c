/* SPDX-License-Identifier: MIT */
/*
 * ntfs_lone.c - a $MFT without its volume
 *
 * No boot sector tells the geometry.  A record's size is in its header.  That
 * of a cluster follows from any attribute that has its runs in one piece: bytes
 * allocated over clusters; and $BadClus:$Bad is as long as the volume.
 */
#include "analyzer/ntfs.h"
#include "parsers/limits.h"

#define RECORD_BADCLUS UINT64_C(8)
#define SMALL_RECORD   1024u
/* Clusters of a volume whose size is not known: 2^52 bytes of the smallest. */
#define MOST_CLUSTERS (UINT64_C(1) << 40)

static bool is_size(uint64_t n, uint64_t least, uint64_t most)
{
	return n >= least && n <= most && !(n & (n - 1));
}

/* An attribute in several pieces says too much: the least is right. */
static void learn_cluster(struct ntfs *fs, const struct ntfs_attr *attr)
{
	uint64_t n = ntfs_attr_next_vcn(attr);
	uint64_t bytes;

	if (attr->resident || attr->lowest_vcn || !n || attr->allocated % n)
		return;
	bytes = attr->allocated / n;
	if (is_size(bytes, 256, LIMIT_CLUSTER_SIZE) &&
	    (!fs->boot.cluster || bytes < fs->boot.cluster))
		fs->boot.cluster = (uint32_t)bytes;
}

static uint64_t size_of_bad(const struct ntfs_attr *attr)
{
	return !attr->resident && !attr->lowest_vcn &&
	                       ntfs_attr_named(attr, "$Bad")
	               ? attr->allocated
	               : 0;
}

/* The metadata files' own attributes. */
static void learn_geometry(struct ntfs *fs)
{
	uint8_t *buf = g_malloc(fs->boot.record);
	uint64_t volume = 0;

	for (uint64_t i = 0; i < NTFS_RECORD_FIRST_USER; i++) {
		struct ntfs_record rec;
		struct ntfs_attrs it;
		struct ntfs_attr attr;
		struct error ignored;

		if (ntfs_record_load(fs, i, buf, &rec, &ignored))
			continue;
		it = ntfs_attrs_open(&rec);
		while (ntfs_attrs_next(&it, &attr)) {
			learn_cluster(fs, &attr);
			if (i == RECORD_BADCLUS && !volume)
				volume = size_of_bad(&attr);
		}
	}
	/* Nothing can be read there, so any size will do. */
	if (!fs->boot.cluster)
		fs->boot.cluster = 512;
	else
		fs->cluster_known = true;
	fs->boot.clusters = volume / fs->boot.cluster;
	if (!fs->boot.clusters || fs->boot.clusters > MOST_CLUSTERS)
		fs->boot.clusters = MOST_CLUSTERS;
	g_free(buf);
}

static enum status check_first(struct ntfs *fs, struct error *err)
{
	uint8_t *buf = g_malloc(fs->boot.record);
	struct ntfs_record rec;
	enum status st = ntfs_record_load(fs, 0, buf, &rec, err);

	if (st == E_ABSENT)
		st = fail(err, E_CORRUPT, 0, "this is no $MFT");
	g_free(buf);
	return st;
}

enum status ntfs_open_lone(struct ntfs *fs, struct source *s, struct error *err)
{
	struct extent all = { 0 };
	uint8_t head[32];
	struct cursor c;
	uint32_t size;
	enum status st = source_read(s, 0, head, sizeof(head), err);

	*fs = (struct ntfs){ .s = s, .end = s->size, .lone = true };
	if (st)
		return st;
	c = cursor_open((struct bytes){ head, sizeof(head), 0 });
	cursor_skip(&c, 0x1c);
	size = cursor_le32(&c);
	if (!is_size(size, 512, LIMIT_RECORD_SIZE))
		size = SMALL_RECORD;
	fs->boot.record = size;
	fs->records = s->size / size;
	all.n = fs->records * size;
	fs->mft.list = g_array_new(FALSE, FALSE, sizeof(struct extent));
	fs->mft.stored = all.n;
	g_array_append_val(fs->mft.list, all);
	fs->extensions =
		g_array_new(FALSE, FALSE, sizeof(struct ntfs_extension));
	st = check_first(fs, err);
	if (st) {
		ntfs_release(fs);
		return st;
	}
	learn_geometry(fs);
	return OK;
}

uint64_t ntfs_lone_cluster(const struct ntfs *fs, const struct extent *e)
{
	return (e->at - NTFS_NOWHERE) / fs->boot.cluster;
}

static gint by_base(gconstpointer a, gconstpointer b)
{
	const struct ntfs_extension *x = a, *y = b;

	return x->base < y->base ? -1 : x->base > y->base;
}

GArray *ntfs_lone_extensions(const struct ntfs *fs, uint64_t base)
{
	GArray *refs = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	GArray *all = fs->extensions;
	struct ntfs_extension key = { .base = base };
	guint i;

	if (!all || !g_array_binary_search(all, &key, by_base, &i))
		return refs;
	while (i &&
	       g_array_index(all, struct ntfs_extension, i - 1).base == base)
		i--;
	for (; i < all->len; i++) {
		const struct ntfs_extension *e =
			&g_array_index(all, struct ntfs_extension, i);

		if (e->base != base || refs->len >= LIMIT_STREAMS)
			break;
		g_array_append_val(refs, e->number);
	}
	return refs;
}

void ntfs_lone_sort(struct ntfs *fs)
{
	if (fs->extensions)
		g_array_sort(fs->extensions, by_base);
}
