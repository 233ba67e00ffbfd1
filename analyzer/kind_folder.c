/* SPDX-License-Identifier: MIT */
/*
 * kind_folder.c - a plain directory: a copied profile, a triage collection
 */
#include "analyzer/collection.h"
#include "analyzer/found_dir.h"

static enum status find(struct run *run, struct evidence *e, struct error *err)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(found_free);

	found_dir(files, e->path);
	return collection_add(run, e, files,
	                      (struct collection_info){ .form = "directory" },
	                      err);
}

const struct kind kind_folder = {
	.name = "directory",
	.find = find,
};
