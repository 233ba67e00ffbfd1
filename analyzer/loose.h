/* SPDX-License-Identifier: MIT */
/*
 * loose.h - one encrypted file in a form in which it lives outside of NTFS
 *
 * A form recognises such a file by content, together with what lies beside it
 * (NTFS keeps $EFS in an attribute, copies must keep it elsewhere).  Adding one
 * is one file, loose_NAME.c, and one line in loose_forms.def.
 */
#ifndef ANALYZER_LOOSE_H
#define ANALYZER_LOOSE_H

#include "analyzer/found.h"
#include "analyzer/object.h"

/* Where the value of $EFS is, if not in the file itself. */
enum loose_info {
	LOOSE_INFO_NONE,
	LOOSE_INFO_XATTR,  /* extended attribute of the file */
	LOOSE_INFO_BESIDE, /* NAME.efsinfo: as the attribute, in a file */
	LOOSE_INFO_PAIR,   /* NAME.$EFS: of copies without a trailer that tells
	                      their size */
	LOOSE_INFO_MAYBE,  /* NAME.efs: the same, if its content is $EFS */
};

struct loose {
	const struct loose_form *form;
	struct found *file; /* NULL: only the metadata is here; borrowed */
	struct found *info; /* where $EFS is, or NULL; borrowed */
	enum loose_info from;
	bool directory; /* what the metadata is of, if known to be one */
	char *path;     /* in the collection: "/Users/ann/x.docx"; owned */
	char *stream;   /* of which stream the file is; NULL: the unnamed one;
	                   owned */
};

struct loose_form {
	const char *name; /* in words */
	/*
	 * Bits of evidence that it is this form; 0 if it is not.  `head` is the
	 * first LOOSE_HEAD bytes of the file, or fewer; none without a file.
	 */
	unsigned (*bid)(const struct loose *l, struct bytes head);
	/*
	 * Load the object: its paths and its reader are set already.  What is
	 * damaged goes into the object's own errors.
	 */
	void (*load)(struct object *o, const struct loose *l);
};

#define LOOSE_FORM(name) extern const struct loose_form loose_##name;
#include "analyzer/loose_forms.def"
#undef LOOSE_FORM

/* What a form may look at to bid. */
#define LOOSE_HEAD 4096u

/* The form that says most that it is this file; NULL: it is none. */
const struct loose_form *loose_find(const struct loose *l, struct bytes head);
/* Read the head of a file into `buf`, LOOSE_HEAD bytes; empty if it cannot be
   read. */
struct bytes loose_head(struct found *file, uint8_t *buf);
/* Does a file that begins so need nothing beside it to be recognised? */
bool loose_begins(struct bytes head, uint64_t size);

/* Load an object, which the caller has initialised and releases. */
void loose_load(struct object *o, const struct loose *l);
/* The path of its plaintext: without .efs or .pfile; to be freed. */
char *loose_plain(const char *path);

/*
 * Of a path like NAME.efsinfo: how much of it (bytes) is NAME, the file that it
 * may hold the metadata of, and how that is kept.  0: it is no such path.
 */
size_t loose_base(const char *path, enum loose_info *from);
/* Paths are the same whatever the case of letters: to be freed. */
char *loose_key(const char *path, size_t n);

/* ------------------------------------------------------- for the forms */

/* Do these bytes, of `size`, begin like the value of $EFS, versions 1 to 5? */
bool loose_is_efs(struct bytes head, uint64_t size);
/* The same, of a whole file. */
bool loose_is_info(struct found *file);
/* $EFS of the object is n bytes of a file from `at` on. */
void loose_take_efs(struct object *o, struct found *file, uint64_t at,
                    uint64_t n);
/*
 * The stream that the file is of has `size` bytes, of which the file holds
 * `stored` bytes of ciphertext from `at` on.
 */
void loose_take_data(struct object *o, const struct loose *l, uint64_t at,
                     uint64_t stored, uint64_t size);
/* The `read` of struct object, with a struct found as its context. */
MUST_USE enum status loose_read(void *file, uint64_t at, uint8_t *buf, size_t n,
                                struct error *err);

#endif
