/* SPDX-License-Identifier: MIT */
/*
 * ntfs.c - an NTFS volume: its $MFT, its records, its clusters
 */
#include "analyzer/ntfs.h"
#include "parsers/limits.h"

enum status ntfs_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                      struct error *err)
{
	struct ntfs *fs = ctx;

	if (fs->lone && at >= NTFS_NOWHERE)
		return fail(err, E_ABSENT, 0,
		            "a cluster of the volume, and only $MFT is here");
	if (at > fs->end || n > fs->end - at)
		return fail(err, E_TRUNCATED, fs->end, "the volume ends here");
	return source_read(fs->s, at, buf, n, err);
}

static uint64_t run_at(const struct ntfs *fs, const struct ntfs_run *run)
{
	if (run->lcn == NTFS_LCN_HOLE)
		return EXTENT_HOLE;
	if (run->lcn >= fs->boot.clusters ||
	    run->n > fs->boot.clusters - run->lcn)
		return NTFS_NOWHERE;
	return (fs->lone ? NTFS_NOWHERE : fs->offset) +
	       run->lcn * fs->boot.cluster;
}

static enum status add_run(const struct ntfs *fs, struct extents *extents,
                           const struct ntfs_run *run, uint64_t at,
                           struct error *err)
{
	uint64_t volume = fs->boot.clusters * fs->boot.cluster;
	uint64_t most = (LIMIT_HOLES + volume) / fs->boot.cluster;
	struct extent e = { .at = run_at(fs, run) };

	if (run->vcn > most || run->n > most)
		return fail(err, E_LIMIT, at, "length of the runs");
	e.offset = run->vcn * fs->boot.cluster;
	e.n = run->n * fs->boot.cluster;
	if (e.at == EXTENT_HOLE)
		extents->holes += e.n;
	else
		extents->stored += e.n;
	if (extents->stored > volume)
		return fail(err, E_LIMIT, at,
		            "runs with more clusters than the volume");
	if (extents->holes > LIMIT_HOLES)
		return fail(err, E_LIMIT, at, "sparse runs");
	if (extents->list->len >= LIMIT_EXTENTS)
		return fail(err, E_LIMIT, at, "number of runs");
	g_array_append_val(extents->list, e);
	return OK;
}

enum status ntfs_extents_add(const struct ntfs *fs, struct extents *extents,
                             const struct ntfs_attr *attr, struct error *err)
{
	struct ntfs_runs it = ntfs_runs_open(attr);
	struct ntfs_run run;

	if (!extents->list)
		extents->list =
			g_array_new(FALSE, FALSE, sizeof(struct extent));
	while (ntfs_runs_next(&it, &run)) {
		enum status st =
			add_run(fs, extents, &run, attr->pairs.at, err);

		if (st)
			return st;
	}
	if (it.err.status)
		*err = it.err;
	return it.err.status;
}

enum status ntfs_read_extents(struct ntfs *fs, const struct extents *extents,
                              uint64_t offset, uint8_t *buf, size_t n,
                              struct error *err)
{
	return extents_read(extents, ntfs_read, fs, offset, buf, n, err);
}

/* Where a record begins on disk: for messages. */
static uint64_t record_at(const struct ntfs *fs, uint64_t number)
{
	uint64_t offset = number * fs->boot.record;
	const struct extent *e = extents_find(&fs->mft, offset);

	return e && e->at != EXTENT_HOLE ? e->at + (offset - e->offset) : 0;
}

enum status ntfs_record_load(struct ntfs *fs, uint64_t number, uint8_t *buf,
                             struct ntfs_record *rec, struct error *err)
{
	uint64_t at = record_at(fs, number);
	enum status st;

	if (number >= fs->records)
		return fail(err, E_CORRUPT, 0, "record number beyond $MFT");
	st = ntfs_read_extents(fs, &fs->mft, number * fs->boot.record, buf,
	                       fs->boot.record, err);
	if (!st)
		st = ntfs_record_open(rec, buf, fs->boot.record, at, err);
	return st;
}

