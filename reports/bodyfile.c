/* SPDX-License-Identifier: MIT */
/*
 * bodyfile.c - timeline input for mactime: The Sleuth Kit's body format, 3.x
 *
 * MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime
 *
 * mactime undoes %XX once.  So '%' and '|' are escaped once and come out as
 * they were, and controls twice, or a name could add lines to the timeline.
 */
#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"

#include <inttypes.h>

static char *name_of(const struct case_file *f)
{
	GString *name = g_string_new(f->evidence);
	GString *plain = g_string_new(NULL);
	GString *escaped = g_string_new(NULL);

	if (f->evidence && f->volume)
		g_string_append_c(name, '/');
	format_volume(name, f->volume, f->snapshot);
	format_path(name, f);
	if (f->object.deleted)
		g_string_append(name, " (deleted)");
	format_percent(plain, name->str, "");
	format_percent(escaped, plain->str, "%|");
	g_string_free(name, TRUE);
	g_string_free(plain, TRUE);
	return g_string_free(escaped, FALSE);
}

/* Permissions are not among our facts: rwx, as fls says for NTFS. */
static void write_row(void *ctx, const struct case_file *f)
{
	const struct case_object *o = &f->object;
	char type = o->directory ? 'd' : 'r';
	char *name = name_of(f);
	FILE *out = ctx;

	(void)fprintf(out, "%s|%s|%" PRIu64 "|%c/%crwxrwxrwx|0|0|%" PRIu64,
	              f->stream.md5 ? f->stream.md5 : "0", name, o->mft,
	              o->deleted ? '-' : type, type, f->stream.size);
	(void)fprintf(
		out, "|%" PRIu64 "|%" PRIu64 "|%" PRIu64 "|%" PRIu64 "\n",
		format_unix_time(o->accessed), format_unix_time(o->modified),
		format_unix_time(o->changed), format_unix_time(o->created));
	g_free(name);
}

static enum status write_bodyfile(struct casefile *cf, FILE *out,
                                  struct error *err)
{
	enum status st = each_file(cf, write_row, out, err);

	return st ? st : report_flush(out, err);
}

const struct report report_bodyfile = {
	.name = "bodyfile",
	.about = "timeline input for mactime (The Sleuth Kit)",
	.write = write_bodyfile,
};
