/* SPDX-License-Identifier: MIT */
/*
 * source_vhdx.c - VHDX: fixed, dynamic, differencing
 *
 * Specification: parsers/vhdx.h.  Not libvhdi: it takes the log for data where
 * a damaged table says so, and does not use the second region table
 * (README.md).
 */
#include "analyzer/vdisk.h"
#include "parsers/limits.h"
#include "parsers/vhdx.h"

#include <inttypes.h>
#include <string.h>

#define BITMAP      UINT32_C(1048576) /* bytes of a bitmap block */
#define WINDOW      4096u
#define CREATOR_MAX 512u

struct vhdx {
	struct vhdx_header header;
	struct vhdx_regions regions;
	struct vhdx_items items;
	struct vhdx_disk disk;
	uint32_t ratio; /* payload blocks to a bitmap block */
	uint64_t entries;
	uint8_t *table;    /* entries in little-endian; owned */
	uint8_t *metadata; /* owned */
	uint8_t bytes[VHDX_HEADER_SIZE];
};

static unsigned bid(const struct probe *probe)
{
	return probe->head.n >= 8 && !memcmp(probe->head.p, "vhdxfile", 8) ? 64
	                                                                   : 0;
}

static void vhdx_free(void *ctx)
{
	struct vhdx *d = ctx;

	g_free(d->table);
	g_free(d->metadata);
	g_free(d);
}

/* [MS-VHDX] 2.2.2: of the two, the sound one with the higher number. */
static enum status find_header(struct vdisk_image *im, struct vhdx *d,
                               struct error *err)
{
	enum status st = E_ABSENT;

	for (unsigned i = 0; i < 2; i++) {
		uint8_t buf[VHDX_HEADER_SIZE];
		uint64_t at = VHDX_HEADERS * (i + 1);
		struct vhdx_header h;

		if (source_read(im->file, at, buf, sizeof(buf), err) ||
		    vhdx_header_parse(
			    &h, (struct bytes){ buf, sizeof(buf), at }, err)) {
			vdisk_problem(im, "header %u of the VHDX is damaged",
			              i + 1);
			continue;
		}
		if (!st && h.sequence <= d->header.sequence)
			continue;
		memcpy(d->bytes, buf, sizeof(buf));
		st = vhdx_header_parse(
			&d->header, (struct bytes){ d->bytes, sizeof(buf), at },
			err);
	}
	return st ? err->status : OK;
}

static enum status find_regions(struct vdisk_image *im, struct vhdx *d,
                                struct error *err)
{
	uint8_t *buf = g_malloc(VHDX_TABLE_SIZE);
	enum status st = E_ABSENT;

	for (unsigned i = 0; st && i < 2; i++) {
		uint64_t at = VHDX_REGIONS + (uint64_t)i * VHDX_TABLE_SIZE;

		st = source_read(im->file, at, buf, VHDX_TABLE_SIZE, err);
		if (!st)
			st = vhdx_regions_parse(
				&d->regions,
				(struct bytes){ buf, VHDX_TABLE_SIZE, at },
				err);
		if (st)
			vdisk_problem(im,
			              "region table %u of the VHDX is damaged",
			              i + 1);
	}
	g_free(buf);
	return st;
}

static enum status open_metadata(struct vdisk_image *im, struct vhdx *d,
                                 struct error *err)
{
	const struct vhdx_range *r = &d->regions.metadata;
	struct bytes in = { NULL, r->n, r->at };

	if (vdisk_table(&d->metadata, im, im->file, r->at, r->n, err))
		return err->status;
	in.p = d->metadata;
	if (vhdx_items_parse(&d->items, in, err))
		return err->status;
	return vhdx_disk_parse(&d->disk, &d->items, in, err);
}

/* 2.5: a bitmap's entry follows the entries of each chunk. */
static enum status open_table(struct vdisk_image *im, struct vhdx *d,
                              struct error *err)
{
	uint64_t blocks = d->disk.size / d->disk.block +
	                  (d->disk.size % d->disk.block != 0);

