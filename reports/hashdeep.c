/* SPDX-License-Identifier: MIT */
/*
 * hashdeep.c - manifest of the files that were written, for `hashdeep -a -k`
 *
 * The format of hashdeep 4: size, digests as its heading names them, filename.
 * The name comes last and is not quoted; only a line break could not stand in
 * it.  hashdeep refuses a row that lacks a digest, and a list without any row.
 */
#include "reports/each.h"
#include "reports/format.h"
#include "reports/report.h"

#include <inttypes.h>
#include <string.h>

/* In the order in which hashdeep writes them; the strongest is the last. */
enum { MD5, SHA1, SHA256, DIGESTS };

static const char *const column_name[DIGESTS] = { "md5", "sha1", "sha256" };

struct manifest {
	FILE *out;
	bool has[DIGESTS]; /* a column of it */
};

/*
 * The columns are what all files have, so that all are listed.  Files of
 * several runs may have nothing in common: then the strongest, and who lacks it
 * is named.
 */
static bool choose_columns(struct manifest *m, const struct case_digests *d)
{
	const uint64_t files[DIGESTS] = { d->md5, d->sha1, d->sha256 };
	bool chosen = false;

	for (size_t i = 0; i < DIGESTS; i++) {
		m->has[i] = files[i] && files[i] == d->any;
		chosen |= m->has[i];
	}
	for (size_t i = DIGESTS; i > 0 && !chosen; i--)
		chosen = m->has[i - 1] = files[i - 1];
	return chosen;
}

static void write_heading(const struct manifest *m, bool lists)
{
	(void)fputs("%%%% HASHDEEP-1.0\n"
	            "%%%% size,",
	            m->out);
	for (size_t i = 0; i < DIGESTS; i++)
		if (m->has[i])
			(void)fprintf(m->out, "%s,", column_name[i]);
	(void)fprintf(m->out, "filename\n## %s\n##\n",
	              lists ? "To check: hashdeep -r -l -a -k hashes.txt files"
	                    : "No hashes were computed, so no file is listed");
}

static void not_listed(FILE *out, const char *why, const char *output)
{
	GString *name = g_string_new(NULL);

	format_percent(name, output, "");
	(void)fprintf(out, "## not listed, %s: %s\n", why, name->str);
	g_string_free(name, TRUE);
}

static void write_row(void *ctx, const struct case_file *f)
{
	const struct case_stream *s = &f->stream;
	const char *const digest[DIGESTS] = { s->md5, s->sha1, s->sha256 };
	const struct manifest *m = ctx;

	/* What is the same as another is written once, and listed there. */
	if (!format_has_plaintext(f) || s->same_as)
		return;
	if (strpbrk(s->output, "\r\n")) {
		not_listed(m->out, "a line break is in its name", s->output);
		return;
	}
	for (size_t i = 0; i < DIGESTS; i++) {
		if (!m->has[i] || digest[i])
			continue;
		not_listed(m->out, "it lacks one of these hashes", s->output);
		return;
	}
	(void)fprintf(m->out, "%" PRIu64 ",", s->size);
	for (size_t i = 0; i < DIGESTS; i++)
		if (m->has[i])
			(void)fprintf(m->out, "%s,", digest[i]);
	(void)fprintf(m->out, "%s\n", s->output);
}

static enum status write_hashdeep(struct casefile *cf, FILE *out,
                                  struct error *err)
{
	struct manifest m = { .out = out };
	struct case_digests digests;
	enum status st = casefile_digests(cf, &digests, err);
	bool lists;

	if (st)
		return st;
	lists = choose_columns(&m, &digests);
	write_heading(&m, lists);
	if (lists)
		st = each_file(cf, write_row, &m, err);
	return st ? st : report_flush(out, err);
}

const struct report report_hashdeep = {
	.name = "hashdeep",
	.about = "hashes of the recovered files (hashdeep -r -l -a -k)",
	.file = "hashes.txt",
	.write = write_hashdeep,
};
