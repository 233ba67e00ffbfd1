/* SPDX-License-Identifier: MIT */
/*
 * hive_sample.h - hives and logs made by hand, for the tests of their parsers
 */
#ifndef TESTS_PARSERS_HIVE_SAMPLE_H
#define TESTS_PARSERS_HIVE_SAMPLE_H

#include "tests/parsers/sample.h"

/* A base block of HIVE_HEAD_SIZE bytes, with its checksum. */
void make_base(uint8_t *p, uint32_t sequence1, uint32_t sequence2,
               uint32_t type, uint32_t data_size);
/* The checksum of a base block, written anew. */
void seal_base(uint8_t *p);
/* An entry of a new log: n pages of 4096 bytes, each filled with its number of
   `fill` on, at these offsets.  Returns its size. */
size_t make_entry(uint8_t *p, uint32_t sequence, uint32_t data_size,
                  const uint32_t *offsets, uint32_t n, uint8_t fill);
/* The hashes of an entry of `size` bytes, written anew. */
void seal_entry(uint8_t *p, size_t size);
/* Little-endian. */
void put_le32(uint8_t *p, uint32_t v);
/* A file of the corpus whatever its size, else skip(). */
struct bytes corpus_file(const char *name);

#endif
