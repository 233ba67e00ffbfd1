/* SPDX-License-Identifier: MIT */
/*
 * export.h - encrypted files of an NTFS image, written as loose files
 *
 * The forms in which encrypted files leave an NTFS volume.  See README.md of
 * the generator.  Shares nothing with parsers/ and recovery/.
 */
#ifndef GENERATOR_EXPORT_EXPORT_H
#define GENERATOR_EXPORT_EXPORT_H

#include "tests/generator/names.h"
#include "tests/generator/ntfs.h"

enum { STREAMS_MOST = 64, EXPORT_UNIT = 512 };

/* One $DATA attribute; `na` has its whole run list. */
struct data {
	struct name name;
	char *text; /* canonical; "" for the unnamed stream */
	bool encrypted;
	uint64_t size, valid;
	ntfs_attr *na;
};

struct object {
	ntfs_inode *ni;
	char *path; /* canonical, from the root */
	char *safe; /* the same, where each component can be a host's name */
	bool directory;
	struct buf efs;
	struct data data[STREAMS_MOST];
	size_t n;
};

struct options {
	bool nul;           /* stream names end in a NUL */
	unsigned shift;     /* of data units */
	uint64_t segment;   /* most bytes of a stream in one segment */
	bool reversed;      /* segments, last first */
	struct buf trailer; /* behind the export */
	const char *forms;  /* "raw,ntfs3g,pair,pfile" */
	const char *out;
};

/* Everything of an inode that is encrypted; false if nothing is. */
bool object_open(struct object *o, ntfs_inode *ni, const char *path,
                 const char *safe);
void object_close(struct object *o);

/*
 * n bytes of a stream's clusters from `off`, behind the end of the data, too;
 * zeros where there are none.  Whole units are ciphertext.
 */
void data_read(const struct data *d, uint64_t off, uint8_t *p, size_t n);
/* All of [off, off + n) is without clusters. */
bool data_is_hole(const struct data *d, uint64_t off, uint64_t n);
bool data_has_holes(const struct data *d);

/* OUT/FORM/PATH SUFFIX; folders on the way are made. */
FILE *form_create(const struct options *o, const char *form,
                  const struct object *obj, const char *stream,
                  const char *suffix);
void form_close(FILE *f);
/* A row of OUT/index.tsv. */
void index_add(const struct options *o, const char *form,
               const struct object *obj, const char *stream, const char *suffix,
               const char *note);
bool form_wanted(const struct options *o, const char *form);

void form_raw(const struct options *o, const struct object *obj);
void form_ntfs3g(const struct options *o, const struct object *obj);
void form_pair(const struct options *o, const struct object *obj);
void form_pfile(const struct options *o, const struct object *obj);

#endif
