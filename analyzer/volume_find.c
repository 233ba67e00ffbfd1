/* SPDX-License-Identifier: MIT */
/*
 * volume_find.c - all volumes of an evidence: the image itself, partitions, and
 * what is in space that no partition claims
 */
#include "analyzer/table.h"
#include "analyzer/volume.h"
#include "analyzer/volume_lost.h"
#include "parsers/limits.h"

#include <inttypes.h>
#include <string.h>

static GPtrArray *new_list(void)
{
	return g_ptr_array_new_with_free_func(volume_free);
}

/* -------------------------------------------------------------- partitions */

/* Two entries for one place: the volume is read once. */
static bool is_twin(const GPtrArray *list, struct volume *v)
{
	const struct volume *other;

	if (!list->len)
		return false;
	other = list->pdata[list->len - 1];
	if (other->offset != v->offset)
		return false;
	v->filesystem = other->filesystem;
	facts_addf(&v->facts, "note", "begins where v%u does: not read twice",
	           other->number);
	return true;
}

static void add_part(GPtrArray *list, struct source *s,
                     const struct partition *p)
{
	struct volume *v = volume_new(s, p->at, p->size);

	v->number = list->len + 1;
	v->description = g_strdup(p->description);
	v->holds = p->holds;
	v->dynamic = p->dynamic;
	if (p->hidden)
		facts_add(&v->facts, "note", "hidden");
	if (p->no_letter)
		facts_add(&v->facts, "note", "without a drive letter");
	if (v->offset >= s->size) {
		v->filesystem = "outside of the evidence";
		(void)fail(&v->err, E_TRUNCATED, s->size,
		           "the evidence ends before this partition");
	} else if (!is_twin(list, v)) {
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

/* Is there anything in these partitions that shows that they are real? */
static bool any_known(const GPtrArray *list)
{
	static const char *const nothing[] = { "unknown", "unreadable",
		                               "outside of the evidence",
		                               NULL };

	for (guint i = 0; i < list->len; i++) {
		const struct volume *v = list->pdata[i];

		if (!g_strv_contains(nothing, v->filesystem))
			return true;
	}
	return false;
}

/* The table of this kind; `facts` is what is to be said of it. */
static GPtrArray *partitions(struct source *s, unsigned kind,
                             struct facts *facts)
{
	GPtrArray *list = new_list();
	struct table table;

	table_read(&table, kind, s);
	for (guint i = 0; i < table.partitions->len; i++)
		add_part(list, s,
		         &g_array_index(table.partitions, struct partition, i));
	/* Noise with the mark of an MBR has partitions, too. */
	if (table.doubtful && !any_known(list))
		g_ptr_array_set_size(list, 0);
	*facts = (struct facts){ 0 };
	facts_addf(facts, "partition table", "%s, in sectors of %u bytes%s",
	           table.name, table.sector,
	           table.backup ? "; it is damaged: its backup at the end of "
	                          "the disk was used"
	                        : "");
	table_release(&table);
	return list;
}

static void say_table(struct source *s, const struct facts *facts)
{
	for (size_t i = 0; i < facts_count(facts); i++)
		facts_add(&s->facts, facts_name(facts, i),
		          facts_value(facts, i));
}

/* The first table that leads to NTFS, else the first that has partitions. */
static GPtrArray *partition_table(struct source *s, struct facts *facts)
{
	GPtrArray *first = new_list();

	for (unsigned i = 0; i < table_kinds() && !any_ntfs(first); i++) {
		GPtrArray *list;
		struct facts about;
		bool better;

		if (i >= table_last_resorts() && first->len)
			break;
		list = partitions(s, i, &about);
		better = any_ntfs(list) || (list->len && !first->len);
		volumes_free(better ? first : list);
		facts_release(better ? facts : &about);
		if (better) {
			first = list;
			*facts = about;
		}
	}
	return first;
}

/* ------------------------------------------------------------------- notes */

static uint64_t common(const struct volume *a, const struct volume *b)
{
	uint64_t from = MAX(a->offset, b->offset);
	uint64_t end = MIN(a->offset + a->size, b->offset + b->size);

	return end > from ? end - from : 0;
}

/* Two partitions in one place are not what any program makes. */
static void note_overlaps(GPtrArray *list)
{
	for (guint i = 0; i < list->len; i++)
		for (guint j = 0; j < list->len; j++) {
			struct volume *v = list->pdata[i];
			const struct volume *other = list->pdata[j];
			bool shared = v->dynamic || other->dynamic;
			uint64_t n = i == j || shared ? 0 : common(v, other);

			if (n)
				facts_addf(&v->facts, "note",
				           "overlaps v%u by %" PRIu64 " bytes",
				           other->number, n);
		}
}

/* -------------------------------------------------------------------- find */

/* The volume at this place, which reaches to the end of the evidence. */
static struct volume *single(struct source *s, uint64_t offset)
{
	struct volume *v = volume_new(s, offset, s->size - offset);

	(void)volume_recognise(v);
	if (v->ntfs)
		v->size = v->boot.sectors * v->boot.sector;
	return v;
}

/* Only the partition that begins at this byte; false if there is none. */
static bool keep_only(GPtrArray *list, uint64_t offset)
{
	for (guint i = list->len; i; i--) {
		const struct volume *v = list->pdata[i - 1];

		if (v->offset != offset)
			g_ptr_array_remove_index(list, i - 1);
	}
	if (list->len > 1)
		g_ptr_array_set_size(list, 1);
	return list->len != 0;
}

static GPtrArray *find_one(struct source *s, uint64_t offset)
{
	struct facts table = { 0 };
	GPtrArray *list = partition_table(s, &table);

	if (keep_only(list, offset))
		say_table(s, &table);
	else
		g_ptr_array_add(list, single(s, offset));
	facts_release(&table);
	return list;
}

static void complete(GPtrArray *list, struct source *s,
                     const struct facts *table)
{
	say_table(s, table);
	if (!volumes_add_lost(list, s))
		facts_addf(&s->facts, "unallocated space",
		           "only the first %u places where a volume may begin "
		           "or end were looked at",
		           LIMIT_LOST_PROBES);
	note_overlaps(list);
}

static GPtrArray *find_all(struct source *s)
{
	struct volume *whole = single(s, 0);
	bool known = g_strcmp0(whole->filesystem, "unknown") &&
	             g_strcmp0(whole->filesystem, "unreadable");
	struct facts table = { 0 };
	GPtrArray *list = known && !whole->backup ? new_list()
	                                          : partition_table(s, &table);

	/* An old backup at the end of a disk says less than its table. */
	if (known && !any_known(list)) {
		g_ptr_array_set_size(list, 0);
		g_ptr_array_add(list, whole);
	} else {
		volume_free(whole);
		complete(list, s, &table);
	}
	facts_release(&table);
	return list;
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

static enum status why_none(struct source *s, struct error *err)
{
	uint8_t buf[512];

	if (source_read(s, 0, buf, MIN(s->size, sizeof(buf)), err))
		return fail(err, E_IO, 0,
		            "begins with a sector that cannot be read, and "
		            "holds no file system that this program knows");
	if (table_is_long(s))
		return fail(err, E_LIMIT, 0,
		            "has a partition table of more entries than any "
		            "real one");
	if (has_table_mark(s))
		return fail(err, E_CORRUPT, 0,
		            "has a partition table that is damaged, or reaches "
		            "past its end: is it cut short?");
	return fail(err, E_ABSENT, 0,
	            "holds no partition table and no file system that this "
	            "program knows");
}

enum status volumes_find(GPtrArray **out, struct source *s, uint64_t offset,
                         struct error *err)
{
	if (offset >= s->size) {
		*out = new_list();
		return fail(err, E_TRUNCATED, s->size, "ends before --offset");
	}
	*out = offset ? find_one(s, offset) : find_all(s);
	return (*out)->len ? OK : why_none(s, err);
}
