/* SPDX-License-Identifier: MIT */
/*
 * kind_loose.c - one encrypted file, in a form in which it lives outside of
 * NTFS
 *
 * Its metadata may be in it, in its extended attribute, or in a file beside it.
 */
#include "analyzer/collection.h"
#include "analyzer/found_dir.h"
#include "analyzer/found_source.h"
#include "analyzer/loose.h"
#include "analyzer/say.h"

#include <string.h>

/* The metadata of a file of this machine, in a file beside it; NULL: none. */
static struct found *beside(const char *path, const char *name)
{
	static const char *const endings[] = { ".efsinfo", ".$EFS", ".efs" };
	struct found *found = NULL;

	for (size_t i = 0; !found && i < G_N_ELEMENTS(endings); i++) {
		char *wanted = g_strconcat(name, endings[i], NULL);
		char *host = source_beside(path, wanted);

		if (host)
			found = found_file(host, wanted);
		if (found && !loose_is_info(found))
			g_clear_pointer(&found, found_free);
		g_free(host);
		g_free(wanted);
	}
	return found;
}

/* The file that this is the metadata of, if that is here; to be freed. */
static char *base_of(const struct probe *probe)
{
	enum loose_info from;
	size_t n = probe->path ? loose_base(probe->path, &from) : 0;
	char *base = n ? g_strndup(probe->path, n) : NULL;

	if (base && !g_file_test(base, G_FILE_TEST_EXISTS))
		g_clear_pointer(&base, g_free);
	return base;
}

static bool is_metadata(const struct probe *probe)
{
	char *name;
	enum loose_info from;
	bool is = false;

	if (!probe->path || !loose_is_efs(probe->head, probe->under->size))
		return false;
	name = g_path_get_basename(probe->path);
	is = loose_base(name, &from) || !g_ascii_strcasecmp(name, "$EFS");
	g_free(name);
	return is;
}

static unsigned bid(const struct probe *probe)
{
	struct found *found = NULL;
	char *name;
	unsigned bits = 0;

	if (loose_begins(probe->head, probe->under->size))
		return 80;
	if (!probe->path)
		return 0;
	if (is_metadata(probe))
		return 60;
	name = g_path_get_basename(probe->path);
	found = found_file(probe->path, name);
	if (found && found->info && loose_is_info(found->info))
		bits = 48;
	found_free(found);
	found = bits ? NULL : beside(probe->path, name);
	if (found)
		bits = 40;
	found_free(found);
	g_free(name);
	return bits;
}

static const char *form(const struct probe *probe)
{
	struct found file = { .size = probe->under->size };
	const struct loose l = { .file = &file };
	const struct loose_form *form = loose_find(&l, probe->head);

	return form ? form->name : "encrypted file";
}

/* Metadata whose file was left out of the command line, or is named too. */
static bool refuse(struct run *run, const struct evidence *e)
{
	struct error ignored;
	struct probe probe;
	char *base;

	if (e->s->under || source_probe(&probe, e->s, e->path, &ignored) ||
	    !is_metadata(&probe))
		return false;
	base = base_of(&probe);
	if (!base || g_file_test(base, G_FILE_TEST_IS_DIR)) {
		g_free(base);
		return false;
	}
	say("%s: the metadata of %s, which is to be named instead", e->path,
	    base);
	run->evidence_failed++;
	g_free(base);
	return true;
}

static enum status find(struct run *run, struct evidence *e, struct error *err)
{
	GPtrArray *files;
	struct found *file, *info;

	if (refuse(run, e))
		return OK;
	files = g_ptr_array_new_with_free_func(found_free);
	file = found_source(e);
	file->unnamed = true;
	g_ptr_array_add(files, file);
	info = e->s->under ? NULL : beside(e->path, file->origin.path);
	if (info) {
		info->unnamed = true;
		g_ptr_array_add(files, info);
	}
	return collection_add(
		run, e, files,
		(struct collection_info){ .form = "encrypted file" }, err);
}

const struct kind kind_loose = {
	.name = "encrypted file",
	.bid = bid,
	.form = form,
	.find = find,
};
