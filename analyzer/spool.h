/* SPDX-License-Identifier: MIT */
/*
 * spool.h - what was unpacked of an archive, in one temporary file
 *
 * The file has no name, or loses it as soon as it may, so nothing of it stays
 * behind.  It is in the folder that the environment names in TMPDIR.
 */
#ifndef ANALYZER_SPOOL_H
#define ANALYZER_SPOOL_H

#include "analyzer/found.h"

struct spool;

/* NULL if no temporary file can be made. */
MUST_USE enum status spool_new(struct spool **out, struct error *err);
/* It is freed with the last file in it. */
void spool_unref(struct spool *spool);

/* Where the next byte goes. */
uint64_t spool_end(const struct spool *spool);
/*
 * Append n bytes.  E_LIMIT: it would take the last free space of the disk.
 * E_IO: it cannot be written.
 */
MUST_USE enum status spool_add(struct spool *spool, const void *p, size_t n,
                               struct error *err);
/* Forget everything from `at` on. */
void spool_cut(struct spool *spool, uint64_t at);
/* n bytes from `at` on as a file, without a path. */
struct found *spool_found(struct spool *spool, uint64_t at, uint64_t n);

/*
 * For a library that writes into it, and for one that wants a path: one that
 * only this user may read, until it is hidden or freed.  NULL where it is
 * hidden.
 */
MUST_USE enum status spool_new_named(struct spool **out, struct error *err);
int spool_fd(const struct spool *spool);
const char *spool_path(const struct spool *spool);
void spool_hide(struct spool *spool);
/* Is there room for so many bytes more? */
bool spool_has_room(const struct spool *spool, uint64_t n);

#endif
