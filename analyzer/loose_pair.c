/* SPDX-License-Identifier: MIT */
/*
 * loose_pair.c - ciphertext in one file, $EFS in another: NAME and NAME.$EFS
 *
 * Nothing says how long the plaintext is but the length of the copy.  Where
 * that is not a multiple of a unit, the tool has cut at the end of the data,
 * and the last cipher block is not whole.
 */
#include "analyzer/loose.h"
#include "parsers/efs.h"

static unsigned bid(const struct loose *l, struct bytes head)
{
	(void)head;
	return l->file && l->info && !l->file->directory ? 48 : 0;
}

static void load(struct object *o, const struct loose *l)
{
	uint64_t size = l->file->size;

	loose_take_efs(o, l->info, 0, l->info->size);
	loose_take_data(o, l, 0, size, size);
	if (l->from == LOOSE_INFO_XATTR || l->from == LOOSE_INFO_BESIDE)
		o->doubt = "the copy does not end with the two bytes in which "
			   "ntfs-3g keeps the size: it was cut or added to";
	else if (size % EFS_UNIT)
		o->doubt = "the copy was cut inside of its last unit";
	else if (size)
		o->doubt = "the copy has whole units and its metadata no size: "
			   "what is at the end of the last unit may be padding";
}

const struct loose_form loose_pair = {
	.name = "ciphertext with $EFS beside it",
	.bid = bid,
	.load = load,
};
