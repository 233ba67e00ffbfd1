/* SPDX-License-Identifier: MIT */
/*
 * batch_merge.c - the task "merge": one case, and one set of reports
 */
#include "analyzer/batch_again.h"
#include "analyzer/batch_table.h"
#include "analyzer/run.h"
#include "analyzer/run_audit.h"
#include "analyzer/run_reports.h"
#include "analyzer/say.h"
#include "analyzer/workspace.h"
#include "recovery/casefile_audit.h"
#include "reports/report.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct merge {
	const struct batch *b;
	struct run run;
	unsigned states[IMAGE_STATES];
};

/* ---------------------------------------------------------------- the case */

/* What has no case of its own is in this one, with its reason. */
static enum status add_alone(struct merge *m, const struct image *image,
                             const struct mark *mark, struct error *err)
{
	struct case_evidence row = {
		.name = image->label,
		.path = image->evidence,
		.format = "unknown",
		.reason = mark->reason,
	};

	/* A refused one may have the label of another. */
	return image->problem ? OK
	                      : casefile_add_evidence(m->run.cf, &row, err);
}

static enum status add_image(struct merge *m, const struct image *image,
                             struct error *err)
{
	char *below = g_strconcat("images/", image->label, "/", NULL);
	char *path = batch_path(m->b, below, "case.db");
	struct mark mark;
	enum image_state state = image_state(m->b, image, &mark);
	enum status st;

	m->states[state]++;
	if (state > IMAGE_UNFINISHED && g_file_test(path, G_FILE_TEST_EXISTS))
		st = casefile_merge_part(m->run.cf, path, below, err);
	else
		st = add_alone(m, image, &mark, err);
	if (st)
		(void)say_file(path, err);
	mark_release(&mark);
	g_free(path);
	g_free(below);
	return st;
}

static enum status fill_case(struct merge *m, struct error *err)
{
	char *keys = batch_path(m->b, "keyring", "case.db");
	bool has_keys = g_file_test(keys, G_FILE_TEST_EXISTS);
	enum status st = run_set_tool(&m->run, false, err);

	for (guint i = 0; !st && i < m->b->images->len; i++)
		st = add_image(m, m->b->images->pdata[i], err);
	if (!st)
		st = casefile_unite(m->run.cf, has_keys ? keys : NULL, err);
	if (!st)
		st = run_set_tool(&m->run, true, err);
	if (!st)
		st = run_audit(m->run.cf, m->run.o, err);
	g_free(keys);
	return st;
}

/* ------------------------------------------------------------- exit status */

static int exit_code(const struct merge *m)
{
	const unsigned *n = m->states;

	if (n[IMAGE_DONE] == m->b->images->len)
		return EXIT_OK;
	return n[IMAGE_DONE] || n[IMAGE_CLOSED] || n[IMAGE_UNFINISHED]
	               ? EXIT_CLOSED
	               : EXIT_EVIDENCE;
}

static void say_states(const struct merge *m)
{
	static const char *const words[IMAGE_STATES] = {
		[IMAGE_REFUSED] = "refused for its line in the manifest",
		[IMAGE_UNFINISHED] = "not finished",
		[IMAGE_FAILED] = "without anything to work on",
		[IMAGE_CLOSED] = "with files that stay closed",
	};
	GString *s = g_string_new(NULL);

	for (int i = IMAGE_REFUSED; i < IMAGE_DONE; i++)
		if (m->states[i])
			g_string_append_printf(s, "%s%u %s", s->len ? ", " : "",
			                       m->states[i], words[i]);
	if (s->len)
		say("%u images: %s; %s/batch.csv says why for each%s",
		    m->b->images->len, s->str, m->b->o->output,
		    m->states[IMAGE_UNFINISHED] ? ", and --resume goes on"
		                                : "");
	g_string_free(s, TRUE);
}

/* ------------------------------------------------------------- the results */

