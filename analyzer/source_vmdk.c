/* SPDX-License-Identifier: MIT */
/*
 * source_vmdk.c - VMDK: one file or several, sparse, flat, compressed; and
 * what was written since a snapshot, with its parent
 *
 * Specification: parsers/vmdk.h.  Not libvmdk: it takes the header for data
 * where a damaged table says so (README.md).
 */
#include "analyzer/vdisk.h"
#include "parsers/limits.h"
#include "parsers/vmdk.h"

#include <inttypes.h>
#include <string.h>

#define FOOTER 1024u /* before the end */
#define NO_CID "ffffffff"
#define LISTED 8u /* missing files that are named */

struct extent {
	uint64_t start, size; /* of the disk */
	struct source *file;  /* NULL: zeros, or it is missing */
	bool owned;
	bool zero;
	bool sparse;
	uint64_t offset; /* of a flat one, in its file */
	struct vmdk_header header;
	uint8_t *directory; /* entries in little-endian; owned */
};

struct vmdk {
	GArray *extents; /* of struct extent, ascending */
	char *text;      /* the description; owned */
	size_t text_n;
	uint64_t size;
	bool self_used; /* the file itself is one of the extents already */
	unsigned missing;
};

static unsigned bid(const struct probe *probe)
{
	if (vmdk_is_text(probe->head))
		return 160;
	if (probe->head.n >= 4 && (!memcmp(probe->head.p, "KDMV", 4) ||
	                           !memcmp(probe->head.p, "COWD", 4)))
		return 32;
	return 0;
}

static void vmdk_free(void *ctx)
{
	struct vmdk *d = ctx;

	for (guint i = 0; i < d->extents->len; i++) {
		struct extent *e = &g_array_index(d->extents, struct extent, i);

		if (e->owned)
			source_free(e->file);
		g_free(e->directory);
	}
	g_array_free(d->extents, TRUE);
	g_free(d->text);
	g_free(d);
}

static char *text_of(struct bytes b)
{
	char *s = g_strndup(b.n ? (const char *)b.p : "", b.n);
	char *valid = g_utf8_make_valid(s, -1);

	g_free(s);
	return valid;
}

/* ----------------------------------------------------------------- extents */

/* A stream is written without going back: its directory is said at the end. */
static bool read_footer(struct vdisk_image *im, struct extent *e)
{
	struct vmdk_header footer;
	uint8_t buf[VMDK_SECTOR];
	struct error ignored;
	uint64_t at;

	if (e->file->size < FOOTER)
		return false;
	at = e->file->size - FOOTER;
	if (source_read(e->file, at, buf, sizeof(buf), &ignored) ||
	    vmdk_header_parse(&footer, (struct bytes){ buf, sizeof(buf), at },
	                      &ignored) ||
	    footer.directory == UINT64_MAX)
		return false;
	e->header.directory = footer.directory;
	vdisk_reserve(im, e->file, at, FOOTER);
	return true;
}

static enum status open_directory(struct vdisk_image *im, struct extent *e,
                                  struct error *err)
{
	struct vmdk_header *h = &e->header;
	uint64_t most; /* what the description says */

	if (h->directory == UINT64_MAX && !read_footer(im, e)) {
		vdisk_problem(im, "the VMDK is cut off: it has no footer");
		h->directory = e->file->size;
	}
	vdisk_reserve(im, e->file, 0, VMDK_SECTOR);
	vdisk_reserve(im, e->file, h->text.at, h->text.n);
	/* More tables than can be are read as far as they are kept. */
	h->tables = MIN(h->tables, LIMIT_DISK_TABLE / 4);
	most = e->size / h->grain / h->entries + 1;
	vdisk_reserve(im, e->file, h->directory, 4 * MIN(h->tables, most));
	return vdisk_table(&e->directory, im, e->file, h->directory,
	                   4 * h->tables, err);
}

static enum status open_sparse(struct vdisk_image *im, struct extent *e,
                               struct error *err)
{
	uint8_t buf[VMDK_SECTOR];

