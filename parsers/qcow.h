/* SPDX-License-Identifier: MIT */
/*
 * qcow.h - the header of a QCOW2 image, and the entries of its tables
 *
 * Layout: QEMU's docs/interop/qcow2.txt.  Numbers are big-endian.
 */
#ifndef PARSERS_QCOW_H
#define PARSERS_QCOW_H

#include "parsers/bytes.h"
#include "parsers/status.h"

#define QCOW_HEADER_SIZE 104u /* of version 3 */

/* Bits of `incompatible`. */
#define QCOW_DIRTY         UINT64_C(1)
#define QCOW_CORRUPT       UINT64_C(2)
#define QCOW_EXTERNAL_DATA UINT64_C(4)
#define QCOW_COMPRESSION   UINT64_C(8)
#define QCOW_EXTENDED_L2   UINT64_C(16)

struct qcow_header {
	uint32_t version; /* 2 or 3 */
	uint64_t backing; /* where the backing file's name is; 0: none */
	uint32_t backing_size;
	uint32_t cluster_bits; /* 9 to 21 */
	uint64_t size;         /* bytes of the disk, at most INT64_MAX */
	uint32_t l1_entries;
	uint64_t l1; /* where the first table is */
	uint64_t refcounts;
	uint32_t refcount_clusters;
	uint32_t snapshots;
	uint64_t incompatible;
	uint32_t size_of_header; /* where the extensions begin */
};

/*
 * Parse a header; `in` is the start of the file, 112 bytes or more.
 * E_ABSENT: it is none.  E_UNSUPPORTED: a version, encryption or feature that
 * is not read; `what` names it.
 */
MUST_USE enum status qcow_header_parse(struct qcow_header *header,
                                       struct bytes in, struct error *err);
/* What the extension says of the backing file's format; empty: nothing. */
struct bytes qcow_backing_format(const struct qcow_header *header,
                                 struct bytes in);

enum qcow_what { QCOW_NONE, QCOW_ZERO, QCOW_DATA, QCOW_PACKED, QCOW_BAD };

/* What a cluster is. */
struct qcow_cluster {
	enum qcow_what what;
	uint64_t at;
	uint32_t n; /* of QCOW_PACKED: bytes that hold it, or more */
};

/* What an entry of a second table says. */
struct qcow_cluster qcow_cluster_parse(const struct qcow_header *header,
                                       uint64_t entry);
/* Where a second table is, 0: nowhere; false: the entry is damaged. */
bool qcow_l2_parse(const struct qcow_header *header, uint64_t entry,
                   uint64_t *at);

#endif
