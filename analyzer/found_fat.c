/* SPDX-License-Identifier: MIT */
/*
 * found_fat.c - the files of a FAT or exFAT volume
 *
 * The times of FAT have no zone.  They are shown as if it were UTC, whatever
 * the zone of this machine (main.c).
 */
#include "analyzer/found_fat.h"
#include "analyzer/collection.h"
#include "analyzer/loose.h"
#include "analyzer/tsk_image.h"
#include "parsers/limits.h"

#include <string.h>

/* Shared by all files of the volume; the last one closes it. */
struct fat {
	TSK_IMG_INFO *img;
	TSK_FS_INFO *fs;
};

struct fat_file {
	struct fat *fat;
	TSK_INUM_T inode;
	TSK_FS_FILE *open; /* NULL until it is read */
};

static void close_fat(gpointer p)
{
	struct fat *fat = p;

	if (fat->fs)
		tsk_fs_close(fat->fs);
	if (fat->img)
		tsk_img_close(fat->img);
}

static void rest_file(struct found *found)
{
	struct fat_file *file = found->ctx;

	if (file->open)
		tsk_fs_file_close(file->open);
	file->open = NULL;
}

static void release_file(struct found *found)
{
	struct fat_file *file = found->ctx;

	rest_file(found);
	g_atomic_rc_box_release_full(file->fat, close_fat);
	g_free(file);
}

static enum status read_file(struct found *found, uint64_t at, uint8_t *buf,
                             size_t n, struct error *err)
{
	struct fat_file *file = found->ctx;
	ssize_t got;

	if (!file->open)
		file->open =
			tsk_fs_file_open_meta(file->fat->fs, NULL, file->inode);
	if (!file->open)
		return fail(err, E_CORRUPT, found->origin.offset,
		            "the directory entry cannot be read");
	got = tsk_fs_file_read(file->open, (TSK_OFF_T)at, (char *)buf, n,
	                       TSK_FS_FILE_READ_FLAG_SLACK);
	if (got < 0 || (size_t)got != n)
		return fail(err, E_IO, found->origin.offset,
		            "the clusters of the file cannot be read");
	return OK;
}

/* ---------------------------------------------------------------- the walk */

/* Twice: a file's metadata may come behind it, so all names come first. */
struct walk {
	GPtrArray *to;
	struct fat *fat;
	struct collection_filter filter;
	bool naming; /* the first time */
	bool deleted;
	bool (*stopped)(const void *ctx);
	const void *ctx;
	bool cut; /* there were too many */
};

/* No time is 0 there. */
static uint64_t filetime(time_t seconds, uint32_t nano)
{
	return seconds > 0 ? found_time(seconds, nano) : 0;
}

static void set_times(struct found *found, const TSK_FS_META *meta)
{
	found->origin.made = filetime(meta->crtime, meta->crtime_nano);
	found->modified = filetime(meta->mtime, meta->mtime_nano);
	found->accessed = filetime(meta->atime, meta->atime_nano);
}

/* What is behind the end, in the last cluster, and where the first one is. */
static void set_place(struct found *found, TSK_FS_FILE *f,
                      const TSK_FS_INFO *fs)
{
	const TSK_FS_ATTR *attr = tsk_fs_file_attr_get(f);

	if (!attr || !(attr->flags & TSK_FS_ATTR_NONRES))
		return;
	if (attr->nrd.allocsize > attr->size)
		found->slack = (uint64_t)(attr->nrd.allocsize - attr->size);
	if (attr->nrd.run)
		found->origin.offset =
			(uint64_t)fs->offset +
			attr->nrd.run->addr * (uint64_t)fs->block_size;
}

static struct found *new_file(struct fat *fat, TSK_FS_FILE *f, char *path)
{
	struct fat_file *file = g_new0(struct fat_file, 1);
	struct found *found = g_new0(struct found, 1);

