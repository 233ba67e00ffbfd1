/* SPDX-License-Identifier: MIT */
/*
 * site_fat.c - the encrypted objects of a FAT or exFAT volume
 *
 * They are files with their metadata in or beside them, as those that somebody
 * collected.
 */
#include "analyzer/site_fat.h"
#include "analyzer/found_fat.h"
#include "analyzer/say.h"

#include <string.h>

bool site_is_fat(const struct volume *volume)
{
	const char *name = volume->filesystem;

	return name &&
	       (g_str_has_prefix(name, "FAT") || !strcmp(name, "exFAT"));
}

static bool stopped(const void *run)
{
	return run_stopped(run);
}

struct site *site_fat(struct run *run, const struct volume *volume)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(found_free);
	struct collection_info info = { .form = volume->filesystem };
	struct error err;

	if (found_fat(files, &info.image, volume, run->o->deleted, stopped, run,
	              &err))
		info.reason = say_error(&err);
	return collection_site(files, info);
}
