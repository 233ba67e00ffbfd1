/* SPDX-License-Identifier: MIT */
/*
 * origin.h - where a piece of key material lies, and whose it is by its place
 */
#ifndef RECOVERY_ORIGIN_H
#define RECOVERY_ORIGIN_H

#include <stdint.h>

/* Zero is empty: nothing is known of it. */
struct origin {
	char *evidence;    /* its unique name; NULL: a file the user named */
	unsigned volume;   /* vN; 0: on none, as in a plain directory */
	unsigned snapshot; /* sM, or 0 */
	char *path;        /* of the file, and in a hive of the key and value:
	                      "/Windows/System32/config/SOFTWARE: Policies\..." */
	uint64_t offset;   /* of its first byte, in the evidence; 0: unknown */
	uint64_t made;     /* FILETIME of the file's creation; 0: unknown */
	char *sid;         /* the owner's, as text; NULL: unknown */
	char *user;        /* name of the profile it is in; NULL: in none */
};

/* `to` becomes a copy, owned by the caller. */
void origin_copy(struct origin *to, const struct origin *from);
void origin_release(struct origin *origin);
/* "disk.dd v1 /Users/ann/..." or "agent.pfx"; the caller frees it. */
char *origin_text(const struct origin *origin);

/* What a volume is called, or a shadow copy of it: "v1", "v1.s2"; "" for
   volume 0. */
#define ORIGIN_LABEL 24
void origin_label(char buf[ORIGIN_LABEL], unsigned volume, unsigned snapshot);

#endif