	d->ratio = (uint32_t)((UINT64_C(1) << 23) * d->disk.sector /
	                      d->disk.block);
	d->entries = d->regions.table.n / 8;
	vdisk_reserve(im, im->file, 0, VHDX_FIRST_BLOCK);
	vdisk_reserve(im, im->file, d->header.log, d->header.log_size);
	vdisk_reserve(im, im->file, d->regions.metadata.at,
	              d->regions.metadata.n);
	/* the last chunk's bitmap is behind all blocks it could have */
	blocks = (blocks / d->ratio + 1) * ((uint64_t)d->ratio + 1);
	vdisk_reserve(im, im->file, d->regions.table.at, d->regions.table.n);
	d->entries = MIN(d->entries, blocks);
	return vdisk_table(&d->table, im, im->file, d->regions.table.at,
	                   d->entries * 8, err);
}

/* ------------------------------------------------------------ what is said */

/* 2.6.2.6.3: relative_path is the first to be tried. */
static void add_pair(struct vdisk_image *im, const char *key, char *value)
{
	if (!strcmp(key, "parent_linkage")) {
		g_free(im->parent_id);
		im->parent_id = g_ascii_strdown(value, -1);
	} else if (!strcmp(key, "parent_linkage2")) {
		g_free(im->parent_id2);
		im->parent_id2 = g_ascii_strdown(value, -1);
	} else if (g_str_has_suffix(key, "_path")) {
		vdisk_add_parent(im, g_strdup(value));
	}
	g_free(value);
}

static enum status find_parent(struct vdisk_image *im, const struct vhdx *d,
                               struct error *err)
{
	const struct vhdx_range *r = &d->regions.metadata;
	struct bytes in = { d->metadata, r->n, r->at }, key, value;
	struct vhdx_locator it;

	if (vhdx_locator_open(&it, &d->items, in, err))
		return err->status;
	while (vhdx_locator_next(&it, &key, &value)) {
		char *name = vdisk_utf16(key);

		add_pair(im, name, vdisk_utf16(value));
		g_free(name);
	}
	if (im->parents->len)
		vdisk_fact(im, "parent", "%s",
		           (const char *)im->parents->pdata[0]);
	if (im->parent_id)
		vdisk_fact(im, "parent identifier", "%s", im->parent_id);
	return OK;
}

/* 2.6.2.1: the blocks of a fixed disk stay allocated. */
static const char *type_of(const struct vhdx *d)
{
	if (d->disk.has_parent)
		return "differencing";
	return d->disk.fixed ? "fixed" : "dynamic";
}

static void add_facts(struct vdisk_image *im, const struct vhdx *d,
                      const struct probe *probe)
{
	struct cursor c = cursor_open(probe->head);
	char *creator = vdisk_utf16(cursor_cut(&c, 8, CREATOR_MAX));

	vdisk_fact(im, "type", "%s", type_of(d));
	vdisk_fact(im, "version", "1");
	if (d->disk.id.n) {
		char *id = vdisk_guid(d->disk.id);

		vdisk_fact(im, "identifier", "%s", id);
		g_free(id);
	}
	vdisk_fact(im, "data write identifier", "%s", im->id);
	vdisk_fact(im, "creator", "%s", creator);
	vdisk_fact(im, "block size", "%" PRIu32, d->disk.block);
	vdisk_fact(im, "sector size", "%" PRIu32, d->disk.sector);
	g_free(creator);
}

static enum status open_disk(struct vdisk_image *im, const struct probe *probe,
                             struct error *err)
{
	struct vhdx *d = g_new0(struct vhdx, 1);