static bool find_attr(const struct ntfs_record *rec, uint32_t type,
                      struct ntfs_attr *attr)
{
	struct ntfs_attrs it = ntfs_attrs_open(rec);

	while (ntfs_attrs_next(&it, attr))
		if (attr->type == type && !attr->name.n)
			return true;
	return false;
}

enum status ntfs_spend(struct ntfs *fs, uint64_t n, uint64_t at,
                       struct error *err)
{
	uint64_t most = MIN(fs->end - fs->offset, LIMIT_MFT(fs->s->held));

	if (fs->metadata > LIMIT_METADATA(most))
		return fail(err, E_LIMIT, at,
		            "all attribute lists and $EFS are more than the "
		            "volume can hold");
	fs->metadata += n;
	return OK;
}

enum status ntfs_attribute_list(struct ntfs *fs, const struct ntfs_record *rec,
                                GByteArray **out, struct error *err)
{
	struct ntfs_attr attr;
	enum status st = OK;
	struct extents extents = { 0 };

	*out = g_byte_array_new();
	if (!find_attr(rec, NTFS_ATTRIBUTE_LIST, &attr))
		return OK;
	if (attr.resident) {
		g_byte_array_append(*out, attr.value.p, (guint)attr.value.n);
		return OK;
	}
	if (attr.size > LIMIT_ATTRIBUTE_LIST)
		return fail(err, E_LIMIT, attr.pairs.at, "$ATTRIBUTE_LIST");
	st = ntfs_spend(fs, attr.size, attr.pairs.at, err);
	if (!st)
		st = ntfs_extents_add(fs, &extents, &attr, err);
	g_byte_array_set_size(*out, (guint)attr.size);
	if (!st)
		st = ntfs_read_extents(fs, &extents, 0, (*out)->data,
		                       (*out)->len, err);
	if (st)
		g_byte_array_set_size(*out, 0);
	extents_release(&extents);
	return st;
}

GArray *ntfs_extension_records(struct bytes list, uint64_t base)
{
	struct ntfs_list it = ntfs_list_open(list);
	GHashTable *seen = g_hash_table_new_full(g_int64_hash, g_int64_equal,
	                                         g_free, NULL);
	GArray *refs = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	struct ntfs_list_entry e;

	while (ntfs_list_next(&it, &e)) {
		if (NTFS_REF_RECORD(e.ref) == base ||
		    !g_hash_table_add(seen, g_memdup2(&e.ref, sizeof(e.ref))))
			continue;
		g_array_append_val(refs, e.ref);
	}
	g_hash_table_destroy(seen);
	return refs;
}

/* $MFT's own record is read before we know where $MFT is. */
static enum status load_first(struct ntfs *fs, uint64_t cluster, uint8_t *buf,
                              struct ntfs_record *rec, struct error *err)
{
	struct ntfs_attr attr;
	enum status st;
	uint64_t at;

	if (cluster >= fs->boot.clusters)
		return fail(err, E_CORRUPT, fs->offset + 0x30,
		            "$MFT beyond the end of the volume");
	at = fs->offset + cluster * fs->boot.cluster;
	st = ntfs_read(fs, at, buf, fs->boot.record, err);
	if (!st)
		st = ntfs_record_open(rec, buf, fs->boot.record, at, err);
	if (!st && (!find_attr(rec, NTFS_DATA, &attr) || attr.resident))
		st = fail(err, E_CORRUPT, at, "the record of $MFT has no runs");
	return st;
}

static enum status add_data(struct ntfs *fs, const struct ntfs_record *rec,
                            struct error *err)
{
	struct ntfs_attrs it = ntfs_attrs_open(rec);
	struct ntfs_attr attr;

	while (ntfs_attrs_next(&it, &attr)) {
		enum status st;

		if (attr.type != NTFS_DATA || attr.name.n || attr.resident)
			continue;
		st = ntfs_extents_add(fs, &fs->mft, &attr, err);
		if (st)
			return st;
		if (!attr.lowest_vcn)
			fs->records = attr.size / fs->boot.record;
	}
	return OK;
}

