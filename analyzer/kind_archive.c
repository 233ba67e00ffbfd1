/* SPDX-License-Identifier: MIT */
/*
 * kind_archive.c - files that were collected into a zip, tar or 7z
 */
#include "analyzer/collection.h"
#include "analyzer/say.h"
#include "analyzer/unpack.h"
#include "parsers/limits.h"

#include <string.h>

static unsigned bid(const struct probe *probe)
{
	unsigned bits;

	return unpack_recognise(probe->head, &bits) ? bits : 0;
}

static const char *form(const struct probe *probe)
{
	unsigned bits;

	return unpack_recognise(probe->head, &bits);
}

static bool stopped(const void *run)
{
	return run_stopped(run);
}

static void refuse(struct run *run, const struct evidence *e,
                   const struct error *why)
{
	if (!strcmp(e->form, "rar") || !strcmp(e->form, "cab"))
		say("%s: a %s archive, which this program does not read: "
		    "unpack it first",
		    e->path, e->form);
	else if (strcmp(e->form, "zip") != 0 && strcmp(e->form, "7z") != 0 &&
	         strcmp(e->form, "tar") != 0)
		say("%s: packed by %s, and in it no archive of files (%s): "
		    "unpack it first",
		    e->path, e->form, why->what);
	else
		say("%s: the archive cannot be read: %s", e->path, why->what);
	run->evidence_failed++;
}

static enum status find(struct run *run, struct evidence *e, struct error *err)
{
	struct collection_info info = { .form = e->form };
	struct error why = { 0 };
	GPtrArray *files;
	struct unpack u;

	if (unpack(&u, e->s, stopped, run, &why) || !u.opened) {
		refuse(run, e, &why);
		unpack_release(&u);
		return OK;
	}
	info.reason = g_steal_pointer(&u.reason);
	info.image = g_steal_pointer(&u.image);
	if (u.files->len >= LIMIT_COLLECTED)
		say("%s: over %u files are worth a look; the rest was not "
		    "looked into",
		    e->path, LIMIT_COLLECTED);
	say_detail("%s: %s", e->path, u.form);
	files = g_steal_pointer(&u.files);
	unpack_release(&u);
	return collection_add(run, e, files, info, err);
}

const struct kind kind_archive = {
	.name = "archive",
	.bid = bid,
	.form = form,
	.find = find,
};
