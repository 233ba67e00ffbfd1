/* SPDX-License-Identifier: MIT */
/*
 * qcow.c - the header of a QCOW2 image, and the entries of its tables
 */
#include "parsers/qcow.h"

#define MAGIC          UINT32_C(0x514649fb)
#define BACKING_FORMAT UINT32_C(0xe2792aca)
#define OFFSET_MASK    UINT64_C(0x00fffffffffffe00)

static enum status check_features(const struct qcow_header *h,
                                  uint32_t encryption, uint8_t compression,
                                  uint64_t at, struct error *err)
{
	const uint64_t known = QCOW_DIRTY | QCOW_CORRUPT | QCOW_EXTERNAL_DATA |
	                       QCOW_COMPRESSION | QCOW_EXTENDED_L2;

	if (encryption)
		return fail(err, E_UNSUPPORTED, at + 0x20,
		            encryption == 2
		                    ? "a QCOW2 image encrypted with LUKS"
		                    : "an encrypted QCOW2 image");
	if (h->incompatible & QCOW_EXTERNAL_DATA)
		return fail(err, E_UNSUPPORTED, at + 0x48,
		            "a QCOW2 image with an external data file");
	if (h->incompatible & QCOW_EXTENDED_L2)
		return fail(err, E_UNSUPPORTED, at + 0x48,
		            "a QCOW2 image with extended L2 entries "
		            "(subclusters)");
	if (h->incompatible & ~known)
		return fail(err, E_UNSUPPORTED, at + 0x48,
		            "a QCOW2 image with an unknown incompatible "
		            "feature");
	if (compression)
		return fail(err, E_UNSUPPORTED, at + 0x68,
		            compression == 1
		                    ? "a QCOW2 image compressed with zstd"
		                    : "a QCOW2 image with an unknown "
		                      "compression");
	return OK;
}

static enum status check_sizes(const struct qcow_header *h, uint64_t at,
                               struct error *err)
{
	if (h->cluster_bits < 9 || h->cluster_bits > 21)
		return fail(err, E_CORRUPT, at + 0x14, "QCOW2 cluster size");
	if (!h->size || h->size > INT64_MAX)
		return fail(err, E_CORRUPT, at + 0x18, "QCOW2 disk size");
	if (h->backing && (!h->backing_size || h->backing_size > 1023))
		return fail(err, E_CORRUPT, at + 0x10,
		            "QCOW2 backing file name");
	return OK;
}

/*
 * "Header"
 *
 *	00  u32  "QFI\xfb"             04  u32  version
 *	08  u64  backing file name     10  u32  its length
 *	14  u32  cluster bits          18  u64  size
 *	20  u32  encryption            24  u32  L1 entries
 *	28  u64  L1 table              30  u64  refcount table
 *	38  u32  its clusters          3c  u32  snapshots
 *	40  u64  snapshot table        48  u64  incompatible features (3)
 *	50  u64  compatible            58  u64  autoclear
 *	60  u32  refcount order        64  u32  header length
 *	68  u8   compression type, if the header is longer than 104
 */
enum status qcow_header_parse(struct qcow_header *header, struct bytes in,
                              struct error *err)
{
	struct cursor c = cursor_open(in);
	struct qcow_header h = { 0 };
	uint32_t encryption;
	uint8_t compression = 0;

	*header = h;
	if (cursor_be32(&c) != MAGIC)
		return fail(err, E_ABSENT, in.at, "QCOW2 header");
	h.version = cursor_be32(&c);
	h.backing = cursor_be64(&c);
	h.backing_size = cursor_be32(&c);
	h.cluster_bits = cursor_be32(&c);
	h.size = cursor_be64(&c);
	encryption = cursor_be32(&c);
	h.l1_entries = cursor_be32(&c);
	h.l1 = cursor_be64(&c);
	h.refcounts = cursor_be64(&c);
	h.refcount_clusters = cursor_be32(&c);
	h.snapshots = cursor_be32(&c);
	cursor_skip(&c, 8);
	h.size_of_header = 72;
	if (!c.bad && h.version == 1)
		return fail(err, E_UNSUPPORTED, in.at + 4,
		            "a QCOW image of version 1; `qemu-img convert -O "
		            "raw` makes a raw image of it");
	if (!c.bad && h.version != 2 && h.version != 3)
		return fail(err, E_UNSUPPORTED, in.at + 4, "QCOW version");
	if (h.version == 3) {
		h.incompatible = cursor_be64(&c);
		cursor_skip(&c, 20);
		h.size_of_header = cursor_be32(&c);
		if (h.size_of_header > QCOW_HEADER_SIZE)
			compression = cursor_u8(&c);
	}
	if (c.bad)
		return fail(err, E_TRUNCATED, in.at, "QCOW2 header");
	if (check_sizes(&h, in.at, err) ||
	    check_features(&h, encryption, compression, in.at, err))
		return err->status;
	*header = h;
	return OK;
}

/* "Header extensions": u32 type, u32 length, data padded to 8 bytes. */
struct bytes qcow_backing_format(const struct qcow_header *header,
                                 struct bytes in)
{
	struct cursor c = cursor_open(in);

	cursor_skip(&c, header->size_of_header);
	while (!c.bad) {
		uint32_t type = cursor_be32(&c);
		uint32_t n = cursor_be32(&c);
		struct bytes data = cursor_take(&c, n);

		if (!type)
			break;
		if (type == BACKING_FORMAT)
			return data;
		cursor_skip(&c, (8 - n % 8) % 8);
	}
	return (struct bytes){ 0 };
}

/*
 * "L2 table entry": bit 62 compressed.  Standard: bit 0 zeros (version 3), 9 to
 * 55 offset.  Compressed: below bit x = 62 - (cluster bits - 8) the offset,
 * above it the number of further sectors.
 */
struct qcow_cluster qcow_cluster_parse(const struct qcow_header *header,
                                       uint64_t entry)
{
	struct qcow_cluster c = { .what = QCOW_NONE };
	uint32_t x = 62 - (header->cluster_bits - 8);
	uint64_t mask = (UINT64_C(1) << header->cluster_bits) - 1;

	if (entry >> 62 & 1) {
		uint64_t sectors = (entry & ~(UINT64_C(3) << 62)) >> x;

		c.what = QCOW_PACKED;
		c.at = entry & ((UINT64_C(1) << x) - 1);
		c.n = (uint32_t)((sectors + 1) * 512 - c.at % 512);
		return c;
	}
	c.at = entry & OFFSET_MASK;
	if (header->version >= 3 && entry & 1)
		c.what = QCOW_ZERO;
	else if (entry & ~(UINT64_C(1) << 63 | OFFSET_MASK) || c.at & mask)
		c.what = QCOW_BAD;
	else if (c.at)
		c.what = QCOW_DATA;
	return c;
}

bool qcow_l2_parse(const struct qcow_header *header, uint64_t entry,
                   uint64_t *at)
{
	uint64_t mask = (UINT64_C(1) << header->cluster_bits) - 1;

	*at = entry & OFFSET_MASK;
	return !(entry & ~(UINT64_C(1) << 63 | OFFSET_MASK)) && !(*at & mask);
}
