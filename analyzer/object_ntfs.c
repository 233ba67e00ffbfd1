/* SPDX-License-Identifier: MIT */
/*
 * object_ntfs.c - one encrypted file or directory of an NTFS volume
 *
 * A file's attributes may be spread over extension records, and one stream's
 * runs over several attributes: they are gathered here into one object.
 */
#include "analyzer/object_ntfs.h"
#include "parsers/limits.h"
#include "parsers/text.h"

#include <inttypes.h>
#include <string.h>

/* What is collected while the records of one file are read. */
struct gather {
	struct object *object;
	struct ntfs *fs;
	const struct dirs *dirs;
	struct stream efs; /* $EFS, as if it were a stream */
	bool efs_seen;
};

static void keep_error(struct error *to, const struct error *from)
{
	if (!to->status)
		*to = *from;
}

/* What is over a limit is left out, which the report says. */
static void go_over(struct gather *g, uint64_t at, const char *what)
{
	struct error err;

	(void)fail(&err, E_LIMIT, at, what);
	keep_error(&g->object->over, &err);
}

static void gather_standard(struct object *o, const struct ntfs_attr *attr)
{
	struct ntfs_standard si;
	struct error err;

	if (ntfs_standard_parse(&si, attr->value, &err)) {
		keep_error(&o->err, &err);
		return;
	}
	o->attributes = si.attributes;
	o->created = si.created;
	o->modified = si.modified;
	o->changed = si.changed;
	o->accessed = si.accessed;
}

/* Paths are long where folders are deep, and may be of each of many links. */
static void add_path(struct gather *g, const struct ntfs_name *name,
                     uint64_t at, const char *utf8)
{
	const char *over = "length of all paths";
	char *path;

	if (g->fs->paths > LIMIT_PATHS)
		path = g_strconcat("/$Orphan/", utf8, NULL);
	else
		path = dirs_path(g->dirs, name->parent, utf8, &over);
	if (over)
		go_over(g, at, over);
	g->fs->paths += strlen(path);
	g_ptr_array_add(g->object->paths, path);
}

static void gather_name(struct gather *g, const struct ntfs_attr *attr)
{
	char buf[TEXT_UTF16(510)];
	struct text t = text_open(buf, sizeof(buf));
	struct ntfs_name name;
	struct error err;

	if (ntfs_name_parse(&name, attr->value, &err)) {
		keep_error(&g->object->err, &err);
		return;
	}
	if (name.namespace_ == NTFS_NAME_DOS)
		return;
	if (g->object->paths->len >= LIMIT_LINKS) {
		go_over(g, attr->value.at, "number of hard links");
		return;
	}
	text_name(&t, name.name);
	add_path(g, &name, attr->value.at, buf);
}

static void cut_data(struct gather *g, uint64_t at, const char *what)
{
	go_over(g, at, what);
	g->object->cut = true;
}

/* Add one attribute's bytes or runs to its stream. */
static void gather_content(struct gather *g, struct stream *s,
                           const struct ntfs_attr *attr)
{
	struct error err;

	if (attr->resident) {
		if (s->begins)
			return;
		s->value = g_byte_array_new();
		g_byte_array_append(s->value, attr->value.p,
		                    (guint)attr->value.n);
		s->size = s->initialized = s->allocated = attr->value.n;
		s->at = attr->value.at;
		s->resident = s->begins = true;
		s->flags = attr->flags;
		return;
	}
	if (!attr->lowest_vcn && !s->begins) {
		s->begins = true;
		s->flags = attr->flags;
		s->at = attr->pairs.at;
		s->allocated = attr->allocated;
		s->size = attr->size;
		s->initialized = attr->initialized;
	}
	if (ntfs_extents_add(g->fs, &s->extents, attr, &err))
		keep_error(&s->err, &err);
}

static void gather_data(struct gather *g, const struct ntfs_attr *attr)
{
	char buf[TEXT_UTF16(510)];
	struct text t = text_open(buf, sizeof(buf));
	struct stream *s;

	text_name(&t, attr->name);
	s = object_stream(g->object, attr->name.n ? buf : NULL);
	if (s)
		gather_content(g, s, attr);
	else
		cut_data(g, attr->name.at, "number of streams");
}

static void gather_attr(struct gather *g, const struct ntfs_attr *attr)
{
	if (attr->type == NTFS_STANDARD_INFORMATION && attr->resident) {
		gather_standard(g->object, attr);
	} else if (attr->type == NTFS_FILE_NAME && attr->resident) {
		gather_name(g, attr);
	} else if (attr->type == NTFS_DATA) {
		gather_data(g, attr);
	} else if (attr->type == NTFS_LOGGED_UTILITY_STREAM &&
	           ntfs_attr_named(attr, "$EFS")) {
		g->efs_seen = true;
		gather_content(g, &g->efs, attr);
	}
}

static void gather_record(struct gather *g, const struct ntfs_record *rec)
{
	struct ntfs_attrs it = ntfs_attrs_open(rec);
	struct ntfs_attr attr;

	while (ntfs_attrs_next(&it, &attr))
		gather_attr(g, &attr);
	if (it.err.status)
		keep_error(&g->object->err, &it.err);
}

