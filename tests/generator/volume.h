/* SPDX-License-Identifier: MIT */
/*
 * volume.h - names, directories and times on an NTFS volume of libntfs-3g
 */
#ifndef GENERATOR_VOLUME_H
#define GENERATOR_VOLUME_H

#include "tests/generator/names.h"
#include "tests/generator/ntfs.h"

/* $STANDARD_INFORMATION, in units of 100 ns since 1601. */
struct times {
	uint64_t created, modified, changed, accessed;
};

struct volume {
	ntfs_volume *ntfs;
	struct dated *dirs; /* directories, dated when all is done */
	size_t n_dirs;
	struct times root;
};

/* A name in an open directory. */
struct place {
	ntfs_inode *dir;
	struct name name;
	char *path; /* canonical text, from the root */
};

void volume_open(struct volume *v, const char *image);

/* Date the directories and unmount. */
void volume_close(struct volume *v);

/* Write the serial number into the boot sector and its copy. */
void volume_set_serial(const char *image, uint64_t serial);

/* "2024-05-06T07:08:09.1234567Z" */
uint64_t parse_time(const char *text);

/* Open the parent of a path; directories on the way are made. */
void place_open(struct place *p, struct volume *v, const char *path);
void place_close(struct place *p);

/* Make a file or directory; dated and closed by volume_seal(). */
ntfs_inode *place_create(const struct place *p, bool directory);
ntfs_inode *place_lookup(const struct place *p);

/* Set times and file attributes, write everything out and close both. */
void volume_seal(struct volume *v, struct place *p, ntfs_inode *ni,
                 const struct times *t);

/* Another name, and its canonical text; returns the MFT number. */
uint64_t volume_link(struct volume *v, const char *old, const char *new,
                     char **path);

/* A short name beside the long one. */
void volume_dos_name(struct volume *v, const char *path, const char *name);

/* Delete a name; true when it was the last one of *mft. */
bool volume_delete(struct volume *v, const char *path, uint64_t *mft);

#endif