static enum status write_mark(const struct merge *m, const char *folder,
                              char *digest, struct error *err)
{
	char *path = g_build_filename(folder, MARK_NAME, NULL);
	struct mark mark = { .code = exit_code(m), .of = digest };
	enum status st = casefile_totals(m->run.cf, &mark.totals, err);

	if (!st && !mark_write(path, &mark))
		st = fail(err, E_IO, 0, "it cannot be written");
	g_free(path);
	return st;
}

/* Each replaces that of an earlier time; the mark is the last. */
static bool move_out(const struct batch *b, const char *folder,
                     const char *name)
{
	char *from = g_build_filename(folder, name, NULL);
	char *to = batch_path(b, name, NULL);
	bool ok = !g_file_test(from, G_FILE_TEST_EXISTS) || !rename(from, to);

	if (!ok)
		say("%s: it cannot be written", to);
	g_free(to);
	g_free(from);
	return ok;
}

static bool move_all(const struct batch *b, const char *folder)
{
	bool ok = move_out(b, folder, "case.db");

	for (size_t i = 0; report_table[i]; i++)
		if (report_table[i]->file)
			ok = ok && move_out(b, folder, report_table[i]->file);
	return ok && move_out(b, folder, "batch.csv") &&
	       move_out(b, folder, MARK_NAME);
}

static bool print(struct merge *m)
{
	struct error err;

	if (!run_print_result(&m->run, &err))
		return true;
	say("the result could not be printed: %s", err.what);
	return false;
}

/* A name must not outlive what it names when the power fails. */
static bool is_on_disk(const struct output *out, const char *folder)
{
	struct error err;

	if (!output_sync(out, &err))
		return true;
	(void)say_file(folder, &err);
	return false;
}

static bool write_case(struct merge *m, const char *folder, struct error *err)
{
	char *db = g_build_filename(folder, "case.db", NULL);
	char *table = g_build_filename(folder, "batch.csv", NULL);
	char *digest = batch_digest(m->b);
	enum status st = casefile_new(&m->run.cf, db, err);
	bool ok;

	if (!st)
		st = casefile_hurry(m->run.cf, err);
	if (!st)
		st = fill_case(m, err);
	if (!st)
		st = batch_table_write(m->b, table, err);
	if (!st)
		st = write_mark(m, folder, digest, err);
	if (st)
		(void)say_file(folder, err);
	ok = !st && run_reports(m->run.cf, m->run.folder, m->run.o) &&
	     is_on_disk(m->run.folder, folder);
	g_free(digest);
	g_free(table);
	g_free(db);
	return ok;
}

/* It began when the plan was made. */
static void set_begin(struct run *run, const struct batch *b)
{
	char *plan = batch_path(b, BATCH_PLAN, NULL);
	struct stat sb;

	if (!stat(plan, &sb)) {
		g_date_time_unref(run->started);
		run->started = g_date_time_new_from_unix_utc(sb.st_mtime);
	}
	g_free(plan);
}

static int merge(const struct batch *b, struct workspace *ws)
{
	struct merge m = { .b = b };
	struct error err = { 0 };
	int code = EXIT_OUTPUT;

	run_init(&m.run, b->o, b->o->audit ? RUN_AUDIT : RUN_RECOVER);
	m.run.files = "images";
	set_begin(&m.run, b);
	if (output_new(&m.run.folder, ws->result, &err)) {
		(void)say_file(ws->result, &err);
	} else if (write_case(&m, ws->result, &err) && print(&m) &&
	           move_all(b, ws->result)) {
		code = exit_code(&m);
		say_states(&m);
	}
	run_release(&m.run);
	return code;
}

int batch_merge(struct batch *b)
{
	char *in = batch_path(b, "work", NULL);
	struct workspace ws;
	struct error err;
	int code;

	if (batch_is_merged(b, &code)) {
		say_info("all that is finished is merged: nothing to do");
	} else if (workspace_new(&ws, in, "merge", &err)) {
		(void)say_file(in, &err);
		code = EXIT_OUTPUT;
	} else {
		code = merge(b, &ws);
		workspace_drop(&ws);
	}
	batch_tidy(b);
	g_free(in);
	return code;
}
