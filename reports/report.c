/* SPDX-License-Identifier: MIT */
/*
 * report.c - the table of reports
 */
#include "reports/report.h"

#include <string.h>

const struct report *const report_table[] = {
#define REPORT(name) &report_##name,
#include "reports/reports.def"
#undef REPORT
	NULL,
};

const struct report *report_find(const char *name)
{
	for (size_t i = 0; report_table[i]; i++)
		if (!strcmp(report_table[i]->name, name))
			return report_table[i];
	return NULL;
}
