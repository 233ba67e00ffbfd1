/* SPDX-License-Identifier: MIT */
/*
 * source_vhd.c - VHD: fixed, dynamic, differencing
 *
 * Specification: parsers/vhd.h.  Not libvhdi: it reads a dynamic disk at a
 * twentieth of the speed (README.md).
 */
#include "analyzer/vdisk.h"
#include "parsers/vhd.h"

#include <inttypes.h>
#include <string.h>

/* Seconds from 1970 to 2000. */
#define EPOCH INT64_C(946684800)
/* Bytes of a bitmap that are looked at at once: 2 MiB of the disk. */
#define WINDOW 512u

struct vhd {
	struct vhd_footer footer;
	struct vhd_header header;
	uint8_t *table; /* entries in big-endian; owned */
	uint32_t bitmap;
	uint8_t footer_bytes[VHD_FOOTER_SIZE];
	uint8_t header_bytes[VHD_HEADER_SIZE];
};

static bool footer_in(struct bytes in, struct vhd_footer *footer)
{
	struct error ignored;

	return !vhd_footer_parse(footer, in, &ignored);
}

static unsigned bid(const struct probe *probe)
{
	struct vhd_footer f;

	if (footer_in(probe->head, &f))
		return f.sound ? 96 : 64;
	if (footer_in(probe->tail, &f))
		return f.sound ? 96 : 64;
	return 0;
}

static void vhd_free(void *ctx)
{
	struct vhd *d = ctx;

	g_free(d->table);
	g_free(d);
}

/* The footer, or the copy at the start: the one whose checksum is right. */
static enum status find_footer(struct vdisk_image *im, struct vhd *d,
                               const struct probe *probe, struct error *err)
{
	struct bytes copy = { d->footer_bytes, VHD_FOOTER_SIZE, 0 };
	struct vhd_footer head, tail;
	bool at_head = footer_in(probe->head, &head);
	bool at_tail = footer_in(probe->tail, &tail);

	if (at_tail && (tail.sound || !at_head || !head.sound)) {
		memcpy(d->footer_bytes, probe->tail.p, VHD_FOOTER_SIZE);
		copy.at = probe->tail.at;
	} else {
		memcpy(d->footer_bytes, probe->head.p, VHD_FOOTER_SIZE);
	}
	if (vhd_footer_parse(&d->footer, copy, err))
		return err->status;
	if (!d->footer.sound)
		vdisk_problem(im, "the checksum of the VHD's footer is wrong");
	if (!at_tail)
		vdisk_problem(im, "the VHD has no footer at its end: it is "
		                  "cut off");
	return OK;
}

static void add_facts(struct vdisk_image *im, const struct vhd *d)
{
	static const char *const types[] = {
		[VHD_FIXED] = "fixed",
		[VHD_DYNAMIC] = "dynamic",
		[VHD_DIFFERENCING] = "differencing",
	};
	const struct vhd_footer *f = &d->footer;
	GDateTime *made = g_date_time_new_from_unix_utc(EPOCH + f->made);
	char *text = g_date_time_format(made, "%Y-%m-%dT%H:%M:%SZ");

	vdisk_fact(im, "type", "%s", types[f->type]);
	vdisk_fact(im, "version", "%u.%u", f->version >> 16,
	           f->version & 0xffff);
	vdisk_fact(im, "identifier", "%s", im->id);
	vdisk_fact(im, "created", "%s", text);
	vdisk_fact(im, "creator", "%.4s %u.%u on %.4s",
	           (const char *)f->creator.p, f->creator_version >> 16,
	           f->creator_version & 0xffff, (const char *)f->host.p);
	if (f->type != VHD_FIXED)
		vdisk_fact(im, "block size", "%" PRIu32, d->header.block);
	g_free(text);
	g_date_time_unref(made);
}

/* ----------------------------------------------------------------- parents */

/* The name is UTF-16 in big-endian here. */
static char *big_endian_text(struct bytes b)
{
	uint8_t swapped[512];

	for (size_t i = 0; i + 1 < b.n && i + 1 < sizeof(swapped); i += 2) {
		swapped[i] = b.p[i + 1];
		swapped[i + 1] = b.p[i];
	}
	return vdisk_utf16((struct bytes){ swapped, b.n, b.at });
}

static void add_locator(struct vdisk_image *im, const struct vhd_locator *l)
{
	uint8_t buf[4096];
	struct error ignored;

	if (!bytes_begin(l->platform, "W2ru", 4) &&
	    !bytes_begin(l->platform, "W2ku", 4))
		return;
	if (!l->n || l->n > sizeof(buf) ||
	    source_read(im->file, l->at, buf, l->n, &ignored))
		return;
	vdisk_add_parent(im, vdisk_utf16((struct bytes){ buf, l->n, l->at }));
}

static void find_parent(struct vdisk_image *im, const struct vhd *d)
{
	vdisk_add_parent(im, big_endian_text(d->header.parent_name));
	for (size_t i = 0; i < VHD_LOCATORS; i++)
		add_locator(im, &d->header.locators[i]);
	im->has_parent = true;
	im->parent_id = vdisk_uuid(d->header.parent);
	if (im->parents->len)
		vdisk_fact(im, "parent", "%s",
		           (const char *)im->parents->pdata[0]);
	vdisk_fact(im, "parent identifier", "%s", im->parent_id);
}

/* -------------------------------------------------------------------- open */

static enum status open_header(struct vdisk_image *im, struct vhd *d,
                               struct error *err)
{
	const struct bytes in = { d->header_bytes, VHD_HEADER_SIZE,
		                  d->footer.header };
	uint64_t entries;

