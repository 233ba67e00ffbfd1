/* SPDX-License-Identifier: MIT */
/*
 * mft_writer.h - MFT records, made by hand
 */
#ifndef TESTS_ANALYZER_MFT_WRITER_H
#define TESTS_ANALYZER_MFT_WRITER_H

#include "tests/analyzer/folder.h"

/* A record that is being written. */
struct mft_writer {
	uint8_t *p;
	size_t size, used; /* bytes */
};

/* `p` is `size` bytes; flags: 1 in use, 2 directory; base: 0 or a reference. */
void mft_begin(struct mft_writer *w, uint8_t *p, size_t size, uint16_t sequence,
               uint16_t flags, uint64_t base);
/* The n bytes of an attribute's value, zeros, to be written to. */
uint8_t *mft_resident(struct mft_writer *w, uint32_t type, uint16_t flags,
                      size_t n);
void mft_standard(struct mft_writer *w, uint32_t attributes);
/* `kind` is NTFS_NAME_*, the name ASCII. */
void mft_name(struct mft_writer *w, uint64_t parent, uint8_t kind,
              const char *name);
/* $DATA that is not resident, without runs. */
void mft_data(struct mft_writer *w, uint16_t flags, uint64_t lowest_vcn,
              uint64_t size);
/* An empty $LOGGED_UTILITY_STREAM. */
void mft_stream(struct mft_writer *w, const char *name);
/* The end of the attributes, and the update sequence. */
void mft_finish(struct mft_writer *w);

#endif
