/* SPDX-License-Identifier: MIT */
/*
 * object.h - one file or directory, from its line to its sealed record
 */
#ifndef GENERATOR_OBJECT_H
#define GENERATOR_OBJECT_H

#include "tests/generator/efsattr.h"
#include "tests/generator/manifest.h"
#include "tests/generator/spec.h"
#include "tests/generator/stream.h"
#include "tests/generator/volume.h"

enum { STREAMS_MAX = 16 };

enum efs_place {
	EFS_AUTO,   /* where libntfs-3g puts it */
	EFS_BASE,   /* resident in the base record, or die */
	EFS_EXTENT, /* in an extension record, behind $ATTRIBUTE_LIST */
	EFS_NONRES, /* non-resident, as Windows 10 does, from the base record */
};

struct object {
	struct volume *volume;
	struct manifest *manifest;
	struct place place;
	ntfs_inode *ni; /* NULL: no object is open */
	bool directory, encrypted;
	struct fek fek;
	struct buf efs; /* the value of $EFS; empty is none */
	enum efs_place efs_place;
	struct times times;
	bool has_attrs;
	uint32_t attrs; /* FILE_ATTRIBUTE_*, instead of the right ones */
	char *openers, *expect;
	struct stream streams[STREAMS_MAX];
	size_t n_streams;
};

/* The keys that `ddf` and `drf` options name. */
void keys_add(struct spec *s);
void keys_parse(struct entries *out, const char *list);
void keys_release(void);

/* Who can open: "ddf/0/ann,drf/0/agent". */
char *keys_openers(const struct entries *ddf, const struct entries *drf);

/* $EFS from the options of a line; `path` seeds what is not given. */
void efs_from_spec(struct object *o, struct spec *s, const char *path);

/* Attach $EFS to the record where the line wants it. */
void efs_attach(struct object *o);

void times_from_spec(struct times *t, struct spec *s);

/* Begin an object; what was open before is sealed by object_end(). */
void object_begin(struct object *o, struct spec *s, bool directory,
                  bool encrypted);
void object_stream(struct object *o, struct spec *s, const char *name,
                   bool encrypted);
void object_end(struct object *o);

#endif