	file->fat = g_atomic_rc_box_acquire(fat);
	file->inode = f->meta->addr;
	found->ctx = file;
	found->size = (uint64_t)f->meta->size;
	found->number = f->meta->addr;
	found->deleted = !(f->name->flags & TSK_FS_NAME_FLAG_ALLOC);
	found->unnamed = !found_wanted(path);
	found->read = read_file;
	found->rest = rest_file;
	found->release = release_file;
	found->origin.path = path;
	set_times(found, f->meta);
	set_place(found, f, fat->fs);
	return found;
}

static void add_file(struct walk *w, TSK_FS_FILE *f, char *path)
{
	struct found *found = new_file(w->fat, f, path);
	uint8_t buf[LOOSE_HEAD];

	if (collection_wants(&w->filter, path, found->size) ||
	    collection_wants_head(&w->filter, path, loose_head(found, buf),
	                          found->size))
		g_ptr_array_add(w->to, found);
	else
		g_clear_pointer(&found, found_free);
	if (found)
		rest_file(found);
}

static bool is_file(const TSK_FS_FILE *f)
{
	return f->name && f->name->name && f->meta &&
	       f->meta->type == TSK_FS_META_TYPE_REG && f->meta->size > 0;
}

static TSK_WALK_RET_ENUM on_entry(TSK_FS_FILE *f, const char *folder, void *ctx)
{
	struct walk *w = ctx;
	char *joined, *path;

	if (w->stopped(w->ctx))
		return TSK_WALK_STOP;
	if (!is_file(f))
		return TSK_WALK_CONT;
	if (w->to->len >= LIMIT_COLLECTED) {
		w->cut = true;
		return TSK_WALK_STOP;
	}
	joined = g_strconcat("/", folder, f->name->name, NULL);
	path = g_utf8_make_valid(joined, -1);
	g_free(joined);
	if (w->naming) {
		collection_note(&w->filter, path, (uint64_t)f->meta->size);
		g_free(path);
	} else {
		add_file(w, f, path);
	}
	return TSK_WALK_CONT;
}

static enum status walk_once(struct walk *w, bool naming, struct error *err)
{
	TSK_FS_INFO *fs = w->fat->fs;
	int flags = TSK_FS_DIR_WALK_FLAG_ALLOC | TSK_FS_DIR_WALK_FLAG_RECURSE;

	flags |= w->deleted ? TSK_FS_DIR_WALK_FLAG_UNALLOC
	                    : TSK_FS_DIR_WALK_FLAG_NOORPHAN;
	w->naming = naming;
	if (tsk_fs_dir_walk(fs, fs->root_inum, (TSK_FS_DIR_WALK_FLAG_ENUM)flags,
	                    on_entry, w))
		return fail(err, E_CORRUPT, (uint64_t)fs->offset,
		            "a directory cannot be read to its end");
	if (w->cut)
		return fail(err, E_LIMIT, (uint64_t)fs->offset,
		            "number of files");
	return OK;
}

/* What was named before a damage is looked at all the same. */
static enum status walk_twice(struct walk *w, char **image, struct error *err)
{
	struct error again;
	enum status st, second;

	collection_filter_init(&w->filter);
	st = walk_once(w, true, err);
	second = walk_once(w, false, &again);
	collection_filter_release(&w->filter, image);
	if (!st && second)
		*err = again;
	return st ? st : second;
}

enum status found_fat(GPtrArray *to, char **image, const struct volume *volume,
                      bool deleted, bool (*stopped)(const void *ctx),
                      const void *ctx, struct error *err)
{
	struct walk w = {
		.to = to,
		.fat = g_atomic_rc_box_new0(struct fat),
		.deleted = deleted,
		.stopped = stopped,
		.ctx = ctx,
	};
	enum status st;

	*image = NULL;
	w.fat->img = tsk_image_open(volume->s, 512);
	if (w.fat->img)
		w.fat->fs =
			tsk_fs_open_img(w.fat->img, (TSK_OFF_T)volume->offset,
		                        TSK_FS_TYPE_FAT_DETECT);
	st = w.fat->fs ? walk_twice(&w, image, err)
	               : fail(err, E_CORRUPT, volume->offset,
	                      "the file system cannot be read");
	tsk_error_reset();
	g_atomic_rc_box_release_full(w.fat, close_fat);
	return st;
}
