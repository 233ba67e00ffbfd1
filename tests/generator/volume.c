/* SPDX-License-Identifier: MIT */
/*
 * volume.c - names, directories and times on an NTFS volume of libntfs-3g
 */
#define _DEFAULT_SOURCE /* S_IFDIR */

#include "tests/generator/volume.h"

#include <ntfs-3g/logging.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dated {
	MFT_REF ref;
	struct times times;
};

/* ----------------------------------------------------------------- volume */

/*
 * $AttrDef allows 64 KiB in a $LOGGED_UTILITY_STREAM, [MS-EFSR] <7> allows
 * 256 KiB in $EFS.  The definition is widened in memory only.
 */
static void widen_efs(ntfs_volume *vol)
{
	ATTR_DEF *d = vol->attrdef;
	size_t n = (size_t)vol->attrdef_len / sizeof(*d);

	for (size_t i = 0; i < n && d[i].type; i++)
		if (d[i].type == AT_LOGGED_UTILITY_STREAM)
			d[i].max_size = cpu_to_le64(16 << 20);
}

void volume_open(struct volume *v, const char *image)
{
	*v = (struct volume){ 0 };
	ntfs_log_set_handler(ntfs_log_handler_stderr);
	v->ntfs = ntfs_mount(image, NTFS_MNT_NONE);
	if (!v->ntfs)
		die("%s: no NTFS volume: %s", image, strerror(errno));
	widen_efs(v->ntfs);
}

/* The $FILE_NAME copies in the record, which the library leaves alone. */
static void date_names(ntfs_inode *ni)
{
	ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(ni, NULL);

	if (!ctx)
		die("cannot look at a record");
	while (!ntfs_attr_lookup(AT_FILE_NAME, NULL, 0, CASE_SENSITIVE, 0, NULL,
	                         0, ctx)) {
		uint8_t *value = (uint8_t *)ctx->attr +
		                 le16_to_cpu(ctx->attr->value_offset);
		FILE_NAME_ATTR *fn = (FILE_NAME_ATTR *)(void *)value;

		fn->creation_time = ni->creation_time;
		fn->last_data_change_time = ni->last_data_change_time;
		fn->last_mft_change_time = ni->last_mft_change_time;
		fn->last_access_time = ni->last_access_time;
		ntfs_inode_mark_dirty(ctx->ntfs_ino);
	}
	ntfs_attr_put_search_ctx(ctx);
}

static void date(ntfs_inode *ni, const struct times *t)
{
	ni->creation_time = cpu_to_le64(t->created);
	ni->last_data_change_time = cpu_to_le64(t->modified);
	ni->last_mft_change_time = cpu_to_le64(t->changed);
	ni->last_access_time = cpu_to_le64(t->accessed);
	date_names(ni);
	NInoSetDirty(ni);
}

static ntfs_inode *open_ref(struct volume *v, MFT_REF ref)
{
	ntfs_inode *ni = ntfs_inode_open(v->ntfs, ref);

	if (!ni)
		die("cannot open record %llu: %s",
		    (unsigned long long)MREF(ref), strerror(errno));
	return ni;
}

/* Put back times that the library moved: those of parents, for one. */
static void date_again(struct volume *v, const struct dated *d)
{
	ntfs_inode *ni = open_ref(v, d->ref);

	date(ni, &d->times);
	if (MREF(d->ref) != FILE_root)
		NInoFileNameSetDirty(ni);
	if (ntfs_inode_close(ni))
		die("cannot close a directory: %s", strerror(errno));
}

void volume_close(struct volume *v)
{
	struct dated root = { .ref = FILE_root, .times = v->root };

	for (size_t i = 0; i < v->n_dirs; i++)
		date_again(v, &v->dirs[i]);
	if (root.times.created)
		date_again(v, &root);
	if (ntfs_umount(v->ntfs, FALSE))
		die("cannot unmount: %s", strerror(errno));
	free(v->dirs);
	*v = (struct volume){ 0 };
}

static void put_serial(FILE *f, uint64_t boot, uint64_t serial)
{
	uint8_t le[8];

	for (int i = 0; i < 8; i++)
		le[i] = (uint8_t)(serial >> (8 * i));
	if (fseeko(f, (off_t)(boot + 0x48), SEEK_SET) ||
	    fwrite(le, 1, sizeof(le), f) != sizeof(le))
		die("cannot write a boot sector");
}

