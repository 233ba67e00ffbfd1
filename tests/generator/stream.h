/* SPDX-License-Identifier: MIT */
/*
 * stream.h - put one $DATA stream on the volume: clusters, bytes, flags
 */
#ifndef GENERATOR_STREAM_H
#define GENERATOR_STREAM_H

#include "tests/generator/cipher.h"
#include "tests/generator/content.h"
#include "tests/generator/names.h"
#include "tests/generator/ntfs.h"

#include <stdio.h>

enum { HOLES_MAX = 64 };

struct hole {
	uint64_t at, len; /* bytes, multiples of the cluster */
};

/* Where the clusters of a stream are. */
struct layout {
	uint64_t size; /* to allocate, in bytes */
	uint64_t frag; /* clusters a fragment; 0 is in one piece */
	bool back;     /* fragments in descending order */
	struct hole holes[HOLES_MAX];
	size_t n_holes;
};

/* Allocate all clusters and write the mapping pairs. */
void layout_make(ntfs_attr *na, const struct layout *l);

enum padding {
	PAD_ZERO,    /* as Windows fills the last unit */
	PAD_RANDOM,  /* as ntfs-3g does */
	PAD_CLUSTER, /* zeros, encrypted to the end of the cluster */
};

struct stream {
	struct name name; /* empty for the unnamed stream */
	struct content content;
	struct content given; /* ciphertext, where it is not ours to make */
	bool has_given;
	bool zero_cipher; /* ciphertext of zeros, never written: sparse host */
	bool encrypted;   /* the flag, and the bytes with it */
	bool resident;
	bool unwritten_slack; /* noise after the last unit */
	uint64_t size, valid; /* data and initialised size */
	enum padding padding;
	struct layout layout;
	bool has_flags;
	uint16_t flags; /* of the attribute header, instead of the right ones */
};

/* Write the stream; what a reader must see goes to `out` and `sha256`. */
void stream_write(ntfs_inode *ni, struct stream *s, const struct fek *fek,
                  FILE *out, uint8_t sha256[32]);

/* Flags and sizes, after which libntfs-3g must not touch the stream. */
void stream_seal(ntfs_inode *ni, const struct stream *s);

#endif
