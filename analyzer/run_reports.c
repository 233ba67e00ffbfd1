/* SPDX-License-Identifier: MIT */
/*
 * run_reports.c - write the reports of a finished case
 */
#include "analyzer/run_reports.h"
#include "analyzer/say.h"
#include "reports/report.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool complain(const char *path, const char *why)
{
	say("%s: the report could not be written: %s", path, why);
	return false;
}

static bool write_stream(struct casefile *cf, const struct report *report,
                         FILE *out, const char *path)
{
	struct error err;

	errno = 0;
	if (!report->write(cf, out, &err) && !fflush(out))
		return true;
	return complain(path, errno ? g_strerror(errno) : err.what);
}

/* Write beside the final name, and rename when it is whole. */
static bool write_file(struct casefile *cf, const struct report *report,
                       const char *path)
{
	char *part = g_strdup_printf("%s.part", path);
	FILE *out = fopen(part, "wx");
	bool ok;

	if (!out && errno == EEXIST && !unlink(part))
		out = fopen(part, "wx");
	if (!out) {
		g_free(part);
		return complain(path, g_strerror(errno));
	}
	ok = write_stream(cf, report, out, path);
	if (fclose(out) && ok)
		ok = complain(path, g_strerror(errno));
	if (ok && rename(part, path))
		ok = complain(path, g_strerror(errno));
	if (!ok)
		(void)unlink(part);
	g_free(part);
	return ok;
}

/* Is it a pipe or a device, to be written to and not to be replaced? */
static bool is_special(const char *path)
{
	struct stat there;

	return !stat(path, &there) && !S_ISREG(there.st_mode);
}

static bool write_special(struct casefile *cf, const struct report *report,
                          const char *path)
{
	FILE *out = fopen(path, "w");
	bool ok;

	if (!out)
		return complain(path, g_strerror(errno));
	ok = write_stream(cf, report, out, path);
	if (fclose(out) && ok)
		ok = complain(path, g_strerror(errno));
	return ok;
}

static bool write_asked(struct casefile *cf, const char *spec)
{
	char **parts = g_strsplit(spec, "=", 2);
	const struct report *report = report_find(parts[0]);
	const char *path = parts[1];
	bool ok;

	if (!path || !strcmp(path, "-"))
		ok = write_stream(cf, report, stdout, "standard output");
	else if (is_special(path))
		ok = write_special(cf, report, path);
	else
		ok = write_file(cf, report, path);
	g_strfreev(parts);
	return ok;
}

static bool write_standard(struct casefile *cf, struct output *out)
{
	bool ok = true;

	for (size_t i = 0; report_table[i]; i++) {
		char *path;

		if (!report_table[i]->file)
			continue;
		path = output_path(out, report_table[i]->file);
		ok &= write_file(cf, report_table[i], path);
		g_free(path);
	}
	return ok;
}

bool run_reports(struct casefile *cf, struct output *out,
                 const struct options *o)
{
	bool ok = !out || write_standard(cf, out);

	for (char **r = o->report; r && *r; r++)
		ok &= write_asked(cf, *r);
	return ok;
}

bool run_owns_stdout(const struct options *o)
{
	for (char **r = o->report; r && *r; r++) {
		const char *file = strchr(*r, '=');

		if (!file || !strcmp(file, "=-"))
			return true;
	}
	return false;
}
