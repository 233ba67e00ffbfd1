/* SPDX-License-Identifier: MIT */
/*
 * manifest.h - what a reader of the image must find
 *
 * One line of tab-separated text for each encrypted stream and directory:
 *
 *	kind	f for a stream, d for a directory
 *	mft	MFT record number
 *	seq	sequence number of the record while it was in use
 *	path	canonical text of names.h, from the root
 *	stream	the same, or - for the unnamed stream and for directories
 *	alg	algorithm as reports name it
 *	size	bytes, or - for directories
 *	sha256	of the plaintext, or - where it is not known
 *	openers	ring/entry/key: the first entry of each key that opens
 *	deleted	1 when no name is left
 *	expect	"ok", or the word that the specification gave
 *	links	the other names, parted by |, or -
 *	file	the plaintext, relative to the folder of --expect
 */
#ifndef GENERATOR_MANIFEST_H
#define GENERATOR_MANIFEST_H

#include "tests/generator/util.h"

#include <stdio.h>

struct row {
	bool directory, deleted;
	uint64_t mft;
	unsigned sequence;
	char *path, *stream, *openers, *expect, *links, *file;
	const char *algorithm;
	uint64_t size;
	bool has_sha256;
	uint8_t sha256[32];
};

struct manifest {
	const char *folder; /* of --expect, or NULL */
	struct row *rows;
	size_t n;
};

/* A new row; its texts are copied. */
void manifest_add(struct manifest *m, const struct row *row);

void manifest_link(struct manifest *m, uint64_t mft, const char *path);
void manifest_delete(struct manifest *m, uint64_t mft);

/* Where the plaintext of a stream goes; NULL without --expect. */
FILE *manifest_create(struct manifest *m, uint64_t mft, const char *stream,
                      char **file);

/* The same file under its own name, where a POSIX system can hold that. */
void manifest_tree(struct manifest *m, const char *file, const char *path,
                   const char *stream);

void manifest_write(struct manifest *m, const char *path);
void manifest_release(struct manifest *m);

#endif
