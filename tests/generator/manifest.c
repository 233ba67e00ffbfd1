/* SPDX-License-Identifier: MIT */
/*
 * manifest.c - what a reader of the image must find
 */
#include "tests/generator/manifest.h"
#include "tests/generator/names.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *copy(const char *s)
{
	return xstrdup(s && *s ? s : "-");
}

void manifest_add(struct manifest *m, const struct row *row)
{
	struct row *r;

	m->rows = xrealloc(m->rows, (m->n + 1) * sizeof(*m->rows));
	r = &m->rows[m->n++];
	*r = *row;
	r->path = copy(row->path);
	r->stream = copy(row->stream);
	r->openers = copy(row->openers);
	r->expect = copy(row->expect);
	r->links = copy(row->links);
	r->file = copy(row->file);
}

void manifest_link(struct manifest *m, uint64_t mft, const char *path)
{
	for (size_t i = 0; i < m->n; i++) {
		struct row *r = &m->rows[i];
		size_t n = strlen(r->links), room = n + strlen(path) + 2;
		bool first = !strcmp(r->links, "-");

		if (r->mft != mft || r->deleted)
			continue;
		r->links = xrealloc(r->links, room);
		snprintf(r->links + (first ? 0 : n), room, "%s%s",
		         first ? "" : "|", path);
	}
}

void manifest_delete(struct manifest *m, uint64_t mft)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->rows[i].mft == mft)
			m->rows[i].deleted = true;
}

/* ------------------------------------------------------------------- files */

static char *text(const char *a, const char *b, const char *c, const char *d)
{
	size_t n = strlen(a) + strlen(b) + strlen(c) + strlen(d) + 1;
	char *s = xmalloc(n);

	snprintf(s, n, "%s%s%s%s", a, b, c, d);
	return s;
}

/* Make every folder on the way to a file. */
static void make_folders(char *path)
{
	for (char *p = path + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			die("cannot make %s: %s", path, strerror(errno));
	}
}

FILE *manifest_create(struct manifest *m, uint64_t mft, const char *stream,
                      char **file)
{
	char number[32], *path;
	FILE *f;

	*file = NULL;
	if (!m->folder)
		return NULL;
	snprintf(number, sizeof(number), "mft/%" PRIu64, mft);
	*file = text(number, *stream ? ":" : "", stream, "");
	path = text(m->folder, "/", *file, "");
	make_folders(path);
	f = fopen(path, "wb");
	if (!f)
		die("cannot create %s: %s", path, strerror(errno));
	free(path);
	return f;
}

static bool all_harmless(const char *path)
{
	char *own = xstrdup(path), *p = own + 1, *save = NULL;
	bool good = true;

	for (p = strtok_r(p, "/", &save); p; p = strtok_r(NULL, "/", &save))
		good = good && name_is_harmless(p);
	free(own);
	return good;
}

void manifest_tree(struct manifest *m, const char *file, const char *path,
                   const char *stream)
{
	char *from, *tail, *to;

	if (!m->folder || !all_harmless(path) ||
	    (*stream && !name_is_harmless(stream)))
		return;
	from = text(m->folder, "/", file, "");
	tail = text(path, *stream ? ":" : "", stream, "");
	to = text(m->folder, "/tree", tail, "");
	make_folders(to);
	if (link(from, to) && errno != EEXIST)
		die("cannot link %s: %s", to, strerror(errno));
	free(from);
	free(tail);
	free(to);
}

/* ------------------------------------------------------------------- table */

static void print_size(FILE *f, const struct row *r)
{
	if (r->directory)
		fputs("-\t", f);
	else
		fprintf(f, "%" PRIu64 "\t", r->size);
	for (size_t i = 0; r->has_sha256 && i < sizeof(r->sha256); i++)
		fprintf(f, "%02x", r->sha256[i]);
	fputs(r->has_sha256 ? "\t" : "-\t", f);
}

void manifest_write(struct manifest *m, const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		die("cannot create %s: %s", path, strerror(errno));
	fputs("#kind\tmft\tseq\tpath\tstream\talg\tsize\tsha256\topeners\t"
	      "deleted\texpect\tlinks\tfile\n",
	      f);
	for (size_t i = 0; i < m->n; i++) {
		const struct row *r = &m->rows[i];

		fprintf(f, "%c\t%" PRIu64 "\t%u\t%s\t%s\t%s\t",
		        r->directory ? 'd' : 'f', r->mft, r->sequence, r->path,
		        r->stream, r->algorithm ? r->algorithm : "-");
		print_size(f, r);
		fprintf(f, "%s\t%d\t%s\t%s\t%s\n", r->openers, r->deleted,
		        r->expect, r->links, r->file);
	}
	if (fclose(f))
		die("cannot write %s: %s", path, strerror(errno));
}

void manifest_release(struct manifest *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->rows[i].path);
		free(m->rows[i].stream);
		free(m->rows[i].openers);
		free(m->rows[i].expect);
		free(m->rows[i].links);
		free(m->rows[i].file);
	}
	free(m->rows);
	m->rows = NULL;
	m->n = 0;
}
