/* SPDX-License-Identifier: MIT */
/*
 * run_resume.c - the end of a run into the folder of an earlier one
 */
#include "analyzer/run.h"
#include "analyzer/say.h"

#include <inttypes.h>

struct vanished {
	struct run *run;
	char *folder; /* for it */
	uint64_t n;
};

static enum status count(void *ctx, const char *path, struct error *err)
{
	struct vanished *v = ctx;
	struct stat sb;

	(void)err;
	if (!output_stat(v->run->out, path, &sb) && !S_ISDIR(sb.st_mode))
		v->n++;
	return OK;
}

static enum status put_aside(void *ctx, const char *path, struct error *err)
{
	struct vanished *v = ctx;
	bool moved;
	enum status st = output_vanish(v->run->out, path, &moved, err);

	if (!st && moved) {
		v->n++;
		say_detail("%s: moved to %s", path, v->folder);
	}
	return st;
}

/* What could not be read may hold what seems to have vanished. */
static bool all_seen(const struct run *run)
{
	return !run->output_failed && !run->volume_damaged &&
	       !run->evidence_failed && !run->bitlocker_locked &&
	       !run->snapshot_missing && !run->unloadable;
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static enum status mirror(struct run *run, struct vanished *v,
                          struct error *err)
{
	enum status st =
		case_hints_vanished(output_hints(run->out), put_aside, v, err);

	if (v->n)
		say_info("%" PRIu64 " file%s not in the evidence any more, now "
		         "in %s/%s",
		         v->n, plural(v->n), run->o->output, v->folder);
	return st;
}

static enum status contribute(struct run *run, struct vanished *v,
                              struct error *err)
{
	enum status st =
		case_hints_vanished(output_hints(run->out), count, v, err);

	if (v->n)
		say_info("%" PRIu64
		         " file%s of earlier runs that this one does "
		         "not list, left as they are%s",
		         v->n, plural(v->n),
		         !run->o->mirror ? " (--mirror moves them aside)"
		                         : ": not all of the evidence could be "
		                           "read");
	return st;
}

bool run_resumed(struct run *run)
{
	struct vanished v = { .run = run };
	struct error err;
	enum status st;

	if (run_stopped(run))
		return true;
	v.folder = output_vanished(run->out);
	st = run->o->mirror && all_seen(run) ? mirror(run, &v, &err)
	                                     : contribute(run, &v, &err);
	g_free(v.folder);
	if (st)
		say("%s: %s", run->o->output, err.what);
	else if (!run->output_failed && !run->evidence_failed)
		output_forget(run->out);
	if (!st && !run->made && !run->output_failed && run->taken)
		say_info("nothing to do: %" PRIu64 " file%s there already",
		         run->taken, run->taken == 1 ? " was" : "s were");
	else if (run->taken)
		say_info("%" PRIu64 " file%s there already, %" PRIu64 " new",
		         run->taken, run->taken == 1 ? " was" : "s were",
		         run->made);
	return !st;
}
