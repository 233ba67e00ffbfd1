/* SPDX-License-Identifier: MIT */
/*
 * render.c - write one report of a case: time and peak memory of that alone
 *
 *	render FORMAT CASE FILE
 *
 * It exits with 1 if it took more than 10 s or 512 MiB.
 */
#include "recovery/casefile.h"
#include "reports/report.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SECONDS 10
#define MOST_KIB     (512 * 1024)

/* VmHWM of Linux. */
static unsigned long peak(void)
{
	char *status = NULL;
	unsigned long kib = 0;
	const char *line;

	if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
		return 0;
	line = strstr(status, "VmHWM:");
	if (line)
		kib = strtoul(line + strlen("VmHWM:"), NULL, 10);
	g_free(status);
	return kib;
}

static int write_report(const struct report *report, const char *path,
                        FILE *out)
{
	struct error err = { 0 };
	struct casefile *cf;
	enum status st = casefile_open(&cf, path, &err);

	if (!st) {
		st = report->write(cf, out, &err);
		casefile_free(cf);
	}
	if (st)
		(void)fprintf(stderr, "%s: %s\n", path, err.what);
	return st != OK;
}

int main(int argc, char **argv)
{
	const struct report *report = argc == 4 ? report_find(argv[1]) : NULL;
	gint64 begun = g_get_monotonic_time();
	double seconds;
	bool good;
	FILE *out;
	int rc;

	if (!report) {
		(void)fputs("usage: render FORMAT CASE FILE\n", stderr);
		return 2;
	}
	out = fopen(argv[3], "w");
	if (!out) {
		perror(argv[3]);
		return 1;
	}
	rc = write_report(report, argv[2], out);
	rc |= fclose(out) != 0;
	seconds = (double)(g_get_monotonic_time() - begun) / 1e6;
	good = !rc && seconds < MOST_SECONDS && peak() < MOST_KIB;
	printf("%s: %.1f s of %d, %lu KiB of %d  %s\n", argv[1], seconds,
	       MOST_SECONDS, peak(), MOST_KIB, good ? "ok" : "FAILED");
	return !good;
}
