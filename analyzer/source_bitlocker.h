/* SPDX-License-Identifier: MIT */
/*
 * source_bitlocker.h - the plain side of a BitLocker volume, as a reader
 *
 * It reads in the address space of the evidence: byte X is what lies at byte
 * X, decrypted.  So every offset that is cited stays one of the evidence.
 */
#ifndef ANALYZER_SOURCE_BITLOCKER_H
#define ANALYZER_SOURCE_BITLOCKER_H

#include "analyzer/bitlocker.h"
#include "recovery/bitlocker.h"

/*
 * A reader of the volume: its bytes are [v->offset, v->offset + v->size), and
 * those before it are the evidence's.  `v` only lends: the source under it must
 * outlive the reader.  Takes the keys over, leaving them empty, whatever the
 * outcome.
 *
 * The start of the volume comes from where BitLocker moved it to; its own
 * areas read as zeros; what is not encrypted yet, or no longer, is read as it
 * is.
 *
 * A volume that encrypts on write has no public map of what is encrypted: each
 * sector is asked.  See bitlocker_mixed.h.
 */
MUST_USE enum status bitlocker_reader(struct reader *out,
                                      const struct bitlocker_volume *v,
                                      struct bitlocker_keys *keys,
                                      struct error *err);

#endif
