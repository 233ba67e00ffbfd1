/* SPDX-License-Identifier: MIT */
/*
 * command_report.c - efsleuth report: any report of a case, without its
 * evidence
 */
#include "analyzer/run_audit.h"
#include "analyzer/run_reports.h"
#include "analyzer/sandbox_plan.h"
#include "analyzer/say.h"
#include "recovery/casefile_audit.h"
#include "reports/console.h"

#include <string.h>

/*
 * What the outputs are below, where there are several cases: "cases/7/", so
 * that `hashdeep -k` finds them from here; NULL for one alone.
 */
static char *case_folder(const struct options *o, const char *path)
{
	char *folder, *slashed;

	if (!o->args[1])
		return NULL;
	folder = g_path_get_dirname(path);
	slashed = !strcmp(folder, ".") ? NULL : g_strconcat(folder, "/", NULL);
	g_free(folder);
	return slashed;
}

static bool add_case(struct casefile *cf, const struct options *o,
                     const char *arg)
{
	char *path = run_case_path(arg), *folder = case_folder(o, path);
	struct error err;
	bool ok = true;

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		say("%s: there is no case here; `efsleuth recover -o DIR` "
		    "makes one, DIR/case.db",
		    path);
		ok = false;
	} else if (casefile_merge(cf, path, folder, &err)) {
		ok = say_file(path, &err);
	}
	g_free(folder);
	g_free(path);
	return ok;
}

static int write_reports(struct casefile *cf, const struct options *o)
{
	struct error err;

	if (!run_reports(cf, NULL, o))
		return EXIT_OUTPUT;
	if (!o->report && console_audit(cf, stdout, &err)) {
		say("the result could not be printed: %s", err.what);
		return EXIT_OUTPUT;
	}
	return EXIT_OK;
}

static int report(const struct options *o)
{
	struct casefile *cf;
	struct error err;
	int code = EXIT_OK;

	if (casefile_new(&cf, NULL, &err)) {
		say("the case: %s", err.what);
		return EXIT_OUTPUT;
	}
	for (char **arg = o->args; *arg; arg++)
		if (!add_case(cf, o, *arg))
			code = EXIT_EVIDENCE;
	if (code == EXIT_OK && run_audit(cf, o, &err)) {
		say("the case: %s", err.what);
		code = EXIT_OUTPUT;
	}
	if (code == EXIT_OK)
		code = write_reports(cf, o);
	casefile_free(cf);
	return code;
}

const struct command command_report = {
	.name = "report",
	.args = "CASE...",
	.about = "any report of a case, without its evidence",
	.help = "CASE is the case.db of an output folder, or that folder. "
		"Several make one report. Without\n--report it prints who can "
		"decrypt what.",
	.takes = TAKES_REPORTS | TAKES_AUDIT,
	.least = 1,
	.plan = plan_cases,
	.run = report,
};
