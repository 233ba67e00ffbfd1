/* SPDX-License-Identifier: MIT */
/*
 * collection_filter.c - which files of a collection are worth a look
 */
#include "analyzer/collection.h"
#include "analyzer/loose.h"
#include "analyzer/site_mft.h"
#include "parsers/limits.h"

#include <string.h>

void collection_filter_init(struct collection_filter *f)
{
	f->image = NULL;
	f->bases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void collection_filter_release(struct collection_filter *f, char **image)
{
	*image = g_steal_pointer(&f->image);
	g_hash_table_destroy(f->bases);
}

void collection_note(struct collection_filter *f, const char *path,
                     uint64_t size)
{
	enum loose_info from;
	size_t n = loose_base(path, &from);

	if (n && size <= LIMIT_EFS_SIZE)
		g_hash_table_add(f->bases, loose_key(path, n));
}

/* NAME:STREAM has the metadata of NAME. */
static bool is_stream(const struct collection_filter *f, const char *key)
{
	const char *slash = strrchr(key, '/');
	const char *colon = strchr(slash ? slash : key, ':');
	char *base = colon ? g_strndup(key, (gsize)(colon - key)) : NULL;
	bool is = base && g_hash_table_contains(f->bases, base);

	g_free(base);
	return is;
}

bool collection_wants(const struct collection_filter *f, const char *path,
                      uint64_t size)
{
	enum loose_info from;
	bool wanted;
	char *key;

	if (size <= FOUND_SMALL || found_wanted(path) ||
	    (size <= LIMIT_EFS_SIZE && loose_base(path, &from)))
		return true;
	key = loose_key(path, strlen(path));
	wanted = g_hash_table_contains(f->bases, key) || is_stream(f, key);
	g_free(key);
	return wanted;
}

bool collection_wants_head(struct collection_filter *f, const char *path,
                           struct bytes head, uint64_t size)
{
	if (!f->image && source_recognise(head))
		f->image = g_strdup(path);
	return loose_begins(head, size) || mft_begins(head);
}
