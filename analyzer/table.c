/* SPDX-License-Identifier: MIT */
/*
 * table.c - the partition tables of a disk
 *
 * They are read by libtsk, through an external image handle over our byte
 * source.
 */
#include "analyzer/table.h"
#include "analyzer/spot.h"
#include "analyzer/table_gpt.h"
#include "analyzer/table_long.h"
#include "analyzer/tsk_image.h"
#include "parsers/limits.h"

#include <string.h>

/* What libtsk is told of the disk that is not so. */
enum lie {
	NO_LIE,
	BLIND, /* the first GPT reads as zeros, so that it takes the backup */
	LONG,  /* it goes on, as zeros: libtsk refuses a table with partitions
	          behind the end, though others are before it */
};

/* A GPT goes before the MBR that protects it; and as an MBR does not say in
   which sectors it counts, both are looked for in the two sizes of disks. */
static const struct kind {
	TSK_VS_TYPE_ENUM type;
	const char *name;
	unsigned sector;
	enum lie lie;
} kinds[] = {
	{ TSK_VS_TYPE_GPT, "GPT", 512, NO_LIE },
	{ TSK_VS_TYPE_DOS, "MBR", 512, NO_LIE },
	{ TSK_VS_TYPE_GPT, "GPT", 4096, NO_LIE },
	{ TSK_VS_TYPE_DOS, "MBR", 4096, NO_LIE },
	{ TSK_VS_TYPE_GPT, "GPT", 512, BLIND },
	{ TSK_VS_TYPE_GPT, "GPT", 4096, BLIND },
	{ TSK_VS_TYPE_GPT, "GPT", 512, LONG },
	{ TSK_VS_TYPE_DOS, "MBR", 512, LONG },
	{ TSK_VS_TYPE_GPT, "GPT", 4096, LONG },
	{ TSK_VS_TYPE_DOS, "MBR", 4096, LONG },
	{ TSK_VS_TYPE_MAC, "Apple partition map", 512, NO_LIE },
	{ TSK_VS_TYPE_BSD, "BSD disk label", 512, NO_LIE },
};
#define LAST_RESORTS 4u

unsigned table_kinds(void)
{
	return G_N_ELEMENTS(kinds);
}

unsigned table_last_resorts(void)
{
	return LAST_RESORTS;
}

/* ---------------------------------------------------------- what libtsk sees
 */

struct view {
	struct source *s;
	uint64_t blind, blind_end; /* bytes that read as zeros */
};

static enum status view_read(void *ctx, uint64_t at, uint8_t *buf, size_t n,
                             struct error *err)
{
	const struct view *view = ctx;
	uint64_t size = view->s->size;
	size_t there = (size_t)MIN(n, at < size ? size - at : 0);
	uint64_t from = MAX(view->blind, at),
		 end = MIN(view->blind_end, at + n);

	memset(buf + there, 0, n - there);
	if (there && source_read(view->s, at, buf, there, err))
		return err->status;
	if (from < end)
		memset(buf + (from - at), 0, (size_t)(end - from));
	return OK;
}

/* The evidence, with the lie of this kind in it; for source_free. */
static struct source *view_of(struct source *s, const struct kind *kind)
{
	struct view *view = g_new0(struct view, 1);
	const struct reader reader = {
		.read = view_read,
		.free = g_free,
		.ctx = view,
		.size = kind->lie == LONG ? UINT64_C(1) << 60 : s->size,
	};

	view->s = s;
	if (kind->lie == BLIND) {
		view->blind = kind->sector;
		view->blind_end = 2 * (uint64_t)kind->sector;
	}
	return source_layer(&reader, "view", s, false);
}

/* -------------------------------------------------------------- partitions */

/*
 * Types of an MBR that matter here; the list of Andries Brouwer and what
 * sfdisk(8) prints of it.
 */
static const struct {
	unsigned type;
	bool hidden;
	const char *holds;
} types[] = {
	{ 0x11, true, NULL },
	{ 0x14, true, NULL },
	{ 0x16, true, NULL },
	{ 0x17, true, NULL },
	{ 0x1b, true, NULL },
	{ 0x1c, true, NULL },
	{ 0x1e, true, NULL },
	{ 0x27, true, NULL },
	{ 0x42, false, "dynamic disk (LDM)" },
	{ 0x82, false, "Linux swap" },
	{ 0x8e, false, "LVM" },
	{ 0xfd, false, "Linux RAID" },
};

