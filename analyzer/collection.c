/* SPDX-License-Identifier: MIT */
/*
 * collection.c - files that somebody collected
 */
#include "analyzer/collection.h"

struct collection {
	GPtrArray *files;
	GArray *records;
};

static enum status load(void *from, uint64_t number, struct object *object,
                        struct error *err)
{
	(void)from, (void)number, (void)object;
	return fail(err, E_ABSENT, 0, "no loose file");
}

static void keys(void *from, GPtrArray *to)
{
	struct collection *c = from;

	for (guint i = 0; i < c->files->len; i++)
		g_ptr_array_add(to, c->files->pdata[i]);
}

static void release(void *from)
{
	struct collection *c = from;

	g_array_free(c->records, TRUE);
	g_ptr_array_free(c->files, TRUE);
	g_free(c);
}

static const struct finder finder_collection = {
	.load = load,
	.keys = keys,
	.free = release,
};

enum status collection_add(struct run *run, const struct evidence *e,
                           GPtrArray *files, const char *form,
                           struct error *err)
{
	struct collection *c = g_new0(struct collection, 1);
	struct site *site = g_new0(struct site, 1);

	c->files = files;
	c->records = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	site->place.finder = &finder_collection;
	site->place.from = c;
	site->records = c->records;
	site->row.filesystem = form;
	return kind_add_site(run, e, site, err);
}
