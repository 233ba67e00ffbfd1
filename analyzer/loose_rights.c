/* SPDX-License-Identifier: MIT */
/*
 * loose_rights.c - a file of Rights Management: the ".pfile" container, which
 * names itself and cannot be opened without the server's licence
 */
#include "analyzer/loose.h"
#include "parsers/limits.h"
#include "parsers/pfile.h"

static unsigned bid(const struct loose *l, struct bytes head)
{
	struct cursor c = cursor_open(head);
	struct bytes magic = cursor_take(&c, 6);
	uint32_t major = cursor_le32(&c);
	uint32_t minor = cursor_le32(&c);

	if (!l->file || c.bad || !bytes_begin(magic, ".pfile", 6) ||
	    major > 16 || minor > 16)
		return 0;
	return 96;
}

static void load(struct object *o, const struct loose *l)
{
	loose_take_efs(o, l->file, 0, MIN(l->file->size, LIMIT_EFS_SIZE));
	loose_take_data(o, l, 0, l->file->size, l->file->size);
}

const struct loose_form loose_rights = {
	.name = "Rights Management",
	.bid = bid,
	.load = load,
};
