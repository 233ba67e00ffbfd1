/* SPDX-License-Identifier: MIT */
/*
 * vdisk_internal.h - what the files of vdisk share
 */
#ifndef ANALYZER_VDISK_INTERNAL_H
#define ANALYZER_VDISK_INTERNAL_H

#include "analyzer/vdisk.h"

struct vdisk {
	GPtrArray *images;   /* of struct vdisk_image; the evidence is first */
	struct source *base; /* below the last of them; owned, or NULL */
	bool orphan;         /* the last one's parent is not to be had */
	uint64_t kept;       /* bytes of tables */
	/* The unpacked unit that a small read asked for last. */
	GMutex lock;
	struct vdisk_image *unit_of;
	uint64_t unit_start;
	GByteArray *unit;
};

/* What the whole chain says of a place. */
void vdisk_map(struct vdisk *v, uint64_t at, struct vdisk_piece *piece);
/* `read` of struct reader. */
MUST_USE enum status vdisk_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                                struct error *err);

struct vdisk_image *vdisk_image_new(const struct vdisk_format *format,
                                    const char *path, struct source *file);
void vdisk_image_free(struct vdisk_image *im, bool with_file);

#endif
