/* SPDX-License-Identifier: MIT */
/*
 * loose_metadata.c - $EFS alone: of a directory, or of a file whose ciphertext
 * is not here
 */
#include "analyzer/loose.h"

static unsigned bid(const struct loose *l, struct bytes head)
{
	(void)head;
	return !l->file && l->info ? 40 : 0;
}

static void load(struct object *o, const struct loose *l)
{
	loose_take_efs(o, l->info, 0, l->info->size);
	o->directory = l->directory;
	if (!o->directory)
		o->absent = g_strdup("only the metadata of this file is here, "
		                     "not its ciphertext");
}

const struct loose_form loose_metadata = {
	.name = "$EFS alone",
	.bid = bid,
	.load = load,
};