/* libtsk tells the type only in its description: "Hidden IFS/HPFS (0x17)". */
static unsigned mbr_type(const char *description)
{
	const char *p = strrchr(description, '(');

	return p ? (unsigned)g_ascii_strtoull(p + 1, NULL, 16) : 0;
}

static void look_at_type(struct partition *p, unsigned type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		if (types[i].type != type)
			continue;
		p->holds = types[i].holds;
		p->hidden = types[i].hidden;
		p->dynamic = type == 0x42;
	}
}

/* The MBR that protects a GPT claims all of the disk for it. */
#define PROTECTIVE 0xee

static void add_part(GArray *list, const TSK_VS_INFO *vs,
                     const TSK_VS_PART_INFO *part)
{
	const char *desc = part->desc ? part->desc : "";
	struct partition p = { 0 };

	if (part->start > INT64_MAX / vs->block_size ||
	    part->len > INT64_MAX / vs->block_size)
		return;
	p.at = part->start * vs->block_size + vs->offset;
	p.size = part->len * vs->block_size;
	if (vs->vstype == TSK_VS_TYPE_DOS) {
		if (mbr_type(desc) == PROTECTIVE)
			return;
		look_at_type(&p, mbr_type(desc));
	}
	p.description = g_utf8_make_valid(desc, -1);
	g_array_append_val(list, p);
}

static gint by_place(gconstpointer a, gconstpointer b)
{
	const struct partition *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static void read_by_tsk(struct table *table, unsigned kind, struct source *s)
{
	struct source *view = view_of(s, &kinds[kind]);
	TSK_IMG_INFO *img = tsk_image_open(view, kinds[kind].sector);
	TSK_VS_INFO *vs = img ? tsk_vs_open(img, 0, kinds[kind].type) : NULL;
	GArray *list = table->partitions;

	for (TSK_PNUM_T i = 0; vs && i < vs->part_count; i++) {
		const TSK_VS_PART_INFO *part = tsk_vs_part_get(vs, i);

		if (part && (part->flags & TSK_VS_PART_FLAG_ALLOC) &&
		    !(part->flags & TSK_VS_PART_FLAG_META) &&
		    list->len < LIMIT_PARTITIONS)
			add_part(list, vs, part);
	}
	g_array_sort(list, by_place);
	if (vs && vs->vstype == TSK_VS_TYPE_GPT) {
		table->backup = vs->is_backup;
		table->sector = vs->block_size;
		table_gpt_types(list, s, table->sector, table->backup);
	}
	if (vs)
		tsk_vs_close(vs);
	if (img)
		tsk_img_close(img);
	source_free(view);
	tsk_error_reset();
}

static bool is_long(const struct kind *kind, struct source *s)
{
	if (kind->type == TSK_VS_TYPE_GPT)
		return table_gpt_is_long(s,
		                         kind->lie == BLIND ? kind->sector : 0);
	if (kind->type == TSK_VS_TYPE_DOS)
		return table_mbr_is_long(s, kind->sector);
	return kind->type == TSK_VS_TYPE_MAC &&
	       table_apple_is_long(s, kind->sector);
}

bool table_is_long(struct source *s)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (is_long(&kinds[i], s))
			return true;
	return false;
}

void table_read(struct table *table, unsigned kind, struct source *s)
{
	struct error crashed;

	*table = (struct table){
		.partitions =
			g_array_new(FALSE, FALSE, sizeof(struct partition)),
		.name = kinds[kind].name,
		.sector = kinds[kind].sector,
		.doubtful = kinds[kind].lie == LONG,
	};
	if (spot_enter(SPOT_TABLE, NULL, kind, &crashed)) {
		facts_addf(&s->facts, "partition table", "%s: %s", table->name,
		           crashed.what);
		return;
	}
	if (is_long(&kinds[kind], s))
		facts_addf(&s->facts, "partition table",
		           "%s, in sectors of %u bytes, of more than %u "
		           "entries: not read",
		           table->name, table->sector, LIMIT_PARTITIONS);
	else
		read_by_tsk(table, kind, s);
	spot_leave();
}

void table_release(struct table *table)
{
	for (guint i = 0; table->partitions && i < table->partitions->len; i++)
		g_free(g_array_index(table->partitions, struct partition, i)
		               .description);
	if (table->partitions)
		g_array_free(table->partitions, TRUE);
	*table = (struct table){ 0 };
}

const char *table_library_version(void)
{
	return tsk_version_get_str();
}
