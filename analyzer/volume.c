/* SPDX-License-Identifier: MIT */
/*
 * volume.c - the volumes of an evidence: partitions, or the image itself
 *
 * The partition tables are read by libtsk, through an external image handle
 * over our byte source.
 */
#include "analyzer/volume.h"
#include "parsers/limits.h"

#include <string.h>
#include <tsk/libtsk.h>

/* libtsk wants its own structure first. It is zeroed, and holds 2 MiB. */
struct image {
	TSK_IMG_INFO tsk;
	struct source *s;
};

static ssize_t image_read(TSK_IMG_INFO *img, TSK_OFF_T off, char *buf,
                          size_t len)
{
	struct source *s = ((struct image *)(void *)img)->s;
	struct error ignored;

	if (off < 0 || (uint64_t)off >= s->size)
		return -1;
	if (len > s->size - (uint64_t)off)
		len = (size_t)(s->size - (uint64_t)off);
	if (source_read(s, (uint64_t)off, buf, len, &ignored))
		return -1;
	return (ssize_t)len;
}

static void image_close(TSK_IMG_INFO *img)
{
	g_free(img);
}

static void image_stat(TSK_IMG_INFO *img, FILE *out)
{
	(void)img, (void)out;
}

static TSK_IMG_INFO *image_open(struct source *s, unsigned sector)
{
	struct image *img = g_new0(struct image, 1);
	TSK_IMG_INFO *tsk;

	img->s = s;
	tsk = tsk_img_open_external(img, (TSK_OFF_T)s->size, sector, image_read,
	                            image_close, image_stat);
	if (!tsk)
		g_free(img);
	return tsk;
}