static void gather_extension(struct gather *g, uint64_t ref, uint8_t *buf)
{
	struct object *o = g->object;
	struct ntfs_record rec;
	struct error err;

	if (g->fs->strays > LIMIT_STRAYS(g->fs->records)) {
		cut_data(g, o->efs_at,
		         "attribute lists that name other files' records");
		return;
	}
	if (ntfs_record_load(g->fs, NTFS_REF_RECORD(ref), buf, &rec, &err)) {
		g->fs->strays++;
		keep_error(&o->err, &err);
		return;
	}
	/* A record that was given to another file since is not ours. */
	if (NTFS_REF_RECORD(rec.base) != o->mft ||
	    (!o->deleted && NTFS_REF_SEQUENCE(rec.base) != o->sequence)) {
		(void)fail(&err, E_CORRUPT, rec.attrs.at,
		           "an extension record belongs to another file");
		g->fs->strays++;
		keep_error(&o->err, &err);
		return;
	}
	gather_record(g, &rec);
}

static void gather_extensions(struct gather *g, const struct ntfs_record *rec)
{
	uint8_t *buf = g_malloc(g->fs->boot.record);
	struct error err;
	GByteArray *list;
	GArray *refs;
	enum status st = ntfs_attribute_list(g->fs, rec, &list, &err);

	if (st == E_ABSENT && g->fs->lone) {
		refs = ntfs_lone_extensions(g->fs, g->object->mft);
	} else {
		if (st == E_LIMIT)
			cut_data(g, err.at, err.what);
		else if (st)
			keep_error(&g->object->err, &err);
		refs = ntfs_extension_records(
			(struct bytes){ list->data, list->len, 0 },
			g->object->mft);
	}
	for (guint i = 0; i < refs->len; i++)
		gather_extension(g, g_array_index(refs, uint64_t, i), buf);
	g_array_free(refs, TRUE);
	g_byte_array_free(list, TRUE);
	g_free(buf);
}

static enum status read_efs(struct gather *g, GByteArray *value,
                            struct error *err)
{
	struct stream *s = &g->efs;
	enum status st;

	if (s->err.status || !s->begins || s->size > LIMIT_EFS_SIZE) {
		*err = s->err;
		return err->status ? err->status
		                   : fail(err, s->begins ? E_LIMIT : E_CORRUPT,
		                          s->at, "size of $EFS");
	}
	if (s->resident) {
		g_byte_array_append(value, s->value->data, s->value->len);
		return OK;
	}
	if (ntfs_spend(g->fs, s->size, s->at, err))
		return err->status;
	g_byte_array_set_size(value, (guint)s->size);
	st = ntfs_read_extents(g->fs, &s->extents, 0, value->data, value->len,
	                       err);
	if (st)
		g_byte_array_set_size(value, 0);
	return st;
}

/* A lone $MFT says where $EFS is, but has no clusters. */
static char *efs_elsewhere(const struct gather *g, const struct extent *first)
{
	if (!g->fs->cluster_known)
		return g_strdup("$EFS lies in clusters of the volume, and only "
		                "$MFT is here");
	return g_strdup_printf(
		"$EFS lies in clusters of the volume, from %" PRIu64
		" (of %" PRIu32 " bytes) on, and only "
		"$MFT is here",
		ntfs_lone_cluster(g->fs, first), g->fs->boot.cluster);
}

static void finish_efs(struct gather *g)
{
	struct object *o = g->object;
	const struct extent *first;
	struct error err;

	if (extents_sort(&g->efs.extents, &err))
		keep_error(&g->efs.err, &err);
	first = extents_find(&g->efs.extents, 0);
	o->has_efs = g->efs_seen;
	o->efs_at = g->efs.at;
	if (first && first->at < NTFS_NOWHERE)
		o->efs_at = first->at;
	if (g->efs_seen && read_efs(g, o->efs, &o->efs_err) == E_ABSENT &&
	    first)
		o->missing = efs_elsewhere(g, first);
	stream_release(&g->efs);
}

static void finish_streams(struct object *o)
{
	struct error err;

	for (guint i = 0; i < o->streams->len; i++) {
		struct stream *s = &g_array_index(o->streams, struct stream, i);

		if (extents_sort(&s->extents, &err))
			keep_error(&s->err, &err);
		if (!s->begins && !s->err.status)
			(void)fail(&s->err, E_CORRUPT, o->efs_at,
			           "the first part of the stream is missing");
	}
}

/* The volume's size is only a claim of its boot sector.  A lone $MFT has no
   data that could cost anything. */
static void limit_streams(struct object *o, const struct ntfs *fs)
{
	uint64_t there = fs->end - fs->offset;

	o->room = fs->lone ? fs->boot.clusters * fs->boot.cluster : there;
	if (fs->lone)
		return;
	o->together = LIMIT_STREAM(there);
	o->most = MIN(o->together, there + LIMIT_HOLES);
}

enum status object_load_ntfs(struct object *o, struct ntfs *fs,
                             const struct dirs *dirs, uint64_t number,
                             struct error *err)
{
	uint8_t *buf = g_malloc(fs->boot.record);
	struct gather g = { .object = o, .fs = fs, .dirs = dirs };
	struct ntfs_record rec;
	enum status st = ntfs_record_load(fs, number, buf, &rec, err);

	o->mft = number;
	o->read = ntfs_read;
	o->read_ctx = fs;
	o->cluster = fs->boot.cluster;
	limit_streams(o, fs);
	if (!st && rec.base)
		st = fail(err, E_ABSENT, rec.attrs.at, "not a base record");
	if (st) {
		g_free(buf);
		return st;
	}
	o->sequence = rec.sequence;
	o->directory = rec.directory;
	o->deleted = !rec.in_use;
	gather_record(&g, &rec);
	gather_extensions(&g, &rec);
	if (!o->paths->len)
		g_ptr_array_add(o->paths,
		                g_strdup_printf("/$Orphan/OrphanFile-%" PRIu64,
		                                number));
	finish_efs(&g);
	finish_streams(o);
	g_free(buf);
	return OK;
}
