/* SPDX-License-Identifier: MIT */
/*
 * repair.h - inputs that get past a checksum
 *
 * A target whose format has checksums defines fuzz_repair(), and is linked with
 * mutate.c then, which calls it on most of what libFuzzer makes.  Those of
 * front.h name one of these functions.
 *
 * Each makes all checksums of `data` fit what they are of, in place; `base` is
 * what it was made from, of `size` bytes or more, or NULL.
 */
#ifndef TESTS_FUZZ_REPAIR_H
#define TESTS_FUZZ_REPAIR_H

#include <stddef.h>
#include <stdint.h>

void fuzz_repair(uint8_t *data, size_t size);

/* The first section of a segment, and those that each names as the next. */
void repair_ewf(const uint8_t *base, uint8_t *data, size_t size);
/* Base blocks and log entries of hives, wherever they begin a sector. */
void repair_hive_log(const uint8_t *base, uint8_t *data, size_t size);
/* The update sequences of records where `base` has some. */
void repair_ntfs(const uint8_t *base, uint8_t *data, size_t size);
/* Metadata of BitLocker that begins a sector; the hash in it stays. */
void repair_bitlocker(const uint8_t *base, uint8_t *data, size_t size);
void repair_vhd(const uint8_t *base, uint8_t *data, size_t size);
void repair_vhdx(const uint8_t *base, uint8_t *data, size_t size);
/* The two headers of a 7z. */
void repair_7z(const uint8_t *base, uint8_t *data, size_t size);
/* The headers of a tar, and the hives in it. */
void repair_tar(const uint8_t *base, uint8_t *data, size_t size);

/* A header or a table of VHDX of n bytes. */
void repair_vhdx_sum(uint8_t *data, size_t n);

/* `width` bytes, the lowest first. */
uint64_t fuzz_get(const uint8_t *from, unsigned width);

#endif