void volume_set_serial(const char *image, uint64_t serial)
{
	FILE *f = fopen(image, "r+b");
	uint8_t boot[512];
	uint64_t sectors = 0;

	if (!f || fread(boot, 1, sizeof(boot), f) != sizeof(boot))
		die("cannot read %s", image);
	for (int i = 7; i >= 0; i--)
		sectors = sectors << 8 | boot[0x28 + i];
	put_serial(f, 0, serial);
	put_serial(f, sectors * (uint64_t)(boot[0x0b] | boot[0x0c] << 8),
	           serial);
	if (fclose(f))
		die("cannot write %s", image);
}

/* ------------------------------------------------------------------ times */

/* Days from 1601-01-01 in the proleptic Gregorian calendar. */
static uint64_t days(unsigned year, unsigned month, unsigned day)
{
	static const unsigned before[] = { 0,   31,  59,  90,  120, 151,
		                           181, 212, 243, 273, 304, 334 };
	uint64_t y = year - 1601;
	bool leap = !(year % 4) && (year % 100 || !(year % 400));

	return y * 365 + y / 4 - y / 100 + y / 400 + before[month - 1] +
	       (month > 2 && leap) + day - 1;
}

uint64_t parse_time(const char *text)
{
	unsigned y, mo, d, h, mi, s, frac = 0;
	uint64_t t;

	if (sscanf(text, "%4u-%2u-%2uT%2u:%2u:%2u.%7uZ", &y, &mo, &d, &h, &mi,
	           &s, &frac) < 6 ||
	    y < 1601 || mo < 1 || mo > 12)
		die("'%s' is not a time", text);
	t = ((days(y, mo, d) * 24 + h) * 60 + mi) * 60 + s;
	return t * 10000000 + frac;
}

/* ------------------------------------------------------------------- names */

static MFT_REF find(ntfs_inode *dir, const struct name *name)
{
	u64 ref = ntfs_inode_lookup_by_name(dir, name->u, name->n);

	return ref == (u64)-1 ? 0 : (MFT_REF)ref;
}

static char *join(char *path, const struct name *name)
{
	char *text = name_encode(name);
	size_t n = strlen(path), add = strlen(text) + 2;

	path = xrealloc(path, n + add);
	snprintf(path + n, add, "/%s", text);
	free(text);
	return path;
}

static MFT_REF ref_of(const ntfs_inode *ni)
{
	return MK_MREF(ni->mft_no, le16_to_cpu(ni->mrec->sequence_number));
}

static void date_later(struct volume *v, ntfs_inode *ni, const struct times *t)
{
	v->dirs = xrealloc(v->dirs, (v->n_dirs + 1) * sizeof(*v->dirs));
	v->dirs[v->n_dirs].ref = ref_of(ni);
	v->dirs[v->n_dirs++].times = *t;
}

static MFT_REF make_directory(struct place *p, struct volume *v)
{
	ntfs_inode *ni = place_create(p, true);
	MFT_REF ref = ref_of(ni);

	date_later(v, ni, &v->root);
	date(ni, &v->root);
	if (ntfs_inode_close_in_dir(ni, p->dir))
		die("cannot close %s: %s", p->path, strerror(errno));
	return ref;
}

static void step_down(struct place *p, struct volume *v)
{
	MFT_REF ref = find(p->dir, &p->name);

	if (!ref)
		ref = make_directory(p, v);
	if (ntfs_inode_close(p->dir))
		die("cannot close a directory: %s", strerror(errno));
	p->dir = open_ref(v, ref);
}

void place_open(struct place *p, struct volume *v, const char *path)
{
	*p = (struct place){ .dir = open_ref(v, FILE_root),
		             .path = xstrdup("") };
	while (*path == '/')
		path++;
	for (;;) {
		size_t n = strcspn(path, "/");

		name_decode(&p->name, path, n);
		p->path = join(p->path, &p->name);
		if (!path[n])
			return;
		path += n + 1;
		step_down(p, v);
	}
}

void place_close(struct place *p)
{
	if (p->dir && ntfs_inode_close(p->dir))
		die("cannot close a directory: %s", strerror(errno));
	free(p->path);
	*p = (struct place){ 0 };
}