	e->sparse = true;
	/* An extent is made of a file that is open.
	   NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	if (e->file->size < VMDK_SECTOR)
		return fail(err, E_TRUNCATED, 0, "VMDK header");
	if (source_read(e->file, 0, buf, sizeof(buf), err) ||
	    vmdk_header_parse(&e->header, (struct bytes){ buf, sizeof(buf), 0 },
	                      err))
		return err->status;
	return open_directory(im, e, err);
}

/* Only the first ones are named. */
static void lacks(struct vdisk_image *im, const char *name, const char *why)
{
	struct vmdk *d = im->ctx;

	if (d->missing++ < LISTED)
		vdisk_problem(im, "the file \"%s\" of the disk %s", name, why);
}

static void open_extent_file(struct vdisk_image *im, struct extent *e,
                             const char *name)
{
	char *path = source_beside(im->path, vdisk_base_name(name));
	struct error why;

	if (!path) {
		lacks(im, name,
		      im->path ? "is not beside it"
		               : "cannot be looked for inside of another "
		                 "container");
		return;
	}
	e->owned = !source_file(&e->file, path, &why);
	if (!e->owned)
		lacks(im, name, why.what);
	im->held += e->owned ? e->file->held : 0;
	g_free(path);
}

static void drop_file(struct extent *e)
{
	if (e->owned)
		source_free(e->file);
	e->owned = false;
	e->file = NULL;
	g_free(e->directory);
	e->directory = NULL;
}

static void fill_extent(struct vdisk_image *im, struct extent *e,
                        const struct vmdk_line *line, bool embedded)
{
	struct vmdk *d = im->ctx;
	char *name = text_of(line->name);
	struct error why;

	e->zero = line->type == VMDK_ZERO;
	e->offset = line->offset;
	if (line->type == VMDK_OTHER) {
		lacks(im, name, "is an extent of a type that is not read");
	} else if (line->type == VMDK_SPARSE && embedded && !d->self_used) {
		/* its own name may have changed since */
		e->file = im->file;
		d->self_used = true;
	} else if (!e->zero) {
		open_extent_file(im, e, name);
	}
	if (e->file && line->type == VMDK_SPARSE && open_sparse(im, e, &why)) {
		lacks(im, name, why.what);
		drop_file(e);
	}
	g_free(name);
}

static enum status add_extent(struct vdisk_image *im,
                              const struct vmdk_line *line, bool embedded,
                              struct error *err)
{
	struct vmdk *d = im->ctx;
	struct extent e = { .start = d->size, .size = line->size };

	if (!line->size)
		return OK;
	if (d->extents->len >= LIMIT_VMDK_EXTENTS)
		return fail(err, E_LIMIT, 0, "extents of a VMDK disk");
	if (line->size > INT64_MAX - d->size)
		return fail(err, E_LIMIT, 0, "size of a VMDK disk");
	fill_extent(im, &e, line, embedded);
	g_array_append_val(d->extents, e);
	d->size += e.size;
	return OK;
}

/* ------------------------------------------------------------- description */

static bool is_key(const struct vmdk_line *line, const char *key)
{
	return line->key.n == strlen(key) &&
	       !g_ascii_strncasecmp((const char *)line->key.p, key,
	                            line->key.n);
}

static char *cid_of(struct bytes b)
{
	char *text = text_of(b);
	char *lower = g_ascii_strdown(text, -1);

	g_free(text);
	return lower;
}

static void set(char **to, char *value)
{
	g_free(*to);
	*to = value;
}

static void take_line(struct vdisk_image *im, const struct vmdk_line *line)
{
	if (is_key(line, "CID"))
		set(&im->id, cid_of(line->value));
	else if (is_key(line, "parentCID"))
		set(&im->parent_id, cid_of(line->value));
	else if (is_key(line, "parentFileNameHint"))
		vdisk_add_parent(im, text_of(line->value));
	else if (is_key(line, "createType") && line->value.n)
		vdisk_fact(im, "type", "%.*s", (int)MIN(line->value.n, 100),
		           (const char *)line->value.p);
}

static enum status take_text(struct vdisk_image *im, bool embedded,
                             struct error *err)
{
	struct vmdk *d = im->ctx;
	struct bytes rest = { (const uint8_t *)d->text, d->text_n, 0 };
	struct vmdk_line line;

