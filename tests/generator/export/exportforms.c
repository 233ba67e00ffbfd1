/* SPDX-License-Identifier: MIT */
/*
 * exportforms.c - ciphertext and $EFS in files of their own: as ntfs-3g shows
 * them, as tools copy them, and as EFS on FAT joins them
 */
#include "tests/generator/export/export.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------- files */

static char *path_of(const char *form, const struct object *obj,
                     const char *stream, const char *suffix)
{
	size_t n = strlen(form) + strlen(obj->safe) + strlen(stream) +
	           strlen(suffix) + 2;
	char *path = xmalloc(n);

	snprintf(path, n, "%s%s%s%s%s", form, obj->safe, *stream ? ":" : "",
	         stream, suffix);
	return path;
}

static void make_folders(char *path)
{
	for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			die("cannot make %s: %s", path, strerror(errno));
		*p = '/';
	}
}

FILE *form_create(const struct options *o, const char *form,
                  const struct object *obj, const char *stream,
                  const char *suffix)
{
	char *below = path_of(form, obj, stream ? stream : "", suffix);
	size_t n = strlen(o->out) + strlen(below) + 2;
	char *path = xmalloc(n);
	FILE *f;

	snprintf(path, n, "%s/%s", o->out, below);
	make_folders(path);
	f = fopen(path, "wb");
	if (!f)
		die("cannot make %s: %s", path, strerror(errno));
	free(path);
	free(below);
	return f;
}

void form_close(FILE *f)
{
	if (fclose(f))
		die("cannot write a loose file");
}

/* form, file, MFT number, path, stream, note */
void index_add(const struct options *o, const char *form,
               const struct object *obj, const char *stream, const char *suffix,
               const char *note)
{
	char *below =
		path_of(form, obj, strcmp(form, "raw") ? stream : "", suffix);
	size_t n = strlen(o->out) + 20;
	char *path = xmalloc(n);
	FILE *f;

	snprintf(path, n, "%s/index.tsv", o->out);
	f = fopen(path, "ab");
	if (!f)
		die("cannot write %s", path);
	fprintf(f, "%s\t%s\t%llu\t%s\t%s\t%s\n", form, below,
	        (unsigned long long)obj->ni->mft_no, obj->path,
	        *stream ? stream : "-", note);
	form_close(f);
	free(path);
	free(below);
}

bool form_wanted(const struct options *o, const char *form)
{
	size_t n = strlen(form);

	for (const char *p = o->forms; (p = strstr(p, form)); p += n)
		if ((p == o->forms || p[-1] == ',') && (!p[n] || p[n] == ','))
			return true;
	return false;
}

/* ----------------------------------------------------------------- content */

static void put_file(FILE *f, const void *p, size_t n)
{
	if (n && fwrite(p, 1, n, f) != n)
		die("cannot write a loose file");
}

static void put_ciphertext(FILE *f, const struct data *d, uint64_t n)
{
	enum { CHUNK = 1 << 20 };
	uint8_t *p = xmalloc(CHUNK);

	for (uint64_t off = 0; off < n; off += CHUNK) {
		size_t len = n - off < CHUNK ? (size_t)(n - off) : CHUNK;

		data_read(d, off, p, len);
		put_file(f, p, len);
	}
	free(p);
}

static void put_efs(const struct options *o, const struct object *obj,
                    const char *form, const char *suffix)
{
	FILE *f = form_create(o, form, obj, NULL, suffix);

	put_file(f, obj->efs.p, obj->efs.n);
	form_close(f);
	if (obj->directory)
		index_add(o, form, obj, "", suffix, "directory");
}

/* What the form cannot say, so that no reader can give the plaintext. */
static const char *lost(const struct data *d)
{
	if (data_has_holes(d))
		return "holes";
	return d->valid < d->size ? "valid" : "-";
}

static uint64_t padded(const struct data *d, uint64_t to)
{
	return (d->size + to - 1) / to * to;
}

/* --------------------------------------------------------- efs_raw of ntfs-3g
 */

