/* SPDX-License-Identifier: MIT */
/*
 * hashdeep.c - manifest of the files that were written, for `hashdeep -a -k`
 *
 * The format of hashdeep 4: size,md5,sha256,filename.  The name comes last and
 * is not quoted; only a line break could not stand in it.
 */
#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"

#include <inttypes.h>
#include <string.h>

static void write_row(void *ctx, const struct case_file *f)
{
	const struct case_stream *s = &f->stream;
	GString *name;
	FILE *out = ctx;

	/* What is the same as another is written once, and listed there. */
	if (!s->output || !s->md5 || !s->sha256 || s->same_as)
		return;
	if (!strpbrk(s->output, "\r\n")) {
		(void)fprintf(out, "%" PRIu64 ",%s,%s,%s\n", s->size, s->md5,
		              s->sha256, s->output);
		return;
	}
	name = g_string_new(NULL);
	format_percent(name, s->output, "");
	(void)fprintf(out, "## not listed, a line break is in its name: %s\n",
	              name->str);
	g_string_free(name, TRUE);
}

static enum status write_hashdeep(struct casefile *cf, FILE *out,
                                  struct error *err)
{
	enum status st;

	(void)fputs("%%%% HASHDEEP-1.0\n"
	            "%%%% size,md5,sha256,filename\n"
	            "## To check: hashdeep -r -l -a -k hashes.txt files\n"
	            "##\n",
	            out);
	st = each_file(cf, write_row, out, err);
	return st ? st : report_flush(out, err);
}

const struct report report_hashdeep = {
	.name = "hashdeep",
	.about = "hashes of the recovered files (hashdeep -r -l -a -k)",
	.file = "hashes.txt",
	.write = write_hashdeep,
};
