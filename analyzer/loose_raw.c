/* SPDX-License-Identifier: MIT */
/*
 * loose_raw.c - a raw export of an encrypted file: what ReadEncryptedFileRaw,
 * backup programs and forensic tools write, [MS-EFSR] 2.2.3
 *
 * All streams of the file are in it.  One of a directory holds only $EFS.
 */
#include "analyzer/loose.h"
#include "parsers/efs_raw.h"
#include "recovery/efs_export.h"

#include <string.h>

#define MAGIC "\0\1\0\0R\0O\0B\0S"
/* The terminator of the text is its last byte. */
#define MAGIC_SIZE sizeof(MAGIC)

static unsigned bid(const struct loose *l, struct bytes head)
{
	struct cursor c = cursor_open(head);
	struct bytes magic = cursor_take(&c, MAGIC_SIZE);

	return l->file && !c.bad && !memcmp(magic.p, MAGIC, MAGIC_SIZE) ? 96
	                                                                : 0;
}

static uint64_t bytes_in(const GArray *extents)
{
	uint64_t n = 0;

	for (guint i = 0; i < extents->len; i++)
		n += g_array_index(extents, struct extent, i).n;
	return n;
}

/* A stream with a hole in its middle is recovered around it. */
static void take_stream(struct object *o, const struct export_stream *x)
{
	struct stream *s = object_stream(o, x->name);

	if (!s || s->begins) {
		(void)fail(&o->err, E_CORRUPT, 0, "two streams of one name");
		return;
	}
	s->begins = true;
	s->flags = x->encrypted ? NTFS_ATTR_ENCRYPTED : 0;
	s->size = x->size;
	s->initialized = x->initialized;
	s->stored = x->stored;
	s->extents.list = g_array_new(FALSE, FALSE, sizeof(struct extent));
	g_array_append_vals(s->extents.list, x->extents->data, x->extents->len);
	s->extents.stored = bytes_in(x->extents);
	s->extents.holes = x->holes;
	s->allocated = s->extents.stored;
	s->cluster = x->cluster;
	if (x->err.status == E_UNSUPPORTED || x->err.status == E_LIMIT)
		s->err = x->err;
	else if (x->err.status)
		o->doubt = x->err.status == E_TRUNCATED
		                   ? "the export ends inside of the stream"
		                   : "a part of the stream is damaged in the "
		                     "export";
	if (x->doubtful)
		o->doubt = "the export has blocks of more than their unit: "
			   "where the next ones belong is not published";
}

static const char *damage(const struct efs_export *x)
{
	if (x->err.status == OK || x->err.status == E_ABSENT)
		return NULL; /* whole, maybe with a trailer */
	return x->err.status == E_TRUNCATED
	               ? "the export ends inside of the file"
	               : "the export is damaged behind this";
}

static void take(struct object *o, struct efs_export *x)
{
	/* A cut export has less than it says; its own limits hold. */
	o->room = UINT64_MAX;
	o->has_efs = x->efs->len || x->efs_err.status;
	o->efs_at = x->efs_at;
	o->efs_err = x->efs_err;
	g_byte_array_append(o->efs, x->efs->data, x->efs->len);
	o->directory = o->has_efs && !x->streams->len && !damage(x);
	for (guint i = 0; i < x->streams->len; i++)
		take_stream(
			o, &g_array_index(x->streams, struct export_stream, i));
	if (damage(x))
		o->doubt = damage(x);
	if (damage(x) && !x->streams->len)
		o->absent = g_strdup(damage(x));
}

static void load(struct object *o, const struct loose *l)
{
	struct efs_export x = { 0 };

	if (efs_export_open(&x, l->file->size, loose_read, l->file,
	                    &o->efs_err)) {
		o->has_efs = true;
		o->absent = g_strdup("it is marked encrypted, but holds no raw "
		                     "export");
		return;
	}
	take(o, &x);
	efs_export_release(&x);
}

const struct loose_form loose_raw = {
	.name = "raw export (EFSRPC)",
	.bid = bid,
	.load = load,
};
