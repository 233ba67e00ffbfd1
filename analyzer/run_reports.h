/* SPDX-License-Identifier: MIT */
/*
 * run_reports.h - write the reports of a finished case
 */
#ifndef ANALYZER_RUN_REPORTS_H
#define ANALYZER_RUN_REPORTS_H

#include "analyzer/run.h"

/*
 * The reports that every output folder has (no folder: NULL), and those that
 * --report names.  Says a sentence for each that fails; false if one did.
 */
MUST_USE bool run_reports(struct casefile *cf, struct output *out,
                          const struct options *o);

/* The case.db that is named, or that of the output folder that is; to be freed.
 */
char *run_case_path(const char *arg);

/* Where a report goes that --report sends to `file`, or NULL. */
enum report_way {
	REPORT_STDOUT,  /* "-", or the very file that standard output is */
	REPORT_THROUGH, /* a pipe, a device, a descriptor: written as it is */
	REPORT_FILE,    /* gets its name when it is whole */
};
enum report_way report_way(const char *file);

/* Does a report go to standard output, so that nothing else may? */
bool run_owns_stdout(const struct options *o);

#endif
