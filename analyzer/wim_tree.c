/* SPDX-License-Identifier: MIT */
/*
 * wim_tree.c - the tree of files in one image of a WIM: what is worth a look,
 * and how to be rid of the rest
 */
#include "analyzer/wim_tree.h"
#include "analyzer/loose.h"
#include "parsers/limits.h"

#include <string.h>

bool wim_is_root(const struct wimlib_dir_entry *d)
{
	return !strcmp(d->full_path, "/");
}

bool wim_is_directory(const struct wimlib_dir_entry *d)
{
	return d->attributes & WIMLIB_FILE_ATTRIBUTE_DIRECTORY;
}

bool wim_is_encrypted(const struct wimlib_dir_entry *d)
{
	return d->attributes & WIMLIB_FILE_ATTRIBUTE_ENCRYPTED;
}

bool wim_wants(const struct wimlib_dir_entry *d)
{
	const struct wimlib_resource_entry *r = &d->streams[0].resource;
	char *plain;
	bool wanted;
	enum loose_info from;

	if (wim_is_root(d) ||
	    d->attributes & WIMLIB_FILE_ATTRIBUTE_REPARSE_POINT)
		return false;
	if (wim_is_encrypted(d) || wim_is_directory(d))
		return wim_is_encrypted(d);
	plain = loose_plain(d->full_path);
	wanted = strcmp(plain, d->full_path) != 0 ||
	         loose_base(d->full_path, &from) ||
	         !g_ascii_strcasecmp(d->filename, "$MFT") ||
	         (found_wanted(d->full_path) &&
	          r->uncompressed_size <= LIMIT_MEMBER);
	g_free(plain);
	return wanted;
}

void wim_need(GHashTable *needed, const char *path)
{
	char *p = g_strdup(path);
	char *slash;

	while (*p && g_hash_table_add(needed, g_strdup(p)) &&
	       (slash = strrchr(p, '/')))
		*slash = '\0';
	g_free(p);
}

struct prune {
	WIMStruct *wim;
	int image;
	GHashTable *needed;
	GPtrArray *dropped; /* of char *: paths that go, with all below them */
};

/* The highest folder with nothing in it that stays, goes as a whole. */
static int drop(const struct wimlib_dir_entry *d, void *ctx)
{
	struct prune *p = ctx;
	const char *slash = strrchr(d->full_path, '/');
	char *parent;

	if (wim_is_root(d) || g_hash_table_contains(p->needed, d->full_path))
		return 0;
	parent = g_strndup(d->full_path, (gsize)(slash - d->full_path));
	if (!*parent || g_hash_table_contains(p->needed, parent))
		g_ptr_array_add(p->dropped, g_strdup(d->full_path));
	g_free(parent);
	return 0;
}

static int drop_all(struct prune *p)
{
	size_t n = p->dropped->len;
	struct wimlib_update_command *c =
		g_new0(struct wimlib_update_command, n + 1);
	int r;

	for (size_t i = 0; i < n; i++) {
		c[i].op = WIMLIB_UPDATE_OP_DELETE;
		c[i].delete_.wim_path = p->dropped->pdata[i];
		c[i].delete_.delete_flags = WIMLIB_DELETE_FLAG_RECURSIVE;
	}
	r = n ? wimlib_update_image(p->wim, p->image, c, n, 0) : 0;
	g_free(c);
	return r;
}

int wim_keep_only(WIMStruct *wim, int image, GHashTable *needed)
{
	struct prune p = { .wim = wim, .image = image, .needed = needed };
	int r;

	p.dropped = g_ptr_array_new_with_free_func(g_free);
	r = wimlib_iterate_dir_tree(wim, image, "/",
	                            WIMLIB_ITERATE_DIR_TREE_FLAG_RECURSIVE,
	                            drop, &p);
	if (!r)
		r = drop_all(&p);
	g_ptr_array_free(p.dropped, TRUE);
	return r;
}