/* A fragmented $MFT keeps its later runs in extension records. */
static enum status add_extensions(struct ntfs *fs,
                                  const struct ntfs_record *rec,
                                  struct error *err)
{
	uint8_t *buf = g_malloc(fs->boot.record);
	GByteArray *list;
	enum status st = ntfs_attribute_list(fs, rec, &list, err);
	GArray *refs = ntfs_extension_records(
		(struct bytes){ list->data, list->len, rec->attrs.at }, 0);

	for (guint i = 0;
	     !st && i < refs->len && fs->mft.resorted < LIMIT_MFT_SORTED; i++) {
		uint64_t ref = g_array_index(refs, uint64_t, i);
		struct ntfs_record ext;
		struct error ignored;

		st = ntfs_record_load(fs, NTFS_REF_RECORD(ref), buf, &ext, err);
		if (!st && !NTFS_REF_RECORD(ext.base))
			st = add_data(fs, &ext, err);
		/* A volume is not lost for a part of $MFT that is claimed
		   twice: what is read as records proves itself. */
		(void)!extents_sort(&fs->mft, &ignored);
	}
	g_array_free(refs, TRUE);
	g_byte_array_free(list, TRUE);
	g_free(buf);
	return st;
}

/* Bytes of a piece of $MFT that are in the evidence. */
static uint64_t there(const struct ntfs *fs, const struct extent *e)
{
	return e->at < fs->end ? MIN(e->n, fs->end - e->at) : 0;
}

/*
 * The size of $MFT is only a claim, and its runs are: there are no records
 * without clusters, and no more clusters than the evidence has.  A part that it
 * lacks is passed over as if it could not be read, but not without end.
 */
static void clamp_records(struct ntfs *fs)
{
	uint64_t most = MIN(fs->end - fs->offset, LIMIT_MFT(fs->s->held));
	uint64_t here = 0, lost = 0, end = 0;
	guint n = fs->mft.list ? fs->mft.list->len : 0;

	for (guint i = 0; i < n; i++) {
		const struct extent *e =
			&g_array_index(fs->mft.list, struct extent, i);
		uint64_t gap = e->offset > end ? e->offset - end : 0;
		uint64_t good = there(fs, e);

		lost += gap + (e->n - good);
		end = MAX(end, e->offset + e->n);
		if (lost > LIMIT_MFT_LOST) {
			end -= MIN(end, lost - LIMIT_MFT_LOST);
			break;
		}
		if (good > most - here) {
			end -= MIN(end, good - (most - here));
			break;
		}
		here += good;
	}
	fs->claimed = fs->records;
	fs->records = MIN(fs->records, end / fs->boot.record);
}

enum status ntfs_open(struct ntfs *fs, const struct volume *volume,
                      struct error *err)
{
	struct source *s = volume->s;
	uint8_t *buf = g_malloc(volume->boot.record);
	uint64_t all = volume->boot.sectors * volume->boot.sector;
	struct ntfs_record rec;
	struct error ignored;
	enum status st;

	*fs = (struct ntfs){ .s = s,
		             .offset = volume->offset,
		             .boot = volume->boot };
	fs->end = volume->offset + (all < s->size - volume->offset
	                                    ? all
	                                    : s->size - volume->offset);
	st = load_first(fs, fs->boot.mft, buf, &rec, err);
	if (st && !load_first(fs, fs->boot.mirror, buf, &rec, &ignored)) {
		fs->mirror = true;
		st = OK;
	}
	if (!st)
		st = add_data(fs, &rec, err);
	if (!st)
		st = add_extensions(fs, &rec, err);
	clamp_records(fs);
	g_free(buf);
	if (st)
		ntfs_release(fs);
	return st;
}

void ntfs_release(struct ntfs *fs)
{
	extents_release(&fs->mft);
	extents_release(&fs->bitmap);
	if (fs->extensions)
		g_array_free(fs->extensions, TRUE);
	*fs = (struct ntfs){ 0 };
}
