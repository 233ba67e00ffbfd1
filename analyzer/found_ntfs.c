/* SPDX-License-Identifier: MIT */
/*
 * found_ntfs.c - a file of an NTFS volume, to look into it for key material
 */
#include "analyzer/found_ntfs.h"
#include "analyzer/object_ntfs.h"

#include <string.h>

struct ntfs_file {
	struct ntfs *fs;
	GByteArray *value; /* of a resident stream, or NULL */
	struct extents extents;
	uint64_t initialized; /* bytes; what follows is zeros */
};

static void release_file(struct found *found)
{
	struct ntfs_file *file = found->ctx;

	if (file->value)
		g_byte_array_free(file->value, TRUE);
	extents_release(&file->extents);
	g_free(file);
}

static enum status read_file(struct found *found, uint64_t at, uint8_t *buf,
                             size_t n, struct error *err)
{
	struct ntfs_file *file = found->ctx;
	size_t valid = n;

	if (file->value) {
		memcpy(buf, file->value->data + at, n);
		return OK;
	}
	if (at + n > file->initialized)
		valid = at < file->initialized
		                ? (size_t)(file->initialized - at)
		                : 0;
	memset(buf + valid, 0, n - valid);
	return valid ? ntfs_read_extents(file->fs, &file->extents, at, buf,
	                                 valid, err)
	             : OK;
}

static enum status refuse(struct found *found, uint64_t at, uint8_t *buf,
                          size_t n, struct error *err)
{
	(void)at;
	(void)buf;
	(void)n;
	return fail(err, E_UNSUPPORTED, found->origin.offset,
	            "the file is compressed or encrypted: not read");
}

/*
 * A unit of a compressed stream is stored as it is where all clusters that it
 * needs are there: so are most small files.
 */
static bool is_stored(const struct stream *s)
{
	return !(s->flags & NTFS_ATTR_COMPRESSED) ||
	       s->extents.stored >= s->size;
}

static struct stream *unnamed(struct object *o)
{
	for (guint i = 0; i < o->streams->len; i++) {
		struct stream *s = &g_array_index(o->streams, struct stream, i);

		if (!s->name)
			return s;
	}
	return NULL;
}

/* The stream's bytes or extents change hands. */
static struct found *take(struct ntfs *fs, struct object *o, struct stream *s)
{
	struct found *found = g_new0(struct found, 1);
	struct ntfs_file *file = g_new0(struct ntfs_file, 1);

	file->fs = fs;
	file->value = g_steal_pointer(&s->value);
	file->extents = s->extents;
	file->initialized = s->initialized;
	s->extents = (struct extents){ 0 };
	found->ctx = file;
	found->size = s->size;
	found->read = read_file;
	found->release = release_file;
	found->origin.path = g_strdup(o->paths->pdata[0]);
	found->origin.made = o->created;
	found->origin.offset = s->at;
	if (file->extents.list && file->extents.list->len)
		found->origin.offset =
			g_array_index(file->extents.list, struct extent, 0).at;
	return found;
}

enum status found_ntfs(struct found **out, struct ntfs *fs,
                       const struct dirs *dirs, uint64_t number,
                       struct error *err)
{
	struct object o;
	struct stream *s;
	enum status st;

	*out = NULL;
	object_init(&o);
	st = object_load_ntfs(&o, fs, dirs, number, err);
	s = st || o.directory ? NULL : unnamed(&o);
	if (!st && (!s || !s->begins || (fs->lone && !s->resident))) {
		st = fail(err, E_ABSENT, 0, "no file with data");
	} else if (!st && s->err.status) {
		*err = s->err;
		st = err->status;
	} else if (!st) {
		bool plain = !(s->flags & NTFS_ATTR_ENCRYPTED) && is_stored(s);

		*out = take(fs, &o, s);
		if (!plain) {
			(*out)->read = refuse;
			st = fail(err, E_UNSUPPORTED, (*out)->origin.offset,
			          "the file is compressed or encrypted: not "
			          "read");
		}
	}
	object_release(&o);
	return st;
}
