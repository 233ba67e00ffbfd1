/* SPDX-License-Identifier: MIT */
/*
 * found_source.c - a whole evidence as one collected file
 */
#include "analyzer/found_source.h"
#include "analyzer/found_dir.h"

static enum status read_source(struct found *found, uint64_t at, uint8_t *buf,
                               size_t n, struct error *err)
{
	return source_read(found->ctx, at, buf, n, err);
}

struct found *found_source(const struct evidence *e)
{
	char *base = g_path_get_basename(e->path);
	char *name = g_utf8_make_valid(base, -1);
	struct found *host = e->s->under ? NULL : found_file(e->path, name);
	struct found *found = g_new0(struct found, 1);

	if (host) {
		found->modified = host->modified;
		found->info = g_steal_pointer(&host->info);
	}
	found->origin.path = name;
	found->size = e->s->size;
	found->read = read_source;
	found->ctx = e->s;
	found_free(host);
	g_free(base);
	return found;
}