/* The library's own view of the stream is the same, where it gives one. */
static void check_view(const struct object *obj, const struct data *d)
{
	uint64_t n = padded(d, EXPORT_UNIT);
	uint8_t *ours = xmalloc(n + 2), *theirs = xmalloc(n + 2);
	unsigned pad = (unsigned)(n - d->size);

	if (d->valid == d->size && NAttrNonResident(d->na) && d->size &&
	    !(d->na->data_flags & ATTR_COMPRESSION_MASK)) {
		data_read(d, 0, ours, n);
		ours[n] = (uint8_t)pad;
		ours[n + 1] = (uint8_t)(pad >> 8);
		if (ntfs_attr_pread(d->na, 0, (s64)n + 2, theirs) !=
		            (s64)n + 2 ||
		    memcmp(ours, theirs, n + 2) != 0)
			die("%s:%s is not what libntfs-3g reads", obj->path,
			    d->text);
	}
	free(ours);
	free(theirs);
}

static void put_view(const struct options *o, const struct object *obj,
                     const struct data *d)
{
	FILE *f = form_create(o, "ntfs3g", obj, d->text, "");
	uint64_t n = padded(d, EXPORT_UNIT);
	uint64_t pad = n - d->size;
	uint8_t trailer[2] = { (uint8_t)pad, (uint8_t)(pad >> 8) };

	check_view(obj, d);
	put_ciphertext(f, d, n);
	if (n)
		put_file(f, trailer, 2);
	form_close(f);
	index_add(o, "ntfs3g", obj, d->text, "", lost(d));
}

void form_ntfs3g(const struct options *o, const struct object *obj)
{
	put_efs(o, obj, "ntfs3g", ".efsinfo");
	for (size_t i = 0; i < obj->n; i++)
		if (obj->data[i].encrypted)
			put_view(o, obj, &obj->data[i]);
}

/* ---------------------------------------------- copies cut at the data size */

void form_pair(const struct options *o, const struct object *obj)
{
	put_efs(o, obj, "pair", ".$EFS");
	for (size_t i = 0; i < obj->n; i++) {
		const struct data *d = &obj->data[i];
		FILE *f;

		if (!d->encrypted)
			continue;
		f = form_create(o, "pair", obj, d->text, "");
		put_ciphertext(f, d, d->size);
		form_close(f);
		index_add(o, "pair", obj, d->text, "", lost(d));
	}
}

/* ------------------------------------------------------------- EFS on FAT */

/*
 * The metadata, padded to whole 4,096 bytes with that as its Length, and at
 * 0x0c 0x8000 | size: observed for files of 1 to 32 bytes.  What Windows writes
 * for larger ones is not known; here it is the low 15 bits.  An empty file has
 * its Length unpadded, and zeros there.
 */
static void put_pfile_header(FILE *f, const struct object *obj, uint64_t size)
{
	size_t n = (obj->efs.n + 4095) / 4096 * 4096;
	struct buf b = { 0 };

	buf_append(&b, &obj->efs);
	buf_zero(&b, n - obj->efs.n);
	if (size && n >= 0x10) {
		buf_set32(&b, 0, n);
		buf_set32(&b, 0x0c, 0x8000 | (size & 0x7fff));
	}
	put_file(f, b.p, b.n);
	buf_free(&b);
}

void form_pfile(const struct options *o, const struct object *obj)
{
	if (obj->directory)
		put_efs(o, obj, "pfile", "/$EFS");
	for (size_t i = 0; i < obj->n; i++) {
		const struct data *d = &obj->data[i];
		FILE *f;

		/* FAT has no other streams. */
		if (!d->encrypted || d->name.n)
			continue;
		f = form_create(o, "pfile", obj, NULL, ".PFILE");
		put_pfile_header(f, obj, d->size);
		put_ciphertext(f, d, padded(d, 16));
		form_close(f);
		index_add(o, "pfile", obj, "", ".PFILE", lost(d));
	}
}
