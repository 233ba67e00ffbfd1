/* SPDX-License-Identifier: MIT */
/*
 * disk.h - a disk with a real Windows 10 cluster on it, to decrypt from
 */
#ifndef TESTS_RECOVERY_DISK_H
#define TESTS_RECOVERY_DISK_H

#include "recovery/decrypt.h"

#include "tests/recovery/material.h"

#define CLUSTER 4096
#define SIZE    621 /* bytes of the real file */
#define DISK    (64 * 1024)

/* The cluster, what all of it decrypts to, and the real file key. */
extern uint8_t cluster[CLUSTER], text[CLUSTER], structure[48];
/* Where the cluster is. */
extern const struct extent whole[1];

/* A disk of which some bytes cannot be read, and which ends early. */
extern struct disk {
	uint8_t bytes[DISK];
	uint64_t bad, bad_end; /* read error */
	uint64_t end;
} disk;

/* What the sink got. */
extern struct disk_result {
	uint8_t bytes[DISK];
	uint64_t n;
} result;

/* Of a group of tests. */
int disk_setup(void **state);
/* Of every test: the real cluster at 8192, garbage elsewhere. */
int disk_fresh(void **state);

/* Of struct ciphertext, with &disk; and of struct sink. */
enum status disk_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                      struct error *err);
enum status disk_put(void *ctx, const uint8_t *p, size_t n, struct error *err);
enum status disk_put_zeros(void *ctx, uint64_t n, struct error *err);

/* Decrypt a stream of these extents; the caller releases the proof. */
struct proof disk_run(const struct extent *extents, size_t n, uint64_t size,
                      uint64_t initialized);
struct proof disk_run_cut(const struct extent *extents, size_t n, uint64_t size,
                          uint64_t initialized, uint64_t stored);

#endif
