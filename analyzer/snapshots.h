/* SPDX-License-Identifier: MIT */
/*
 * snapshots.h - the shadow copies of an NTFS volume
 *
 * libvshadow shows what a volume was when a shadow copy of it was made.  It
 * believes its chains of blocks without end, so that they are walked here
 * before it sees them.
 */
#ifndef ANALYZER_SNAPSHOTS_H
#define ANALYZER_SNAPSHOTS_H

#include "analyzer/volume.h"

/*
 * All shadow copies of `v`, the oldest first: a GPtrArray of struct volume *,
 * which the caller frees before `v`; empty where there are none.  Each has the
 * number of `v`, a number of its own from 1 (`snapshot`), its time, and facts.
 * Its layer has the bytes of then at the evidence's offsets, from v->offset to
 * v->offset + size.  Where there is no layer, `err` says why: its data is on
 * another volume, or damaged.  Adds to the facts of `v` that it has some, or
 * the data of another's.
 * The layers read `v->s`, each other's states too: they are not shared, but
 * one may be read while another thread reads the next.
 * E_CORRUPT, E_IO, E_LIMIT ...: the list is not complete; `out` holds those
 * that were found.
 */
MUST_USE enum status snapshots_find(GPtrArray **out, struct volume *v,
                                    struct error *err);

/* "20190323" */
const char *snapshots_library_version(void);

#endif