	im->ctx = d;
	if (find_header(im, d, err) || find_regions(im, d, err) ||
	    open_metadata(im, d, err) || open_table(im, d, err))
		return err->status;
	im->size = d->disk.size;
	im->id = vdisk_guid(d->header.data_write);
	im->has_parent = d->disk.has_parent;
	add_facts(im, d, probe);
	if (d->header.log_in_use)
		vdisk_problem(im, "the VHDX was not closed: changes in its log "
		                  "are not applied, what was written last "
		                  "may be missing");
	return im->has_parent ? find_parent(im, d, err) : OK;
}

/* --------------------------------------------------------------------- map */

static uint64_t entry_of(const struct vhdx *d, uint64_t i, bool *known)
{
	struct cursor c;

	*known = i < d->entries;
	if (!*known)
		return 0;
	c = cursor_open((struct bytes){ d->table + 8 * i, 8, 0 });
	return cursor_le64(&c);
}

static uint32_t run_of_bits(const uint8_t *bits, uint32_t bit, uint32_t most,
                            bool *set)
{
	uint32_t n = 1;

	*set = bits[bit / 8] >> bit % 8 & 1;
	while (n < most && (bits[(bit + n) / 8] >> (bit + n) % 8 & 1) == *set)
		n++;
	return n;
}

/* 2.5.1.2: a bit for each sector of a chunk, the lowest first. */
static void map_sectors(struct vdisk_image *im, const struct vhdx *d,
                        uint64_t at, struct vdisk_piece *piece)
{
	uint64_t chunk = (uint64_t)d->ratio * d->disk.block;
	uint64_t sector = at % chunk / d->disk.sector;
	uint32_t first = (uint32_t)(sector / 8), run;
	uint32_t n = MIN(WINDOW, BITMAP - first);
	uint8_t bits[WINDOW];
	bool known, set;
	uint64_t entry = entry_of(
		d, (at / chunk + 1) * ((uint64_t)d->ratio + 1) - 1, &known);

	if (!known || (entry & 7) != VHDX_PRESENT ||
	    !vdisk_peek(im, im->file, vhdx_entry_at(entry), BITMAP, first, bits,
	                n)) {
		piece->what = VDISK_BAD;
		return;
	}
	run = run_of_bits(bits, sector % 8, n * 8 - (uint32_t)(sector % 8),
	                  &set);
	piece->n = MIN(piece->n,
	               (uint64_t)run * d->disk.sector - at % d->disk.sector);
	piece->what = set ? VDISK_DATA : VDISK_PARENT;
}

static void map(struct vdisk_image *im, uint64_t at, struct vdisk_piece *piece)
{
	const struct vhdx *d = im->ctx;
	uint64_t block = at / d->disk.block;
	bool known;
	uint64_t entry = entry_of(d, block + block / d->ratio, &known);

	piece->n = d->disk.block - at % d->disk.block;
	piece->at = vhdx_entry_at(entry) + at % d->disk.block;
	if (!known || ((entry & 7) >= VHDX_PRESENT &&
	               vdisk_is_reserved(im, im->file, vhdx_entry_at(entry),
	                                 d->disk.block)))
		return;
	switch (entry & 7) {
	case VHDX_NOT_PRESENT:
		piece->what = im->has_parent ? VDISK_PARENT : VDISK_ZERO;
		break;
	case VHDX_UNDEFINED:
	case VHDX_ZERO:
	case VHDX_UNMAPPED:
		piece->what = VDISK_ZERO;
		break;
	case VHDX_PRESENT:
		piece->what = VDISK_DATA;
		break;
	case VHDX_PARTIAL:
		if (im->has_parent)
			map_sectors(im, d, at, piece);
		break;
	default:
		break;
	}
}

static const struct vdisk_format format = {
	.name = "VHDX",
	.open = open_disk,
	.map = map,
	.free = vhdx_free,
};

static enum status open_vhdx(struct source *s, const struct probe *probe,
                             struct error *err)
{
	return vdisk_open(s, probe, &format, &source_vhdx, err);
}

const struct source_type source_vhdx = {
	.name = "VHDX",
	.bid = bid,
	.open = open_vhdx,
};
