/* SPDX-License-Identifier: MIT */
/*
 * efsplace.c - attach $EFS to a record: resident, beside it or far away
 */
#include "tests/generator/object.h"

#include <stdlib.h>
#include <string.h>

static ntfschar efs_name[] = {
	const_cpu_to_le16('$'),
	const_cpu_to_le16('E'),
	const_cpu_to_le16('F'),
	const_cpu_to_le16('S'),
};
enum { EFS_NAME = 4 };

static ntfs_attr_search_ctx *find_efs(ntfs_inode *ni)
{
	ntfs_attr_search_ctx *ctx = ntfs_attr_get_search_ctx(ni, NULL);

	if (!ctx || ntfs_attr_lookup(AT_LOGGED_UTILITY_STREAM, efs_name,
	                             EFS_NAME, CASE_SENSITIVE, 0, NULL, 0, ctx))
		die("$EFS is lost: %s", strerror(errno));
	return ctx;
}

static void move_to_extent(ntfs_inode *ni)
{
	ntfs_attr_search_ctx *ctx;

	if (!NInoAttrList(ni) && ntfs_inode_add_attrlist(ni))
		die("no $ATTRIBUTE_LIST: %s", strerror(errno));
	ctx = find_efs(ni);
	if (ctx->ntfs_ino == ni && ntfs_attr_record_move_away(ctx, 0))
		die("cannot move $EFS away: %s", strerror(errno));
	ntfs_attr_put_search_ctx(ctx);
}

static void add(struct object *o, const uint8_t *value, size_t n)
{
	if (ntfs_attr_add(o->ni, AT_LOGGED_UTILITY_STREAM, efs_name, EFS_NAME,
	                  value, (s64)n))
		die("cannot add $EFS: %s", strerror(errno));
}

/* Moved out while it is empty, so that its header stays in the base record. */
static void add_non_resident(struct object *o)
{
	ntfs_attr_search_ctx *ctx;
	ntfs_attr *na;
	s64 n = (s64)o->efs.n;

	add(o, NULL, 0);
	na = ntfs_attr_open(o->ni, AT_LOGGED_UTILITY_STREAM, efs_name,
	                    EFS_NAME);
	if (!na)
		die("cannot open $EFS: %s", strerror(errno));
	ctx = find_efs(o->ni);
	if (ntfs_attr_make_non_resident(na, ctx))
		die("cannot move $EFS out: %s", strerror(errno));
	ntfs_attr_put_search_ctx(ctx);
	if (ntfs_attr_pwrite(na, 0, n, o->efs.p) != n)
		die("cannot write $EFS: %s", strerror(errno));
	ntfs_attr_close(na);
}

static void check_base(ntfs_inode *ni)
{
	ntfs_attr_search_ctx *ctx = find_efs(ni);

	if (ctx->ntfs_ino != ni || ctx->attr->non_resident)
		die("$EFS does not fit into the base record");
	ntfs_attr_put_search_ctx(ctx);
}

void efs_attach(struct object *o)
{
	if (!o->efs.n)
		return;
	if (o->efs_place == EFS_NONRES) {
		add_non_resident(o);
		return;
	}
	add(o, o->efs.p, o->efs.n);
	if (o->efs_place == EFS_BASE)
		check_base(o->ni);
	if (o->efs_place == EFS_EXTENT)
		move_to_extent(o->ni);
}