	while (vmdk_text_next(&rest, &line)) {
		if (!line.is_extent)
			take_line(im, &line);
		else if (add_extent(im, &line, embedded, err))
			return err->status;
	}
	im->has_parent = im->parent_id && strcmp(im->parent_id, NO_CID) != 0;
	return OK;
}

static enum status load_text(struct vdisk_image *im, uint64_t at, uint64_t n,
                             struct error *err)
{
	struct vmdk *d = im->ctx;

	if (at >= im->file->size)
		return OK;
	d->text_n = (size_t)MIN(MIN(n, im->file->size - at), LIMIT_VMDK_TEXT);
	d->text = g_malloc(d->text_n + 1);
	if (source_read(im->file, at, d->text, d->text_n, err)) {
		vdisk_problem(im, "the VMDK's descriptor cannot be read");
		d->text_n = 0;
	}
	return OK;
}

/* -------------------------------------------------------------------- open */

static void add_facts(struct vdisk_image *im)
{
	const struct vmdk *d = im->ctx;

	if (im->id)
		vdisk_fact(im, "identifier", "%s", im->id);
	if (im->has_parent) {
		if (im->parents->len)
			vdisk_fact(im, "parent", "%s",
			           (const char *)im->parents->pdata[0]);
		vdisk_fact(im, "parent identifier", "%s", im->parent_id);
	}
	if (d->extents->len > 1)
		vdisk_fact(im, "extents", "%u", d->extents->len);
	for (guint i = 0; i < d->extents->len; i++) {
		const struct vmdk_header *h =
			&g_array_index(d->extents, struct extent, i).header;

		if (!h->name)
			continue;
		vdisk_fact(im, "version", "%s %" PRIu32, h->name, h->version);
		vdisk_fact(im, "grain size", "%" PRIu32, h->grain);
		if (h->packed)
			vdisk_fact(im, "compression", "deflate");
		if (h->unclean)
			vdisk_fact(im, "state", "not closed");
		return;
	}
}

/* A sparse file alone: the disk, or an extent whose description is lost. */
static enum status open_alone(struct vdisk_image *im,
                              const struct vmdk_header *h, struct error *err)
{
	struct vmdk *d = im->ctx;
	struct extent e = { .size = h->size, .file = im->file };
	enum status st = open_sparse(im, &e, err);

	g_array_append_val(d->extents, e);
	d->size = e.size;
	vdisk_fact(im, "type", "extent");
	vdisk_problem(im, "the VMDK has no description: it may be one of "
	                  "several files of a disk");
	return st;
}

/* The header of a file that is a disk by itself is right about its size. */
static void check_size(struct vdisk_image *im, const struct vmdk_header *h)
{
	struct vmdk *d = im->ctx;
	struct extent *e = &g_array_index(d->extents, struct extent, 0);

	if (d->extents->len != 1 || e->file != im->file || e->size == h->size)
		return;
	vdisk_problem(im,
	              "the VMDK's descriptor says %" PRIu64
	              " bytes, its header %" PRIu64,
	              e->size, h->size);
	e->size = d->size = h->size;
}

static enum status open_sparse_disk(struct vdisk_image *im,
                                    const struct probe *probe,
                                    struct error *err)
{
	struct vmdk *d = im->ctx;
	struct vmdk_header h;

	if (vmdk_header_parse(&h, probe->head, err))
		return err->status;
	if (h.text.n && load_text(im, h.text.at, h.text.n, err))
		return err->status;
	if (take_text(im, true, err))
		return err->status;
	if (!d->extents->len)
		return open_alone(im, &h, err);
	check_size(im, &h);
	return OK;
}

static enum status open_disk(struct vdisk_image *im, const struct probe *probe,
                             struct error *err)
{
	struct vmdk *d = g_new0(struct vmdk, 1);

