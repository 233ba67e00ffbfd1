/* SPDX-License-Identifier: MIT */
/*
 * volume.c - one volume of an evidence, and what is in it
 */
#include "analyzer/volume.h"
#include "analyzer/ntfs_backup.h"
#include "analyzer/table.h"
#include "parsers/filesystem.h"

#include <inttypes.h>

struct volume *volume_new(struct source *s, uint64_t offset, uint64_t size)
{
	struct volume *v = g_new(struct volume, 1);

	*v = (struct volume){
		.s = s,
		.number = 1,
		.offset = offset,
		.size = size,
		.filesystem = "unknown",
	};
	return v;
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

void volumes_free(GPtrArray *volumes)
{
	if (volumes)
		g_ptr_array_free(volumes, TRUE);
}

void volume_put_layer(struct volume *v, struct source *layer)
{
	source_free(v->layer);
	v->s = v->layer = layer;
}

/* ------------------------------------------------------------ what it holds */

/* What is not NTFS has a name, or keeps the error that it has. */
static void name_other(struct volume *v, struct bytes head)
{
	const char *name = filesystem_name(head);

	if (v->err.status)
		v->filesystem = "unreadable";
	else
		v->filesystem = name ? name : v->holds ? v->holds : "unknown";
}

static void name_ntfs(struct volume *v, const struct error *err)
{
	v->filesystem = "NTFS";
	v->ntfs = !err->status;
	v->err = *err;
}

static bool use_backup(struct volume *v, const struct ntfs_boot *boot,
                       uint64_t place)
{
	struct error none = { 0 };

	v->boot = *boot;
	v->backup = true;
	name_ntfs(v, &none);
	facts_addf(&v->facts, "boot sector",
	           "damaged; its backup at byte %" PRIu64
	           " of the evidence was used",
	           place);
	return true;
}

/*
 * A boot sector that is not one, or leads nowhere, gives way to the backup, if
 * there is one; the backup of another file system is only history.
 */
static bool try_backup(struct volume *v, struct bytes head)
{
	struct ntfs_boot boot;
	uint64_t place;

	if (v->ntfs && ntfs_boot_leads(&v->boot, v->s, v->offset))
		return false;
	if (!ntfs_backup_find(&boot, &place, v->s, v->offset, v->size, head))
		return false;
	if (v->ntfs && !ntfs_boot_leads(&boot, v->s, v->offset))
		return false;
	return use_backup(v, &boot, place);
}

/* One sector that cannot be read does not hide the others. */
static void read_head(struct volume *v, struct bytes *head, uint8_t *buf)
{
	struct error ignored;

	if (!source_read(v->s, v->offset, buf, head->n, &ignored))
		return;
	head->n = MIN(head->n, 512);
	if (source_read(v->s, v->offset, buf, head->n, &v->err))
		head->n = 0;
}

bool volume_recognise(struct volume *v)
{
	uint8_t buf[FILESYSTEM_HEAD];
	uint64_t left = v->s->size - v->offset;
	struct bytes head = { buf, MIN(left, sizeof(buf)), v->offset };
	struct error err = { 0 };
	enum status st;

	v->ntfs = v->backup = false;
	v->boot = (struct ntfs_boot){ 0 };
	v->err = err;
	read_head(v, &head, buf);
	st = ntfs_boot_parse(&v->boot, head, &err);
	if (!st || st == E_CORRUPT)
		name_ntfs(v, &err);
	else
		name_other(v, head);
	if (!st || st == E_CORRUPT || !filesystem_name(head))
		(void)try_backup(v, head);
	return g_strcmp0(v->filesystem, "unknown") &&
	       g_strcmp0(v->filesystem, "unreadable");
}

char *volume_library_version(void)
{
	return g_strdup_printf("libtsk %s, libbfio %s", table_library_version(),
	                       libbfio_get_version());
}
