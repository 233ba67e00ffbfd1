/* SPDX-License-Identifier: MIT */
/*
 * sandbox_plan.c - what the options of a command leave in the sandbox
 */
#include "analyzer/sandbox_plan.h"
#include "analyzer/options_check.h"
#include "analyzer/run_reports.h"

#include <stdlib.h>
#include <string.h>

static void read_key(void *ctx, const char *path)
{
	sandbox_read_file(ctx, path);
}

static void plan_keys(struct sandbox *s, const struct options *o)
{
	options_each_key_file(o, read_key, s);
	for (char **p = o->keys_from; p && *p; p++)
		sandbox_read_evidence(s, *p);
	if (o->password_prompt)
		sandbox_use_terminal(s);
}

static void plan_output(struct sandbox *s, const struct options *o)
{
	if (o->output && !sandbox_write_folder(s, o->output, 0777))
		sandbox_give_up(s);
	/* That it cannot be made shows when keys are to be written. */
	if (o->export_keys)
		(void)!sandbox_write_folder(s, o->export_keys, 0700);
	for (char **r = o->report; r && *r; r++) {
		const char *file = strchr(*r, '=');

		enum report_way way = report_way(file ? file + 1 : NULL);

		if (way != REPORT_STDOUT)
			sandbox_write_report(s, file + 1, o->output,
			                     way == REPORT_FILE);
	}
}

void plan_evidence(struct sandbox *s, const struct options *o)
{
	sandbox_is_parent(s);
	for (char **arg = o->args; *arg; arg++)
		sandbox_read_evidence(s, *arg);
	plan_keys(s, o);
	plan_output(s, o);
}

void plan_first(struct sandbox *s, const struct options *o)
{
	sandbox_is_parent(s);
	sandbox_read_evidence(s, o->args[0]);
	plan_keys(s, o);
}

void plan_files(struct sandbox *s, const struct options *o)
{
	sandbox_is_parent(s);
	for (char **arg = o->args; *arg; arg++)
		sandbox_read_file(s, *arg);
	plan_keys(s, o);
}

void plan_cases(struct sandbox *s, const struct options *o)
{
	for (char **arg = o->args; *arg; arg++) {
		char *path = run_case_path(*arg);

		sandbox_read_case(s, path);
		g_free(path);
	}
	plan_output(s, o);
}

static void plan_image(struct sandbox *s, const struct image *image)
{
	if (image->problem)
		return;
	sandbox_read_evidence(s, image->evidence);
	if (!image->keyring)
		return;
	if (g_file_test(image->keyring, G_FILE_TEST_IS_DIR))
		sandbox_read_evidence(s, image->keyring);
	else
		sandbox_read_file(s, image->keyring);
}

void plan_task(struct sandbox *s, const struct batch *b, const char *task)
{
	bool keys = !strcmp(task, "keys"), merge = !strcmp(task, "merge");
	unsigned long number = strtoul(task, NULL, 10);

	for (guint i = 0; !merge && i < b->images->len; i++)
		if (keys || number == i + 1)
			plan_image(s, b->images->pdata[i]);
	if (!merge) {
		plan_keys(s, b->o);
		sandbox_is_parent(s);
	}
	plan_output(s, b->o);
}