	if (source_read(im->file, d->footer.header, d->header_bytes,
	                VHD_HEADER_SIZE, err) ||
	    vhd_header_parse(&d->header, in, err))
		return err->status;
	if (!d->header.sound)
		vdisk_problem(im, "the checksum of the VHD's header is wrong");
	vdisk_reserve(im, im->file, 0, VHD_FOOTER_SIZE);
	vdisk_reserve(im, im->file, d->footer.header, VHD_HEADER_SIZE);
	d->bitmap = vhd_bitmap_size(d->header.block);
	entries = MIN(d->header.entries, d->footer.size / d->header.block + 1);
	vdisk_reserve(im, im->file, d->header.table, 4 * entries);
	return vdisk_table(&d->table, im, im->file, d->header.table,
	                   4 * (uint64_t)d->header.entries, err);
}

/*
 * With its footer at the end the file was not cut off there.  A volume that was
 * taken out of a disk has the disk's footer still, which tells another size:
 * then all is the volume's that is before it.
 */
static void set_fixed_size(struct vdisk_image *im, uint64_t here)
{
	if (im->size > here) {
		vdisk_fact(im, "size",
		           "the footer says %" PRIu64 " bytes, %" PRIu64
		           " are here",
		           im->size, here);
		im->size = here;
	} else if (im->size < here) {
		vdisk_problem(im,
		              "%" PRIu64 " bytes behind the end that the VHD's "
		              "footer says are not read",
		              here - im->size);
	}
}

static enum status open_disk(struct vdisk_image *im, const struct probe *probe,
                             struct error *err)
{
	struct vhd *d = g_new0(struct vhd, 1);

	im->ctx = d;
	if (find_footer(im, d, probe, err))
		return err->status;
	im->size = d->footer.size;
	im->id = vdisk_uuid(d->footer.id);
	if (d->footer.type != VHD_FIXED && open_header(im, d, err))
		return err->status;
	add_facts(im, d);
	if (d->footer.type == VHD_DIFFERENCING)
		find_parent(im, d);
	if (d->footer.type == VHD_FIXED)
		set_fixed_size(im, probe->tail.at);
	return OK;
}

/* --------------------------------------------------------------------- map */

/* How many sectors from `bit` on are as it is, up to `most`. */
static uint32_t run_of_bits(const uint8_t *bits, uint32_t bit, uint32_t most,
                            bool *set)
{
	uint32_t n = 1;

	*set = bits[bit / 8] >> (7 - bit % 8) & 1;
	while (n < most) {
		uint32_t i = bit + n;

		if (i % 8 == 0 && most - n >= 8 &&
		    bits[i / 8] == (*set ? 0xff : 0))
			n += 8;
		else if ((bits[i / 8] >> (7 - i % 8) & 1) == *set)
			n++;
		else
			break;
	}
	return n;
}

/* "Sector bitmap": of a dynamic disk, a sector without its bit is zeros; of a
   differencing one it is the parent's. */
static void map_sectors(struct vdisk_image *im, const struct vhd *d,
                        uint64_t bitmap_at, uint32_t in,
                        struct vdisk_piece *piece)
{
	uint32_t sector = in / VHD_SECTOR, first = sector / 8;
	uint32_t n = MIN(WINDOW, d->bitmap - first), run;
	uint32_t left = (d->header.block - in) / VHD_SECTOR;
	uint8_t bits[WINDOW];
	bool set;

	left += in % VHD_SECTOR != 0;
	if (vdisk_is_reserved(im, im->file, bitmap_at,
	                      (uint64_t)d->bitmap + d->header.block) ||
	    !vdisk_peek(im, im->file, bitmap_at, d->bitmap, first, bits, n)) {
		piece->what = VDISK_BAD;
		return;
	}
	run = run_of_bits(bits, sector % 8, MIN(n * 8 - sector % 8, left),
	                  &set);
	piece->n = (uint64_t)run * VHD_SECTOR - in % VHD_SECTOR;
	piece->at = bitmap_at + d->bitmap + in;
	if (set)
		piece->what = VDISK_DATA;
	else
		piece->what = im->has_parent ? VDISK_PARENT : VDISK_ZERO;
}

static void map(struct vdisk_image *im, uint64_t at, struct vdisk_piece *piece)
{
	const struct vhd *d = im->ctx;
	uint64_t i;
	struct cursor c;
	uint32_t entry;

	if (d->footer.type == VHD_FIXED) {
		piece->what = VDISK_DATA;
		piece->at = at;
		return;
	}
	i = at / d->header.block;
	piece->n = d->header.block - at % d->header.block;
	if (i >= d->header.entries)
		return;
	c = cursor_open((struct bytes){ d->table + 4 * i, 4, 0 });
	entry = cursor_be32(&c);
	if (entry == VHD_UNUSED)
		piece->what = im->has_parent ? VDISK_PARENT : VDISK_ZERO;
	else
		map_sectors(im, d, (uint64_t)entry * VHD_SECTOR,
		            (uint32_t)(at % d->header.block), piece);
}

static const struct vdisk_format format = {
	.name = "VHD",
	.open = open_disk,
	.map = map,
	.free = vhd_free,
};

static enum status open_vhd(struct source *s, const struct probe *probe,
                            struct error *err)
{
	return vdisk_open(s, probe, &format, &source_vhd, err);
}

const struct source_type source_vhd = {
	.name = "VHD",
	.bid = bid,
	.open = open_vhd,
};
