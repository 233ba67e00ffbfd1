/* SPDX-License-Identifier: MIT */
/*
 * source_qcow.c - QCOW2, with its backing files
 *
 * Specification: parsers/qcow.h.  Not libqcow: it reads clusters of zeros as
 * what was there before, and compressed ones at less than the speed of
 * `qemu-img convert` (README.md).
 */
#include "analyzer/vdisk.h"
#include "parsers/limits.h"
#include "parsers/qcow.h"

#include <inttypes.h>
#include <string.h>

#define BACKING_MAX 1023u

struct qcow {
	struct qcow_header header;
	uint8_t *l1; /* entries in big-endian; owned */
	uint32_t cluster;
	uint32_t entries; /* of an L2 table */
};

static unsigned bid(const struct probe *probe)
{
	return probe->head.n >= 4 && !memcmp(probe->head.p, "QFI\xfb", 4) ? 32
	                                                                  : 0;
}

static void qcow_free(void *ctx)
{
	struct qcow *d = ctx;

	g_free(d->l1);
	g_free(d);
}

/* "Backing file name": in the first cluster, not terminated. */
static enum status find_backing(struct vdisk_image *im, const struct qcow *d,
                                const struct probe *probe, struct error *err)
{
	struct bytes kind = qcow_backing_format(&d->header, probe->head);
	char name[BACKING_MAX + 1] = { 0 };

	if (source_read(im->file, d->header.backing, name,
	                MIN(BACKING_MAX, d->header.backing_size), err))
		return err->status;
	im->has_parent = true;
	im->raw_parent = kind.n == 3 && !memcmp(kind.p, "raw", 3);
	vdisk_add_parent(im, g_utf8_make_valid(name, -1));
	/* A name may be that of a protocol: "file:disk.qcow2". */
	if (g_str_has_prefix(name, "file:"))
		vdisk_add_parent(im, g_utf8_make_valid(name + 5, -1));
	vdisk_fact(im, "backing file", "%s", name);
	if (kind.n)
		vdisk_fact(im, "backing file format", "%.*s", (int)kind.n,
		           (const char *)kind.p);
	return OK;
}

static void add_facts(struct vdisk_image *im, const struct qcow_header *h)
{
	vdisk_fact(im, "version", "%" PRIu32, h->version);
	vdisk_fact(im, "cluster size", "%" PRIu32,
	           UINT32_C(1) << h->cluster_bits);
	if (h->snapshots)
		vdisk_fact(im, "internal snapshots",
		           "%" PRIu32 ", not read: only the current state is",
		           h->snapshots);
	if (h->incompatible & QCOW_DIRTY)
		vdisk_fact(im, "state", "not closed");
	if (h->incompatible & QCOW_CORRUPT)
		vdisk_problem(im, "the QCOW2 image is marked as corrupt");
}

static enum status open_disk(struct vdisk_image *im, const struct probe *probe,
                             struct error *err)
{
	struct qcow *d = g_new0(struct qcow, 1);
	uint64_t l1_size, most;

	im->ctx = d;
	if (qcow_header_parse(&d->header, probe->head, err))
		return err->status;
	im->size = d->header.size;
	d->cluster = UINT32_C(1) << d->header.cluster_bits;
	d->entries = d->cluster / 8;
	/* A table that is said to be too long is read as far as it is kept. */
	l1_size = MIN(8 * (uint64_t)d->header.l1_entries, LIMIT_DISK_TABLE);
	d->header.l1_entries = (uint32_t)(l1_size / 8);
	most = im->size / d->cluster / d->entries + 1;
	vdisk_reserve(im, im->file, 0, 72);
	vdisk_reserve(im, im->file, d->header.l1, MIN(l1_size, 8 * most));
	vdisk_reserve(im, im->file, d->header.refcounts,
	              (uint64_t)d->header.refcount_clusters * d->cluster);
	if (vdisk_table(&d->l1, im, im->file, d->header.l1, l1_size, err))
		return err->status;
	add_facts(im, &d->header);
	return d->header.backing ? find_backing(im, d, probe, err) : OK;
}

/* --------------------------------------------------------------------- map */

static void map_cluster(const struct qcow *d, uint64_t entry, uint64_t at,
                        uint64_t table, struct vdisk_piece *piece)
{
	struct qcow_cluster c = qcow_cluster_parse(&d->header, entry);

	piece->at = c.at + at % d->cluster;
	switch (c.what) {
	case QCOW_NONE:
		piece->what = VDISK_PARENT;
		break;
	case QCOW_ZERO:
		piece->what = VDISK_ZERO;
		break;
	case QCOW_DATA:
		/* its own table is no data */
		piece->what = c.at == table ? VDISK_BAD : VDISK_DATA;
		break;
	case QCOW_PACKED:
		piece->what = VDISK_PACKED;
		piece->at = c.at;
		piece->packed = c.n;
		piece->start = at - at % d->cluster;
		piece->unit = d->cluster;
		break;
	case QCOW_BAD:
		break;
	}
}

static void map(struct vdisk_image *im, uint64_t at, struct vdisk_piece *piece)
{
	const struct qcow *d = im->ctx;
	uint64_t covered = (uint64_t)d->cluster * d->entries;
	uint64_t i = at / covered, table;
	uint32_t index = (uint32_t)(at / d->cluster % d->entries);
	uint8_t raw[8];
	struct cursor c;

	if (i >= d->header.l1_entries)
		return;
	c = cursor_open((struct bytes){ d->l1 + 8 * i, 8, 0 });
	piece->n = covered - at % covered;
	if (!qcow_l2_parse(&d->header, cursor_be64(&c), &table))
		return;
	if (!table) {
		piece->what = VDISK_PARENT;
		return;
	}
	piece->n = d->cluster - at % d->cluster;
	if (!vdisk_peek(im, im->file, table, d->cluster, 8 * index, raw, 8))
		return;
	c = cursor_open((struct bytes){ raw, 8, 0 });
	map_cluster(d, cursor_be64(&c), at, table, piece);
}

static const struct vdisk_format format = {
	.name = "QCOW2",
	.open = open_disk,
	.map = map,
	.free = qcow_free,
	.any_base = true,
};

static enum status open_qcow(struct source *s, const struct probe *probe,
                             struct error *err)
{
	return vdisk_open(s, probe, &format, &source_qcow, err);
}

const struct source_type source_qcow = {
	.name = "QCOW2",
	.bid = bid,
	.open = open_qcow,
};
