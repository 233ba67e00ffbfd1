/* SPDX-License-Identifier: MIT */
/*
 * description.h - a $EFS attribute in words: class, version, every ring entry
 */
#ifndef RECOVERY_DESCRIPTION_H
#define RECOVERY_DESCRIPTION_H

#include "recovery/casefile.h"

#include <glib.h>

/* All text is owned by the description; ranges borrow from the $EFS bytes. */
struct description {
	uint32_t version;   /* 0 if even that is damaged */
	char *id;           /* GUID in braces, or NULL */
	const char *class_; /* as in the records: "user", "rms", ... */
	struct efs efs;     /* versions 1 to 3: for filekey_open */
	bool hash_wrong;    /* there is an EFS_Hash, and it does not match */
	bool openable;      /* of a kind that an RSA key can open */
	GArray *entries;    /* of struct case_entry: DDF, then DRF */
	bool ring_cut;      /* there are or may be more, that are damaged */
	GStringChunk *strings;
	/* Why it cannot be opened whatever the key, or what of it is damaged.
	 */
	enum outcome outcome; /* OUTCOME_NO_KEY where nothing is wrong */
	char *reason;         /* NULL where nothing is wrong */
};

/*
 * Describe the value of a $EFS attribute, of any version or none.  Damage is
 * part of the description, so this does not fail.
 */
void description_init(struct description *d, struct bytes efs);
void description_release(struct description *d);

#endif
