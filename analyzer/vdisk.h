/* SPDX-License-Identifier: MIT */
/*
 * vdisk.h - a virtual disk: a file that says of each piece of a disk where it
 * is, and the parents that hold the rest
 *
 * A format maps a place of the disk to a piece; reading, unpacking, bounds,
 * chains of parents, and what to say of damage are the same for all.
 */
#ifndef ANALYZER_VDISK_H
#define ANALYZER_VDISK_H

#include "analyzer/source.h"

enum vdisk_what {
	VDISK_BAD,    /* what maps it is damaged */
	VDISK_ZERO,   /* zeros */
	VDISK_DATA,   /* bytes of a file */
	VDISK_PARENT, /* not here: the parent's; without one, zeros */
	VDISK_PACKED, /* compressed bytes of a file */
};

struct vdisk_piece {
	enum vdisk_what what;
	uint64_t n;          /* bytes of the disk, from the asked place on */
	struct source *file; /* of VDISK_DATA and VDISK_PACKED; borrowed */
	uint64_t at;         /* in that file */
	uint32_t packed;     /* bytes there that hold it, or more */
	uint64_t start;      /* where on the disk the unpacked unit begins */
	uint32_t unit;       /* and its size */
	bool marked;         /* a VMDK's: its own length is before it */
	struct vdisk_image *image; /* set by the caller */
};

/* Bytes of a file that hold no data of the disk. */
struct vdisk_range {
	const struct source *file;
	uint64_t at, n;
};

struct vdisk_image;

struct vdisk_format {
	const char *name;
	/*
	 * Read what is needed to map: set size and ctx, and the parent's names
	 * if it has one.  `probe` ends with the call.
	 */
	enum status (*open)(struct vdisk_image *im, const struct probe *probe,
	                    struct error *err);
	void (*map)(struct vdisk_image *im, uint64_t at,
	            struct vdisk_piece *piece);
	void (*free)(void *ctx);
	bool zlib; /* packed pieces are zlib's; else bare deflate */
	/* The base of a chain may be of any other format, or raw. */
	bool any_base;
};

/* One file of the chain, and the files that belong to it. */
struct vdisk_image {
	const struct vdisk_format *format;
	char *path;          /* NULL: in another container; owned */
	struct source *file; /* owned but for the first of a chain */
	uint64_t held;       /* bytes of that, and of the other files it has */
	uint64_t size;       /* bytes of the disk */
	void *ctx;           /* the format's; owned */
	char *id;            /* what a child knows it by; owned, or NULL */
	bool has_parent;
	GPtrArray *parents;  /* names of the parent, the best first; owned */
	char *parent_id;     /* NULL: any will do; owned */
	char *parent_id2;    /* another that is right as well; owned */
	bool raw_parent;     /* it is to be taken as it is */
	struct facts *facts; /* of the evidence; NULL in a parent */
	GString *problem;    /* what is damaged; owned */
	GArray *reserved;    /* of struct vdisk_range; owned */
	struct vdisk_cache *cache; /* of small tables; owned */
	uint64_t *kept; /* bytes of tables, of the whole chain; borrowed */
};

/* `open` of struct source_type, for a disk of this format. */
MUST_USE enum status vdisk_open(struct source *s, const struct probe *probe,
                                const struct vdisk_format *format,
                                const struct source_type *type,
                                struct error *err);

/* ------------------------------------------------------------ for a format */

/*
 * Read a table that is kept, n bytes at `at`; to be freed.  What cannot be
 * read of it is 0xfe in all bytes, which no format takes for a place in a file.
 * E_LIMIT: more than LIMIT_DISK_TABLE, or all tables of the chain and of its
 * files more than LIMIT_DISK_TABLES.
 */
MUST_USE enum status vdisk_table(uint8_t **out, struct vdisk_image *im,
                                 struct source *file, uint64_t at, uint64_t n,
                                 struct error *err);
/*
 * Copy n bytes from `off` of a small table at `at`, that is `size` bytes; the
 * last ones used are kept.  False: it cannot be read.
 */
bool vdisk_peek(struct vdisk_image *im, struct source *file, uint64_t at,
                uint32_t size, uint32_t off, uint8_t *out, size_t n);
/* No data of the disk is in this part of a file.  A count that lies must not
   reserve the data: what a sound disk of this size has is the most. */
void vdisk_reserve(struct vdisk_image *im, const struct source *file,
                   uint64_t at, uint64_t n);
bool vdisk_is_reserved(const struct vdisk_image *im, const struct source *file,
                       uint64_t at, uint64_t n);
/* Add a sentence on what is damaged. */
G_GNUC_PRINTF(2, 3)
void vdisk_problem(struct vdisk_image *im, const char *format, ...);
/* Facts of the evidence itself; nothing in a parent. */
G_GNUC_PRINTF(3, 4)
void vdisk_fact(struct vdisk_image *im, const char *name, const char *format,
                ...);
/* A name of the parent, of which the last component counts; taken over. */
void vdisk_add_parent(struct vdisk_image *im, char *name);
/* The last component of a path of any system, within `path`. */
const char *vdisk_base_name(const char *path);
/* A GUID as text, in Windows' mixed order or left to right; to be freed. */
char *vdisk_guid(struct bytes b);
char *vdisk_uuid(struct bytes b);
/* UTF-16LE as UTF-8, up to a NUL; to be freed. */
char *vdisk_utf16(struct bytes b);

#endif
