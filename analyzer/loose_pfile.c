/* SPDX-License-Identifier: MIT */
/*
 * loose_pfile.c - EFS of Windows 10 on FAT and exFAT: NAME.PFILE, with $EFS in
 * front of the ciphertext (parsers/efs_fat.h)
 *
 * Whether the offsets of the units count from the end of that header is not
 * known: only a proof in the data itself can say.
 */
#include "analyzer/loose.h"
#include "parsers/efs_fat.h"

static bool parse(struct efs_fat *fat, struct bytes head, uint64_t size)
{
	struct error ignored;

	return loose_is_efs(head, size) &&
	       !efs_fat_parse(fat, head, size, &ignored);
}

/* A pair's bare $EFS is no multiple of a page. */
static unsigned bid(const struct loose *l, struct bytes head)
{
	struct efs_fat fat;

	return l->file && parse(&fat, head, l->file->size) ? 80 : 0;
}

/*
 * Windows encrypts whole units, and cuts the file behind the last block that
 * it needs; on a volume the rest of the unit is still in its cluster, unless
 * somebody copied the file there.  Worth a look where the file has no proof of
 * its own.
 */
static uint64_t stored_bytes(const struct efs_fat *fat,
                             const struct found *file)
{
	uint64_t rest = (EFS_UNIT - fat->data % EFS_UNIT) % EFS_UNIT;

	if (!fat->data || fat->data >= fat->size + PROOF_BYTES)
		return fat->data;
	return fat->data + MIN(rest, file->slack);
}

static void load(struct object *o, const struct loose *l)
{
	uint8_t buf[LOOSE_HEAD];
	struct bytes head = loose_head(l->file, buf);
	struct cursor c = cursor_open(head);
	uint32_t length = cursor_le32(&c);
	struct efs_fat fat;

	if (!parse(&fat, head, l->file->size)) {
		o->has_efs = true;
		(void)fail(&o->efs_err, E_IO, 0, "cannot be read again");
		return;
	}
	loose_take_efs(o, l->file, 0, length);
	loose_take_data(o, l, fat.header, stored_bytes(&fat, l->file),
	                fat.size);
	o->doubt = "how EFS on FAT counts the units of a file, and writes its "
		   "size, is known from a few small samples without a key";
}

const struct loose_form loose_pfile = {
	.name = "EFS on FAT",
	.bid = bid,
	.load = load,
};
