/* SPDX-License-Identifier: MIT */
/*
 * exportobject.c - what is encrypted of one inode: $EFS, streams, clusters
 */
#include "tests/generator/export/export.h"

#include <stdlib.h>
#include <string.h>

static ntfschar efs_name[] = {
	const_cpu_to_le16('$'),
	const_cpu_to_le16('E'),
	const_cpu_to_le16('F'),
	const_cpu_to_le16('S'),
};

static void read_efs(struct object *o)
{
	s64 n = 0;
	void *p;

	if (!ntfs_attr_exist(o->ni, AT_LOGGED_UTILITY_STREAM, efs_name, 4))
		return;
	p = ntfs_attr_readall(o->ni, AT_LOGGED_UTILITY_STREAM, efs_name, 4, &n);
	if (p)
		buf_put(&o->efs, p, (size_t)n);
	free(p);
}

static void add_data(struct object *o, const ATTR_RECORD *a)
{
	struct data *d = &o->data[o->n];
	const uint8_t *name = (const uint8_t *)a + le16_to_cpu(a->name_offset);

	if (o->n++ == STREAMS_MOST)
		die("%s has too many streams", o->path);
	*d = (struct data){ .encrypted = a->flags & ATTR_IS_ENCRYPTED };
	d->name.n = a->name_length;
	memcpy(d->name.u, name, 2 * (size_t)a->name_length);
	d->text = name_encode(&d->name);
	d->size = d->valid = le32_to_cpu(a->value_length);
	if (a->non_resident) {
		d->size = le64_to_cpu(a->data_size);
		d->valid = le64_to_cpu(a->initialized_size);
	}
}

static void list_data(struct object *o)
{
	ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(o->ni, NULL);

	if (!ctx)
		die("%s: cannot look at its record", o->path);
	/* Of an attribute in parts, the first has the sizes. */
	while (!ntfs_attr_lookup(AT_DATA, NULL, 0, CASE_SENSITIVE, 0, NULL, 0,
	                         ctx))
		if (!ctx->attr->non_resident || !ctx->attr->lowest_vcn)
			add_data(o, ctx->attr);
	ntfs_attr_put_search_ctx(ctx);
}

/* The library refuses some of what a volume may hold. */
static bool open_data(struct object *o, struct data *d)
{
	d->na = ntfs_attr_open(o->ni, AT_DATA,
	                       d->name.n ? d->name.u : AT_UNNAMED, d->name.n);
	if (d->na &&
	    (!NAttrNonResident(d->na) || !ntfs_attr_map_whole_runlist(d->na)))
		return true;
	fprintf(stderr, "%s: %s is left out: %s\n", program_name, o->path,
	        strerror(errno));
	return false;
}

bool object_open(struct object *o, ntfs_inode *ni, const char *path,
                 const char *safe)
{
	bool any = false;

	*o = (struct object){ .ni = ni };
	o->path = xstrdup(path);
	o->safe = xstrdup(safe);
	o->directory = ni->mrec->flags & MFT_RECORD_IS_DIRECTORY;
	read_efs(o);
	if (!o->efs.n)
		return false;
	if (o->directory)
		return true;
	list_data(o);
	for (size_t i = 0; i < o->n; i++) {
		if (!open_data(o, &o->data[i]))
			return false;
		any = any || o->data[i].encrypted;
	}
	return any;
}

void object_close(struct object *o)
{
	for (size_t i = 0; i < o->n; i++) {
		if (o->data[i].na)
			ntfs_attr_close(o->data[i].na);
		free(o->data[i].text);
	}
	free(o->path);
	free(o->safe);
	buf_free(&o->efs);
}

void data_read(const struct data *d, uint64_t off, uint8_t *p, size_t n)
{
	uint64_t room = NAttrNonResident(d->na)
	                        ? (uint64_t)d->na->allocated_size
	                        : d->size;
	size_t have = off < room ? (size_t)(room - off) : 0;
	s64 got;

	have = have < n ? have : n;
	memset(p + have, 0, n - have);
	if (!have)
		return;
	got = NAttrNonResident(d->na)
	              ? ntfs_rl_pread(d->na->ni->vol, d->na->rl, (s64)off,
	                              (s64)have, p)
	              : ntfs_attr_pread(d->na, (s64)off, (s64)have, p);
	if (got != (s64)have)
		die("cannot read clusters: %s", strerror(errno));
}

bool data_is_hole(const struct data *d, uint64_t off, uint64_t n)
{
	uint64_t cluster = d->na->ni->vol->cluster_size;
	const runlist_element *rl = d->na->rl;

	if (!NAttrNonResident(d->na) || !n)
		return false;
	for (; rl && rl->length; rl++) {
		uint64_t from = (uint64_t)rl->vcn * cluster;
		uint64_t to = from + (uint64_t)rl->length * cluster;

		if (rl->lcn >= 0 && from < off + n && off < to)
			return false;
	}
	return true;
}

bool data_has_holes(const struct data *d)
{
	if (!NAttrNonResident(d->na))
		return false;
	for (const runlist_element *rl = d->na->rl; rl && rl->length; rl++)
		if (rl->lcn == LCN_HOLE)
			return true;
	return false;
}
