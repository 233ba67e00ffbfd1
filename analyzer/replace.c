/* SPDX-License-Identifier: MIT */
/*
 * replace.c - a file that is written beside its name, and gets it when whole
 */
#define _GNU_SOURCE /* fopen: "x" */

#include "analyzer/replace.h"
#include "analyzer/sandbox.h"
#include "analyzer/sandbox_aide.h"

#include <errno.h>
#include <glib.h>
#include <unistd.h>

static FILE *open_part(const char *part)
{
	FILE *out = fopen(part, "wxe");

	if (!out && errno == EEXIST && !unlink(part))
		out = fopen(part, "wxe");
	return out;
}

static FILE *open_outside(struct aide *aide, int number)
{
	int fd = aide_open(aide, number);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out && fd >= 0)
		close(fd);
	return out;
}

bool replace_begin(struct replacement *r, const char *path)
{
	struct aide *aide = sandbox_aide();

	*r = (struct replacement){ .path = path, .number = -1 };
	if (aide)
		r->number = aide_find(aide, path);
	if (r->number >= 0) {
		r->out = open_outside(aide, r->number);
	} else {
		r->part = g_strdup_printf("%s.part", path);
		r->out = open_part(r->part);
	}
	if (!r->out)
		g_clear_pointer(&r->part, g_free);
	return r->out != NULL;
}

/* What is not kept, the process outside removes at its end. */
static int settle(struct replacement *r, bool keep)
{
	int why = 0;

	if (r->number >= 0)
		return keep ? aide_rename(sandbox_aide(), r->number) : 0;
	if (keep && rename(r->part, r->path))
		why = errno;
	if (!keep || why)
		(void)unlink(r->part);
	return why;
}

/* A file system may have the name on the disk long before the data. */
static int sync_stream(FILE *out)
{
	if (fflush(out))
		return errno;
	/* some kinds of files cannot be synced, and need not be */
	return fsync(fileno(out)) && errno != EINVAL && errno != EROFS ? errno
	                                                               : 0;
}

int replace_end(struct replacement *r, bool keep)
{
	int why = keep ? sync_stream(r->out) : 0;
	int closed = fclose(r->out) ? errno : 0;
	int settled;

	why = why ? why : closed;
	settled = settle(r, keep && !why);

	g_free(r->part);
	*r = (struct replacement){ .number = -1 };
	return why ? why : settled;
}
