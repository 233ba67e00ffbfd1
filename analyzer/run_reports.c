/* SPDX-License-Identifier: MIT */
/*
 * run_reports.c - write the reports of a finished case
 */
#include "analyzer/run_reports.h"
#include "analyzer/crew.h"
#include "analyzer/replace.h"
#include "analyzer/say.h"
#include "reports/report.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a report goes, and why it did not get there: as text, because several
   threads may be at it. */
struct target {
	struct task task;
	struct casefile *cf; /* NULL: opened from `db` */
	const char *db;
	const struct report *report;
	char *path; /* owned */
	char *why;  /* owned; NULL: it is written */
};

static bool complain(struct target *t, const char *why)
{
	if (!t->why)
		t->why = g_strdup(why);
	return false;
}

static bool say_complaint(struct target *t)
{
	bool ok = !t->why;

	if (!ok)
		say("%s: the report could not be written: %s", t->path, t->why);
	g_free(t->why);
	g_free(t->path);
	return ok;
}

static bool write_stream(struct target *t, FILE *out)
{
	struct error err;
	enum status st;

	errno = 0;
	st = t->report->write(t->cf, out, &err);
	if (!st && !fflush(out))
		return true;
	/* what failed before the output did says why in words of its own */
	return complain(t, (!st || st == E_IO) && errno ? g_strerror(errno)
	                                                : err.what);
}

static void write_file(struct target *t)
{
	struct replacement r;
	bool ok;
	int why;

	if (!replace_begin(&r, t->path)) {
		(void)complain(t, g_strerror(errno));
		return;
	}
	ok = write_stream(t, r.out);
	why = replace_end(&r, ok);
	if (why)
		(void)complain(t, g_strerror(why));
}

/* One of the system's links to what a process has open. */
static bool is_descriptor(const char *path)
{
	struct stat link;

	return (g_str_has_prefix(path, "/dev/") ||
	        g_str_has_prefix(path, "/proc/")) &&
	       !lstat(path, &link) && S_ISLNK(link.st_mode);
}

enum report_way report_way(const char *file)
{
	struct stat there, out;

	if (!file || !strcmp(file, "-"))
		return REPORT_STDOUT;
	if (stat(file, &there))
		return REPORT_FILE;
	if (!fstat(STDOUT_FILENO, &out) && there.st_dev == out.st_dev &&
	    there.st_ino == out.st_ino)
		return REPORT_STDOUT;
	return S_ISREG(there.st_mode) && !is_descriptor(file) ? REPORT_FILE
	                                                      : REPORT_THROUGH;
}

static void write_special(struct target *t)
{
	FILE *out = fopen(t->path, "w");

	if (!out) {
		(void)complain(t, g_strerror(errno));
		return;
	}
	(void)write_stream(t, out);
	if (fclose(out))
		(void)complain(t, g_strerror(errno));
}

static bool write_asked(struct casefile *cf, const char *spec)
{
	char **parts = g_strsplit(spec, "=", 2);
	struct target t = { .cf = cf,
		            .report = report_find(parts[0]),
		            .path = g_strdup(parts[1]) };

	if (report_way(t.path) == REPORT_STDOUT) {
		g_free(t.path);
		t.path = g_strdup("standard output");
		(void)write_stream(&t, stdout);
	} else if (report_way(t.path) == REPORT_THROUGH) {
		write_special(&t);
	} else {
		write_file(&t);
	}
	g_strfreev(parts);
	return say_complaint(&t);
}

/* ------------------------------------------------- those of every folder */

/* Each thread has a connection of its own. */
static void write_one(struct task *task)
{
	struct target *t = (struct target *)(void *)task;
	struct error err;

	if (casefile_open(&t->cf, t->db, &err)) {
		(void)complain(t, err.what);
		return;
	}
	write_file(t);
	casefile_free(t->cf);
}

static bool write_standard(struct output *out, const struct options *o)
{
	struct crew *crew = crew_new((unsigned)o->jobs);
	GArray *targets = g_array_new(FALSE, FALSE, sizeof(struct target));
	char *db = output_path(out, "case.db");
	bool ok = true;

	for (size_t i = 0; report_table[i]; i++) {
		const struct report *report = report_table[i];
		/* The table begins with those that take longest. */
		struct target t = { .task = { .run = write_one, .order = i },
			            .db = db,
			            .report = report };

		if (!report->file)
			continue;
		t.path = output_path(out, report->file);
		g_array_append_val(targets, t);
	}
	for (guint i = 0; i < targets->len; i++)
		crew_push(crew, &g_array_index(targets, struct target, i).task);
	crew_free(crew);
	for (guint i = 0; i < targets->len; i++)
		ok &= say_complaint(&g_array_index(targets, struct target, i));
	g_array_free(targets, TRUE);
	g_free(db);
	return ok;
}

bool run_reports(struct casefile *cf, struct output *out,
                 const struct options *o)
{
	struct error err;
	bool ok = true;

	if (out && casefile_commit(cf, &err)) {
		say("the case: %s", err.what);
		return false;
	}
	if (out)
		ok = write_standard(out, o);
	for (char **r = o->report; r && *r; r++)
		ok &= write_asked(cf, *r);
	return ok;
}

char *run_case_path(const char *arg)
{
	return g_file_test(arg, G_FILE_TEST_IS_DIR)
	               ? g_build_filename(arg, "case.db", NULL)
	               : g_strdup(arg);
}

bool run_owns_stdout(const struct options *o)
{
	for (char **r = o->report; r && *r; r++) {
		const char *file = strchr(*r, '=');

		if (report_way(file ? file + 1 : NULL) == REPORT_STDOUT)
			return true;
	}
	return false;
}
