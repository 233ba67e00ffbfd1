/* SPDX-License-Identifier: MIT */
/*
 * report.h - one finished case, many ways to write it down
 *
 * A report is a `const` descriptor, listed in reports.def.  It reads the case
 * and writes text; it computes nothing, opens nothing, and knows no secret.
 */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include "parsers/status.h"
#include "recovery/casefile.h"

#include <stdio.h>

struct report {
	const char *name;  /* as in --report NAME */
	const char *about; /* one line for --help and the manual */
	const char *file;  /* in the output folder; NULL: only on request */
	/* Write the whole report; E_IO if `out` refuses. Leaves `out` open. */
	enum status (*write)(struct casefile *cf, FILE *out, struct error *err);
};

#define REPORT(name) extern const struct report report_##name;
#include "reports/reports.def"
#undef REPORT

/* NULL-terminated. */
extern const struct report *const report_table[];

/* The report of that name, or NULL. */
const struct report *report_find(const char *name);

#endif
