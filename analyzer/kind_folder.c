/* SPDX-License-Identifier: MIT */
/*
 * kind_folder.c - a plain directory: a copied profile, a triage collection
 */
#include "analyzer/collection.h"
#include "analyzer/found_dir.h"

static enum status find(struct run *run, struct evidence *e, struct error *err)
{
	struct collection_info info = { .form = "directory" };
	GPtrArray *files = g_ptr_array_new_with_free_func(found_free);

	found_dir(files, e->path, &info.image);
	return collection_add(run, e, files, info, err);
}

const struct kind kind_folder = {
	.name = "directory",
	.find = find,
};