/* What the first bytes of a volume that is not NTFS say it is. */
static const char *other_filesystem(struct bytes head)
{
	static const struct {
		size_t at, n;
		const char *magic, *name;
	} known[] = {
		{ 3, 8, "-FVE-FS-", "BitLocker" }, { 3, 8, "MSWIN4.1", "FAT" },
		{ 3, 8, "EXFAT   ", "exFAT" },     { 3, 4, "ReFS", "ReFS" },
		{ 82, 5, "FAT32", "FAT32" },       { 54, 3, "FAT", "FAT" },
		{ 1080, 2, "\x53\xef", "ext" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (known[i].at + known[i].n <= head.n &&
		    !memcmp(head.p + known[i].at, known[i].magic, known[i].n))
			return known[i].name;
	return "unknown";
}

bool volume_recognise(struct volume *v)
{
	struct source *s = v->s;
	uint8_t buf[2048];
	uint64_t left = s->size - v->offset;
	struct bytes head = { buf, left < sizeof(buf) ? left : sizeof(buf),
		              v->offset };
	struct error err = { 0 };
	enum status st;

	v->ntfs = false;
	v->err = err;
	if (source_read(s, v->offset, buf, head.n, &err)) {
		v->filesystem = "unreadable";
		v->err = err;
		return false;
	}
	st = ntfs_boot_parse(&v->boot, head, &err);
	if (st && st != E_CORRUPT) {
		v->filesystem = other_filesystem(head);
		return strcmp(v->filesystem, "unknown") != 0;
	}
	v->filesystem = "NTFS";
	v->ntfs = !st;
	v->err = err;
	return true;
}

static void add_part(GPtrArray *list, struct source *s, const TSK_VS_INFO *vs,
                     const TSK_VS_PART_INFO *part)
{
	struct volume *v = g_new(struct volume, 1);

	*v = (struct volume){
		.s = s,
		.number = list->len + 1,
		.offset = part->start * vs->block_size + vs->offset,
		.size = part->len * vs->block_size,
		.description =
			g_utf8_make_valid(part->desc ? part->desc : "", -1),
	};

	if (part->start > UINT64_MAX / 2 / vs->block_size ||
	    v->offset >= s->size) {
		v->filesystem = "outside of the evidence";
		(void)fail(&v->err, E_TRUNCATED, s->size,
		           "the evidence ends before this partition");
	} else {
		(void)volume_recognise(v);
	}
	g_ptr_array_add(list, v);
}

static bool any_ntfs(const GPtrArray *list)
{
	for (guint i = 0; i < list->len; i++)
		if (((const struct volume *)list->pdata[i])->ntfs)
			return true;
	return false;
}

void volume_free(void *p)
{
	struct volume *v = p;

	if (!v)
		return;
	source_free(v->layer);
	facts_release(&v->facts);
	g_free(v->description);
	g_free(v);
}

void volume_put_layer(struct volume *v, struct source *layer)
{
	source_free(v->layer);
	v->s = v->layer = layer;
}

static GPtrArray *new_list(void)
{
	return g_ptr_array_new_with_free_func(volume_free);
}

/* The partitions of a table of this type; empty if there is none. */
static GPtrArray *partitions(struct source *s, TSK_VS_TYPE_ENUM type,
                             unsigned sector)
{
	TSK_IMG_INFO *img = image_open(s, sector);
	TSK_VS_INFO *vs = img ? tsk_vs_open(img, 0, type) : NULL;
	GPtrArray *list = new_list();

	for (TSK_PNUM_T i = 0; vs && i < vs->part_count; i++) {
		const TSK_VS_PART_INFO *part = tsk_vs_part_get(vs, i);

		if (part && (part->flags & TSK_VS_PART_FLAG_ALLOC) &&
		    !(part->flags & TSK_VS_PART_FLAG_META) &&
		    list->len < LIMIT_PARTITIONS)
			add_part(list, s, vs, part);
	}
	if (vs)
		tsk_vs_close(vs);
	if (img)
		tsk_img_close(img);
	tsk_error_reset();
	return list;
}

/*
 * The first table that leads to NTFS, else the first that has partitions.  A
 * GPT goes before the MBR that protects it; and as an MBR does not say in which
 * sectors it counts, both are looked for in the two sizes that disks have.
 */
static GPtrArray *partition_table(struct source *s)
{
	static const struct {
		TSK_VS_TYPE_ENUM type;
		unsigned sector;
	} tables[] = {
		{ TSK_VS_TYPE_GPT, 512 },
		{ TSK_VS_TYPE_DOS, 512 },
		{ TSK_VS_TYPE_GPT, 4096 },
		{ TSK_VS_TYPE_DOS, 4096 },
	};
	GPtrArray *first = new_list();

	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
		GPtrArray *list =
			partitions(s, tables[i].type, tables[i].sector);
		bool better = any_ntfs(list) || (list->len && !first->len);

		volumes_free(better ? first : list);
		if (better)
			first = list;
		if (any_ntfs(first))
			break;
	}
	return first;
}

/* The volume at this place, which reaches to the end of the evidence. */
static bool single(GPtrArray *list, struct source *s, uint64_t offset)
{
	struct volume *v = g_new(struct volume, 1);

	*v = (struct volume){
		.s = s,
		.number = 1,
		.offset = offset,
		.size = s->size - offset,
	};
	if (!volume_recognise(v) && !offset) {
		volume_free(v);
		return false;
	}
	if (v->ntfs)
		v->size = v->boot.sectors * v->boot.sector;
	g_ptr_array_add(list, v);
	return true;
}

/* The marks of an MBR, and of a GPT in sectors of 512 or 4096 bytes. */
static bool has_table_mark(struct source *s)
{
	uint8_t buf[4096 + 8];
	struct error ignored;

	if (source_read(s, 0, buf, 512, &ignored))
		return false;
	if (buf[510] == 0x55 && buf[511] == 0xaa)
		return true;
	return !source_read(s, 0, buf, sizeof(buf), &ignored) &&
	       (!memcmp(buf + 512, "EFI PART", 8) ||
	        !memcmp(buf + 4096, "EFI PART", 8));
}

enum status volumes_find(GPtrArray **out, struct source *s, uint64_t offset,
                         struct error *err)
{
	GPtrArray *list = new_list();

	*out = list;
	if (offset >= s->size)
		return fail(err, E_TRUNCATED, s->size,
		            "the evidence ends before --offset");
	if (single(list, s, offset))
		return OK;
	*out = partition_table(s);
	volumes_free(list);
	if ((*out)->len)
		return OK;
	if (has_table_mark(s))
		return fail(err, E_CORRUPT, 0,
		            "has a partition table that is damaged, or reaches "
		            "past its end: is it cut short?");
	return fail(err, E_ABSENT, 0,
	            "holds no partition table and no file system that this "
	            "program knows");
}

void volumes_free(GPtrArray *volumes)
{
	if (volumes)
		g_ptr_array_free(volumes, TRUE);
}

char *volume_library_version(void)
{
	return g_strdup_printf("libtsk %s, libbfio %s", tsk_version_get_str(),
	                       libbfio_get_version());
}
