/* SPDX-License-Identifier: MIT */
/*
 * layout.c - where the clusters of a stream are
 */
#include "tests/generator/stream.h"

#include <stdlib.h>
#include <string.h>

struct plan {
	ntfs_attr *na;
	uint64_t frag;   /* clusters a fragment */
	uint64_t pieces; /* fragments in all */
	uint64_t done;   /* fragments placed */
	LCN base; /* of the area that they are spread over; -1 is anywhere */
	bool back;
};

static void add_runs(ntfs_attr *na, runlist *rl)
{
	if (!rl)
		die("no room on the volume: %s", strerror(errno));
	if (na->rl)
		rl = ntfs_runlists_merge(na->rl, rl);
	if (!rl)
		die("cannot join run lists: %s", strerror(errno));
	na->rl = rl;
}

static void add_hole(ntfs_attr *na, VCN vcn, s64 n)
{
	/* The library grows run lists by pages and relies on whole ones. */
	runlist *rl = xmalloc(4096);

	rl[0] = (runlist){ .vcn = vcn, .lcn = LCN_HOLE, .length = n };
	rl[1] = (runlist){ .vcn = vcn + n, .lcn = LCN_ENOENT };
	add_runs(na, rl);
}

static void add_piece(struct plan *p, VCN vcn, s64 n)
{
	runlist *rl;
	uint64_t slot = p->back ? p->pieces - 1 - p->done : p->done;
	LCN lcn = p->base < 0 ? -1 : p->base + (LCN)(2 * slot * p->frag);

	rl = ntfs_cluster_alloc(p->na->ni->vol, vcn, n, lcn, DATA_ZONE);
	if (rl && lcn >= 0 && (rl[0].lcn != lcn || rl[0].length != n))
		die("a fragment went elsewhere");
	add_runs(p->na, rl);
	p->done++;
}

static void add_clusters(struct plan *p, uint64_t vcn, uint64_t n)
{
	while (n) {
		uint64_t part = p->frag && p->frag < n ? p->frag : n;

		add_piece(p, (VCN)vcn, (s64)part);
		vcn += part;
		n -= part;
	}
}

/* An area with as much room between the fragments as in them. */
static void find_area(struct plan *p, uint64_t clusters)
{
	ntfs_volume *vol = p->na->ni->vol;
	s64 need = (s64)(2 * (clusters + p->pieces * p->frag));
	runlist *rl = ntfs_cluster_alloc(vol, 0, need, -1, DATA_ZONE);

	if (!rl || rl[0].length != need)
		die("no room for so many fragments");
	p->base = rl[0].lcn;
	ntfs_cluster_free_from_rl(vol, rl);
	free(rl);
}

static uint64_t up(uint64_t n, uint64_t unit)
{
	return (n + unit - 1) / unit;
}

/* Call add() on what lies between the holes; NULL only counts fragments. */
static void walk(struct plan *p, const struct layout *l)
{
	uint64_t cluster = p->na->ni->vol->cluster_size, at = 0;

	for (size_t i = 0; i <= l->n_holes; i++) {
		uint64_t end = up(l->size, cluster);
		uint64_t hole = i < l->n_holes ? l->holes[i].at / cluster : end;

		if (hole < at || hole > end)
			die("holes must ascend, within the size");
		add_clusters(p, at, hole - at);
		if (i == l->n_holes)
			return;
		at = hole + l->holes[i].len / cluster;
		add_hole(p->na, (VCN)hole, (s64)(at - hole));
	}
}

static void check_holes(const struct layout *l, uint64_t cluster)
{
	for (size_t i = 0; i < l->n_holes; i++)
		if (l->holes[i].at % cluster || l->holes[i].len % cluster)
			die("holes are whole clusters of %llu bytes",
			    (unsigned long long)cluster);
}

void layout_make(ntfs_attr *na, const struct layout *l)
{
	struct plan p = {
		.na = na, .frag = l->frag, .base = -1, .back = l->back
	};
	uint64_t clusters = up(l->size, na->ni->vol->cluster_size);

	check_holes(l, na->ni->vol->cluster_size);
	if (l->frag && clusters) {
		p.pieces = up(clusters, l->frag) + l->n_holes;
		find_area(&p, clusters);
	}
	walk(&p, l);
	if (!na->rl)
		return; /* nothing to map: an empty stream */
	na->allocated_size = (s64)(clusters * na->ni->vol->cluster_size);
	na->data_size = na->initialized_size = na->allocated_size;
	NAttrSetFullyMapped(na);
	if (ntfs_attr_update_mapping_pairs(na, 0))
		die("cannot map clusters: %s", strerror(errno));
}