ntfs_inode *place_create(const struct place *p, bool directory)
{
	/* The first descriptor that mkntfs puts into $Secure. */
	le32 security = const_cpu_to_le32(0x100);
	ntfs_inode *ni = ntfs_create(p->dir, security, p->name.u, p->name.n,
	                             directory ? S_IFDIR : S_IFREG);

	if (!ni)
		die("cannot create %s: %s", p->path, strerror(errno));
	return ni;
}

ntfs_inode *place_lookup(const struct place *p)
{
	MFT_REF ref = find(p->dir, &p->name);
	ntfs_inode *ni = ref ? ntfs_inode_open(p->dir->vol, ref) : NULL;

	if (!ni)
		die("there is no %s", p->path);
	return ni;
}

void volume_seal(struct volume *v, struct place *p, ntfs_inode *ni,
                 const struct times *t)
{
	if (ni->mrec->flags & MFT_RECORD_IS_DIRECTORY)
		date_later(v, ni, t);
	date(ni, t);
	NInoFileNameSetDirty(ni);
	if (ntfs_inode_close_in_dir(ni, p->dir))
		die("cannot close %s: %s", p->path, strerror(errno));
	place_close(p);
}

static struct times times_of(const ntfs_inode *ni)
{
	return (struct times){
		le64_to_cpu(ni->creation_time),
		le64_to_cpu(ni->last_data_change_time),
		le64_to_cpu(ni->last_mft_change_time),
		le64_to_cpu(ni->last_access_time),
	};
}

static ntfs_inode *open_path(struct volume *v, const char *path)
{
	struct place p;
	ntfs_inode *ni;

	place_open(&p, v, path);
	ni = place_lookup(&p);
	place_close(&p);
	return ni;
}

uint64_t volume_link(struct volume *v, const char *old, const char *new,
                     char **path)
{
	/* One after the other: the library caches inodes that are closed. */
	ntfs_inode *ni = open_path(v, old);
	struct times t = times_of(ni);
	uint64_t mft = ni->mft_no;
	struct place to;

	place_open(&to, v, new);
	if (ntfs_link(ni, to.dir, to.name.u, to.name.n))
		die("cannot link %s: %s", to.path, strerror(errno));
	*path = xstrdup(to.path);
	place_close(&to); /* the names may be in several directories */
	date(ni, &t);
	NInoFileNameSetDirty(ni);
	if (ntfs_inode_close(ni))
		die("cannot close %s: %s", old, strerror(errno));
	return mft;
}

void volume_dos_name(struct volume *v, const char *path, const char *name)
{
	struct dated d;
	struct place p;
	ntfs_inode *ni;

	place_open(&p, v, path);
	ni = place_lookup(&p);
	d = (struct dated){ ref_of(ni), times_of(ni) };
	if (ntfs_set_ntfs_dos_name(ni, p.dir, name, strlen(name), 0))
		die("cannot name %s %s: %s", p.path, name, strerror(errno));
	p.dir = NULL; /* closed, and so is ni */
	place_close(&p);
	date_again(v, &d);
}

static void forget_date(struct volume *v, MFT_REF ref)
{
	for (size_t i = 0; i < v->n_dirs; i++)
		if (v->dirs[i].ref == ref)
			v->dirs[i--] = v->dirs[--v->n_dirs];
}

/* The times that an object was given, whatever happened to it since. */
static struct times given_times(const struct volume *v, const ntfs_inode *ni)
{
	for (size_t i = 0; i < v->n_dirs; i++)
		if (v->dirs[i].ref == ref_of(ni))
			return v->dirs[i].times;
	return times_of(ni);
}

bool volume_delete(struct volume *v, const char *path, uint64_t *mft)
{
	struct dated d;
	struct place p;
	ntfs_inode *ni;
	bool last;

	place_open(&p, v, path);
	ni = place_lookup(&p);
	*mft = ni->mft_no;
	last = le16_to_cpu(ni->mrec->link_count) == 1;
	d = (struct dated){ ref_of(ni), given_times(v, ni) };
	date(ni, &d.times);
	if (ntfs_delete(v->ntfs, NULL, ni, p.dir, p.name.u, p.name.n))
		die("cannot delete %s: %s", p.path, strerror(errno));
	p.dir = NULL; /* closed, and so is ni */
	place_close(&p);
	if (last)
		forget_date(v, d.ref);
	else
		date_again(v, &d);
	return last;
}