	d->extents = g_array_new(FALSE, FALSE, sizeof(struct extent));
	im->ctx = d;
	if (vmdk_is_text(probe->head)) {
		if (load_text(im, 0, im->file->size, err) ||
		    take_text(im, false, err))
			return err->status;
	} else if (open_sparse_disk(im, probe, err)) {
		return err->status;
	}
	if (!d->extents->len)
		return fail(err, E_CORRUPT, 0, "a VMDK disk without extents");
	if (d->missing == d->extents->len && !im->facts)
		return fail(err, E_ABSENT, 0, "lacks its extents");
	if (d->missing > LISTED)
		vdisk_problem(im, "and %u more files", d->missing - LISTED);
	im->size = d->size;
	add_facts(im);
	return OK;
}

/* --------------------------------------------------------------------- map */

static const struct extent *extent_at(const struct vmdk *d, uint64_t at)
{
	guint low = 0, high = d->extents->len - 1;

	while (low < high) {
		guint mid = low + (high - low + 1) / 2;

		if (g_array_index(d->extents, struct extent, mid).start <= at)
			low = mid;
		else
			high = mid - 1;
	}
	return &g_array_index(d->extents, struct extent, low);
}

static void map_grain(const struct extent *e, uint32_t entry, uint64_t table,
                      uint64_t in, uint64_t at, struct vdisk_piece *piece)
{
	const struct vmdk_header *h = &e->header;

	piece->at = (uint64_t)entry * VMDK_SECTOR;
	if (!entry) {
		piece->what = VDISK_PARENT;
	} else if (entry == 1 && h->zeroed_grains) {
		piece->what = VDISK_ZERO;
	} else if (piece->at == table) {
		return;
	} else if (h->packed) {
		piece->what = VDISK_PACKED;
		piece->packed = 2 * h->grain;
		piece->marked = h->marked;
		piece->unit = h->grain;
		piece->start = at - in % h->grain;
	} else {
		piece->what = VDISK_DATA;
		piece->at += in % h->grain;
	}
}

static void map_sparse(struct vdisk_image *im, const struct extent *e,
                       uint64_t in, uint64_t at, struct vdisk_piece *piece)
{
	const struct vmdk_header *h = &e->header;
	uint64_t covered = (uint64_t)h->grain * h->entries;
	uint64_t i = in / covered, table;
	uint32_t index = (uint32_t)(in / h->grain % h->entries);
	uint64_t left = piece->n;
	uint8_t raw[4];
	struct cursor c;

	if (in >= h->size || i >= h->tables)
		return;
	c = cursor_open((struct bytes){ e->directory + 4 * i, 4, 0 });
	table = (uint64_t)cursor_le32(&c) * VMDK_SECTOR;
	piece->n = MIN(left, covered - in % covered);
	if (!table) {
		piece->what = VDISK_PARENT;
		return;
	}
	piece->n = MIN(left, h->grain - in % h->grain);
	if (!vdisk_peek(im, e->file, table, 4 * h->entries, 4 * index, raw, 4))
		return;
	c = cursor_open((struct bytes){ raw, 4, 0 });
	map_grain(e, cursor_le32(&c), table, in, at, piece);
}

static void map(struct vdisk_image *im, uint64_t at, struct vdisk_piece *piece)
{
	const struct extent *e = extent_at(im->ctx, at);
	uint64_t in = at - e->start;

	piece->n = e->size - in;
	piece->file = e->file;
	if (e->zero) {
		piece->what = VDISK_ZERO;
	} else if (!e->file) {
		return;
	} else if (e->sparse) {
		map_sparse(im, e, in, at, piece);
	} else {
		piece->what = VDISK_DATA;
		piece->at = e->offset + in;
	}
}

static const struct vdisk_format format = {
	.name = "VMDK",
	.open = open_disk,
	.map = map,
	.free = vmdk_free,
	.zlib = true,
};

static enum status open_vmdk(struct source *s, const struct probe *probe,
                             struct error *err)
{
	return vdisk_open(s, probe, &format, &source_vmdk, err);
}

const struct source_type source_vmdk = {
	.name = "VMDK",
	.bid = bid,
	.open = open_vmdk,
};
