/* SPDX-License-Identifier: MIT */
/*
 * loose_copy.c - a file copied with ntfs-3g's option efs_raw: its ciphertext in
 * whole units, then two bytes that say how many of the last are not data
 *
 * $EFS is in the extended attribute user.ntfs.efsinfo of the copy, or in a file
 * NAME.efsinfo beside it.
 */
#include "analyzer/loose.h"
#include "parsers/bytes.h"
#include "parsers/efs.h"

#define TRAILER 2u

/* The size of the plaintext, if the copy ends as it has to. */
static bool size_of(struct found *file, uint64_t *size)
{
	uint64_t units;
	uint8_t buf[TRAILER];
	struct error ignored;
	struct cursor c;
	uint16_t padding;

	*size = 0;
	if (!file->size)
		return true;
	if (file->size <= TRAILER)
		return false;
	units = file->size - TRAILER;
	if (units % EFS_UNIT ||
	    loose_read(file, units, buf, sizeof(buf), &ignored))
		return false;
	c = cursor_open((struct bytes){ buf, sizeof(buf), units });
	padding = cursor_le16(&c);
	if (padding >= EFS_UNIT)
		return false;
	*size = units - padding;
	return true;
}

static unsigned bid(const struct loose *l, struct bytes head)
{
	uint64_t size;

	(void)head;
	if (!l->file ||
	    (l->from != LOOSE_INFO_XATTR && l->from != LOOSE_INFO_BESIDE))
		return 0;
	return size_of(l->file, &size) ? 64 : 0;
}

static void load(struct object *o, const struct loose *l)
{
	uint64_t size;

	loose_take_efs(o, l->info, 0, l->info->size);
	if (size_of(l->file, &size))
		loose_take_data(o, l, 0,
		                l->file->size ? l->file->size - TRAILER : 0,
		                size);
}

const struct loose_form loose_copy = {
	.name = "copy by ntfs-3g",
	.bid = bid,
	.load = load,
};
